"""Are live processes stated as observed facts?"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from callcheck.model.errors import NotFound
from callcheck.model.evidence import Evidence, Lost
from callcheck.model.facts.deployment import InstancesFactor
from callcheck.model.facts.live import ProcessesRun
from callcheck.model.knowledge import Knowledge
from callcheck.model.target import Target
from callcheck.model.words import Basis
from callcheck.probes.processes import PROBE, _facts
from callcheck.sources import Eyes
from callcheck.sources.live.processes import Group, Seen


@pytest.fixture
def sleeper() -> Iterator[int]:
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    yield child.pid
    child.kill()
    child.wait()


def test_a_single_process_is_observed_once(sleeper: int) -> None:
    target = Target(base=Path.cwd(), pids=(sleeper,))
    found = [item for item in PROBE.look(target, Eyes(target, Knowledge())) if isinstance(item, Evidence)]
    factor = next(item for item in found if isinstance(item.fact, InstancesFactor))
    assert isinstance(factor.fact, InstancesFactor)
    assert (factor.fact.count, factor.basis, factor.where) == (1, Basis.OBSERVED, None)


def test_a_pid_that_is_gone_is_not_found() -> None:
    target = Target(base=Path.cwd(), pids=(2**22 + 1,))
    with pytest.raises(NotFound):
        list(PROBE.look(target, Eyes(target, Knowledge())))


def _look(target: Target) -> tuple[list[ProcessesRun], list[Lost]]:
    found = list(PROBE.look(target, Eyes(target, Knowledge())))
    return [item.fact for item in found if isinstance(item, Evidence) and isinstance(item.fact, ProcessesRun)], [item for item in found if isinstance(item, Lost)]


def test_what_is_gone_is_lost_and_what_is_there_is_stated(sleeper: int) -> None:
    (run,), (lost,) = _look(Target(base=Path.cwd(), pids=(sleeper, 2**22 + 1)))
    assert (run.count, run.ids, run.restarts) == (1, str(sleeper), -1)
    assert (lost.what, lost.why) == (f"pid {2**22 + 1}", f"no process {2**22 + 1}; it may have ended; `ps` shows what runs")


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can become somebody else")
def test_what_another_users_process_does_not_let_us_see_is_lost(sleeper: int) -> None:
    target = Target(base=Path.cwd(), pids=(sleeper,))
    assert _look(target)[1] == []  # imports all that it needs, too
    os.seteuid(65534)
    try:
        (run,), (lost,) = _look(target)
    finally:
        os.seteuid(0)
    assert run.count == 1
    assert lost.what == f"pid {sleeper}"
    assert "belongs to another user" in lost.why


def test_a_folder_in_which_nothing_runs_is_not_found(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="nothing that was started there runs"):
        _look(Target(base=tmp_path, inside=(tmp_path,)))
    assert _look(Target(base=tmp_path, beside=(tmp_path,))) == ([], [])


def test_a_name_that_nothing_bears_is_not_found() -> None:
    with pytest.raises(NotFound):
        _look(Target(base=Path.cwd(), names=("no-such-app-anywhere",)))


@pytest.mark.parametrize(("workers", "ports", "role"), [((2, 3), (8000,), "web"), ((2, 3), (), "unknown"), ((2,), (8000,), "unknown")])
def test_several_that_answer_on_one_port_serve_requests_whatever_they_are(workers: tuple[int, ...], ports: tuple[int, ...], role: str) -> None:
    seen = Seen(ports, (), False, (), (), (), ())
    found = [item.fact for item in _facts(Group("python3", "python3 serve.py", 1, workers), seen, asked=True) if isinstance(item, Evidence)]
    assert [fact.role for fact in found if isinstance(fact, ProcessesRun)] == [role]


def test_without_pid_or_port_there_is_nothing_to_look_at() -> None:
    target = Target(base=Path.cwd())
    assert PROBE.skip(target, Eyes(target, Knowledge()))


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({}, "gunicorn app:app: 2 processes run (pid 7, 8), on port 8000, started between 2 hours and 5 s ago"),
        ({"count": 1, "ids": "7", "pool": "threads", "ports": "", "oldest": 5}, "gunicorn app:app: 1 process runs (pid 7), one process with threads, started 5 s ago"),
        ({"service": "api", "server": "compose", "ids": "shop-api-1, shop-api-2", "restarts": 3, "down": "1 exited", "youngest": -1}, "api: 2 containers run (shop-api-1, shop-api-2), on port 8000, restarted 3 times; not running: 1 exited"),
        ({"service": "web", "server": "kubernetes", "count": 0, "ids": "", "ports": "", "youngest": -1, "down": "1 Pending"}, "web: 0 pods run; not running: 1 Pending"),
    ],
)  # fmt: skip
def test_what_runs_is_said_in_a_line(changed: dict[str, object], said: str) -> None:
    told = {"count": 2, "service": "", "server": "gunicorn", "entry": "app:app", "role": "web", "pool": "fork", "ids": "7, 8", "ports": "8000", "inside": "", "restarts": -1, "youngest": 5, "oldest": 7300, "asked": True}
    assert ProcessesRun(**{**told, **changed}).says() == said
