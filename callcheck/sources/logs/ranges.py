"""How do the blocks of a long log get read: from a file at any place, or from a stream as it comes?"""

from __future__ import annotations

import os
from _thread import _local as Local  # `threading.local`, which most runs need nothing else of
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, TypeVar

from callcheck.sources import twin
from callcheck.sources.logs.blocks import BLOCK, REACH, Part, Plan
from callcheck.sources.logs.cut import part_of, tail_of
from callcheck.sources.logs.far import LogFile
from callcheck.sources.logs.finder import Finders
from callcheck.sources.logs.gauge import GAUGE

if TYPE_CHECKING:
    from concurrent.futures import Future, ThreadPoolExecutor

JobT = TypeVar("JobT")
_Job = tuple[bytearray, int, int, bool]
"""The data of a block, its place in the log, the block, and whether it is the last one."""
_BLOCKS = 8
"""Blocks that one worker takes at a time."""
_local = Local()


def count(size: int) -> int:
    """How many blocks a log of so many bytes has."""
    return -(-size // BLOCK)


def of_file(path: LogFile, size: int, plan: Plan, finders: Finders, first: int = 0) -> Part:
    """The part of a plain file's first `size` bytes, from block `first` on; read by twins of this process, or else by threads, which wait for one another
    where much is found."""
    blocks = count(size)
    stride = max(_BLOCKS, -(-(blocks - first) // twin.MOST_TICKETS))
    jobs = [(n, min(n + stride, blocks)) for n in range(first, blocks, stride)]
    if len(jobs) > 1 and isinstance(path, Path) and twin.possible():
        return _by_twins(path, size, jobs, plan, finders)
    with _threads() as pool:
        return _together(jobs, lambda job, known: pool.submit(part_at, path, size, *job, plan, finders, known), GAUGE.add)


def _by_twins(path: Path, size: int, jobs: Sequence[tuple[int, int]], plan: Plan, finders: Finders) -> Part:
    before = GAUGE.done

    def take(numbers: Iterator[int]) -> Part:
        whole = Part()
        for number in numbers:
            whole.merge(part_at(path, size, *jobs[number], plan, finders, whole))
            # Whatever comes before what this process takes was taken by somebody.
            GAUGE.done = before + (jobs[number][1] - jobs[0][0]) * BLOCK
        return whole

    whole, *others = twin.shared(len(jobs), take)
    for other in others:
        whole.merge(other)
    GAUGE.done = before + whole.size
    return whole


def part_at(
    path: LogFile, size: int, first: int, until: int, plan: Plan, finders: Finders, known: Part | None = None
) -> Part:
    """The part of blocks `first` to `until` (exclusive) of a file that had `size` bytes when it was looked at."""
    whole = Part()
    with path.open("rb", buffering=0) as stream:
        for block in range(first, until):
            origin = max(0, block * BLOCK - REACH)
            due = min(size, (block + 1) * BLOCK + REACH) - origin
            data = _read_at(stream, origin, due)
            if len(data) <= block * BLOCK - origin:
                whole.short = True
                break
            part = part_of(data, origin, block, plan, finders, known, whole)
            part.short = len(data) < due
            if plan.judge is None and ((block + 1) * BLOCK >= size or part.short):
                part.tail = tail_of(data, origin, block)
            whole.merge(part)
    return whole


def of_stream(pieces: Iterable[bytes], plan: Plan, finders: Finders) -> tuple[Part, Exception | None]:
    """The part of what comes piece by piece, and what kept the rest from coming; the reader runs ahead of the workers."""
    source = _Blocks(pieces)

    def run(job: _Job, known: Part) -> Part:
        data, origin, block, last = job
        part = part_of(data, origin, block, plan, finders, known)
        if last and plan.judge is None:
            part.tail = tail_of(data, origin, block)
        source.free(data)
        return part

    with _threads() as pool:
        whole = _together(source, lambda job, known: pool.submit(run, job, known))
    return whole, source.error


class _Blocks:
    """Cuts a stream into the data of its blocks, each with REACH bytes of its neighbours."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self._pieces = iter(pieces)
        self._rest = b""
        self._free: deque[bytearray] = deque()
        self.error: Exception | None = None

    def free(self, data: bytearray) -> None:
        """The data of a block is no longer looked at. New memory for each would take longer than the search in it."""
        if len(data) == BLOCK + 2 * REACH:
            self._free.append(data)

    def __iter__(self) -> Iterator[_Job]:
        """The data is the worker's own until it is freed."""
        data, origin, block = bytearray(BLOCK + REACH), 0, 0
        got = self._fill(data, 0)
        while got > block * BLOCK - origin:
            last = got < len(data) or not self._more()
            end = origin + got
            if last:
                del data[got:]
                last = end <= (block + 1) * BLOCK
            following = bytearray()
            begin = max(0, (block + 1) * BLOCK - REACH)
            if not last:
                held = data[begin - origin : got]
                following = self._free.popleft() if self._free else bytearray(BLOCK + 2 * REACH)
                following[: len(held)] = held
                got = len(held)
            yield data, origin, block, last
            if last:
                return
            got = self._fill(following, got)
            data, origin, block = following, begin, block + 1

    def _more(self) -> bool:
        if not self._rest:
            self._rest = self._next()
        return bool(self._rest)

    def _fill(self, data: bytearray, at: int) -> int:
        """Put what comes into the data, from a place on; gives the place up to which there was some."""
        while at < len(data) and self._more():
            piece = self._rest[: len(data) - at]
            data[at : at + len(piece)] = piece
            self._rest = self._rest[len(piece) :]
            at += len(piece)
        return at

    def _next(self) -> bytes:
        from callcheck.sources.logs.packed import damaged

        try:
            return next(self._pieces, b"")
        except damaged() as error:
            self.error = error
            return b""


def _threads() -> ThreadPoolExecutor:
    from concurrent.futures import ThreadPoolExecutor

    return ThreadPoolExecutor(workers())


def _together(
    jobs: Iterable[JobT], submit: Callable[[JobT, Part], Future[Part]], tell: Callable[[int], None] = lambda _: None
) -> Part:
    """The parts of all jobs merged, with a few jobs under way at any time; how many bytes each had is told."""
    whole = Part()
    pending: deque[Future[Part]] = deque()

    def take() -> None:
        part = pending.popleft().result()
        tell(part.size)
        whole.merge(part)

    for job in jobs:
        pending.append(submit(job, whole))
        if len(pending) > 2 * workers():
            take()
    while pending:
        take()
    return whole


def _read_at(stream: BinaryIO, origin: int, size: int) -> bytes | bytearray:
    """Up to `size` bytes from a place, in this thread's own buffer; less where the file has become shorter."""
    buffer: bytearray | None = getattr(_local, "buffer", None)
    if buffer is None or len(buffer) != size:
        buffer = bytearray(size)
        if size == BLOCK + 2 * REACH:
            _local.buffer = buffer
    stream.seek(origin)
    got, view = 0, memoryview(buffer)
    while got < size:
        more = stream.readinto(view[got:])  # type: ignore[attr-defined]
        if not more:
            return buffer[:got]
        got += more
    return buffer


def workers() -> int:
    """How many processors this process may use."""
    try:
        return max(1, len(os.sched_getaffinity(0)))
    except AttributeError:  # not on macOS and Windows
        return os.cpu_count() or 1
