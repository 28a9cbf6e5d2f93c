"""In which parts of the time does a kind of line come, told by so many bits however long its log is?

A second each at first; where the time grows longer than there are bits, two parts become one. How long a part is depends on the first and the
last line alone, so parts of a log in any order give the same whole.
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.noun import dataclass

MOST = 512


@dataclass(slots=True)
class Occupied:
    """Parts of `width` seconds in which something came."""

    shift: int = 0
    base: int = 0
    mask: int = 0

    @property
    def width(self) -> int:
        """Seconds of one part."""
        return 1 << self.shift

    def add(self, time: float) -> None:
        """Something came then."""
        at = (int(time) >> self.shift) - self.base
        if self.mask and 0 <= at < MOST:
            self.mask |= 1 << at
        else:
            self._put(self.base + at, 1)

    def merge(self, other: Occupied) -> None:
        """Take the other's in."""
        if not other.mask:
            return
        base, mask = other.base, other.mask
        for _ in range(self.shift - other.shift):
            base, mask = _wider(base, mask)
        while self.shift < other.shift:
            self._widen()
        self._put(base, mask)

    def parts(self) -> list[int]:
        """The numbers of the parts, in order; a part begins at its number times `width`."""
        bits = bin(self.mask)[:1:-1]
        return [self.base + at for at, bit in enumerate(bits) if bit == "1"]

    def gaps(self) -> Iterator[tuple[int, int]]:
        """From when to when nothing came, between the begins of each two parts that follow one another, in seconds."""
        parts = self.parts()
        for one, other in zip(parts, parts[1:], strict=False):
            yield one << self.shift, other << self.shift

    def within(self, begin: float, end: float) -> list[int]:
        """The begins of the parts that lie, as a whole, between two times."""
        return [part << self.shift for part in self.parts() if part << self.shift >= begin and (part + 1) << self.shift <= end]

    def _put(self, base: int, mask: int) -> None:
        if not self.mask:
            self.base, self.mask = base, mask
            return
        # First as wide as it must be: what lies far away would be a mask of millions of bits.
        while max(base + mask.bit_length(), self.base + self.mask.bit_length()) - min(base, self.base) > MOST:
            base, mask = _wider(base, mask)
            self._widen()
        if base < self.base:
            self.base, self.mask = base, self.mask << (self.base - base) | mask
        else:
            self.mask |= mask << (base - self.base)

    def _widen(self) -> None:
        self.base, self.mask = _wider(self.base, self.mask)
        self.shift += 1


def _wider(base: int, mask: int) -> tuple[int, int]:
    """Two parts as one; the lowest bit is always set."""
    if base & 1:
        base, mask = base - 1, mask << 1
    made = 0
    for at in range((mask.bit_length() + 1) // 2):
        if mask >> (2 * at) & 3:
            made |= 1 << at
    return base >> 1, made
