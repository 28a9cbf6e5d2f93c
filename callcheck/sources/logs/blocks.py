"""Which lines of one block of a long log are to be read, and what is counted of the others?

The unpacked bytes of a log are blocks on a fixed grid. A block owns the lines that begin in it, and gives a part; parts merge, in any order
and grouping, to the part of the whole. So ranges, threads, processes and machines are one mechanism.

Of the lines with hits, those are kept that lie in the stretches which a level leaves: all at level 0, half of the log at level 1. The level
rises until what is kept fits, so it depends on the whole log alone. Beside them stay of each anchor, wherever they are, the first, some late
ones and some others, one a block.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from callcheck.model.noun import dataclass, field

if TYPE_CHECKING:
    from callcheck.sources.logs.within import Judge

BLOCK = 1 << 20
REACH = 32_768
"""Bytes around a block that its reader sees; of a line nobody reads more either."""
PERIOD = 64 * BLOCK
_HIGHEST = 40
MOST_TELLING = 2_000
MOST_STAGING = 1_000
FIRST, SPREAD, LAST = 3, 5, 3
MOST_SAMPLES = 500
"""Lines that are read of a log whatever they say."""
STEP = 8_192
"""Bytes from one line that may be such a one to the next."""


def stretched(level: int, at: int) -> bool:
    """Whether a place lies in one of the stretches that are read in order: all at level 0, and half as much with each level."""
    period, within = divmod(at, PERIOD)
    halved, thinned = (level, 0) if level <= 6 else (6 + (level - 5) // 2, (level - 6) // 2)
    return within < PERIOD >> halved and period & ((1 << thinned) - 1) == 0


def reaches(level: int, at: int, back: int) -> bool:
    """Whether a place at most `back` bytes before this one lies in such a stretch."""
    if level == 0:
        return True
    period, within = divmod(at, PERIOD)
    return within < length(level) + back and stretched(level, period * PERIOD)


def length(level: int) -> int:
    """Bytes of one stretch."""
    return PERIOD >> (level if level <= 6 else 6 + (level - 5) // 2)


@dataclass(frozen=True, slots=True)
class Plan:
    """What the first lines of a log teach for all its blocks."""

    wrappers: tuple[tuple[re.Pattern[bytes], ...], ...]
    """By stage; `rest` is the group with what they are around."""
    floor: int = 0
    """The level at which staging texts begin: where they are too many to be looked for everywhere, it is above 0."""
    judge: Judge | None = None
    """If only a period is asked for."""
    dense: bool = False
    """Many lines tell something."""
    limit: int = 1 << 32
    """Lines whose rank is not below it are not read for themselves: of a log whose size is known, few more than are kept."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Some whole lines, cut out for one of them."""

    at: int
    """Bytes before it in the unpacked log."""
    data: bytes
    block: int = 0
    ahead: int = 0
    """Lines between the beginning of the block and its own, negative if it begins before."""

    @property
    def better(self) -> tuple[int, int]:
        """Of two pieces of one place, which two blocks may have cut, the one to keep."""
        return len(self.data), -self.block


@dataclass(slots=True)
class Kept:
    """The pieces in the stretches of one level, by their places."""

    most: int
    level: int = 0
    pieces: dict[int, Piece] = field(default_factory=dict)

    def merge(self, other: Kept) -> None:
        """Take the other's in."""
        self.rise(other.level)
        for piece in other.pieces.values():
            self.add(piece)

    def add(self, piece: Piece) -> None:
        """Keep a piece if it lies in a stretch, and rise until all fit."""
        at = piece.at
        held = self.pieces.get(at)
        if (held is None or held.better < piece.better) and stretched(self.level, at):
            self.pieces[at] = piece
            while len(self.pieces) > self.most and self.level < _HIGHEST:
                self.rise(self.level + 1)

    def rise(self, level: int) -> None:
        """Leave what lies outside of the stretches of this level."""
        if level > self.level:
            self.level = level
            self.pieces = {at: piece for at, piece in self.pieces.items() if stretched(level, at)}


Ranked = tuple[int, int, Piece]
"""By what it is ranked, its place, and the piece."""


@dataclass(slots=True)
class Part:
    """What some blocks of one log hold."""

    size: int = 0
    ends: dict[int, int] = field(default_factory=dict)
    """Block -> how many lines end in it."""
    telling: Kept = field(default_factory=lambda: Kept(MOST_TELLING))
    staging: Kept = field(default_factory=lambda: Kept(MOST_STAGING))
    first: dict[int, list[Ranked]] = field(default_factory=dict)
    spread: dict[int, list[Ranked]] = field(default_factory=dict)
    last: dict[int, list[Ranked]] = field(default_factory=dict)
    bars: dict[int, tuple[int, int]] = field(default_factory=dict)
    """Of each anchor of which there are enough first and other entries: the rank and the place above which another one is neither."""
    samples: list[Ranked] = field(default_factory=list)
    """Some lines from everywhere, in the order of their ranks."""
    limit: int = 1 << 32
    """Lines whose rank is not below it are none of them."""
    head: Piece | None = None
    tail: Piece | None = None
    short: bool = False
    """The log became shorter while it was read."""
    midst: int = 0
    """Bytes of blocks in which no line begins: of such long lines only the beginning is read."""
    outside: int = 0
    """Bytes that lie outside of the period asked for."""
    lines_outside: int = 0

    def merge(self, other: Part) -> None:
        """Take the other part in, which must not be used any more."""
        self.size += other.size
        self.ends.update(other.ends)
        for mine, others, most in (
            (self.first, other.first, FIRST),
            (self.spread, other.spread, SPREAD),
            (self.last, other.last, LAST),
        ):
            for which, ranked in others.items():
                held = mine.get(which)
                if held is None:
                    mine[which] = ranked
                elif ranked and (len(held) < most or ranked[0][:2] < held[-1][:2]):
                    mine[which] = sorted(held + ranked, key=_rank)[:most]
        for which in other.spread:
            first, spread = self.first[which], self.spread[which]
            if len(first) >= FIRST and len(spread) >= SPREAD:
                self.bars[which] = spread[-1][0], first[-1][1]
        self.limit = min(self.limit, other.limit)
        if other.samples:
            self.samples = sorted(self.samples + other.samples, key=_rank)
        if self.samples and self.samples[-1][0] >= self.limit:
            self.samples = [ranked for ranked in self.samples if ranked[0] < self.limit]
        if len(self.samples) > MOST_SAMPLES:
            self.limit = self.samples[MOST_SAMPLES][0]
            del self.samples[MOST_SAMPLES:]
        self.head = min((h for h in (self.head, other.head) if h), key=lambda h: h.at, default=None)
        self.tail = max((t for t in (self.tail, other.tail) if t), key=lambda t: (t.at, *t.better), default=None)
        self.short = self.short or other.short
        self.midst += other.midst
        self.outside += other.outside
        self.lines_outside += other.lines_outside
        self.telling.merge(other.telling)
        self.staging.merge(other.staging)

    def outline(self) -> Part:
        """What other blocks have to know of it to save work; small enough to be sent to all of them."""
        return Part(telling=Kept(MOST_TELLING, self.telling.level), staging=Kept(MOST_STAGING, self.staging.level), bars=dict(self.bars), limit=self.limit)

    def loose(self) -> list[Piece]:
        """The pieces that were kept for their anchors, and the end of the log."""
        every = (ranked for table in (self.first, self.spread, self.last) for ranked in table.values())
        return [*(piece for ranked in every for _, _, piece in ranked), *([self.tail] if self.tail else [])]


def _rank(ranked: Ranked) -> tuple[int, int]:
    return ranked[:2]
