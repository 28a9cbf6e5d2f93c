"""How often and when did a kind of line come, and which of its lines say that something starts, connects or is lost?"""

from __future__ import annotations

from callcheck.model.log import Level, Place
from callcheck.model.noun import dataclass, field
from callcheck.sources.logs.bounded import Table, first_of
from callcheck.sources.logs.occupied import Occupied

MOST_MARKS = 12
MOST_RUNS = 16
_MOST_THREADS = 8


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
    begin: tuple[tuple[float, str, int], Place, str] | None = None
    """When and where the first one came, its place and text."""
    when: Occupied = field(default_factory=Occupied)
    threads: Table[str, Occupied] | None = None
    """Which of its threads wrote them when, where the lines name them."""

    def add(self, at: tuple[float, str, int], place: Place, text: str, thread: str = "") -> None:
        """One line."""
        self.count += 1
        self.when.add(at[0])
        if thread:
            if self.threads is None:
                self.threads = Table(_MOST_THREADS, Occupied)
            lane = self.threads.at(thread)
            if lane is not None:
                lane.add(at[0])
        if self.begin is None or at < self.begin[0]:
            self.begin = at, place, text
        if at[0] < self.first:
            self.first = at[0]
        if at > self.last:
            self.last, self.place, self.text = at, place, text

    def merge(self, other: Run) -> None:
        """Take the other's in."""
        self.count += other.count
        self.first = min(self.first, other.first)
        self.when.merge(other.when)
        if other.threads is not None:
            if self.threads is None:
                self.threads = Table(_MOST_THREADS, Occupied)
            self.threads.merge(other.threads, Occupied.merge)
        if other.begin is not None and (self.begin is None or other.begin[0] < self.begin[0]):
            self.begin = other.begin
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
    runs: Table[str, Run] = field(default_factory=lambda: Table(MOST_RUNS, Run))
    """By process."""
    handles: bool = False
    """They say that something is handled or done."""
    one_in: int = 1
    """Of so many lines of the log, one was read at random and may have been counted."""
    expiry: Mark | None = None
    """Until when they last say that a subscription lasts: what is renewed before it is over goes on."""

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
        self.marks = first_of(self.marks, other.marks, MOST_MARKS, in_time)
        self.expiry = max((mark for mark in (self.expiry, other.expiry) if mark is not None), key=in_time, default=None)


def in_time(mark: Mark) -> tuple[float, str, int]:
    """By time, then by place."""
    return mark.time, mark.place.path, mark.place.line
