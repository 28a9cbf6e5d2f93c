"""On which line of its log does a record stand that is known by its offset?

Lines of a long log are not counted while it is looked through. A place in it holds, in the stead of a line's number, its offset above
OFFSET; what is reported of it is numbered then.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import accumulate
from pathlib import Path

from callcheck.model.log import Place

OFFSET = 1 << 60
_PIECE = 1 << 20
_NEAR = 1 << 26


class Numbers:
    """Numbers the lines of one log."""

    def line(self, at: int) -> int:
        """The number, from 1, of the line that begins at the offset."""
        raise NotImplementedError


class Again(Numbers):
    """By reading the log once more, as far as is needed, and counting the lines before each of the offsets that may be asked for."""

    def __init__(self, path: Path, offsets: Iterable[int]) -> None:
        self._path = path
        self._offsets = sorted(offsets, reverse=True)
        self._known: dict[int, int] = {}
        self._counted = self._counting()

    def line(self, at: int) -> int:
        """As `Numbers.line`; what was cut off the log since counts as no line."""
        while at not in self._known and next(self._counted, None) is not None:
            pass
        return self._known.get(at, 1)

    def _counting(self) -> Iterator[int]:
        """Numbers the offsets in their order, a piece of the log at a time."""
        from callcheck.model.errors import SourceError
        from callcheck.sources.logs.lines import open_log
        from callcheck.sources.logs.packed import damaged

        begin, lines = 0, 1
        try:
            with open_log(self._path) as stream:
                while self._offsets and (data := stream.read(_PIECE)):
                    done = 0
                    while self._offsets and self._offsets[-1] <= begin + len(data):
                        at = self._offsets.pop()
                        lines += data.count(b"\n", done, at - begin)
                        done = at - begin
                        self._known[at] = lines
                    lines += data.count(b"\n", done)
                    begin += len(data)
                    yield begin
        except (SourceError, *damaged()):  # type: ignore[misc]
            pass
        self._known.update(dict.fromkeys(self._offsets, lines))


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
