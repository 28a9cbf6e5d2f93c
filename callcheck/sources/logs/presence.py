"""Could these logs have shown a line, or does it stand nowhere because it could not?

That a line is not there says something only of a process that wrote at the time when it was due, and lines of its level: a log at level INFO shows no debug line,
a file that was cut off at noon nothing of the afternoon, and the file of one process nothing that another one did.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from typing import TYPE_CHECKING

from callcheck.model.log import Level
from callcheck.model.noun import dataclass, field
from callcheck.sources.logs.bounded import Table, higher, lower
from callcheck.sources.logs.instances import service_of

if TYPE_CHECKING:
    from callcheck.sources.logs.trails import Step

_ALWAYS = float("inf")
_LONG_S = 60.0
_PART = 0.1
_BESIDE_S = 300.0
_BESIDE = 0.5
"""So long, and for such a part of the shorter one's time, two processes that serve side by side both write; where one takes the other's place they do so for less."""


@dataclass(slots=True)
class Presence:
    """When one process wrote, and how much it told."""

    count: int = 0
    first: float | None = None
    last: float | None = None
    levels: dict[int, float] = field(default_factory=dict)
    """Level -> when a line of it came last; for ever, if a line has no time."""
    begins: float | None = None
    ends: float | None = None
    """From when until when the files go that it writes into: others may write into them too."""

    def add(self, time: float | None, level: int = Level.UNKNOWN) -> None:
        """One record."""
        self.count += 1
        if time is None:
            self.levels[level] = _ALWAYS
            return
        if self.first is None or self.last is None:
            self.first = self.last = time
        elif time > self.last:
            self.last = time
        elif time < self.first:
            self.first = time
        if time > self.levels.get(level, 0.0):
            self.levels[level] = time

    def merge(self, other: Presence) -> None:
        """Take the other's in."""
        self.count += other.count
        self.first = lower(self.first, other.first)
        self.last = higher(self.last, other.last)
        self.begins = lower(self.begins, other.begins)
        self.ends = higher(self.ends, other.ends)
        for level, last in other.levels.items():
            self.levels[level] = max(last, self.levels.get(level, 0.0))

    def until(self, level: int, since: float) -> float:
        """From when on a line of a level must be seen to know that lines of it were written at a time.

        That a process wrote none since is nothing, unless it wrote of other levels for long: then its level may have been raised.
        """
        told = max((last for known, last in self.levels.items() if known <= level), default=0.0)
        raised = (
            self.last is not None
            and self.first is not None
            and self.last - told >= max(_LONG_S, _PART * (self.last - self.first))
        )
        return since if raised else 0.0

    def tells(self, level: int, since: float = 0.0) -> bool:
        """Whether it wrote lines of so low a level from a time on."""
        if level == Level.UNKNOWN or Level.UNKNOWN in self.levels:
            return True
        return any(known <= level and last >= since for known, last in self.levels.items())


@dataclass(frozen=True, slots=True)
class Cover:
    """What the logs hold of each process."""

    instances: Table[str, Presence] = field(default_factory=lambda: Table(1, Presence))
    whole: bool = True
    """Every line was read; otherwise when a process wrote is known in part only, and nothing is excused by it."""

    def blind(self, instance: str, since: float, level: int = Level.UNKNOWN, wait: float = 0.0) -> str:
        """Why a line of a level, due within `wait` seconds after a time, could not be seen: ends, begins, level; "" if it could, or if nobody knows."""
        known = self.instances.get(instance) if self.whole else None
        if known is None:
            return ""
        if known.ends is not None and known.ends < since + wait:
            return "ends"
        if known.begins is not None and known.begins > since + wait:
            return "begins"
        return "" if known.tells(level, known.until(level, since)) else "level"

    def missed(self, instances: Iterable[str], since: float, level: int = Level.UNKNOWN, wait: float = 0.0) -> str:
        """The same for a line that any of these processes might have written; "" if one of them could have shown it, or there are none."""
        reasons = [self.blind(name, since, level, wait) for name in instances]
        return reasons[0] if reasons and all(reasons) else ""

    def replicas(self, instances: Iterable[str]) -> bool:
        """Whether two of these processes are of one service and write side by side for long: a roll-out, in which one takes the other's place, is none."""
        known = [(service_of(name), seen) for name in instances if (seen := self.instances.get(name)) is not None]
        return any(service == other and _beside(one, another) for (service, one), (other, another) in itertools.combinations(known, 2))


def _beside(one: Presence, other: Presence) -> bool:
    if one.first is None or one.last is None or other.first is None or other.last is None:
        return False
    together = min(one.last, other.last) - max(one.first, other.first)
    return together >= max(_BESIDE_S, _BESIDE * min(one.last - one.first, other.last - other.first))


SEEN = Cover()
"""Nothing is known of what could not be seen, so everything could."""


def level_of(steps: Iterable[Step]) -> int:
    """The level at which a kind of line stands in the logs most often: who writes lines of that level would have shown it."""
    counts: dict[int, int] = {}
    for step in steps:
        counts[step.level] = counts.get(step.level, 0) + 1
    return min(counts, key=lambda level: (-counts[level], level), default=Level.UNKNOWN)
