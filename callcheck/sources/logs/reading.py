"""What do the logs of a target say, read once, in one pass, with bounded memory?"""

from __future__ import annotations

import functools
import itertools
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from callcheck.model.errors import SourceError
from callcheck.model.evidence import Lost
from callcheck.model.log import LogKnowledge
from callcheck.model.printable import clean
from callcheck.sources.files import relative
from callcheck.sources.logs.blocks import BLOCK
from callcheck.sources.logs.export import entries, is_export
from callcheck.sources.logs.held import Held
from callcheck.sources.logs.lines import LONGEST, Line, lines, open_log
from callcheck.sources.logs.packed import Unpacked
from callcheck.sources.logs.places import Numbers, remember
from callcheck.sources.logs.records import Joiner
from callcheck.sources.logs.summary import Summarizer, Summary
from callcheck.sources.logs.unwrap import Unwrapper

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from callcheck.sources.logs.finder import Finders

_SAMPLE = 200
LONG = 8_000_000
"""Bytes of a log up to which every line of it is read."""
_PACKED = 10
"""How much a packed log grows, about."""
_WHOLE_BYTES = 64_000_000
"""An export in one line is read whole up to this size."""


class Reading:
    """One pass over log files and, if asked for, standard input."""

    def __init__(
        self,
        files: list[Path],
        stdin: BinaryIO | None,
        knowledge: LogKnowledge,
        base: Path,
        executor: Executor | None = None,
        long: int = LONG,
    ) -> None:
        self.executor = executor
        self.long = long
        self.files = files
        self.stdin = stdin
        self.knowledge = knowledge
        self.base = base

    def summary(self) -> Summary:
        """What they say, all together; what could not be read is in `lost`."""
        whole = Summary()
        for path in self.files:
            whole.merge(self._file(path))
        if self.stdin is not None:
            whole.merge(self._bytes(self.stdin, "<stdin>", None))
        return whole

    @functools.cached_property
    def _long(self) -> int:
        """Bytes above which a log is long: its ordinary lines are not read. Of many logs each is long sooner."""
        return self.long if sum(_likely(path) for path in self.files) <= 2 * self.long else self.long // 4

    @functools.cached_property
    def _finders(self) -> Finders:
        from callcheck.sources.logs.finder import finders

        return finders(self.knowledge)

    def _bytes(self, stream: BinaryIO, name: str, path: Path | None) -> Summary:
        size = path.stat().st_size if path is not None and not isinstance(stream, Unpacked) else None
        if size is not None and size <= self._long:
            return self._stream(stream, name, path)
        held = Held(stream, self._long if size is None else BLOCK)
        first = held.lines(_SAMPLE)
        if (size is None and not held.more) or not first or is_export(first[:3]):
            return self._stream(held, name, path)  # type: ignore[arg-type]
        return self._chosen(held, name, path if size and held.plain else None, size or 0, first)

    def _chosen(self, held: Held, name: str, path: Path | None, size: int, first: list[str]) -> Summary:
        """A long log: blocks choose the lines, which are then read. A plain file, which can be read at any place, has a `path` and a `size`."""
        from callcheck.sources.logs import ranges
        from callcheck.sources.logs.chosen import Chosen, plan

        unwrapper = Unwrapper(self.knowledge.formats, first)
        made = plan(unwrapper, held.head[:BLOCK], self._finders, size)
        error: Exception | None = None
        if path is not None:
            part = ranges.of_file(str(path), size, made, self._finders, self.executor)
        else:
            part, error = ranges.of_stream(held.pieces(), made, self._finders)
        chosen = Chosen(name, self.knowledge, unwrapper, part)
        summary = chosen.summary(self._finders)
        remember(name, Numbers(part.ends, chosen.ahead))
        if error is not None:
            summary.lost.append(Lost(clean(name), f"the archive is damaged after {part.size:,} bytes: {error}"))
        return summary

    def _file(self, path: Path) -> Summary:
        name = relative(path, self.base)
        try:
            with open_log(path) as stream:
                return self._bytes(stream, name, path)
        except SourceError as error:
            return Summary(files=[name], lost=[Lost(clean(name), error.message)])
        except OSError as error:
            return Summary(files=[name], lost=[Lost(clean(name), error.strerror or "cannot be read")])

    def _stream(self, stream: BinaryIO, name: str, path: Path | None) -> Summary:
        summarizer = Summarizer(self.knowledge.signatures, self.knowledge.boundaries)
        summary = summarizer.summary
        summary.files.append(name)
        source = lines(stream)
        first: list[Line] = []
        try:
            for line in itertools.islice(source, _SAMPLE):
                first.append(line)
            texts = [text for _, text in first]
            unwrapper = Unwrapper(self.knowledge.formats, texts)
            joiner = Joiner(name)
            if is_export(texts[:3]):
                self._export(itertools.chain(first, source), path, texts, unwrapper, joiner, summarizer)
            else:
                for number, text in itertools.chain(first, source):
                    summary.lines = number
                    for said in unwrapper.read_all(text):
                        for record in joiner.take(number, said):
                            summarizer.take(record)
        except SourceError as error:
            summary.lost.append(Lost(clean(name), error.message))
            if not first:
                return summary
            unwrapper = Unwrapper(self.knowledge.formats, [text for _, text in first])
            if len(first) < _SAMPLE:
                joiner = Joiner(name)
                for number, text in first:
                    for said in unwrapper.read_all(text):
                        for record in joiner.take(number, said):
                            summarizer.take(record)
        for record in joiner.rest():
            summarizer.take(record)
        return summary.close()

    def _export(
        self,
        source: Iterable[Line],
        path: Path | None,
        texts: list[str],
        unwrapper: Unwrapper,
        joiner: Joiner,
        summarizer: Summarizer,
    ) -> None:
        found = entries(source)
        if path is not None and texts and len(texts[0]) >= LONGEST - 4:
            found = _whole(path)
        for first, last, telling, value in found:
            summarizer.summary.lines = last
            for record in joiner.take(telling, unwrapper.entry(value), last, first):
                summarizer.take(record)


def _likely(path: Path) -> int:
    """About how many bytes a log has."""
    try:
        return path.stat().st_size * (_PACKED if path.suffix in (".gz", ".zst", ".xz", ".bz2") else 1)
    except OSError:
        return 0


def _whole(path: Path) -> Iterator[tuple[int, int, int, dict[str, object]]]:
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
