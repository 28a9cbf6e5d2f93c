"""What do the chosen lines of a long log say, and what is to be said about the others?"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator

from callcheck.model.evidence import Lost
from callcheck.model.log import LogKnowledge, Record
from callcheck.model.printable import clean
from callcheck.sources.logs.aftermath import Aftermath, Window
from callcheck.sources.logs.blocks import (
    BLOCK,
    MOST_SAMPLES,
    MOST_STAGING,
    PERIOD,
    STEP,
    Part,
    Piece,
    Plan,
    length,
    stretched,
)
from callcheck.sources.logs.bounded import higher, lower
from callcheck.sources.logs.finder import SHIFT, Finder, Finders
from callcheck.sources.logs.lines import LONGEST
from callcheck.sources.logs.places import OFFSET
from callcheck.sources.logs.presence import Presence
from callcheck.sources.logs.records import Joiner
from callcheck.sources.logs.rotation import Link
from callcheck.sources.logs.seams import close, decoded, led
from callcheck.sources.logs.summary import Summarizer, Summary
from callcheck.sources.logs.unwrap import Unwrapper
from callcheck.sources.logs.within import Judge, Within
from callcheck.sources.logs.wording import ids
from callcheck.sources.twin import shared

_GROUP, _MOST_GROUPS = 100, 200
"""Pieces that are read in one go, at least, and how many such there are at most."""
_BEGUN = 0.8
"""In the last part of a stretch, only what began before it counts: what begins there may go on where nobody reads."""


def plan(
    unwrapper: Unwrapper, head: bytes | bytearray, finders: Finders, size: int, judge: Judge | None = None
) -> Plan:
    """How to choose the lines of a log that begins so, and has `size` bytes; 0 if nobody knows, since it is a stream."""
    every, telling = (set(_starts(finder, head)) for finder in (finders.every, finders.telling))
    wrappers = tuple(
        tuple(re.compile(form.pattern.pattern.encode()) for form in stage if form.pattern) for stage in unwrapper.stages
    )
    expected = len(every - telling) * (size or _UNKNOWN) / len(head)
    # Twice as much as fits is looked for, since the beginning may tell little of the rest.
    floor = 0 if expected <= MOST_STAGING else max(0, math.ceil(math.log2(expected / MOST_STAGING)) - 1)
    limit = min(1 << 32, (1 << 32) * 5 * MOST_SAMPLES * STEP // (4 * size)) if size else 1 << 32
    return Plan(wrappers, min(floor, 30), judge, len(telling) > _DENSE * head.count(b"\n"), limit)


_DENSE = 0.05
"""Telling lines in all, from which on more time is spent on hits than on the search for them."""
_UNKNOWN = 200_000_000
"""Bytes that a stream is taken to have."""


def _starts(finder: Finder, head: bytes | bytearray) -> Iterator[int]:
    """Where the lines with a hit begin."""
    return (head.rfind(b"\n", 0, hit >> SHIFT) for hit in finder.find(head, 0, len(head)))


def slowly(engine: str) -> str:
    """That it would be faster with hyperscan."""
    faster = "pip install hyperscan" if engine else "pip install hyperscan, or google-re2"
    return f"slowly, {f'with {engine}, ' if engine else ''}since hyperscan is not installed ({faster})"


def _in_order(pieces: Iterable[Piece]) -> list[Piece]:
    """By their places, of each place the longest."""
    longest = {piece.at: piece for piece in sorted(pieces, key=lambda p: p.better)}
    return sorted(longest.values(), key=lambda p: p.at)


def _apart(pieces: Iterable[Piece], level: int) -> Iterator[list[Piece]]:
    """The pieces in groups of which each can be read by itself: none touches one of another group, nor lies in a stretch of this level with it."""
    group: list[Piece] = []
    until, ordered = 0, _in_order(pieces)
    least = max(_GROUP, len(ordered) // _MOST_GROUPS)
    for piece in ordered:
        alone = not level or not stretched(level, piece.at) or piece.at // PERIOD > until // PERIOD
        if len(group) >= least and piece.at > until and alone:
            yield group
            group = []
        group.append(piece)
        until = max(until, piece.at + len(piece.data))
    if group:
        yield group


class Chosen:
    """Reads the pieces that were cut out of one log."""

    def __init__(
        self, name: str, known: LogKnowledge, unwrapper: Unwrapper, part: Part, within: Within | None = None, base: int = 0, window: Window | None = None
    ) -> None:
        """`base`: how many bytes of the log came before what the part is of; `window` looks up what follows a place of it."""
        self.window = window
        self.name, self.known, self.unwrapper, self.part, self.within = name, known, unwrapper, part, within
        self.base = OFFSET + base
        self._link: Link | None = None
        self._lead = 0
        self.ahead: dict[int, tuple[int, int]] = {}
        """Offset of a line -> its block, and the lines of the block before it."""

    def link(self, link: Link) -> None:
        """The log is one file of several."""
        self._link = link
        if link.older and self.part.head:
            lines = self.part.head.data.split(b"\n")
            self._lead = sum(len(line) + 1 for line in lines[: len(led(decoded(lines), self.unwrapper))])

    def summary(self, finders: Finders) -> Summary:
        """The summary of what was read."""
        part = self.part
        lines = sum(part.ends.values()) - part.lines_outside
        pieces = [*part.telling.pieces.values(), *part.staging.pieces.values(), *part.loose()]
        pieces += [part.head] if part.head else []
        summary, few, ordinary = self._read(pieces)
        self._ordinary(summary, ordinary)
        Aftermath(self.name, self.known, self.unwrapper, self.window, finders, self._link).follow(summary, few)
        summary.merge(Summary(first=few.first, last=few.last, failures=few.failures, signals=few.signals))
        read = summary.records + few.records
        # Where one telling entry in so many was read, its count says as much of as many ordinary ones.
        summary.files, summary.lines, summary.records = [self.name], lines, max(lines >> part.telling.level, read)
        summary.lost.append(Lost(clean(self.name), self._told(finders.every.engine, read)))
        summary.one_in, summary.partly = 1 << part.staging.level, True
        summary.outside.unread = part.outside
        return summary.close()

    def _read(self, pieces: Iterable[Piece]) -> tuple[Summary, Summary, Summary]:
        """What the pieces say: those that lie in stretches which were read for all their entries, and the others, of which each stands alone; and what the
        lines from everywhere say."""
        chosen = list(_apart(pieces, self.part.staging.level))
        ordinary = list(_apart((piece for _, _, piece in self.part.samples), 0))

        def take(numbers: Iterator[int]) -> tuple[Summary, Summary, Summary, dict[int, tuple[int, int]]]:
            together, alone, seen = (Summarizer(self.known.signatures, self.known.boundaries) for _ in range(3))
            for number in numbers:
                if number < len(chosen):
                    self._take(chosen[number], together, alone)
                else:
                    for _, record in self._records(ordinary[number - len(chosen)]):
                        seen.take_ordinary(record)
            return together.summary, alone.summary, seen.summary, self.ahead

        count = len(chosen) + len(ordinary)
        # Whether an entry without a date lies in the period, the one before it tells.
        done = shared(count, take) if self.within is None else [take(iter(range(count)))]
        (together, alone, seen, _), *others = done
        for more, few, too, ahead in others:
            together.merge(more)
            alone.merge(few)
            seen.merge(too)
            self.ahead |= ahead
        return together, alone, seen

    def _take(self, pieces: Iterable[Piece], together: Summarizer, alone: Summarizer) -> None:
        level = self.part.staging.level
        begun: set[str] = set()
        within = -1
        for at, record in self._records(pieces):
            if level:
                if not stretched(level, at):
                    alone.take_alone(record)
                    continue
                which, along = divmod(at, PERIOD)
                if which != within:
                    within, begun = which, set()
                named = ids(record.text)
                if along < _BEGUN * length(level):
                    begun |= named
                elif not named & begun:
                    alone.take_alone(record)
                    continue
            together.take(record)

    def _ordinary(self, summary: Summary, seen: Summary) -> None:
        """Which kinds of lines end is seen in lines from everywhere, whatever they say; of those that tell something only their marks count for it."""
        marks = summary.stopped.marked()
        stopped = summary.stopped = seen.stopped
        for series in stopped.series.kept.values():
            series.one_in = max(1, round((sum(self.part.ends.values()) - self.part.lines_outside) / max(1, len(self.part.samples))))
        stopped.merge(marks)
        stopped.topics = type(stopped)().topics
        summary.instances.merge(seen.instances, Presence.merge)
        summary.first, summary.last = lower(summary.first, seen.first), higher(summary.last, seen.last)
        if self.window is not None:
            from callcheck.sources.logs.lasts import Lasts

            Lasts(self.name, self.unwrapper, self.window, self.part.size, self._ahead_of).settle(stopped, summary.instances)

    def _ahead_of(self, at: int) -> None:
        """Count the lines of the block before a place that is in none of the pieces."""
        if at not in self.ahead and self.window is not None:
            begin = at // BLOCK * BLOCK
            data = self.window(begin)
            data += self.window(begin + len(data)) if at - begin > len(data) else b""
            self.ahead[at] = at // BLOCK, data.count(b"\n", 0, at - begin)

    def _records(self, pieces: Iterable[Piece]) -> Iterator[tuple[int, Record]]:
        """The records of the pieces, which come in order, each with its offset; pieces that touch are read as one."""
        joiner, until = Joiner(self.name, self.within, self._link), 0
        for piece in pieces:
            if piece.at > until:
                for record in joiner.rest():
                    yield record.place.line - self.base, record
                joiner = Joiner(self.name, self.within, self._link)
            at, ahead = piece.at, piece.ahead
            for line in piece.data.split(b"\n"):
                if at >= until and line and at >= self._lead:
                    self.ahead[self.base - OFFSET + at] = piece.block, ahead
                    text = (line if line[0] else line.lstrip(b"\0"))[:LONGEST].decode("utf-8", "replace").rstrip("\r")
                    for said in self.unwrapper.read_all(text):
                        for record in joiner.take(self.base + at, said):
                            yield record.place.line - self.base, record
                at += len(line) + 1
                ahead += 1
            until = max(until, piece.at + len(piece.data))
        if until >= self.part.size:
            close(joiner, self.unwrapper)
        for record in joiner.rest():
            yield record.place.line - self.base, record

    def _told(self, engine: str, read: int) -> str:
        part = self.part
        some = [
            f"of a long log ({part.size:,} bytes, {sum(part.ends.values()):,} lines) {read:,} entries with telling words were read"
        ]
        if part.telling.level or part.staging.level:
            some[0] += ": all in some stretches, elsewhere the first, some late ones and some others of each word"
        if part.telling.level:
            some.append(
                f"counts are of those, where there are about {len(part.telling.pieces) << part.telling.level:,}"
            )
        some.append("ordinary entries were not read")
        if engine != "hyperscan":
            some.append(slowly(engine))
        if part.midst:
            some.append(f"{part.midst:,} bytes of it are further parts of very long lines, of which only the beginning is read")
        if part.short:
            some.append("it became shorter while it was read")
        return "; ".join(some)
