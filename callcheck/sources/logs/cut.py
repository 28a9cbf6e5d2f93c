"""What does one block of a long log give to the whole?"""

from __future__ import annotations

from bisect import bisect_right

from callcheck.model.pattern import pattern
from callcheck.sources.logs.blocks import BLOCK, REACH, STEP, Part, Piece, Plan, Ranked, reaches, stretched
from callcheck.sources.logs.finder import MASK, SHIFT, Finders
from callcheck.sources.logs.within import MIXED, Judge

_MOST_BACK, _MOST_ON = 80, 160
_HEAD = 16_384
_STEP = 32_768
_LATE = 16
"""Of so many blocks one is asked for late entries."""
_RUNS_ON = pattern(
    rb"[ \t|}\]+]|$|Traceback \(|(?:[Cc]aused by|\.\.\. |The above exception|During handling of|Exception Group)|Node\.js v\d|\[UnhandledPromiseRejection: "
    rb"|(?:[A-Za-z_][\w.]{0,100})?(?:Error|Exception|Warning|Exit|Interrupt|Timeout|NotFound|Failure|Fault|Refused|Denied|Iteration)(?::|\r?$)",
)


def part_of(
    data: bytes | bytearray,
    origin: int,
    block: int,
    plan: Plan,
    finders: Finders,
    known: Part | None = None,
    own: Part | None = None,
) -> Part:
    """The part of one block. `data` begins `origin` bytes into the log, and reaches REACH beyond the block where there is more.

    `known`, what other blocks have given so far, and `own`, what those of the same reader have, save work and change nothing in what they give together.
    """
    known, own = known or _NOTHING, own or _NOTHING
    part = Part()
    part.telling.level = max(known.telling.level, own.telling.level)
    part.staging.level = max(known.staging.level, own.staging.level, plan.floor)
    lo = block * BLOCK - origin
    hi = min(lo + BLOCK, len(data))
    part.size = hi - lo
    cut = _Cut(data, origin, block, plan)
    begin = 0 if lo == 0 and origin == 0 else data.find(b"\n", lo - 1, hi) + 1
    if not begin and (lo or origin):
        part.ends[block], part.midst = cut.lines_before(hi), part.size
        return part  # the middle of a long line
    end = data.find(b"\n", hi - 1, hi + REACH) + 1 or min(hi + REACH, len(data))
    judge = plan.judge
    if judge is not None:
        side = judge.block(data, begin, end)
        if side not in (0, MIXED):
            part.ends[block] = part.lines_outside = cut.lines_before(hi)
            part.outside = part.size
            return part
        cut.judge = judge if side == MIXED else None
        _ends(part, cut, *(judge.edges(data, begin, end) if side == MIXED else (begin, end)))
    elif block == 0:
        part.head = Piece(0, bytes(data[: data.rfind(b"\n", 0, _HEAD) + 1 or _HEAD]))
    staged = _touches(part.staging.level, block)
    told = _touches(part.telling.level, block)
    finder = finders.every if staged else finders.telling if told else finders.once
    hits = finder.find(data, begin, end)
    cut.begin = begin
    tells = len(finders.telling.texts)
    if staged or told:
        _stretch(part, cut, hits, tells, staged)
    rank, late, bars, seen = _hash(block), block % _LATE == _LATE - 1, known.bars, set[int]()
    # Staging texts are not looked for in every block, and so they have no first ones.
    for hit in hits:
        one = hit & MASK
        if one in seen or one >= tells:
            continue
        seen.add(one)
        bar = bars.get(one)
        if bar is not None and not late and rank > bar[0] and bar[1] <= origin + (hit >> SHIFT):
            continue
        piece = cut.piece(hit >> SHIFT)
        # An entry that began in the block before may be cut by both: that one's hits are its own.
        if piece is not None and piece.at >= block * BLOCK:
            part.first[one] = [(piece.at, piece.at, piece)]
            part.spread[one] = [(rank, piece.at, piece)]
            if late:
                part.last[one] = [(-piece.at, piece.at, piece)]
    _sample(part, cut, lo, hi, min(known.limit, plan.limit))
    part.ends[block] = cut.lines_before(hi)
    return part


