"""What the Node agent writes of the process itself, and that the process ends as it would without."""

from __future__ import annotations

import signal
import subprocess
from pathlib import Path

import pytest

from tests.observers.node.observed import NODE, environ, facts_in, needs_node, observe

pytestmark = needs_node

ENDS = {
    "exit code": "process.exitCode = 3;",
    "exit call": "process.on('exit', (c) => { console.log('bye', c); process.exitCode = 9; }); process.exit(4);",
    "uncaught": "setTimeout(() => { throw new TypeError('boom'); }, 5);",
    "uncaught in a handler": "const b = new (require('events'))(); b.on('x', () => { throw new TypeError('boom'); }); b.emit('x');",
    "uncaught and handled": "process.on('uncaughtException', (e, o) => console.log(e.message, o)); setTimeout(() => console.log('on'), 50); null.x;",
    "unhandled rejection": "Promise.reject(new TypeError('boom')); setTimeout(() => console.log('never'), 500);",
    "rejecting handler": "const b = new (require('events'))(); b.on('x', async () => { throw new TypeError('boom'); }); b.emit('x'); setTimeout(() => console.log('never'), 500);",
    "rejection and handled": "process.on('unhandledRejection', (e) => console.log(e.message)); Promise.reject(new TypeError('boom'));",
    "kill": "process.kill(process.pid, 'SIGTERM'); setTimeout(() => console.log('never'), 2000);",
    "unheard error event": "new (require('events'))().emit('error', new RangeError('boom'));",
}


@pytest.mark.parametrize("name", ENDS)
def test_the_app_ends_as_without_the_agent(tmp_path: Path, name: str) -> None:
    bare = observe(tmp_path / "bare", ENDS[name], observed=False)
    run = observe(tmp_path / "observed", ENDS[name])
    assert (run.status, run.stdout) == (bare.status, bare.stdout)
    assert bool(run.stderr) == bool(bare.stderr)


def test_an_uncaught_exception_is_told_with_its_place_and_the_exit_code(tmp_path: Path) -> None:
    run = observe(tmp_path, "\nsetTimeout(() => { null.x; }, 5);\n")
    (uncaught,) = run.of("process.uncaught")
    assert (uncaught["error.type"], uncaught["code.line.number"], uncaught["origin"], uncaught["listener.count"]) == ("TypeError", 2, "uncaughtException", 0)
    assert run.of("process.exit")[0]["exit.code"] == 1
    assert "agent.cjs" not in run.stderr


def test_an_unhandled_rejection_is_told_and_nobody_listens_for_it(tmp_path: Path) -> None:
    code = "for (const n of ['unhandledRejection', 'uncaughtException', 'SIGTERM', 'exit']) console.log(process.listenerCount(n));\nPromise.reject(new RangeError('no'));\n"
    run = observe(tmp_path, code)
    assert run.stdout == "0\n0\n0\n0\n"
    assert run.status == 1
    (unhandled,) = run.of("process.unhandled_rejection")
    assert (unhandled["error.type"], unhandled["listener.count"], unhandled["code.line.number"]) == ("RangeError", 0, 2)
    assert run.of("process.uncaught")[0]["origin"] == "unhandledRejection"


def test_warnings_and_handled_signals_are_told(tmp_path: Path) -> None:
    code = """
const bus = new (require('events'))();
for (let i = 0; i < 12; i += 1) bus.on('x', () => {});
process.on('SIGTERM', () => process.exit(7));
process.kill(process.pid, 'SIGTERM');
setTimeout(() => {}, 5000);
"""
    run = observe(tmp_path, code)
    assert run.status == 7
    assert [fact["error.type"] for fact in run.of("process.warning")] == ["MaxListenersExceededWarning"]
    assert [(fact["signal"], fact["listener.count"]) for fact in run.of("process.signal")] == [("SIGTERM", 1)]


@pytest.mark.parametrize("name", ["SIGTERM", "SIGINT", "SIGHUP"])
def test_a_signal_that_nobody_handles_ends_the_app_and_loses_nothing(tmp_path: Path, name: str) -> None:
    status, emitted = _stopped(tmp_path, signal.Signals[name])
    assert (status, emitted) == (-signal.Signals[name], 100)


def test_nothing_is_lost_by_sigkill(tmp_path: Path) -> None:
    assert _stopped(tmp_path, signal.SIGKILL) == (-signal.SIGKILL, 100)


def _stopped(folder: Path, by: signal.Signals) -> tuple[int, int]:
    code = "const b = new (require('events'))(); for (let i = 0; i < 100; i += 1) b.emit('x' + i); console.log('ready'); setInterval(() => {}, 1000);"
    (folder / "app.js").write_text(code)
    assert NODE
    with subprocess.Popen([NODE, "app.js"], cwd=folder, env=environ(folder), stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert process.stdout.readline() == "ready\n"
        process.send_signal(by)
        status = process.wait(10)
    return status, sum(fact["fact"] == "event.emitted" for fact in facts_in(folder))


def test_the_first_line_says_which_process_it_is_and_hides_secrets(tmp_path: Path) -> None:
    code = "new (require('events'))().emit('x');\n"
    path = tmp_path / "app.js"
    path.write_text(code)
    assert NODE
    command = [NODE, "app.js", "--api-key", "sk-1", "--password=hunter2", "redis://me:pw@host/1", "plain"]
    subprocess.run(command, cwd=tmp_path, env=environ(tmp_path), check=True, timeout=20)
    started = facts_in(tmp_path)[0]
    (recorded,) = tmp_path.glob("*.jsonl")
    assert recorded.name.startswith(f"{started['process.pid']}-0-")
    assert recorded.stat().st_mode & 0o777 == 0o600
    assert (started["schema"], started["agent"], started["thread.id"], started["process.working_directory"]) == (1, "node", 0, str(tmp_path))
    arguments = started["process.command_args"]
    assert isinstance(arguments, list)
    assert arguments[-5:] == ["--api-key", "***", "--password=***", "redis://***@host/1", "plain"]
