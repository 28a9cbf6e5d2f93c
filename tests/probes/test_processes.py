"""Are live processes stated as observed facts?"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from callcheck.model.errors import NotFound
from callcheck.model.evidence import Evidence
from callcheck.model.facts.deployment import InstancesFactor
from callcheck.model.knowledge import Knowledge
from callcheck.model.target import Target
from callcheck.model.words import Basis
from callcheck.probes.processes import PROBE
from callcheck.sources import Eyes


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


def test_without_pid_or_port_there_is_nothing_to_look_at() -> None:
    target = Target(base=Path.cwd())
    assert PROBE.skip(target, Eyes(target, Knowledge()))
