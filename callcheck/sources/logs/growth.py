"""Which counts that a process writes down only rise?

screen connected screen=c101 listenerCount=4
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator

from callcheck.model.log import Place
from callcheck.model.noun import dataclass, field
from callcheck.model.pattern import pattern, rare
from callcheck.sources.logs.bounded import Rank, Smallest, Table, first_of, keep_first, rank_of
from callcheck.sources.logs.view import View

_LISTENERS = rare(
    r"\b(?P<name>[\w.]{0,30}(?:listener|handler|callback|observer|delegate)s?(?:[._]?(?:count|total|size|length|now|n))?)[\"']?[=:] ?(?P<n>\d{1,6})\b"
    r"|\b(?P<m>\d{1,6}) (?:[\w.:/-]{1,40} )?(?P<plural>listeners|handlers|callbacks|observers|delegates)\b(?![=:])",
    re.I,
)
_HOLDING = rare(
    r"\b(?P<name>(?:total_|active_|open_)?(?:subs|subscribers|subscriptions|watchers|sinks|hooks)(?:[._]?(?:count|total|size|n))?)[\"']?[=:] ?(?P<n>\d{1,6})\b"
    r"|\b(?P<m>\d{1,6}) (?P<plural>subscribers|subscriptions|watchers|sinks|hooks)\b(?![=:])",
    re.I,
)
"""What grows with those who are connected, and is a leak only where they leave and it does not fall."""
_LEAVES = rare(r"\b(?:clos(?:ed?|ing)|left|leav(?:es|ing)|disconnect\w*|gone|went away|unmount\w*|ended|hung up|detached|released)\b", re.I)
_WAITING = rare(
    r"\b(?P<name>waiting|pending|queued|backlog|(?:queue|stream|consumer)?[._]?(?:depth|lag|length|len)|queue[._]?size|messages_ready|ready)[\"']?[=:] ?(?P<n>\d{1,9})\b"
    r"|\b(?P<m>\d{1,9}) (?:jobs |messages |tasks |events )?(?P<plural>waiting|pending|queued|in backlog)\b",
    re.I,
)
_IDLE = rare(
    r"\b(?:active|consumers?|workers?|running|in_?flight)[=:] ?(?:0\b|none\b)|\bno (?:consumers|workers)\b|\b0 (?:active|consumers|workers)\b",
    re.I,
)
_NAMES_ONE = pattern(r"(?:[#/.-]|\b(?:job|task|req|request|ticket|order|message|msg|run|call|user|client|conn|connection|session|room|id|no|nr|number) )$", re.I)
"""What stands before a number that is a name's and no count: `req-12 waiting`, `job 12 pending`, `ticket #12 queued`."""
_WORDS = ("listener", "handler", "callback", "observer", "delegate")
_HOLDERS = ("subs", "watchers", "sinks", "hooks")
_QUEUES = ("waiting", "pending", "queue", "backlog", "depth", "lag", "length", "ready")
_MOST = 500
_MOST_POINTS = 128
_SHOWN = 13
_LEAST_LINES = 8
_LEAST_RISE = 8
_SHARE_LEAVING = 0.25


Point = tuple[float, str, int, int]
"""Time, file, order along it, and the value."""


def _by_hash(point: Point) -> Rank:
    return rank_of(f"{point[1]}:{point[2]}")


