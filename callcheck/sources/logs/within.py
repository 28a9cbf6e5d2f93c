"""Which entries of a log lie in the period that was asked for, and which of its bytes need not be read for it?

An entry without a date belongs to the one before it, of the same process if that is known; one that comes before all dates, to the first of
them. What a long log holds is judged by its blocks: by a few lines of each, and line by line only where those disagree.
"""

from __future__ import annotations

from collections.abc import Iterable

from callcheck.model.noun import dataclass
from callcheck.model.period import Period
from callcheck.sources.logs.blocks import REACH
from callcheck.sources.logs.times import dated
from callcheck.sources.logs.unwrap import Said, Unwrapper

SLACK_S = 60.0
"""Lines of several processes stand in a log up to so much out of order."""
MIXED = 2
_PROBES = 6
_NEAR = 40
"""Lines among which one with a date is looked for."""
_MOST_SOURCES = 4096


class Within:
    """Takes the entries of one log in their order."""

    def __init__(self, period: Period, newest: float, first: Iterable[Said] = ()) -> None:
        """`newest`: when the log was last written; `first`: what its first lines say."""
        self.period, self.newest = period, newest
        self.before = self.after = self.seen = 0
        self.dated = False
        times = (time for said in first if (time := self._time(said)) is not None)
        self._last = period.side(next(times, period.since or period.until or 0.0))
        self._of: dict[str, int] = {}

    def _time(self, said: Said) -> float | None:
        return None if said.time is None else dated(said.time, self.newest)

    def keeps(self, said: Said) -> bool:
        """Whether the entry that begins so lies inside; those outside are counted."""
        time = self._time(said)
        if time is None:
            side = self._of.get(said.outer, self._last)
        else:
            side, self.dated = self.period.side(time), True
        if len(self._of) >= _MOST_SOURCES:
            self._of.clear()
        self._of[said.outer] = self._last = side
        self.seen += 1
        self.before += side < 0
        self.after += side > 0
        return side == 0


@dataclass(frozen=True, slots=True)
class Judge:
    """Tells of the bytes of a long log on which side of the period they lie; goes to other processes."""

    period: Period
    newest: float
    unwrapper: Unwrapper

    def time(self, data: bytes | bytearray, start: int, stop: int) -> float | None:
        """When the line `data[start:stop]` was written."""
        text = bytes(data[start : min(stop, start + REACH)]).decode("utf-8", "replace").rstrip("\r\n")
        said = next(self.unwrapper.read_all(text), None)
        return None if said is None or said.time is None else dated(said.time, self.newest)

    def near(self, data: bytes | bytearray, start: int, end: int) -> float | None:
        """The first date from the line on that begins at `start`."""
        for _ in range(_NEAR):
            stop = data.find(b"\n", start, end)
            stop = end if stop < 0 else stop
            if start >= end or (time := self.time(data, start, stop)) is not None:
                return None if start >= end else time
            start = stop + 1
        return None

    def last(self, data: bytes | bytearray, begin: int, end: int) -> float | None:
        """The last date of the lines before `end`."""
        stop = end
        for _ in range(_NEAR):
            if stop <= begin:
                return None
            start = data.rfind(b"\n", begin, stop - 1) + 1 or begin
            if (time := self.time(data, start, stop)) is not None:
                return time
            stop = start
        return None

    def block(self, data: bytes | bytearray, begin: int, end: int) -> int:
        """The side of all lines in `data[begin:end]`, or MIXED."""
        times = [self.near(data, begin, end), self.last(data, begin, end)]
        for number in range(1, _PROBES - 1):
            start = data.find(b"\n", begin + (end - begin) * number // (_PROBES - 1), end) + 1
            times.append(self.near(data, start, end) if start else None)
        known = [time for time in times if time is not None]
        if known and all(self.period.side(time) == 0 for time in known):
            return 0
        sides = {self.period.side(time, SLACK_S) for time in known}
        return sides.pop() if len(sides) == 1 and 0 not in sides else MIXED

    def edges(self, data: bytes | bytearray, begin: int, end: int) -> tuple[int, int]:
        """From which line on, and up to which one, the lines of a block in order lie inside."""
        found = []
        for sides in ((0, 1), (1,)):
            low, high = begin, end
            while low < high:
                middle = data.rfind(b"\n", low, (low + high) // 2) + 1 or low
                time = self.near(data, middle, high)
                if time is not None and self.period.side(time) not in sides:
                    low = data.find(b"\n", middle, high) + 1 or high
                else:
                    high = middle
            found.append(low)
        return found[0], max(found)

    def keeps(self, data: bytes | bytearray, start: int) -> bool:
        """Whether the entry that begins at `start` may lie inside: by its own date, or by the one before it."""
        stop = data.find(b"\n", start)
        time = self.time(data, start, stop if stop >= 0 else len(data))
        time = self.last(data, max(0, start - REACH), start) if time is None else time
        return time is None or self.period.side(time) == 0
