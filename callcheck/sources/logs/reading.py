"""What do the logs of a target say, read once, in one pass, with bounded memory?"""

from __future__ import annotations

import contextlib
import functools
import itertools
import json
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from callcheck.model.errors import SourceError
from callcheck.model.evidence import Lost
from callcheck.model.log import LogKnowledge
from callcheck.model.noun import dataclass
from callcheck.model.period import ALWAYS, Period
from callcheck.model.printable import clean
from callcheck.sources.logs.blocks import BLOCK, Part, Plan
from callcheck.sources.logs.export import entries, is_export
from callcheck.sources.logs.far import LogFile, named
from callcheck.sources.logs.gauge import GAUGE, Gauged
from callcheck.sources.logs.held import Held
from callcheck.sources.logs.lines import LONGEST, Line, lines, open_log
from callcheck.sources.logs.packed import Unpacked
from callcheck.sources.logs.places import Numbers, remember
from callcheck.sources.logs.records import Joiner
from callcheck.sources.logs.rotation import Link, links
from callcheck.sources.logs.seams import close, led
from callcheck.sources.logs.summary import Outside, Summarizer, Summary
from callcheck.sources.logs.unwrap import Unwrapper
from callcheck.sources.logs.within import Judge, Within

if TYPE_CHECKING:
    from callcheck.sources.logs.finder import Finders
    from callcheck.sources.logs.pools import Crew
    from callcheck.sources.logs.seek import Stretch

_SAMPLE = 200
LONG = 8_000_000
"""Bytes of a log up to which every line of it is read."""
_WORTH_A_LOOK = 250_000
"""Bytes of a log above which it is looked whether it lies in the period at all."""
_PACKED = 10
"""How much a packed log grows, about."""
_WHOLE_BYTES = 64_000_000
"""An export in one line is read whole up to this size."""


@dataclass(frozen=True, slots=True)
class Begun:
    """A long plain log of which the beginning was looked at, so that its blocks can be read by anybody, in any order."""

    name: str
    path: LogFile
    first: int
    """The first block to read."""
    end: int
    """Bytes up to which it is to be read."""
    plan: Plan
    unwrapper: Unwrapper
    judge: Judge | None


