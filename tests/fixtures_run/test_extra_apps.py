"""Those of the further pairs that need no server of their own, run for real: broken stays silent, fixed speaks."""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from tests.tools import apps, node

EXTRA = Path(__file__).resolve().parents[2] / "fixtures" / "extra"
SIDES = ("broken", "fixed")

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the apps are run in process groups")


def _run(case: str, side: str, arguments: list[str], *, given: str = "", needs: str, limit_s: float = 30) -> str:
    if importlib.util.find_spec(needs) is None:
        pytest.skip(f"not installed: {needs}")
    done = subprocess.run(
        [sys.executable, "-m", *arguments], cwd=EXTRA / case / side, env=node.environment(PYTHONDONTWRITEBYTECODE="1"),
        input=given, capture_output=True, text=True, timeout=limit_s, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout + done.stderr


@pytest.mark.parametrize("side", SIDES)
def test_pyee_keeps_nothing_for_a_late_listener(tmp_path: Path, side: str) -> None:
    for name in ("a.tif", "b.tif"):
        (tmp_path / name).touch()
    said = _run("late-registration-pyee", side, ["archive", str(tmp_path)], needs="pyee")
    assert said == {"broken": "", "fixed": "indexed 2 pages\n"}[side]


@pytest.mark.parametrize("side", SIDES)
def test_blinker_signals_of_two_namespaces_are_two(side: str) -> None:
    said = _run("wrong-instance-blinker", side, ["station"], given="3\n20\n", needs="blinker")
    assert said.count("siren on") == {"broken": 0, "fixed": 1}[side]


@pytest.mark.parametrize("side", SIDES)
def test_a_runtime_that_was_not_started_dispatches_nothing(side: str) -> None:
    said = _run("runtime-not-started-autogen-core", side, ["tours"], needs="autogen_core")
    assert said.count("Clock society: ") == {"broken": 0, "fixed": 1}[side]


@pytest.mark.parametrize("side", SIDES)
def test_redis_keeps_nothing_for_a_late_subscriber(tmp_path: Path, side: str) -> None:
    if importlib.util.find_spec("redis") is None:
        pytest.skip("not installed: redis")
    if shutil.which("redis-server") is None:
        pytest.skip("redis-server is not installed")
    case = EXTRA / "lossy-pubsub-redis" / side
    with apps.redis_server(tmp_path) as url:
        env = node.environment(REDIS_URL=url, PYTHONDONTWRITEBYTECODE="1")
        printer, counter = ([sys.executable, "-m", f"darkroom.{name}"] for name in ("printer", "counter"))
        with apps.running(printer, case, env, tmp_path / "printer.log"):
            # The counter is slowed down as a busy machine would, so that the printer is surely the quicker one.
            slow = "import time, builtins, runpy, sys; p = print\n"
            slow += "builtins.print = lambda *a: (p(*a, flush=True), time.sleep(1))\n"
            slow += "sys.argv = ['counter', 'r1', '1']; runpy.run_module('darkroom.counter', run_name='__main__')"
            command = [counter[0], "-c", slow]
            counting = apps.running(command, case, env, tmp_path / "counter.log")
            with counting as waiting, suppress(subprocess.TimeoutExpired):
                waiting.wait(10 if side == "fixed" else 3)
        said = (tmp_path / "counter.log").read_text()
    assert "handed in" in said
    assert ("'prints': 1" in said) == (side == "fixed"), said
