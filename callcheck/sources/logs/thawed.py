"""Does work of a request that is answered go on only when another request comes?

08:16:42.984 POST /hooks 200  requestId=a1
08:21:35.530 event taken      requestId=b7
08:21:35.539 order 71: Error: Connection terminated unexpectedly  requestId=a1

A platform that freezes a function with its answer thaws it for the next request, and what was left of the first goes on then, under its own name.
A server that lives writes such lines at any time.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from itertools import chain

from callcheck.model.log import Place
from callcheck.model.noun import dataclass, field
from callcheck.model.pattern import rare
from callcheck.sources.logs.bounded import Lists
from callcheck.sources.logs.view import View
from callcheck.sources.logs.wording import ids

_REQUEST = rare(r"(?<![\w-])(?:request|req|invocation|execution)[_-]?id[\"']?[=: ]{1,2}[\"']?([\w:.-]{8,80})", re.I)
_MOST = 20_000
_MOST_OF_ONE = 40
_LATER_S = 5.0
_AT_ONCE_S = 0.1
_LEAST = 3
_MOST_COVERED = 0.1
"""Where requests come so often, a line stands beside one by chance."""

Entry = tuple[float, int, str, bool, Place, str]
"""Time, order, instance, whether it tells the answer, where, and the text."""


@dataclass(frozen=True, slots=True)
class Thawed:
    """How often, and some of the answers with the line that came later."""

    count: int
    pairs: list[tuple[Entry, Entry]]


@dataclass(slots=True)
class Answered:
    """The lines of each request of a part of the logs; parts merge."""

    requests: Lists[Entry] = field(default_factory=lambda: Lists(_MOST, _MOST_OF_ONE, _in_time))

    def see(self, view: View) -> None:
        """One record."""
        found = view.find(_REQUEST, 2000) if view.time is not None else None
        if found is not None and view.time is not None:
            self.requests.add(found[1], (view.time, view.order, view.instance, bool(view.access and view.status), view.place, view.text[:200]))

    def merge(self, other: Answered) -> None:
        """Take the other part's in."""
        self.requests.merge(other.requests)

    def thawed(self) -> Thawed | None:
        """Lines long after the answer of their request, if all of them come at once with the first line of another one."""
        of = {name: sorted(entries, key=_in_time) for name, entries in self.requests.items()}
        opened = sorted((entries[0][0], entries[0][2], name) for name, entries in of.items())
        if len(opened) < _LEAST or len(opened) * _AT_ONCE_S > _MOST_COVERED * (opened[-1][0] - opened[0][0]):
            return None
        pairs: list[tuple[Entry, Entry]] = []
        openings: list[Entry] = []
        outside = 0
        for name, entries in of.items():
            answer = next((entry for entry in entries if entry[3]), None)
            later = [entry for entry in entries if answer is not None and entry[0] > answer[0] + _LATER_S]
            if answer is None or not later:
                continue
            at = bisect_right(opened, (later[0][0], "\uffff"))
            near = [other for time, instance, other in opened[max(0, at - 3) : at] if later[0][0] - time <= _AT_ONCE_S and instance == later[0][2] and other != name]
            if near:
                pairs.append((answer, later[0]))
                openings.append(of[near[-1]][0])
            else:
                outside += 1
        told = _about_it(pairs, openings)
        outside += len(told)
        pairs = [pair for at, pair in enumerate(pairs) if at not in told]
        if len(pairs) < _LEAST or outside > 0.1 * len(pairs):
            return None
        return Thawed(len(pairs), sorted(pairs, key=lambda pair: _in_time(pair[1]))[:_LEAST])


def _about_it(pairs: list[tuple[Entry, Entry]], openings: list[Entry]) -> set[int]:
    """Which of the later lines name what the other request's first line names: that request asked for them. What all name (a release, a region) says nothing."""
    named = [ids(opening[5]) for opening in openings]
    everybodys = {name for name, count in Counter(chain.from_iterable(named)).items() if count >= _LEAST}
    return {at for at, (_, later) in enumerate(pairs) if (ids(later[5]) & named[at]) - everybodys}


def _in_time(entry: Entry) -> tuple[float, int]:
    return entry[:2]