class Reading:
    """One pass over log files and, if asked for, standard input."""

    def __init__(
        self,
        files: Sequence[LogFile],
        stdin: BinaryIO | None,
        knowledge: LogKnowledge,
        base: Path,
        crew: Crew | None = None,
        long: int = LONG,
        period: Period = ALWAYS,
    ) -> None:
        self.crew = crew
        self.period = period
        self.long = long
        self.files = files
        self.stdin = stdin
        self.knowledge = knowledge
        self.base = base

    def summary(self) -> Summary:
        """What they say, all together; what could not be read is in `lost`."""
        from callcheck.sources.logs import pools

        whole = self.crew.summary(self) if self.crew else pools.summary(self)
        if self.stdin is not None:
            name = getattr(self.stdin, "name", None)
            stream: BinaryIO = Gauged(self.stdin)  # type: ignore[assignment]
            said = self._bytes(stream, name if isinstance(name, str) else "<stdin>", None)
            assert isinstance(said, Summary)
            whole.merge(said)
        return whole

    def of(self, files: Sequence[LogFile], stdin: BinaryIO | None = None) -> Reading:
        """The same reading, of some of the files."""
        some = Reading(files, stdin, self.knowledge, self.base, period=self.period)
        some.__dict__.update(long_from=self.long_from, links=self.links)
        return some

    def __getstate__(self) -> dict[str, object]:
        """As it goes to a worker, who is given the files one by one: what depends on all of them is settled."""
        return {**self.__dict__, "long_from": self.long_from, "links": self.links, "files": (), "stdin": None, "crew": None, "finders": None}

    def __setstate__(self, state: dict[str, object]) -> None:
        del state["finders"]
        self.__dict__.update(state)

    @functools.cached_property
    def long_from(self) -> int:
        """Bytes above which a log is long: its ordinary lines are not read. Of many logs each is long sooner."""
        return self.long if sum(likely(path) for path in self.files) <= 2 * self.long else self.long // 4

    @functools.cached_property
    def links(self) -> dict[str, Link]:
        """The files that are part of a log of several, by their names."""
        return links(self.files, self.base) if len(self.files) > 1 else {}

    @functools.cached_property
    def finders(self) -> Finders:
        """What is looked for in long logs."""
        from callcheck.sources.logs.finder import finders

        return finders(self.knowledge)

    def _bytes(self, stream: BinaryIO, name: str, path: LogFile | None) -> Summary | Begun:
        from callcheck.sources.logs import ranges
        from callcheck.sources.logs.chosen import plan

        size = path.stat().st_size if path is not None and not isinstance(stream, Unpacked) else None
        if size is not None and size <= self.long_from and not (self.period and size > _WORTH_A_LOOK):
            return self._stream(stream, name, path)
        held = Held(stream, self.long_from if size is None else BLOCK)
        first = held.lines(_SAMPLE)
        if not first or is_export(first[:3]):
            return self._stream(held, name, path)  # type: ignore[arg-type]
        unwrapper = Unwrapper(self.knowledge.formats, first)
        plain = path if size and held.plain and not held.zeros else None
        judge = self._judge(unwrapper, first, path) if self.period else None
        stretch = self._stretch(path, plain, size or 0, judge, held)
        if stretch is None and path is not None:
            return Summary(files=[name], outside=Outside(unread=path.stat().st_size))
        if size <= self.long_from if size is not None else not held.more:
            return self._stream(held, name, path)  # type: ignore[arg-type]
        begin, end = stretch or (0, 0)
        made = plan(unwrapper, held.head[:BLOCK], self.finders, end - begin, judge)
        if plain is not None:
            return Begun(name, plain, begin // BLOCK, end, made, unwrapper, judge)
        part, error = ranges.of_stream(held.pieces(), made, self.finders)
        summary = self._chosen(name, part, unwrapper, judge)
        if error is not None:
            summary.lost.append(Lost(clean(name), f"the archive is damaged after {part.size:,} bytes: {error}"))
        return summary

    def _judge(self, unwrapper: Unwrapper, first: list[str], path: LogFile | None) -> Judge | None:
        """Who tells what lies in the period; None if the entries bear no date."""
        judge = Judge(self.period, _changed(path), unwrapper)
        return judge if any(judge.time(line.encode(), 0, len(line) * 4) is not None for line in first) else None

    def _stretch(
        self, path: LogFile | None, plain: LogFile | None, size: int, judge: Judge | None, held: Held
    ) -> Stretch | None:
        """What of a log has to be read for the period; None for a file that lies outside."""
        if judge is None or path is None:
            return 0, size
        from callcheck.sources.logs import seek

        if seek.older(_changed(path), judge, judge.near(held.head, 0, len(held.head))):
            return None
        return (0, size) if plain is None else seek.stretch(plain, size, judge)

    def finish(self, begun: Begun, part: Part) -> Summary:
        """What a long plain log says, of which this is the part that its blocks gave. Raises OSError."""
        skipped = begun.first * BLOCK
        before = functools.partial(_lines_before, begun.path, skipped) if skipped else None
        summary = self._chosen(begun.name, part, begun.unwrapper, begun.judge, before, begun.path)
        summary.outside.unread += begun.path.stat().st_size - begun.end + skipped
        return summary

    def _chosen(
        self,
        name: str,
        part: Part,
        unwrapper: Unwrapper,
        judge: Judge | None,
        before: Callable[[], int] | None = None,
        path: LogFile | None = None,
    ) -> Summary:
        """A long log: its blocks have chosen the lines, which are now read. `before` counts the lines that were left out at the beginning; in a plain
        file, at its `path`, more can be looked up."""
        from callcheck.sources.logs.aftermath import window_of
        from callcheck.sources.logs.chosen import Chosen

        within = Within(self.period, judge.newest) if judge else None
        chosen = Chosen(name, self.knowledge, unwrapper, part, within, window=window_of(path) if path is not None else None)
        if link := self.links.get(name):
            chosen.link(link)
        summary = chosen.summary(self.finders)
        if self.period and judge is None:
            summary.lost.append(_undated(name))
        remember(name, Numbers(part.ends, chosen.ahead, before))
        return summary

    def begin(self, path: LogFile) -> Summary | Begun:
        """What a file says; of a long plain one only how it begins."""
        name = named(path, self.base)
        done, size = GAUGE.done, size_of(path)
        try:
            with open_log(path) as stream:
                said = self._bytes(stream, name, path)
        except (SourceError, OSError) as error:
            return lost(name, error)
        if isinstance(said, Summary):
            GAUGE.done = done + size
            if size_of(path) < size:
                said.lost.append(Lost(clean(name), "it became shorter while it was read"))
        return said

    def _stream(self, stream: BinaryIO, name: str, path: LogFile | None) -> Summary:
        summarizer = Summarizer(self.knowledge.signatures, self.knowledge.boundaries)
        summary = summarizer.summary
        summary.files.append(name)
        cut: list[int] = []
        source = lines(stream, cut.append)
        first: list[Line] = []
        try:
            for line in itertools.islice(source, _SAMPLE):
                first.append(line)
            texts = [text for _, text in first]
            unwrapper = Unwrapper(self.knowledge.formats, texts)
            link = self.links.get(name)
            joiner = Joiner(name, self._within(unwrapper, texts, path), link)
            if is_export(texts[:3]):
                cut.clear()
                self._export(itertools.chain(first, source), path, texts, unwrapper, joiner, summarizer)
            else:
                skipped = len(led(texts, unwrapper)) if link and link.older else 0
                for number, text in itertools.chain(first, source):
                    summary.lines = number
                    if number <= skipped:
                        continue
                    for said in unwrapper.read_all(text):
                        for record in joiner.take(number, said):
                            summarizer.take(record)
        except SourceError as error:
            summary.lost.append(Lost(clean(name), error.message))
            if not first:
                return summary
            unwrapper = Unwrapper(self.knowledge.formats, [text for _, text in first])
            if len(first) < _SAMPLE:
                joiner = Joiner(name, self._within(unwrapper, [text for _, text in first], path), self.links.get(name))
                for number, text in first:
                    for said in unwrapper.read_all(text):
                        for record in joiner.take(number, said):
                            summarizer.take(record)
        if cut:
            summary.lost.append(Lost(clean(name), f"very long lines, of which only the beginning is read: {len(cut):,}, the first of them line {cut[0]:,}"))
        close(joiner, unwrapper)
        for record in joiner.rest():
            summarizer.take(record)
        if within := joiner.within:
            summary.outside.before, summary.outside.after = within.before, within.after
            if within.seen and not within.dated:
                summary.lost.append(_undated(name))
        return summary.close()

    def _within(self, unwrapper: Unwrapper, first: list[str], path: LogFile | None) -> Within | None:
        """Who tells which entries lie in the period, if one is asked for."""
        if not self.period:
            return None
        # Where a date stands is all that is wanted of them, and the first line mostly has one.
        return Within(self.period, _changed(path), (said for text in first for said in unwrapper.read_all(text)))

    def _export(
        self,
        source: Iterable[Line],
        path: LogFile | None,
        texts: list[str],
        unwrapper: Unwrapper,
        joiner: Joiner,
        summarizer: Summarizer,
    ) -> None:
        found = entries(source)
        if path is not None and texts and len(texts[0]) >= LONGEST - 4:
            found = _whole(path)
        for first, last, telling, value in found:
            summarizer.summary.lines = max(summarizer.summary.lines, last)
            for said in unwrapper.said_of(value):
                for record in joiner.take(telling, said, last, first):
                    summarizer.take(record)


def lost(name: str, error: Exception) -> Summary:
    """Of a log that could not be read."""
    why = error.message if isinstance(error, SourceError) else getattr(error, "strerror", "") or "cannot be read"
    return Summary(files=[name], lost=[Lost(clean(name), why)])


def _changed(path: LogFile | None) -> float:
    """When a log was last written: its entries are not younger."""
    with contextlib.suppress(OSError):
        if path is not None:
            return path.stat().st_mtime
    return time.time()


def _undated(name: str) -> Lost:
    return Lost(clean(name), "its entries bear no date: which of them lie between --since and --until cannot be told, and all were read")


def _lines_before(path: LogFile, end: int) -> int:
    from callcheck.sources.logs.seek import lines_before

    try:
        return lines_before(path, end)
    except OSError:  # it is gone by now
        return 0


def likely(path: LogFile) -> int:
    """About how many bytes a log has."""
    return size_of(path) * (_PACKED if path.suffix in (".gz", ".zst", ".xz", ".bz2") else 1)


def size_of(path: LogFile) -> int:
    """Its bytes as it lies there, 0 if it cannot be looked at."""
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _whole(path: LogFile) -> Iterator[tuple[int, int, int, dict[str, object]]]:
    with open_log(path) as stream:
        data = stream.read(_WHOLE_BYTES + 1)
    if len(data) > _WHOLE_BYTES:
        raise SourceError(f"one line of more than {_WHOLE_BYTES:,} bytes: left out", "export it as JSON lines")
    try:
        value = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise SourceError(f"not readable as JSON: {str(error)[:100]}") from error
    items = value.get("events", []) if isinstance(value, dict) else value
    for item in items if isinstance(items, list) else ():
        if isinstance(item, dict):
            yield 1, 1, 1, item
