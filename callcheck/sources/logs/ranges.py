"""How do the blocks of a long log get read: from a file at any place, or from a stream as it comes?"""

from __future__ import annotations

import os
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from typing import BinaryIO, TypeVar

from callcheck.sources.logs.blocks import BLOCK, REACH, Part, Plan
from callcheck.sources.logs.cut import part_of, tail_of
from callcheck.sources.logs.finder import Finders

JobT = TypeVar("JobT")
_Job = tuple[bytearray, int, int, bool]
"""The data of a block, its place in the log, the block, and whether it is the last one."""
_BLOCKS = 8
"""Blocks that one worker takes at a time."""
_local = threading.local()


def of_file(
    path: str, size: int, plan: Plan, finders: Finders, executor: Executor | None = None, first: int = 0
) -> Part:
    """The part of a plain file's first `size` bytes, from block `first` on; any executor can do it, here threads do."""
    count = -(-size // BLOCK)
    jobs = [(n, min(n + _BLOCKS, count)) for n in range(first, count, _BLOCKS)]
    if executor is not None:
        return _together(jobs, lambda job, _: executor.submit(part_at, path, size, *job, plan, finders))
    with ThreadPoolExecutor(_workers()) as pool:
        return _together(jobs, lambda job, known: pool.submit(part_at, path, size, *job, plan, finders, known))


def part_at(
    path: str, size: int, first: int, until: int, plan: Plan, finders: Finders, known: Part | None = None
) -> Part:
    """The part of blocks `first` to `until` (exclusive) of a file that had `size` bytes when it was looked at."""
    whole = Part()
    with open(path, "rb", buffering=0) as stream:
        for block in range(first, until):
            origin = max(0, block * BLOCK - REACH)
            due = min(size, (block + 1) * BLOCK + REACH) - origin
            data = _read_at(stream.fileno(), origin, due)
            if len(data) <= block * BLOCK - origin:
                whole.short = True
                break
            part = part_of(data, origin, block, plan, finders, known)
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
        return part

    with ThreadPoolExecutor(_workers()) as pool:
        whole = _together(source, lambda job, known: pool.submit(run, job, known))
    return whole, source.error


class _Blocks:
    """Cuts a stream into the data of its blocks, each with REACH bytes of its neighbours."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self._pieces = iter(pieces)
        self.error: Exception | None = None

    def __iter__(self) -> Iterator[_Job]:
        data, origin, block = bytearray(), 0, 0
        done = False
        while True:
            until = (block + 1) * BLOCK + REACH - origin
            while len(data) < until and not done:
                piece = self._next()
                done = not piece
                data += piece
            if len(data) <= block * BLOCK - origin:
                return
            last = done and origin + len(data) <= (block + 1) * BLOCK
            # The data is the worker's own from now on; the next block begins with a copy of its end.
            begin = max(0, (block + 1) * BLOCK - REACH)
            rest = bytearray() if last else data[begin - origin :]
            if len(data) > until:
                del data[until:]
            yield data, origin, block, last
            if last:
                return
            data, origin, block = rest, begin, block + 1

    def _next(self) -> bytes:
        from callcheck.sources.logs.packed import damaged

        try:
            return next(self._pieces, b"")
        except damaged() as error:
            self.error = error
            return b""


def _together(jobs: Iterable[JobT], submit: Callable[[JobT, Part], Future[Part]]) -> Part:
    """The parts of all jobs merged, with a few jobs under way at any time."""
    whole = Part()
    pending: deque[Future[Part]] = deque()
    for job in jobs:
        pending.append(submit(job, whole))
        if len(pending) > 2 * _workers():
            whole.merge(pending.popleft().result())
    while pending:
        whole.merge(pending.popleft().result())
    return whole


def _read_at(number: int, origin: int, size: int) -> bytes | bytearray:
    """Up to `size` bytes from a place, in this thread's own buffer; less where the file has become shorter."""
    if not hasattr(os, "preadv"):
        os.lseek(number, origin, os.SEEK_SET)
        return os.read(number, size)
    buffer: bytearray | None = getattr(_local, "buffer", None)
    if buffer is None or len(buffer) != size:
        buffer = bytearray(size)
        if size == BLOCK + 2 * REACH:
            _local.buffer = buffer
    got = 0
    while got < size:
        more = os.preadv(number, [memoryview(buffer)[got:]], origin + got)
        if not more:
            return buffer[:got]
        got += more
    return buffer


def _workers() -> int:
    try:
        return max(1, len(os.sched_getaffinity(0)))
    except AttributeError:  # not on macOS and Windows
        return os.cpu_count() or 1


def pieces_of(stream: BinaryIO, size: int = BLOCK) -> Iterator[bytes]:
    """What a stream gives until it ends."""
    while piece := stream.read(size):
        yield piece