@dataclass(slots=True)
class Series:
    """The values of one count of one process."""

    points: Smallest[Point] = field(default_factory=lambda: Smallest(_MOST_POINTS, _by_hash))
    """All of them, or a fair sample: a rise shows in that too."""
    ends: tuple[Point, ...] = ()
    """The first, the last and the first of the largest."""
    lines: int = 0
    idle: int = 0
    leaving: int = 0
    """Lines that say that one of them leaves."""
    shown: list[tuple[Point, Place, str]] = field(default_factory=list)
    """The first ones."""
    latest: tuple[Point, Place, str] | None = None

    def add(self, point: Point, place: Place, text: str, idle: bool, leaving: bool = False) -> None:
        """One value."""
        self.lines += 1
        self.idle += idle
        self.leaving += leaving
        self.points.add(point)
        self._extend(point)
        if len(self.shown) < _SHOWN or point < self.shown[-1][0]:
            keep_first(self.shown, (point, place, text[:300]), _SHOWN, _first)
        if self.latest is None or point > self.latest[0]:
            self.latest = point, place, text[:300]

    def merge(self, other: Series) -> None:
        """Take the other's in."""
        self.lines += other.lines
        self.idle += other.idle
        self.leaving += other.leaving
        self.points.merge(other.points)
        self._extend(*other.ends)
        self.shown = first_of(self.shown, other.shown, _SHOWN, _first)
        if self.latest is None or other.latest is not None and other.latest[0] > self.latest[0]:
            self.latest = other.latest

    def _extend(self, *points: Point) -> None:
        known = (*self.ends, *points)
        most = max(point[3] for point in known)
        self.ends = min(known), max(known), min(point for point in known if point[3] == most)

    @property
    def first(self) -> int:
        """The first value."""
        return self.ends[0][3]

    @property
    def last(self) -> int:
        """The last value."""
        return self.ends[1][3]

    @property
    def places(self) -> list[tuple[Place, str]]:
        """Where it began, where it should have stayed, how far it came."""
        found = [(place, text) for _, place, text in self.shown]
        if self.latest is not None and self.lines > len(found):
            found.append(self.latest[1:])
        return found

    @property
    def untaken(self) -> bool:
        """It rises by one with each line: nothing was ever taken away."""
        return self.last - self.first == self.lines - 1

    @property
    def grows(self) -> bool:
        """It rose much, and hardly ever fell."""
        rise = self.last - self.first
        if self.lines < _LEAST_LINES or rise < _LEAST_RISE or self.last < 2 * self.first:
            return False
        values = [point[3] for point in sorted({*self.points, *self.ends})]
        falls = rises = 0
        for before, after in itertools.pairwise(values):
            rises += max(0, after - before)
            falls += max(0, before - after)
        return falls <= 0.1 * rises and self.last >= 0.9 * self.ends[2][3]


def _first(shown: tuple[Point, Place, str]) -> Point:
    return shown[0]


@dataclass(slots=True)
class Growth:
    """Counts of a part of the logs; parts merge."""

    series: Table[tuple[str, str, str, str], Series] = field(default_factory=lambda: Table(_MOST, Series))
    """Instance, what is counted, its name, and the words around it where the name is a plain word."""

    def see(self, view: View) -> None:
        """One record."""
        if not view.can(_LISTENERS) and not view.can(_WAITING) and not view.can(_HOLDING):
            return
        low = view.low
        if any(word in low for word in _WORDS):
            self._take(view, "listeners", view.find(_LISTENERS, 600))
        elif any(word in low for word in _HOLDERS) and (found := view.find(_HOLDING, 600)):
            self._take(view, "holders", found)
        elif any(word in low for word in _QUEUES):
            self._take(view, "waiting", view.find(_WAITING, 600))

    def merge(self, other: Growth) -> None:
        """Take the other part's in."""
        self.series.merge(other.series, Series.merge)

    def found(self) -> Iterator[tuple[str, str, Series]]:
        """Counts that only rise: what is counted, the count's name, and its values."""
        for (_, of, name, _), series in self.series.items():
            if series.grows and of != "holders":
                yield of, name, series
            elif series.grows and series.leaving >= _SHARE_LEAVING * series.lines:
                yield "listeners", name, series

    def _take(self, view: View, of: str, found: re.Match[str] | None) -> None:
        if not found or found["m"] and _NAMES_ONE.search(view.text, max(0, found.start("m") - 16), found.start("m")):
            return
        name = found["name"] or found["plural"]
        series = self.series.at((view.instance, of, name, view.template if found["m"] else ""))
        if series is None:
            return
        point = view.time or 0.0, view.place.whole, view.order, int(found["n"] or found["m"])
        series.add(point, view.place, view.text, view.says(_IDLE, 600), view.says(_LEAVES, 300))
