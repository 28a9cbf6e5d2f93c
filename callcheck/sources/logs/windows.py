"""Does work advance only while its instance serves a request?

Where a platform gives a container processor time only during requests, a job that was answered with 202 stands still between them:
each of its lines stands inside the window of some other request on the same instance, however long that takes to come.

A provider's call that brings the rest of it is such a window, too, and is what the work has waited for:

POST /checkout 303          checkout session created session=cs_a1
POST /hooks/stripe 200      checkout.session.completed session=cs_a1
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import chain

from callcheck.model.log import Place
from callcheck.model.noun import dataclass, field
from callcheck.model.pattern import pattern, rare
from callcheck.sources.logs.bounded import Lists
from callcheck.sources.logs.executions import DONE
from callcheck.sources.logs.trails import Step, in_time
from callcheck.sources.logs.view import View

_TOOK = rare(
    r"\b(?:latency|duration|response_?[tT]ime|service|took|elapsed)[=: ]\"?(\d{1,7}(?:\.\d{1,9})?) ?(ms|s)?"
)
_ENDS = pattern(r"\b(?:ready|printed|told|exported|booked|filed)\b")
_MARGIN_S = 0.6
_GRACE_S = 3.0
"""An instance is not stopped the very moment it has answered: what is done so soon tells nothing."""
_MOST = 20_000
_MOST_OF_ONE = 4_000
_LEAST_LINES = 8
_LEAST_UNITS = 3
_MOST_BUSY = 0.5
"""A larger share of time under requests proves nothing."""


_ROUTE = rare(r"\bmethod=\"?([A-Z]{3,7})\b.{0,200}?\b(?:url|path|uri)=\"?(/[^\s\"?]{0,200})|\b(GET|HEAD|OPTIONS|POST|PUT|PATCH|DELETE) (/[^\s\"?]{0,200})", re.ASCII)
_ASKS = frozenset({"GET", "HEAD", "OPTIONS"})
"""Who only asks brings nothing."""
_VARIES = pattern(r"/(?:[^/]*\d[^/]*|[\w-]{20,})(?=/|$)", re.ASCII)
_NEARLY_ALL = 0.8
_BY_CHANCE = 0.25
"""Two lines alone of which the second is always one route's may be that route's own, which names the same; of so few it is a number that both have by chance."""
_BRINGS = 0.7
"""Of the requests of one route, at least this share goes on with a piece of work, if they are what it waits for."""

Span = tuple[float, float, str]
"""Begin, end, and route: `POST /orders/*`; "" for one that only asks, and where the line does not say."""


@dataclass(frozen=True, slots=True)
class Moved:
    """Work whose later lines all stand in the windows of other requests."""

    inside: int
    outside: int
    units: int
    busy: float
    """Share of the time that requests cover."""
    pairs: list[tuple[Step, Step]]
    """The last line in its own request, and the first in another."""


@dataclass(slots=True)
class Windows:
    """When each instance served a request; parts merge."""

    spans: Lists[Span] = field(default_factory=lambda: Lists(_MOST, _MOST_OF_ONE, _as_is))

    def see(self, view: View) -> None:
        """One record."""
        if not view.access or view.time is None or not view.instance:
            return
        found = view.find(_TOOK, 1500)
        if not found:
            return
        took = float(found[1]) / (1 if found[2] == "s" else 1000)
        if took > 900:
            return
        # The entry is stamped with the request's begin by some, with its end by others.
        self.spans.add(view.instance, (view.time - took, view.time + took, _route(view)))

    def merge(self, other: Windows) -> None:
        """Take the other part's in."""
        self.spans.merge(other.spans)

    def moved(self, steps: Iterable[Step]) -> Moved | None:
        """Work that goes on only inside other requests' windows, if the windows leave enough time in which it could."""
        spans_of = dict(self.spans.items())
        # Of an instance with too many requests the first ones are known: nothing is known of what comes later.
        until = {name: spans[-1][0] for name, spans in spans_of.items() if len(spans) >= self.spans.each}
        lines: dict[tuple[str, str], list[Step]] = {}
        for step in steps:
            if step.instance in spans_of and step.time <= until.get(step.instance, step.time):
                for key in step.ids:
                    lines.setdefault((step.instance, key), []).append(step)
        inside = outside = ended = 0
        covered = total = 0.0
        units: list[tuple[Step, Step]] = []
        brought: list[frozenset[str]] = []
        short: dict[str, list[frozenset[str]]] = {}
        merged = {name: _merged(spans) for name, spans in spans_of.items()}
        seen: set[Place] = set()
        for (instance, _), group in sorted(lines.items()):
            group.sort(key=in_time)
            spans = merged[instance]
            home = _span(spans, group[0].time)
            if home is None or len(group) < 2:
                continue
            later = [s for s in group if _span(spans, s.time) is not home and s.place not in seen and s.time > home[1] + _GRACE_S]
            seen.update(s.place for s in later)
            if any(s.shape == group[0].shape for s in later):
                continue  # It is begun anew in the other request: somebody sent it again.
            within = sum(_span(spans, s.time) is not None for s in later)
            if len(group) == 2 and within:
                short.setdefault(later[0].shape, []).append(window[2] if (window := _span(spans, later[0].time)) else frozenset())
            inside += within
            outside += len(later) - within
            ended += any(DONE.search(s.text) or _ENDS.search(s.text.lower()) for s in later)
            if within:
                units.append((next(s for s in reversed(group) if s.time < later[0].time), later[0]))
                brought.append(_bringing(spans, home, later))
        for spans in merged.values():
            covered += sum(end - begin for begin, end, _ in spans)
            total += spans[-1][1] - spans[0][0] if spans else 0
        busy = covered / total if total > 0 else 1.0
        if (
            inside < _LEAST_LINES
            or sum(len(routes) for routes in short.values() if len(set(routes)) < 2) > _BY_CHANCE * len(units)
            or len(units) < _LEAST_UNITS
            or outside > 0.1 * inside
            or busy > _MOST_BUSY
            or ended < 2
            or self._comes_by_itself(brought)
        ):
            return None
        return Moved(
            inside, outside, len(units), busy, sorted(units, key=lambda u: (u[0].place.path, u[0].place.line))[:6]
        )


    def _comes_by_itself(self, brought: Sequence[frozenset[str]]) -> bool:
        """Whether nearly all the work goes on with requests of one route, of which hardly any comes for anything else: they are what it waits for."""
        served = Counter(span[2] for _, spans in self.spans.items() for span in spans)
        goes_on = Counter(chain.from_iterable(brought))
        return any(count >= _NEARLY_ALL * len(brought) and count >= _BRINGS * served[route] for route, count in goes_on.items())