def _sample(part: Part, cut: _Cut, lo: int, hi: int, limit: int) -> None:
    """Lines that begin behind places on a fixed grid, whatever they say, of those of which the rank is below the limit."""
    data, origin = cut.data, cut.origin
    places = range(-(-(origin + lo) // STEP), -(-(origin + hi) // STEP))
    for step in [step for step in places if _hash(step) < limit]:
        at, rank = step * STEP, _hash(step)
        start = data.find(b"\n", at - origin - 1, hi) + 1 if at else 0
        if start >= hi or (at and not start):
            continue
        piece = cut.piece(start + 1)
        if piece is not None and piece.at == origin + start:
            part.samples.append((rank, piece.at, piece))
    part.samples.sort(key=_rank)


def _ends(part: Part, cut: _Cut, begin: int, end: int) -> None:
    """The first and the last lines of what lies in the period; of all blocks' the outermost stay."""
    data, origin, block = cut.data, cut.origin, cut.block
    stop = min(begin + _HEAD, end)
    part.head = Piece(origin + begin, bytes(data[begin : data.rfind(b"\n", begin, stop) + 1 or stop]), block, cut.lines_before(begin))
    start = data.rfind(b"\n", 0, max(begin, end - _HEAD)) + 1
    part.tail = Piece(origin + start, bytes(data[start:end]), block, cut.lines_before(start))


def _touches(level: int, block: int) -> bool:
    """Whether entries of which lines begin in the block can lie in a stretch; the first ones may have begun in the block before."""
    at = block * BLOCK
    return stretched(level, at) or stretched(level, max(0, at - 1))


def _stretch(part: Part, cut: _Cut, hits: list[int], tells: int, staged: bool) -> None:
    """Keep the lines of all hits, each for what it is."""
    for hit in hits:
        place = hit >> SHIFT
        # An entry begins at most so much before the line of the hit, and that before the hit; few of a block's lie in the last of many levels.
        told = (hit & MASK) < tells and reaches(part.telling.level, cut.origin + place, 2 * REACH)
        staging = staged and reaches(part.staging.level, cut.origin + place, 2 * REACH)
        piece = cut.piece(place) if told or staging else None
        if piece is None:
            continue
        if told:
            part.telling.add(piece)
        if staging:
            part.staging.add(piece)


class _Cut:
    """Cuts entries out of the data of a block."""

    def __init__(self, data: bytes | bytearray, origin: int, block: int, plan: Plan) -> None:
        self.data, self.origin, self.block, self._plan = data, origin, block, plan
        self.begin = 0
        """Where the first line begins that is the block's own."""
        self._places, self._counts = [block * BLOCK - origin], [0]
        """Where lines were counted, in order, and how many."""
        self._from, self._until = 0, -1
        self._piece: Piece | None = None
        self.judge: Judge | None = None
        """Where some entries lie outside of the period asked for."""

    def piece(self, at: int) -> Piece | None:
        """The entry of the line in which a hit ends; None so far into a long line that nobody reads it."""
        if self._from < at <= self._until:
            return self._piece
        data = self.data
        start = data.rfind(b"\n", max(self.begin, at - REACH), at) + 1 or self.begin
        stop = data.find(b"\n", at, start + REACH)
        stop = stop if stop >= 0 else min(len(data), start + REACH)
        self._from, self._until = start, stop
        if at - start > REACH:
            self._piece = None
        else:
            first, self._until = _around(data, self.origin, start, stop, self._plan)
            if self.judge is not None and not self.judge.keeps(data, first):
                self._piece = None
                return None
            ahead = self.lines_before(first)
            self._piece = Piece(self.origin + first, bytes(data[first : self._until]), self.block, ahead)
        return self._piece

    def lines_before(self, at: int) -> int:
        """Lines between the beginning of the block and a place in the data, negative if it lies before; each byte is counted once, if not twice."""
        lo = self.block * BLOCK - self.origin
        if at < lo:
            return -self.data.count(b"\n", at, lo)
        places, counts = self._places, self._counts
        which = bisect_right(places, at) - 1
        place, count = places[which], counts[which]
        while place < at:
            until = min(place + _STEP, at)
            count += newlines(self.data, place, until)
            which, place = which + 1, until
            places.insert(which, place)
            counts.insert(which, count)
        return count


def newlines(data: bytes | bytearray, start: int, end: int) -> int:
    """`data.count(b"\\n", start, end)`, in a third of its time for lines of usual length; not for megabytes at once.

    Leaving them out searches for each with the processor's widest registers, counting goes byte by byte (as of Python 3.13).
    """
    if data.count(b"\n", start, min(start + 512, end)) > 32:
        return data.count(b"\n", start, end)
    piece = data[start:end]
    return len(piece) - len(piece.replace(b"\n", b""))


def tail_of(data: bytes | bytearray, origin: int, block: int) -> Piece:
    """The last lines of a log, of which this is the last block."""
    at = data.rfind(b"\n", 0, max(0, len(data) - _HEAD)) + 1
    lo = block * BLOCK - origin
    ahead = data.count(b"\n", lo, at) if at >= lo else -data.count(b"\n", at, lo)
    return Piece(origin + at, bytes(data[at:]), block, ahead)


def _around(data: bytes | bytearray, origin: int, start: int, stop: int, plan: Plan) -> tuple[int, int]:
    """From the line that opens the entry to the last one that belongs to it."""
    first, lines = start, 0
    least = max(0, start - REACH)
    while not _opens(data, first, stop if first == start else None, plan):
        before = data.rfind(b"\n", least, first - 1) if first else -1
        if before < 0 and (least or origin or not first):
            break
        first, lines = before + 1, lines + 1
        if lines >= _MOST_BACK:
            first = start
            break
    until, lines = min(stop + 1, len(data)), 0
    most = min(len(data), start + REACH)
    while until < most and lines < _MOST_ON:
        end = data.find(b"\n", until, most)
        if end < 0 or _opens(data, until, end, plan):
            break
        until, lines = end + 1, lines + 1
    return first, until


def _opens(data: bytes | bytearray, start: int, stop: int | None, plan: Plan) -> bool:
    """Whether a line opens an entry, by what stands first in it behind its wrappers."""
    if stop is None:
        stop = data.find(b"\n", start, start + REACH)
        stop = stop if stop >= 0 else min(len(data), start + REACH)
    for stage in plan.wrappers:
        for wrapper in stage:
            found = wrapper.match(data, start, stop)
            if found:
                start = found.start("rest") if found.start("rest") >= 0 else stop
                break
    return _RUNS_ON.match(data, start, stop) is None


def _rank(ranked: Ranked) -> tuple[int, int]:
    return ranked[:2]


_NOTHING = Part()


def _hash(block: int) -> int:
    """A number that tells nothing of the order of blocks."""
    return block * 0x9E3779B97F4A7C15 >> 16 & 0xFFFFFFFF
