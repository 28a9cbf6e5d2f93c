"""Who reads the logs of a target: this thread, threads, processes or machines?

None of it changes what they say. Twins of this process look through a long log where it can be forked (`ranges.py`). Else threads do, side by side as
long as few of its lines tell something, since looking takes no interpreter's lock; where many do, and where many short logs are read line by line, it
takes processes that are started.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from callcheck.model.errors import SourceError
from callcheck.model.noun import dataclass
from callcheck.sources import twin
from callcheck.sources.logs import ranges
from callcheck.sources.logs.reading import Begun, Reading, likely, lost
from callcheck.sources.logs.summary import Summary

if TYPE_CHECKING:
    from concurrent.futures import Executor

_WORTH = 32_000_000
"""Bytes of logs read line by line from which on more processes, which take a fifth of a second to start, are faster."""
_WORTH_DENSE = 500_000_000
"""Bytes of one long log with many telling lines, likewise."""
_ENOUGH = 4
"""Processors from which on a single long log is dealt out: on two, threads are done sooner than processes have started and learnt what is known."""


@dataclass(frozen=True, slots=True)
class Crew:
    """Whatever runs calls elsewhere, and in what pieces it takes work."""

    executor: Executor
    workers: int
    stride: int = 32
    """Blocks of a range."""
    batch: int = 4_000_000
    """Bytes of the files that one call takes."""

    def summary(self, reading: Reading) -> Summary:
        """What the files of the reading say."""
        from callcheck.sources.logs.spread import Spread

        return Spread(reading, self.executor, 2 * self.workers, self.stride, self.batch).summary()


def summary(reading: Reading) -> Summary:
    """What the files of a reading say, read on this machine."""
    short = [size for path in reading.files if (size := likely(path)) <= reading.long_from]
    if len(short) > 1 and sum(short) >= _WORTH and (said := _by_processes(reading)) is not None:
        return said
    whole = Summary()
    for path in reading.files:
        begun = reading.begin(path)
        whole.merge(_rest(reading, begun) if isinstance(begun, Begun) else begun)
    return whole


def _rest(reading: Reading, begun: Begun) -> Summary:
    dealt = begun.plan.dense and begun.end >= _WORTH_DENSE and ranges.workers() >= _ENOUGH and not twin.possible()
    if dealt and (said := _by_processes(reading.of((begun.path,)))) is not None:
        return said
    try:
        part = ranges.of_file(begun.path, begun.end, begun.plan, reading.finders, begun.first)
        return reading.finish(begun, part)
    except (SourceError, OSError) as error:
        return lost(begun.name, error)


def _by_processes(reading: Reading) -> Summary | None:
    """None where no processes are to be had: one processor, a machine without semaphores, a program that cannot be started a second time."""
    import multiprocessing
    import signal
    from concurrent.futures import ProcessPoolExecutor
    from concurrent.futures.process import BrokenProcessPool

    workers = ranges.workers()
    if workers < 2:
        return None
    try:
        # Not forked: this process may have threads, which hold locks. Ctrl-C is its own to answer; the others would each print where it met them.
        spawned, deaf = multiprocessing.get_context("spawn"), (signal.SIGINT, signal.SIG_IGN)
        with ProcessPoolExecutor(workers, spawned, signal.signal, deaf) as pool:
            return Crew(pool, workers).summary(reading)
    except (BrokenProcessPool, ImportError, OSError):
        return None
