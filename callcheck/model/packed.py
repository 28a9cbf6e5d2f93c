"""How are many things kept at hand, when few of them are asked for? Each is packed until then.

Where all of them are kept in a file (`sources/kept.py`), the packed ones lie apart from the rest, so that those that nobody asks for are not
even read: two megabytes of frameworks, of which a run opens a twentieth.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any


class Packed:
    """Things in their order."""

    __slots__ = ("_ends", "_held")

    def __init__(self, things: Iterable[object]) -> None:
        import pickle
        from itertools import accumulate

        parts = [pickle.dumps(each, pickle.HIGHEST_PROTOCOL) for each in things]
        self._ends = (0, *accumulate(map(len, parts)))
        self._held: Any = b"".join(parts)

    def __reduce_ex__(self, protocol: Any) -> Any:
        if protocol < 5:
            return _again, (self._ends, bytes(self._held))
        from pickle import PickleBuffer

        return _again, (self._ends, PickleBuffer(self._held))

    def __len__(self) -> int:
        return len(self._ends) - 1

    def at(self, number: int) -> Any:
        """One of them, unpacked."""
        from _pickle import loads

        return loads(self._held[self._ends[number] : self._ends[number + 1]])


def _again(ends: tuple[int, ...], held: Any) -> Packed:
    made = Packed.__new__(Packed)
    made._ends, made._held = ends, held
    return made
