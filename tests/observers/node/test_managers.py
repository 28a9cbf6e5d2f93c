"""The Node agent under PM2 (its daemon started by the same command, or running before) and under tsx."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.observers.node.observed import AGENT, Fact, environ, facts_in, needs_node
from tests.tools import node

pytestmark = needs_node

APP = "const b = new (require('events'))(); b.emit('up'); setInterval(() => {}, 1000);\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An app and an empty recording; skips, saying why, where PM2 and tsx cannot be had."""
    if why := node.missing():
        pytest.skip(why)
    (tmp_path / "recording").mkdir()
    (tmp_path / "app.js").write_text(APP)
    return tmp_path


@contextmanager
def _home(folder: Path, env: dict[str, str]) -> Iterator[dict[str, str]]:
    """A private home for PM2, whose daemon ends with the block."""
    home = Path("/tmp") / f"cc-{os.getpid()}-{time.monotonic_ns() % 10**8}"  # its sockets need a short path
    home.mkdir()
    env = env | {"PM2_HOME": str(home), "PM2_DISCRETE_MODE": "true"}
    try:
        yield env
    finally:
        _pm2(folder, env, "kill")
        for pid in home.glob("*.pid"):
            try:
                os.kill(int(pid.read_text()), signal.SIGKILL)
            except (ProcessLookupError, ValueError):
                continue
        subprocess.run(["rm", "-rf", str(home)], check=False)


def _pm2(folder: Path, env: dict[str, str], *words: str) -> None:
    subprocess.run([node.program("pm2"), *words], cwd=folder, env=env, capture_output=True, check=False, timeout=90)


def _wait_for(recording: Path, count: int) -> list[Fact]:
    """The first facts of the processes in which the app came up, as soon as there are that many."""
    until = time.monotonic() + 30
    while True:
        facts = facts_in(recording)
        up = {str(fact["messaging.message.id"]).split(".")[0] for fact in facts if fact.get("messaging.destination.name") == "up"}
        if len(up) >= count or time.monotonic() > until:
            return [fact for fact in facts if fact["fact"] in ("process.started", "process.identified") and _pid(fact, facts) in up]
        time.sleep(0.1)


def _pid(fact: Fact, facts: tuple[Fact, ...]) -> str:
    """The process of a fact: that of the last process.started at or before it."""
    before = [one for one in facts[: facts.index(fact) + 1] if one["fact"] == "process.started"]
    return str(before[-1]["process.pid"])


def test_all_workers_of_a_daemon_that_the_command_starts_are_reached(folder: Path) -> None:
    with _home(folder, environ(folder / "recording")) as env:
        _pm2(folder, env, "start", "app.js", "-i", "2", "--name", "web")
        facts = _wait_for(folder / "recording", 2)
    assert {fact.get("pm2.id") for fact in facts} - {None} == {"0", "1"}
    assert {fact.get("pm2.name") for fact in facts} - {None} == {"web"}
    assert all(any("app.js" in str(word) for word in arguments) for fact in facts if isinstance(arguments := fact.get("process.command_args"), list) and fact["fact"] == "process.identified")


def test_workers_of_a_daemon_that_runs_already_are_reached_by_node_args(folder: Path) -> None:
    bare = {key: value for key, value in environ(folder / "recording").items() if key not in ("NODE_OPTIONS", "CALLCHECK_RECORDING")}
    with _home(folder, bare) as env:
        _pm2(folder, env, "ping")
        told = env | {"CALLCHECK_RECORDING": str(folder / "recording")}
        _pm2(folder, told, "start", "app.js", "-i", "2", f"--node-args=--require {AGENT}")
        facts = _wait_for(folder / "recording", 2)
    assert {fact.get("pm2.id") for fact in facts} - {None} == {"0", "1"}


def test_typescript_under_tsx_gives_the_lines_of_the_typescript(folder: Path) -> None:
    code = """import { EventEmitter } from 'node:events';

interface Done {
  id: string;
}

const bus: EventEmitter = new EventEmitter();
bus.on('done', ({ id }: Done) => console.log(id));
bus.emit('done', { id: 'seven' } satisfies Done);
"""
    for name in ("app.ts", "app.mts"):
        (folder / name).write_text(code)
        ended = subprocess.run([node.program("tsx"), name], cwd=folder, env=environ(folder / "recording"), capture_output=True, text=True, check=False, timeout=60)
        assert (ended.returncode, ended.stdout) == (0, "seven\n"), ended.stderr
        facts = [fact for fact in facts_in(folder / "recording") if str(fact.get("code.file.path", "")).endswith(name)]
        assert {fact["fact"]: fact["code.line.number"] for fact in facts} == {"emitter.seen": 7, "listener.added": 8, "event.emitted": 9}
