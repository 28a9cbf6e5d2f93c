"""Do logs say the same whoever reads them: one thread, threads or processes, however many, in whatever order their parts come?"""

from __future__ import annotations

import gzip
import random
import threading
from collections.abc import Callable, Iterator
from concurrent import futures
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pytest

from callcheck.sources import twin
from callcheck.sources.logs import places, pools, ranges
from callcheck.sources.logs.pools import Crew
from callcheck.sources.logs.reading import Reading
from callcheck.sources.logs.summary import Summary
from tests.sources.logs.test_long import log
from tests.sources.logs.test_merging import said
from tests.tools.shipped import shipped_logs

KNOWN = shipped_logs()
LONG = 250_000


class AnyOrder(Executor):
    """Runs what is submitted in a thread, in an order of chance."""

    def __init__(self, seed: int) -> None:
        self._chance = random.Random(seed)
        self._waiting: list[Callable[[], None]] = []
        self._change = threading.Condition()
        self._over = False
        threading.Thread(target=self._run, daemon=True).start()

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        with self._change:
            self._waiting.append(lambda: future.set_result(fn(*args, **kwargs)))
            self._change.notify()
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        with self._change:
            self._over = True
            self._change.notify()

    def _run(self) -> None:
        while True:
            with self._change:
                self._change.wait_for(lambda: self._waiting or self._over)
                if self._over:
                    return
                # Let some more come, so that there is a choice.
                self._change.wait(0.002)
                job = self._waiting.pop(self._chance.randrange(len(self._waiting)))
            job()


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Short and long ones, plain, packed and in UTF-16, one that is damaged and one that is gone."""
    folder = tmp_path_factory.mktemp("logs")
    made = {
        "a.log": log(500, 40, 2),
        "b.log": log(12_000, 300, 3),
        "c.log": log(5_000, 8, 4).replace(b"\n", b"\r\n"),
        "d.log.gz": gzip.compress(log(5_000, 200, 5)),
        "e.log": log(5_000, 100, 6).decode().encode("utf-16"),
        "f.log.gz": gzip.compress(log(5_000, 100, 7))[:-5_000],
        "g.log": log(500, 10, 8),
        "h.log": b"",
    }
    for name, data in made.items():
        (folder / name).write_bytes(data)
    return [folder / name for name in [*made, "gone.log"]]


@pytest.fixture(scope="module")
def alone(files: list[Path]) -> tuple[Summary, list[Any], list[int]]:
    """What one thread reads in them."""
    return read(files)


def read(files: list[Path], crew: Crew | None = None) -> tuple[Summary, list[Any], list[int]]:
    """The summary, what probes say of it, and the lines of what is quoted."""
    summary = Reading(files, None, KNOWN, files[0].parent, crew=crew, long=LONG).summary()
    return summary, said(summary), [places.numbered(failure.place).line for failure in summary.failures.found]


@contextmanager
def crew(kind: str, workers: int, stride: int = 1, batch: int = 100_000) -> Iterator[Crew]:
    """Workers of some kind."""
    pool = ThreadPoolExecutor(workers) if kind == "threads" else ProcessPoolExecutor(workers, get_context("spawn"))
    with pool:
        yield Crew(pool, workers, stride, batch)


@pytest.mark.parametrize(("kind", "workers"), [("threads", 1), ("threads", 2), ("threads", 4), ("spawned", 2), ("spawned", 4)])
def test_any_number_of_workers_says_the_same(
    files: list[Path], alone: Any, kind: str, workers: int
) -> None:
    assert alone[1]
    assert alone[0].lost
    with crew(kind, workers, stride=workers, batch=workers * 100_000) as hands:
        assert read(files, hands) == alone


@pytest.mark.parametrize("seed", range(4))
def test_the_order_in_which_parts_come_says_nothing(files: list[Path], alone: Any, seed: int) -> None:
    with AnyOrder(seed) as executor:
        assert read(files, Crew(executor, 1 + seed, 1, 1)) == alone


def test_many_short_logs_are_read_by_processes_of_which_the_answer_tells_nothing(
    files: list[Path], alone: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pools, "_WORTH", 1)
    monkeypatch.setattr(ranges, "workers", lambda: 2)
    asked: list[int] = []
    summary = Crew.summary
    monkeypatch.setattr(Crew, "summary", lambda self, reading: asked.append(self.workers) or summary(self, reading))
    assert read(files) == alone
    assert asked == [2]


def test_a_long_log_of_many_telling_lines_is_read_by_processes_where_none_can_be_forked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    dense, thin = tmp_path / "dense.log", tmp_path / "thin.log"
    dense.write_bytes(log(16_000, 4))
    thin.write_bytes(log(16_000, 400))
    alone = [read([path]) for path in (dense, thin)]
    monkeypatch.setattr(pools, "_WORTH_DENSE", 1)
    monkeypatch.setattr(ranges, "workers", lambda: 4)
    monkeypatch.setattr(twin, "possible", lambda: False)
    asked: list[int] = []
    summary = Crew.summary
    monkeypatch.setattr(Crew, "summary", lambda self, reading: asked.append(self.workers) or summary(self, reading))
    assert [read([path]) for path in (dense, thin)] == alone
    assert asked == [4]
    monkeypatch.setattr(ranges, "workers", lambda: 2)
    assert read([dense]) == alone[0]
    assert asked == [4]


def test_where_no_processes_are_to_be_had_this_one_reads(
    files: list[Path], alone: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pools, "_WORTH", 1)
    monkeypatch.setattr(ranges, "workers", lambda: 2)

    def no_semaphores(*_: Any, **__: Any) -> Executor:
        raise OSError(38, "Function not implemented")

    monkeypatch.setattr(futures, "ProcessPoolExecutor", no_semaphores)
    assert read(files) == alone


def test_a_log_that_vanishes_between_its_ranges_is_said_and_the_others_are_read(files: list[Path], tmp_path: Path) -> None:
    gone = tmp_path / "gone.log"
    gone.write_bytes(log(30_000))

    class Vanishing(ThreadPoolExecutor):
        def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
            if args[1].__name__ == "part":
                gone.unlink(missing_ok=True)
            return super().submit(fn, *args, **kwargs)

    with Vanishing(1) as pool:
        summary = Reading([gone, files[6]], None, KNOWN, tmp_path, crew=Crew(pool, 1, 1), long=LONG).summary()
    assert [lost.what for lost in summary.lost] == ["gone.log"]
    assert len(summary.files) == 2
    assert summary.records
