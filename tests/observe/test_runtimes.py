"""Bun and Deno under `callcheck observe`: the agent is in them too, and where it is not, that is said."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from callcheck.sources.observe import environment
from tests.observe.test_causes import NODE, SERVER, judge
from tests.tools import node, observed

RUNTIMES = {"bun": (["bun"], (1, 2, 15)), "deno": (["deno", "run", "-A"], (2, 6, 7))}
"""How each runs a script, and since when it takes an agent."""
NAMES = ["an async handler that rejects", "a refused key", "a healthy app"]


def started_by(runtime: str) -> list[str]:
    """The words before the script; skips the test where the runtime is missing or too old."""
    words, oldest = RUNTIMES[runtime]
    if shutil.which(runtime) is None:
        pytest.skip(f"{runtime} is not installed (npm has it)")
    said = re.search(r"\d+\.\d+\.\d+", subprocess.run([runtime, "--version"], capture_output=True, text=True, check=False).stdout)
    if said is None or tuple(map(int, said[0].split("."))) < oldest:
        pytest.skip(f"{runtime} {'.'.join(map(str, oldest))} is needed")
    return words


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("runtime", RUNTIMES)
def test_the_cause_is_named_as_in_node(tmp_path: Path, runtime: str, name: str) -> None:
    words = started_by(runtime)
    (tmp_path / "app.cjs").write_text(NODE[name].code)
    judge(NODE[name], "app.cjs", observed.run(tmp_path, [*words, "app.cjs"]))


@pytest.mark.parametrize("runtime", RUNTIMES)
def test_the_app_runs_and_ends_as_without_the_agent(tmp_path: Path, runtime: str) -> None:
    words = started_by(runtime)
    code = """
process.on("exit", (code) => console.log("left with", code, typeof fetch, fetch.name));
const bus = new EventEmitter();
bus.on("done", (x) => console.log("heard", x));
console.log(bus.emit("done", 1), bus.emit("other"), bus.listenerCount("done"), Object.keys(bus));
setTimeout(() => { throw new RangeError("at last"); }, 50);
"""
    (tmp_path / "app.cjs").write_text(SERVER + code)
    ways = [{}, environment.variables(str(tmp_path / "run"), str(environment.AGENTS), {})]
    (tmp_path / "run").mkdir()
    bare, seen = (subprocess.run([*words, "app.cjs"], cwd=tmp_path, env=node.environment(NO_COLOR="1", **way), capture_output=True, text=True, check=False) for way in ways)
    assert (bare.returncode, bare.stdout, "at last" in bare.stderr) == (seen.returncode, seen.stdout, "at last" in seen.stderr)
    facts = [json.loads(line) for path in (tmp_path / "run").iterdir() for line in path.read_text().splitlines()]
    assert facts[0]["process.runtime.name"] == runtime
    told = {"event.emitted", "handler.returned"} | ({"process.uncaught", "process.exit"} if runtime == "bun" else set())  # Deno tells nobody of its end
    assert told <= {fact["fact"] for fact in facts}


WORKERS = """
const tell = (worker, on) => new Promise((resolve) => { worker[on]('message', (got) => { console.log(got.data ?? got, worker.constructor === MADE); worker.terminate(); resolve(); }); });
"""
KINDS = {
    "node:worker_threads, CommonJS": ("app.cjs", "const { Worker } = require('node:worker_threads'); const MADE = Worker;" + WORKERS + "tell(new Worker('./inside.mjs'), 'on');"),
    "node:worker_threads, named": ("app.mjs", "import { Worker } from 'node:worker_threads'; const MADE = Worker;" + WORKERS + "await tell(new Worker('./inside.mjs', { name: 'w' }), 'on');"),
    "the global one": ("app.mjs", "const MADE = Worker;" + WORKERS + "await tell(new (class Own extends Worker {})('./inside.mjs'), 'addEventListener');"),
}
INSIDE = """
import { EventEmitter } from 'node:events'; import { parentPort } from 'node:worker_threads';
const bus = new EventEmitter(); const say = (what) => (parentPort ?? self).postMessage(what);
bus.on('inside', () => say(`heard, ${process.argv.length}`)); bus.emit('inside');
"""


@pytest.mark.parametrize("kind", KINDS)
def test_workers_of_bun_are_told_and_do_as_without_the_agent(tmp_path: Path, kind: str) -> None:
    started_by("bun")
    name, code = KINDS[kind]
    (tmp_path / name).write_text(code)
    (tmp_path / "inside.mjs").write_text(INSIDE)
    (tmp_path / "run").mkdir()
    ways = [{}, environment.variables(str(tmp_path / "run"), str(environment.AGENTS), {})]
    bare, seen = (subprocess.run(["bun", name], cwd=tmp_path, env=node.environment(NO_COLOR="1", **way), capture_output=True, text=True, check=False, timeout=60) for way in ways)
    assert (seen.returncode, seen.stdout, seen.stderr) == (bare.returncode, bare.stdout, bare.stderr)
    assert "heard, " in seen.stdout
    facts = [json.loads(line) for path in (tmp_path / "run").iterdir() for line in path.read_text().splitlines()]
    assert sorted(fact["thread.id"] > 0 for fact in facts if fact["fact"] == "process.started") == [False, True]
    assert [fact["listener.count"] for fact in facts if fact.get("messaging.destination.name") == "inside" and fact["fact"] == "event.emitted"] == [1]


def test_without_permission_deno_asks_nothing_and_it_is_said(tmp_path: Path) -> None:
    started_by("deno")
    (tmp_path / "app.cjs").write_text("setTimeout(() => console.log('as ever'), 4000);")  # long enough to be seen on a busy machine
    _, said = observed.run(tmp_path, ["deno", "run", "--no-prompt", "app.cjs"])
    assert "as ever" in said
    assert "Deno takes one by NODE_OPTIONS" in said


def test_what_starts_a_script_of_the_manifest_is_not_missed(tmp_path: Path) -> None:
    started_by("bun")
    (tmp_path / "package.json").write_text(json.dumps({"scripts": {"start": "bun app.cjs"}}))
    (tmp_path / "app.cjs").write_text("setTimeout(() => console.log('as ever'), 700);")
    _, said = observed.run(tmp_path, ["bun", "run", "start"])
    assert "as ever" in said
    assert "wrote nothing" not in said


def test_a_runtime_without_agent_is_said_below_npm_too(tmp_path: Path) -> None:
    # A program that is called bun stands for a Bun that takes no agent, as npm installs it: bun.exe, on Linux too.
    program = tmp_path / "bun.exe"
    shutil.copy("/bin/sleep", program)
    (tmp_path / "package.json").write_text(json.dumps({"scripts": {"start": f"{program} 1"}}))
    _, said = observed.run(tmp_path, ["npm", "start"])
    assert "Bun takes one by BUN_OPTIONS, since 1.2.15" in said
