"""Which kind of line came regularly until a restart or a reconnect, and never again?"""

from __future__ import annotations

import functools
import re
from typing import Any

from callcheck.model.log import Level, Place
from callcheck.model.noun import dataclass, field
from callcheck.model.pattern import pattern, rare
from callcheck.sources.logs.boundaries import Edge
from callcheck.sources.logs.bounded import Table, first_of, keep_first
from callcheck.sources.logs.presence import SEEN, Cover, Presence
from callcheck.sources.logs.view import View

_MOST = 3_000
_MOST_MARKS = 12
_MOST_RUNS = 16
_HANDLES = ("handled", "completed")
_MOST_SHOWN = 800
_MARK = rare(
    r"\b(?P<restart>starting\b|started\b|booting|listening on|logged in|server ready|released?\b v?\d|deploy)|(?P<reconnect>reconnect|connected\b|connection (?:restored|established|re-?opened))|(?P<lost>disconnect|connection (?:lost|closed|reset)|keep ?alive)",
    re.I,
)
_VERSION = pattern(r"\bv?(\d{1,4}\.\d{1,4}(?:\.\d{1,4})?)\b")
_LEAST = 12
_EXPECTED = 10.0
_SETTLING_S = 5.0
_MOMENT_S = 0.001
"""The mark itself proves nothing of what follows it."""
_ANYBODY = Presence(levels={Level.UNKNOWN: 0.0})
"""Of whom nothing is known."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A line that says that something starts, connects or is lost."""

    what: str
    time: float
    place: Place
    text: str
    versions: frozenset[str]


@dataclass(slots=True)
class Run:
    """Those of them that one process wrote."""

    count: int = 0
    first: float = float("inf")
    last: tuple[float, str, int] = (float("-inf"), "", 0)
    """When and where the last one came."""
    place: Place | None = None
    """Of the last one."""
    text: str = ""

    def add(self, at: tuple[float, str, int], place: Place, text: str) -> None:
        """One line."""
        self.count += 1
        if at[0] < self.first:
            self.first = at[0]
        if at > self.last:
            self.last, self.place, self.text = at, place, text

    def merge(self, other: Run) -> None:
        """Take the other's in."""
        self.count += other.count
        self.first = min(self.first, other.first)
        if other.last > self.last:
            self.last, self.place, self.text = other.last, other.place, other.text


@dataclass(slots=True)
class Series:
    """All lines of one template by one service."""

    count: int = 0
    first: float = float("inf")
    latest: tuple[tuple[float, str, int], Place | None, str] = ((float("-inf"), "", 0), None, "")
    """When and where the last one came, its place and text."""
    marks: list[Mark] = field(default_factory=list)
    """The first ones that say that something starts, connects or is lost."""
    level: int = Level.FATAL
    """The lowest of their levels."""
    runs: Table[str, Run] = field(default_factory=lambda: Table(_MOST_RUNS, Run))
    """By process."""
    handles: bool = False
    """They say that something is handled or done."""
    one_in: int = 1
    """Of so many lines of the log, one was read at random and may have been counted."""

    @property
    def last(self) -> float:
        """When the last one came."""
        return self.latest[0][0]

    def merge(self, other: Series) -> None:
        """Take the other's in."""
        self.count += other.count
        self.first = min(self.first, other.first)
        self.level = min(self.level, other.level)
        self.runs.merge(other.runs, Run.merge)
        self.handles = self.handles or other.handles
        self.one_in = max(self.one_in, other.one_in)
        if other.latest[0] > self.latest[0]:
            self.latest = other.latest
        self.marks = first_of(self.marks, other.marks, _MOST_MARKS, _in_time)


def _in_time(mark: Mark) -> tuple[float, str, int]:
    return mark.time, mark.place.path, mark.place.line


@dataclass(frozen=True, slots=True)
class End:
    """A series that ended at a mark."""

    series: Series
    after: str
    mark: Mark
    template: str


