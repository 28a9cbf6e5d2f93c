"""How are the logs of a reading read by many workers: threads, processes or machines?

Whatever is a `concurrent.futures.Executor` runs it. A worker takes some files; what is short or packed it summarises whole, a long plain file it
only begins, and its ranges are dealt out. Summaries and parts merge as they come, in any order, to what one worker would have found.
"""

from __future__ import annotations

import functools
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from typing import Any

from callcheck.model.errors import SourceError
from callcheck.model.noun import dataclass, field
from callcheck.sources.logs import ranges
from callcheck.sources.logs.blocks import Part
from callcheck.sources.logs.far import LogFile
from callcheck.sources.logs.gauge import GAUGE
from callcheck.sources.logs.places import Numbers, forget, remember
from callcheck.sources.logs.reading import Begun, Reading, likely, lost, size_of
from callcheck.sources.logs.summary import Summary

_Job = Callable[[], "Future[Any]"]


@dataclass(frozen=True, slots=True)
class Said:
    """What one log says, and how its lines are numbered if it is long."""

    name: str
    summary: Summary
    numbers: Numbers | None


@dataclass(slots=True)
class _Open:
    """A long log whose ranges are being read."""

    begun: Begun
    left: int
    """Ranges that have not come yet."""
    part: Part = field(default_factory=Part)
    lost: Summary | None = None
    """Why it cannot be read."""


def call(packed: bytes, function: Callable[..., Any], given: bytes) -> Any:
    """Call with a reading, which a worker unpacks once, and more. Bytes, since Dask would look for its own things in everything else."""
    import pickle

    return function(_unpacked(packed), *pickle.loads(given))  # noqa: S301  (ours, as is the call)


@functools.lru_cache(4)
def _unpacked(packed: bytes) -> Reading:
    import pickle

    reading: Reading = pickle.loads(packed)  # noqa: S301
    return reading


def _packed(what: object) -> bytes:
    import pickle

    return pickle.dumps(what, pickle.HIGHEST_PROTOCOL)


def begin(reading: Reading, files: Sequence[LogFile]) -> list[Said | Begun]:
    """What the files say; of a long plain one only how it begins. Runs in a worker."""
    begun = (reading.begin(path) for path in files)
    return [one if isinstance(one, Begun) else _said(one) for one in begun]


def part(reading: Reading, begun: Begun, first: int, until: int, known: Part) -> Part | Summary:
    """What blocks `first` to `until` of a long plain log hold; a summary if it cannot be read. Runs in a worker."""
    try:
        return ranges.part_at(begun.path, begun.end, first, until, begun.plan, reading.finders, known)
    except (SourceError, OSError) as error:
        return lost(begun.name, error)


def finish(reading: Reading, begun: Begun, whole: Part) -> Said:
    """What a long plain log says. Runs in a worker."""
    try:
        return _said(reading.finish(begun, whole))
    except (SourceError, OSError) as error:
        return _said(lost(begun.name, error))


def _said(summary: Summary) -> Said:
    (name,) = summary.files
    return Said(name, summary, forget(name))


class Spread:
    """Keeps as many calls under way as there are `slots`; `stride` is the blocks of a range, `batch` the bytes of files that one call takes."""

    def __init__(self, reading: Reading, executor: Executor, slots: int, stride: int, batch: int) -> None:
        self._reading, self._executor = reading, executor
        self._slots, self._stride, self._batch = slots, stride, batch
        self._packed = _packed(reading)
        self._whole = Summary()
        self._ready: deque[tuple[_Job, Callable[[Any], None]]] = deque()

    def summary(self) -> Summary:
        """What all the files say together."""
        running: dict[Future[Any], Callable[[Any], None]] = {}
        batches = self._batches()
        try:
            while True:
                while len(running) < self._slots and (ready := self._next(batches)):
                    running[ready[0]()] = ready[1]
                if not running:
                    return self._whole
                for done in wait(running, return_when=FIRST_COMPLETED).done:
                    running.pop(done)(done.result())
        finally:
            for future in running:
                future.cancel()

    def _next(self, batches: Iterator[list[LogFile]]) -> tuple[_Job, Callable[[Any], None]] | None:
        """What belongs to a log that is open comes first, so that few are."""
        if self._ready:
            return self._ready.popleft()
        files = next(batches, None)
        return (lambda: self._submit(begin, files), functools.partial(self._begun, files)) if files else None

    def _submit(self, function: Callable[..., Any], *given: Any) -> Future[Any]:
        return self._executor.submit(call, self._packed, function, _packed(given))

    def _batches(self) -> Iterator[list[LogFile]]:
        held: list[LogFile] = []
        size = 0
        for path in self._reading.files:
            more = likely(path)
            if held and size + more > self._batch:
                yield held
                held, size = [], 0
            held.append(path)
            size += more
        if held:
            yield held

    def _begun(self, files: Sequence[LogFile], found: list[Said | Begun]) -> None:
        for path, one in zip(files, found, strict=True):
            if isinstance(one, Said):
                GAUGE.add(size_of(path))
                self._take(one)
                continue
            cuts = list(range(one.first, ranges.count(one.end), self._stride))
            log = _Open(one, len(cuts))
            self._ready.extend(self._range(log, first) for first in cuts)
            self._end(log)

    def _range(self, log: _Open, first: int) -> tuple[_Job, Callable[[Any], None]]:
        until = min(first + self._stride, ranges.count(log.begun.end))

        def run() -> Future[Any]:
            return self._submit(part, log.begun, first, until, log.part.outline())

        return run, functools.partial(self._part, log)

    def _part(self, log: _Open, more: Part | Summary) -> None:
        log.left -= 1
        if isinstance(more, Summary):
            log.lost = more
        else:
            GAUGE.add(more.size)
            log.part.merge(more)
        self._end(log)

    def _end(self, log: _Open) -> None:
        if log.left:
            return
        if log.lost is not None:
            self._whole.merge(log.lost)
        else:
            self._ready.appendleft((lambda: self._submit(finish, log.begun, log.part), self._take))

    def _take(self, said: Said) -> None:
        if said.numbers is not None:
            remember(said.name, said.numbers)
        self._whole.merge(said.summary)
