"""A second process that begins where this one stands: forked, so that what was parsed need not be sent, and only what it finds is.

Memory that neither changes is there once. Only on Linux, with two processors to run on, and while no thread of this process may hold a lock; what
cannot be forked, or dies, costs time and nothing else: whoever asked does the work himself.
"""

from __future__ import annotations

import contextlib
import gc
import os
import signal
import sys
from collections.abc import Callable, Iterator
from types import TracebackType
from typing import Any, TypeVar

from callcheck.sources.kept import dumps, load

DoneT = TypeVar("DoneT")
MOST_TICKETS = 256
_MOST_TWINS = 7


def possible() -> bool:
    """Whether this process can be forked without harm, and to some end."""
    if sys.platform != "linux" or len(os.sched_getaffinity(0)) < 2:
        return False
    with contextlib.suppress(OSError):
        return len(os.listdir("/proc/self/task")) == 1
    return False


class Tickets:
    """The numbers from 0 to `count`, each handed out once to whichever of two processes asks next. Raises ValueError for more than MOST_TICKETS."""

    def __init__(self, count: int) -> None:
        held = bytes(range(count))
        self._from, into = os.pipe()
        os.write(into, held)
        os.close(into)

    def __iter__(self) -> Iterator[int]:
        while taken := os.read(self._from, 1):
            yield taken[0]

    def close(self) -> None:
        """No more are wanted here."""
        os.close(self._from)


class Twin:
    """A process that does some work, within `with Twin(work) as twin:`; it is gone after that."""

    def __init__(self, work: Callable[[], object]) -> None:
        self._work = work
        self._pid = 0

    def __enter__(self) -> Twin:
        gc.freeze()  # so that neither process writes into each object that both have
        self._from, into = os.pipe()
        try:
            self._pid = os.fork()
        except OSError:
            os.close(into)
            return self
        if self._pid == 0:
            _live(self._work, into)
        os.close(into)
        return self

    @property
    def lives(self) -> bool:
        """Whether the process could be had."""
        return self._pid > 0

    def said(self) -> Any:
        """What the work gave; None if the process could not be had, or died before it was done."""
        try:
            with open(self._from, "rb", closefd=False) as stream:
                said = load(stream)
        except Exception:  # noqa: BLE001  (cut short: it died)
            return None
        return said

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        os.close(self._from)
        gc.unfreeze()
        if self._pid:
            with contextlib.suppress(OSError):
                os.kill(self._pid, signal.SIGKILL)
            with contextlib.suppress(ChildProcessError):
                os.waitpid(self._pid, 0)


def shared(count: int, work: Callable[[Iterator[int]], DoneT]) -> list[DoneT]:
    """What `work` gives for the numbers from 0 to `count`: once for all, or, where this process can be forked, once for each process, which takes
    those that no other has taken. Raises ValueError for more than MOST_TICKETS."""
    tickets = Tickets(count)
    try:
        with contextlib.ExitStack() as all_:
            more = min(len(os.sched_getaffinity(0)), count, _MOST_TWINS + 1) - 1 if count > 1 and possible() else 0
            twins = [all_.enter_context(Twin(lambda: work(iter(tickets)))) for _ in range(more)]
            done = [work(iter(tickets)), *(twin.said() for twin in twins if twin.lives)]
    finally:
        tickets.close()
    return done if None not in done else [work(iter(range(count)))]


def _live(work: Callable[[], object], into: int) -> None:
    """The whole life of the second process."""
    try:
        gc.disable()
        said = dumps(work(), -1)
        with open(into, "wb") as stream:
            stream.write(said)
    finally:
        os._exit(0)  # nothing of what this process would do at its end is the second one's to do
