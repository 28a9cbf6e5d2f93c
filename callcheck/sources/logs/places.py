"""On which line of its log does a record stand that is known by its offset?

Lines of a long log are not counted while it is looked through. A place in it holds, in the stead of a line's number, its offset above
OFFSET; what is reported of it is numbered then.
"""

from __future__ import annotations

from itertools import accumulate
from pathlib import Path

from callcheck.model.log import Place

OFFSET = 1 << 60
_BLOCK = 1 << 16
_NEAR = 1 << 26


class Numbers:
    """Numbers the lines of one log."""

    def line(self, at: int) -> int:
        """The number, from 1, of the line that begins at the offset."""
        raise NotImplementedError


class OfFile(Numbers):
    """By reading the file once more, as far as is needed."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._before = [0]
        """Block -> lines that end before it."""
        self._known: dict[int, int] = {}

    def line(self, at: int) -> int:
        """As `Numbers.line`; what was cut off the file since counts as no line."""
        if at not in self._known:
            self._known[at] = self._count(at)
        return self._known[at]

    def _count(self, at: int) -> int:
        block, rest = divmod(at, _BLOCK)
        with self._path.open("rb", buffering=0) as stream:
            stream.seek((len(self._before) - 1) * _BLOCK)
            while len(self._before) <= block:
                data = stream.read(16 * _BLOCK)
                for at in range(0, len(data) or _BLOCK, _BLOCK):
                    self._before.append(self._before[-1] + data.count(b"\n", at, at + _BLOCK))
            stream.seek(block * _BLOCK)
            return self._before[block] + stream.read(rest).count(b"\n") + 1


class OfStream(Numbers):
    """By what was counted while it came: the lines of each block, and for each place those of its block before it."""

    def __init__(self, ends: dict[int, int], ahead: dict[int, tuple[int, int]]) -> None:
        self._before = [0, *accumulate(ends.get(block, 0) for block in range(max(ends, default=-1) + 1))]
        self._ahead = ahead

    def line(self, at: int) -> int:
        """As `Numbers.line`."""
        block, ahead = self._ahead.get(at, (0, 0))
        return self._before[block] + ahead + 1


_long: dict[str, Numbers] = {}
"""The long logs of this run, by their names in places."""


def remember(name: str, numbers: Numbers) -> None:
    """From now on, the offsets in places of this log can be numbered."""
    _long[name] = numbers


def near(first: Place, place: Place) -> bool:
    """Whether a place can be numbered where the first one is, without much more counting."""
    return place.line < OFFSET or place.line - first.line < _NEAR or place.path not in _long


def numbered(place: Place) -> Place:
    """The place with line numbers."""
    if place.line < OFFSET or place.path not in _long:
        return place
    first, last = (_long[place.path].line(at - OFFSET) for at in (place.line, place.last))
    return Place(place.path, first, last)
