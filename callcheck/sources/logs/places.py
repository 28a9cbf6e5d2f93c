"""On which line of its log does a record stand that is known by its offset?

The blocks of a long log are looked through in any order, and only all of them together know how many lines stand before one. A place in it
holds, in the stead of a line's number, its offset above OFFSET; what is reported of it is numbered then.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from itertools import accumulate

from callcheck.model.log import Place

OFFSET = 1 << 60


class Numbers:
    """Numbers the lines of one log: by the lines of each block, and for each place those of its block before it."""

    def __init__(
        self, ends: dict[int, int], ahead: dict[int, tuple[int, int]], skipped: Callable[[], int] | None = None
    ) -> None:
        """`skipped` counts the lines of the blocks that were not read, if it is ever asked."""
        self._ends, self._ahead, self._skipped = ends, ahead, skipped

    @functools.cached_property
    def _before(self) -> list[int]:
        counts = (self._ends.get(block, 0) for block in range(max(self._ends, default=-1) + 1))
        return list(accumulate(counts, initial=self._skipped() if self._skipped else 0))

    def settle(self) -> Numbers:
        """Count now what can be counted here only."""
        self._before  # noqa: B018  (kept from now on)
        self._skipped = None
        return self

    def line(self, at: int) -> int:
        """The number, from 1, of the line that begins at the offset."""
        block, ahead = self._ahead.get(at, (0, 0))
        return self._before[block] + ahead + 1


_long: dict[str, Numbers] = {}
"""The long logs of this run, by their names in places."""


def remember(name: str, numbers: Numbers) -> None:
    """From now on, the offsets in places of this log can be numbered."""
    _long[name] = numbers


def forget(name: str) -> Numbers | None:
    """What was remembered of the log, for another process to remember it."""
    numbers = _long.pop(name, None)
    return numbers.settle() if numbers else None


def numbered(place: Place) -> Place:
    """The place with line numbers."""
    if place.line < OFFSET or place.path not in _long:
        return place
    first, last = (_long[place.path].line(at - OFFSET) for at in (place.line, place.last))
    return place.at(first, last)