_Window = tuple[float, float, frozenset[str]]
"""Begin and end of requests that overlap, and their routes."""


def _bringing(windows: Sequence[_Window], home: _Window, later: Sequence[Step]) -> frozenset[str]:
    """The routes of the one window in which all the later lines stand, but for those in which the work began."""
    found = {window for step in later if (window := _span(windows, step.time)) is not None}
    return found.pop()[2] - home[2] - {""} if len(found) == 1 else frozenset()


def _route(view: View) -> str:
    found = view.find(_ROUTE, 1500)
    method = (found[1] or found[3]) if found else ""
    return f"{method} {_VARIES.sub('/*', found[2] or found[4])}" if found and method not in _ASKS else ""


def _as_is(span: Span) -> Span:
    return span


def _merged(spans: Sequence[Span]) -> list[_Window]:
    result: list[_Window] = []
    for begin, end, route in sorted((b - _MARGIN_S, e + _MARGIN_S, route) for b, e, route in spans):
        if result and begin <= result[-1][1]:
            last = result[-1]
            result[-1] = (last[0], max(end, last[1]), last[2] | {route})
        else:
            result.append((begin, end, frozenset({route})))
    return result


def _span(spans: Sequence[_Window], time: float) -> _Window | None:
    at = bisect_right(spans, (time, float("inf"))) - 1
    return spans[at] if at >= 0 and spans[at][0] <= time <= spans[at][1] else None
