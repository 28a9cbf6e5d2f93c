"""Which entries of an export are whole by now, when it comes line by line?

journalctl -f -o export | callcheck diagnose - --follow

An entry is over when the next one begins. A JSON document, of which nobody knows before its end where an entry stands, is read at its end.
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.sources.logs.export import Entry, entries
from callcheck.sources.logs.journal import begins
from callcheck.sources.logs.lines import Line

_MOST = 16_000_000
"""Characters that are held until an entry is over."""


class Piecewise:
    """Takes the lines of one export."""

    def __init__(self) -> None:
        self._held: list[Line] = []
        self._size = 0
        self.left_out = 0
        """Lines."""

    def take(self, number: int, text: str) -> Iterator[Entry]:
        """The next line; gives the entries that are over."""
        if self._held and (begins(text) or text == "{"):
            yield from self.rest()
        if self._size > _MOST:
            self.left_out += 1
            return
        self._held.append((number, text))
        self._size += len(text)

    def rest(self) -> Iterator[Entry]:
        """What is held, taken for whole."""
        held, self._held, self._size = self._held, [], 0
        yield from entries(held)

    def so_far(self) -> Iterator[Entry]:
        """What is held, as far as it is there; it stays."""
        yield from entries(list(self._held))
