"""What has a log said so far, of which the bytes come piece by piece?

A summary is kept of what is over; entries that may still go on count in a copy of it, so what is told at any time is what a reading of the
same bytes at once would tell.
"""

from __future__ import annotations

import codecs
import functools
import io
import time
from collections.abc import Iterable, Iterator
from typing import Any

from callcheck.model.evidence import Lost
from callcheck.model.log import LogKnowledge, Place
from callcheck.model.period import Period
from callcheck.model.printable import clean
from callcheck.sources.logs.export import Entry, is_export
from callcheck.sources.logs.lines import LONGEST, encoding_of
from callcheck.sources.logs.piecewise import Piecewise
from callcheck.sources.logs.places import OFFSET, Numbers
from callcheck.sources.logs.records import Joiner
from callcheck.sources.logs.rotation import Link
from callcheck.sources.logs.seams import led
from callcheck.sources.logs.summary import Summarizer, Summary
from callcheck.sources.logs.unwrap import Unwrapper
from callcheck.sources.logs.within import Judge, Within

_SAMPLE = 200
"""Lines from which it is learnt what the others are wrapped in; until there are so many, all are read anew."""


class Growing:
    """One log, read as it grows; `take` is given its bytes in order."""

    def __init__(self, name: str, known: LogKnowledge, period: Period, link: Link | None = None) -> None:
        """`link` is its place in a rotated log, of which it is the file that is written now."""
        self.name, self.known, self.period, self._link = name, known, period, link
        self.bytes = self.lines = self.times_anew = 0
        self._long = self._shortened = 0
        self.lost: list[Lost] = []
        self._number = 0
        """Of the last line, in the file as it is now."""
        self._rest = b""
        self._too_long = False
        self._recode: Any = None
        self._export: Piecewise | None = None
        self._first: list[tuple[int, str]] | None = []
        self._summarizer = self._new(Summary())
        self._unwrapper = Unwrapper((), ())
        self._joiner = Joiner(name)

    def _new(self, summary: Summary) -> Summarizer:
        made = Summarizer(self.known.signatures, self.known.boundaries)
        made.summary = summary
        return made

    def take(self, data: bytes) -> None:
        """The next bytes. Raises Malformed for a log that begins with binary."""
        if not self.bytes:
            encoding = encoding_of(data)
            if encoding != "utf-8":
                name = "utf-16" if encoding.startswith("utf-16") else encoding
                self._recode = codecs.getincrementaldecoder(name)("replace")
        self.bytes += len(data)
        if self._joiner.within:
            self._joiner.within.newest = time.time()
        if self._recode:
            data = self._recode.decode(data).encode("utf-8", "replace")
        self._read(self._cut(data))

    @property
    def plain(self) -> bool:
        """Whether its bytes are lines of their own, as they come."""
        return self._recode is None and not (self._export or is_export([text for _, text in (self._first or [])[:3]]))

    def end(self) -> None:
        """No more comes, or the log begins anew: the last line is whole."""
        if self._rest and not self._too_long:
            self._read([self._rest])
        self._rest, self._too_long = b"", False
        if self._export and self._first is None:
            self._entries(self._export.rest())

    def anew(self) -> None:
        """The file was cut off or another one took its place: lines are counted from 1 again."""
        self.end()
        self.times_anew += 1
        self._number = 0

    def take_long(self, pieces: Iterable[bytes]) -> None:
        """Many bytes at once, of whole lines: the telling ones among them are read."""
        from callcheck.sources.logs import ranges
        from callcheck.sources.logs.chosen import Chosen, plan
        from callcheck.sources.logs.finder import finders

        source = iter(pieces)
        head = next(source, b"")
        if self._first is not None:
            self._learn([line.decode("utf-8", "replace") for line in head.split(b"\n", _SAMPLE)[:_SAMPLE]])
        for record in self._joiner.rest():
            self._summarizer.take(record)
        found = finders(self.known)
        judge = Judge(self.period, time.time(), self._unwrapper) if self.period else None
        within = Within(self.period, time.time()) if self.period else None
        made = plan(self._unwrapper, head, found, 0, judge)
        part, _ = ranges.of_stream(_chain(head, source), made, found)
        chosen = Chosen(self.name, self.known, self._unwrapper, part, within, self.bytes)
        summary = chosen.summary(found)
        summary.lost.clear()
        self._long += part.size
        numbers = Numbers(part.ends, chosen.ahead, lambda: self._number)
        self._summarizer.summary.merge(copied(summary, numbers))
        self.bytes += part.size
        self._joiner.pass_by(OFFSET + self.bytes)
        count = sum(part.ends.values())
        self._number += count
        self.lines += count

    def summary(self) -> Summary:
        """All of it so far."""
        if self._first is not None:
            self._learn([text for _, text in self._first], done=False)
        summarizer = self._new(copied(self._summarizer.summary))
        for record in self._joiner.still_open():
            summarizer.take(record)
        summary = summarizer.summary
        within = self._joiner.within
        if within:
            summary.outside.before, summary.outside.after = within.before, within.after
        summary.files, summary.lines = [self.name], self.lines
        summary.lost = sorted({*summary.lost, *self.lost, *self._told()}, key=lambda lost: (lost.what, lost.why))
        return summary.close()

    def _told(self) -> Iterator[Lost]:
        within = self._joiner.within
        if self.times_anew:
            yield Lost(clean(self.name), f"it was rotated or cut off {self.times_anew:,} times while it was followed: lines are counted from there")
        if self._long:
            yield Lost(clean(self.name), f"of {self._long:,} bytes, which were there at once, only entries with telling words were read")
        if self._shortened:
            yield Lost(clean(self.name), f"very long lines, of which only the beginning is read: {self._shortened:,}")
        if self._export and self._export.left_out:
            yield Lost(clean(self.name), f"{self._export.left_out:,} lines of an export without an end of an entry were left out")
        if within and within.seen and not within.dated:
            yield Lost(clean(self.name), "its entries bear no date: which of them lie between --since and --until cannot be told, and all were read")

    def _cut(self, data: bytes) -> Iterator[bytes]:
        """The lines that end in the data; of a very long one the beginning."""
        parts = (self._rest + data).split(b"\n")
        self._rest = parts.pop()
        if b"\0" in data and self.plain:
            parts, self._rest = [part.lstrip(b"\0") for part in parts], self._rest.lstrip(b"\0")
        for part in parts:
            if not self._too_long:
                yield part
            self._too_long = False
        if len(self._rest) > LONGEST:
            if not self._too_long:
                yield self._rest
            self._too_long, self._rest = True, b""

    def _read(self, lines: Iterable[bytes]) -> None:
        for line in lines:
            self._number += 1
            self.lines += 1
            self._shortened += len(line) > LONGEST
            text = line[:LONGEST].decode("utf-8", "replace").rstrip("\r")
            if self._first is None:
                self._line(self._number, text)
                continue
            self._first.append((self._number, text))
            if len(self._first) >= _SAMPLE:
                self._learn([each for _, each in self._first])
                self._first = None

    def _learn(self, sample: list[str], done: bool = True) -> None:
        """Find out what lines are wrapped in, and read those that came before."""
        within = Within(self.period, time.time()) if self.period else None
        self._unwrapper = Unwrapper(self.known.formats, sample)
        self._joiner = Joiner(self.name, within, self._link)
        self._summarizer = self._new(Summary())
        self._export = Piecewise() if is_export(sample[:3]) else None
        skipped = len(led(sample, self._unwrapper)) if self._link and self._link.older else 0
        for number, text in (self._first or [])[skipped:]:
            self._line(number, text)
        if done:
            self._first = None
        elif self._export:
            self._entries(self._export.so_far())

    def _entries(self, found: Iterable[Entry]) -> None:
        for first, last, telling, value in found:
            for said in self._unwrapper.said_of(value):
                for record in self._joiner.take(telling, said, last, first):
                    self._summarizer.take(record)

    def _line(self, number: int, text: str) -> None:
        if self._export:
            self._entries(self._export.take(number, text))
            return
        for said in self._unwrapper.read_all(text):
            for record in self._joiner.take(number, said):
                self._summarizer.take(record)


def copied(summary: Summary, numbers: Numbers | None = None) -> Summary:
    """The same again; places that are known by their offsets get their line numbers."""
    import pickle

    held = io.BytesIO()
    pickler = pickle.Pickler(held, pickle.HIGHEST_PROTOCOL)
    if numbers:
        pickler.dispatch_table = {Place: functools.partial(_numbered, numbers)}
    pickler.dump(summary)
    made: Summary = pickle.loads(held.getbuffer())  # noqa: S301  (our own)
    return made


def _numbered(numbers: Numbers, place: Place) -> tuple[Any, ...]:
    if place.line < OFFSET:
        return place.__reduce__()
    return place.at(numbers.line(place.line - OFFSET), numbers.line(place.last - OFFSET)).__reduce__()


def _chain(head: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    if head:
        yield head
    yield from rest