@dataclass(slots=True)
class Stopped:
    """Templates and marks of a part of the logs; parts merge."""

    series: Table[tuple[str, str], Series] = field(default_factory=lambda: Table(_MOST, Series))
    end: float = 0.0
    served: int = 0
    """Requests, which show that the process lives."""
    served_last: float = 0.0

    @property
    def mark(self) -> Any:
        """The pattern of lines that say that something starts, connects or is lost."""
        return _MARK

    def marked(self) -> Stopped:
        """The marks alone, without the lines that were counted."""
        only = Stopped()
        for key, series in self.series.items():
            held = only.series.at(key) if series.marks else None
            if held is not None:
                held.marks = series.marks
        return only

    def see(self, view: View, edge: Edge | None = None) -> None:
        """One record, and its boundary."""
        time = view.time
        if time is None:
            return
        self.end = max(self.end, time)
        if view.access:
            self.served += 1
            self.served_last = max(self.served_last, time)
            return
        series = self.series.at((service(view.instance), view.template)) if view.template else None
        if series is None:
            return
        series.count += 1
        series.first = min(series.first, time)
        series.level = min(series.level, view.record.level)
        at = time, view.place.whole, view.order
        if at > series.latest[0]:
            series.latest = at, view.place, view.text[:300]
        run = series.runs.at(view.instance)
        if run is not None:
            run.add(at, view.place, view.text[:200])
        if edge is not None and edge.stage in _HANDLES:
            series.handles = True
        if len(series.marks) < _MOST_MARKS or time <= series.marks[-1].time:
            self._mark(series, view, time)

    def _mark(self, series: Series, view: View, time: float) -> None:
        found = view.find_low(_MARK)
        if found:
            versions = frozenset(_VERSION.findall(view.text[:200]))
            mark = Mark(str(found.lastgroup), time, view.place, view.text[:300], versions)
            keep_first(series.marks, mark, _MOST_MARKS, _in_time)

    def merge(self, other: Stopped) -> None:
        """Take the other part's in."""
        self.series.merge(other.series, Series.merge)
        self.end = max(self.end, other.end)
        self.served += other.served
        self.served_last = max(self.served_last, other.served_last)

    def ends(self, cover: Cover = SEEN) -> list[End]:
        """Series that ended at a mark although as many again were due, and would have been seen as far as `cover` knows."""
        known = self.series.items()
        services: dict[str, Presence] = {}
        for instance, presence in cover.instances.items():
            services.setdefault(service(instance), Presence()).merge(presence)
        marks = sorted((mark for _, series in known for mark in series.marks), key=_in_time)[:_MOST_SHOWN]
        alive = sum(1 for _, s in known if s.count >= _LEAST and s.last > self.end - 0.15 * (self.end - s.first))
        begin = min((s.first for _, s in known), default=self.end)
        alive += self.served >= _LEAST and self.served_last > self.end - 0.15 * (self.end - begin)
        found = []
        for (name, template), series in known:
            span = series.last - series.first
            if series.count < _LEAST or span <= 0 or not alive:
                continue
            gap = span / (series.count - 1)
            mark = next(
                (m for m in marks if series.last <= m.time <= series.last + 6 * gap + 30 and m.text != series.latest[2]),
                None,
            )
            if mark is None or (self.end - mark.time) / gap < _EXPECTED:
                continue
            of_service = services.get(name, _ANYBODY)
            if of_service.ends is not None and (of_service.ends - mark.time) / gap < _EXPECTED:
                continue  # Its log ends there.
            if not of_service.tells(series.level, mark.time + _MOMENT_S) or self._rewritten(name, mark.time):
                continue
            after = "reconnect" if mark.what in ("reconnect", "lost") else "restart"
            before = [m for m in marks if m.time < mark.time and m.versions and m.what == mark.what]
            same_place = [m for m in before if _shape(m.text) == _shape(mark.text)]
            if mark.versions and same_place and mark.versions != same_place[-1].versions:
                after = "version"
            found.append(End(series, after, mark, template))
        return found


    def _rewritten(self, name: str, at: float) -> bool:
        """Whether all that a service wrote regularly ends at a time, and other lines begin: it says the same in other words from then on."""
        mine = [series for (of, _), series in self.series.items() if of == name]
        before = [s for s in mine if s.count >= _LEAST and s.first < at]
        begun = [s for s in mine if s.count >= _LEAST and s.first >= at]
        return len(before) > 1 and bool(begun) and not any(s.last > at + _SETTLING_S for s in before)


@functools.lru_cache(4096)
def service(instance: str) -> str:
    """The first part of its name, which is the same for all its instances."""
    return re.sub(r"[-_.:/|\d].*$", "", instance)


def overdue(count: int, first: float, last: float, until: float) -> bool:
    """Whether lines that came so often should have come again before a time."""
    return count >= _LEAST and last > first and (until - last) * (count - 1) >= _EXPECTED * (last - first)


def _shape(text: str) -> str:
    return re.sub(r"\d+", "#", text)
