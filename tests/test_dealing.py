"""Two processes look at a big tree and say what one says, in the same order."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from callcheck import dealing, pipeline
from callcheck.collect import Options
from callcheck.model.target import Target
from callcheck.sources import Eyes, noted, twin
from callcheck.sources.code import choice

FOLDER = Path(__file__).parents[1] / "fixtures" / "guide"
BESIDE = "PYTEST_XDIST_WORKER" in os.environ
"""A worker of pytest-xdist has threads, beside which nothing is forked: these tests then run in a process of their own."""
needs_two = pytest.mark.skipif(not twin.possible(), reason="run in a process of their own, above" if BESIDE else "takes Linux, two processors, and no thread beside this one")


@pytest.mark.skipif(not BESIDE or sys.platform != "linux", reason="they run in this process")
def test_the_others_in_a_process_without_threads() -> None:
    known = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    done = subprocess.run([sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", __file__], env=known, capture_output=True, text=True, timeout=300, cwd=FOLDER.parents[1])
    assert done.returncode == 0, done.stdout[-2_000:]
    assert len(os.sched_getaffinity(0)) < 2 or "6 passed" in done.stdout, done.stdout[-300:]


def _run(jobs: int) -> pipeline.Run:
    return pipeline.diagnose(Target(FOLDER, folders=(FOLDER,)), Options(jobs=jobs, skip=("processes",)))


def _said(run: pipeline.Run) -> list[str]:
    report = run.report
    seen = [str((each.probe, each.fact, each.where, each.excerpt, each.label)) for each in report.ledger.evidence]
    looks = [str((each.probe, each.outcome, each.why, each.lost)) for each in report.ledger.looks]
    causes = [str((each.rule.cause, each.confidence)) for each in report.diagnoses]
    return [*seen, *looks, *causes, *map(str, (*report.left_out, *report.ignore_problems))]


@pytest.fixture(scope="module")
def learnt(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache folder in which the rules are kept, and no run: to learn them takes longer than any of the runs here."""
    cache, empty = tmp_path_factory.mktemp("learnt"), tmp_path_factory.mktemp("empty")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(cache))
        pipeline.diagnose(Target(empty, folders=(empty,)), Options(skip=("processes",)))
    return cache


def _make_big(patch: pytest.MonkeyPatch, cache: Path, learnt: Path) -> None:
    shutil.copytree(learnt, cache)
    patch.setenv("XDG_CACHE_HOME", str(cache))
    patch.setattr(choice, "SMALL_BYTES", -1)
    patch.setattr(dealing, "WORTH_BYTES", 0)


@pytest.fixture
def big(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, learnt: Path) -> None:
    _make_big(monkeypatch, tmp_path / "cache", learnt)


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory, learnt: Path) -> list[str]:
    """What one process says."""
    with pytest.MonkeyPatch.context() as patch:
        _make_big(patch, tmp_path_factory.mktemp("alone") / "cache", learnt)
        return _said(_run(1))


@needs_two
def test_two_processes_say_what_one_says(big: None, alone: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[Any] = []
    said = twin.Twin.said
    monkeypatch.setattr(twin.Twin, "said", lambda self: told.append(said(self)) or told[-1])
    assert _said(_run(2)) == alone
    assert any(each.evidence for each in told[0][0].values()), "the second process found nothing, so this compares nothing"


@needs_two
def test_a_second_process_that_is_killed_costs_no_fact(big: None, alone: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Eyes, "state", lambda eyes: os.kill(os.getpid(), signal.SIGKILL))
    assert _said(_run(2)) == alone


@needs_two
def test_what_two_processes_saw_is_kept_for_the_next_run(big: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(noted, "ENOUGH_BYTES", 0)
    first = _run(2)
    again = _run(2)
    assert again.from_before.endswith("no file changed")
    assert _said(again) == _said(first)


@needs_two
def test_a_probe_that_fails_in_either_process_is_told_of_once(big: None, monkeypatch: pytest.MonkeyPatch) -> None:
    from callcheck.probes import listeners

    def look(*_: object) -> None:
        raise RuntimeError("oh")

    monkeypatch.setattr(type(listeners.PROBE), "look", look)
    failed: list[str] = []
    pipeline.diagnose(Target(FOLDER, folders=(FOLDER,)), Options(jobs=2, on_bug=lambda name, error: failed.append(f"{name}: {error}")))
    assert failed == ["listeners: oh"]


def test_each_ticket_is_handed_out_once() -> None:
    tickets = twin.Tickets(5)
    one, other = iter(tickets), iter(tickets)
    assert [next(one), next(other), *one] == [0, 1, 2, 3, 4]
    assert not list(other)
    tickets.close()


def test_nothing_is_forked_beside_a_thread() -> None:
    from threading import Event, Thread

    over = Event()
    thread = Thread(target=over.wait)
    thread.start()
    try:
        assert not twin.possible()
    finally:
        over.set()
        thread.join()
