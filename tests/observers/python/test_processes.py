"""What the Python agent does where processes begin, multiply and end, and where it cannot write."""

from __future__ import annotations

import ast
import os
import shutil
import signal
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from callcheck.sources.observe.environment import AGENTS
from tests.observers.python.observed import PYTHON, Fact, environ, facts_in, needs, observe

_EMIT = "from pyee.base import EventEmitter\nbus = EventEmitter()\n"


def _by_pid(facts: tuple[Fact, ...]) -> dict[object, list[Fact]]:
    found: dict[object, list[Fact]] = {}
    pid: object = 0
    for fact in facts:
        pid = fact.get("process.pid", pid) if fact["fact"] == "process.started" else pid
        found.setdefault(pid, []).append(fact)
    return found


def test_the_first_line_describes_the_process_and_hides_what_looks_like_a_secret(tmp_path: Path) -> None:
    (tmp_path / "recording").mkdir()
    script = tmp_path / "app.py"
    script.write_text("import sys; print(sys.path)")
    command = [PYTHON, str(script), "--api-key", "s3cret", "--token=s3cret", "plain", "DB_PASSWORD=s3cret"]
    ended = subprocess.run(command, env=environ(tmp_path / "recording"), cwd=tmp_path, capture_output=True, text=True, check=True)
    started, exited = facts_in(tmp_path / "recording")
    assert started["process.command_args"] == [PYTHON, str(script), "--api-key", "***", "--token=***", "plain", "DB_PASSWORD=***"]
    assert (started["process.parent_pid"], started["process.working_directory"], started["process.runtime.name"]) == (os.getpid(), str(tmp_path), "cpython")
    assert exited["fact"] == "process.exit"
    assert str(AGENTS) not in ended.stdout
    (path,) = (tmp_path / "recording").iterdir()
    assert path.stat().st_mode & 0o777 == 0o600
    assert "s3cret" not in path.read_text()


@needs("pyee")
def test_a_child_of_a_fork_tells_of_its_emitters_and_listeners_anew(tmp_path: Path) -> None:
    code = f"""
import os
{_EMIT}
bus.on('done', lambda: None)
bus.emit('done')
pid = os.fork()
if not pid:
    bus.emit('done')
    os._exit(3)
os.waitpid(pid, 0)
print(pid)
"""
    run = observe(tmp_path, code)
    child = _by_pid(run.facts)[int(run.stdout)]
    assert [fact["fact"] for fact in child] == [
        *["process.started", "emitter.seen", "listener.added", "event.emitted"],
        *["handler.entered", "handler.returned", "event.delivered", "process.exit"],
    ]
    assert child[-1]["exit.code"] == 3
    assert {str(fact["emitter.id"]).partition(".")[0] for fact in child if "emitter.id" in fact} == {run.stdout.strip()}
    assert child[5]["listener.id"] == child[2]["listener.id"]
    assert len(run.of("process.exit")) == 2


@needs("pyee")
@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_children_of_multiprocessing_have_a_file_each(method: str, tmp_path: Path) -> None:
    code = f"""
import multiprocessing, os
{_EMIT}
def work(n):
    for _ in range(300): bus.emit('done')
if __name__ == '__main__':
    bus.on('done', work)
    context = multiprocessing.get_context('{method}')
    children = [context.Process(target=work, args=(n,)) for n in range(2)]
    for child in children: child.start()
    for child in children: child.join(); print(child.pid, child.exitcode)
"""
    code = code.replace("bus.on('done', work)", "bus.on('done', int)")
    run = observe(tmp_path, code)
    found = _by_pid(run.facts)
    heard = 1 if method == "fork" else 0
    assert run.stderr == ""
    for line in run.stdout.splitlines():
        pid, status = map(int, line.split())
        emitted = [fact for fact in found[pid] if fact["fact"] == "event.emitted"]
        counted = [fact for fact in found[pid] if fact["fact"] == "event.count"]
        assert (status, len(emitted), {fact["listener.count"] for fact in emitted}) == (0, 200, {heard})
        assert sum(int(str(fact["count"])) for fact in counted) == 100


@needs("pyee")
def test_nothing_is_lost_when_the_process_is_killed(tmp_path: Path) -> None:
    code = _EMIT + "bus.on('done', int)\nimport os, signal\nfor _ in range(100): bus.emit('done')\nos.kill(os.getpid(), signal.SIGKILL)\n"
    run = observe(tmp_path, code)
    assert run.status == -signal.SIGKILL
    assert len(run.of("event.emitted")) == len(run.of("event.delivered")) == 100


@needs("pyee")
def test_counts_are_written_every_second_also_after_a_fork(tmp_path: Path) -> None:
    code = _EMIT + "import os, signal, time\nfor _ in range(300): bus.emit('done')\ntime.sleep(0.1)\nif not os.fork(): os._exit(0)\ntime.sleep(1.6)\nos.kill(os.getpid(), signal.SIGKILL)\n"
    run = observe(tmp_path, code)
    assert [(fact["count"], fact["unheard"]) for fact in run.of("event.count")] == [(100, 100)]


@needs("pyee")
def test_a_signal_and_the_garbage_collector_may_come_in_while_a_line_is_written(tmp_path: Path) -> None:
    code = f"""
import gc, signal, time
{_EMIT}
from blinker import Signal
weak, alarm = Signal(), Signal()
gc.set_threshold(1)
signal.signal(signal.SIGALRM, lambda *_: alarm.send())
signal.setitimer(signal.ITIMER_REAL, 0.003, 0.003)
class Cycle:
    def __init__(self): self.me = self; weak.connect(self.heard)
    def heard(self, sender): pass
end = time.monotonic() + 0.3
while time.monotonic() < end: Cycle(); EventEmitter().emit('tick')
signal.setitimer(signal.ITIMER_REAL, 0)
print('alive')
"""
    run = observe(tmp_path, code)
    assert (run.stdout, run.stderr) == ("alive\n", "")
    assert run.of("event.emitted", messaging__destination__name="alarm") and run.of("listener.collected")


def test_an_app_is_the_same_where_nothing_can_be_written(tmp_path: Path) -> None:
    script = tmp_path / "app.py"
    script.write_text("import threading, asyncio, sys\nprint('alive', len(sys.meta_path))\nsys.exit(7)\n")
    bare = subprocess.run([PYTHON, str(script)], env=environ(None), capture_output=True, text=True, check=False)
    for folder in (Path("/proc/nowhere"), tmp_path / "missing", script):
        ended = subprocess.run([PYTHON, str(script)], env=environ(folder), capture_output=True, text=True, check=False)
        assert (ended.returncode, ended.stdout, ended.stderr) == (bare.returncode, bare.stdout, bare.stderr)


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs /dev/full")
@needs("pyee")
def test_an_app_goes_on_where_the_disk_is_full(tmp_path: Path) -> None:
    code = """
import os
real = os.open
os.open = lambda path, flags, mode=0o777: real('/dev/full' if 'recording' in str(path) else path, flags, mode)
from _callcheck_agent import start
"""
    shutil.copytree(AGENTS / "python" / "_callcheck_agent", tmp_path / "_callcheck_agent")
    code = f"import sys\nsys.path.insert(0, {str(tmp_path)!r})\n{code}start('recording')\n{_EMIT}bus.on('a', lambda: print('heard'))\nbus.emit('a')\n"
    run = observe(tmp_path, code, observed=False)
    assert (run.status, run.stdout, run.stderr) == (0, "heard\n", "")


@needs("pyee")
def test_what_an_app_opens_after_it_has_closed_all_files_by_number_is_its_own(tmp_path: Path) -> None:
    code = """
import os, time
from pyee.base import EventEmitter
bus = EventEmitter(); bus.on('x', lambda: None); bus.emit('x')
os.closerange(3, 1024)
mine = [open(f'mine{n}', 'wb', buffering=0) for n in range(REACH)]
time.sleep(WAIT)
bus.emit('x')
print(sum(os.path.getsize(f'mine{n}') for n in range(REACH)))
"""
    for reach, wait in ((8, 0), (300, 1.1)):
        run = observe(tmp_path, code.replace("REACH", str(reach)).replace("WAIT", str(wait)))
        assert (run.status, run.stdout) == (0, "0\n")
        assert run.of("event.emitted")
        assert {fact["why"] for fact in run.of("agent.skipped")} == {"the app closed the file"}


def test_the_sitecustomize_that_ours_hides_runs(tmp_path: Path) -> None:
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "sitecustomize.py").write_text("print('theirs')\n")
    (tmp_path / "recording").mkdir()
    env = environ(tmp_path / "recording")
    env["PYTHONPATH"] += os.pathsep + str(tmp_path / "site")
    ended = subprocess.run([PYTHON, "-c", "import sitecustomize; print(sitecustomize.__file__)"], env=env, capture_output=True, text=True, check=True)
    assert ended.stdout == f"theirs\n{tmp_path / 'site' / 'sitecustomize.py'}\n"
    assert len(facts_in(tmp_path / "recording")) == 2


def test_an_isolated_interpreter_is_not_reached_and_runs_as_before(tmp_path: Path) -> None:
    (tmp_path / "recording").mkdir()
    ended = subprocess.run([PYTHON, "-I", "-c", "print(1)"], env=environ(tmp_path / "recording"), capture_output=True, text=True, check=True)
    assert (ended.stdout, list((tmp_path / "recording").iterdir())) == ("1\n", [])


def test_a_fork_is_not_warned_of_because_of_us(tmp_path: Path) -> None:
    code = """
import os, threading, urllib.request, warnings
warnings.simplefilter('error', DeprecationWarning)
import http.server
server = http.server.HTTPServer(('127.0.0.1', 0), http.server.BaseHTTPRequestHandler)
try: urllib.request.urlopen('http://127.0.0.1:%d/' % server.server_address[1], timeout=0.1)
except OSError: pass
if not os.fork(): os._exit(0)
os.wait()
print(threading.active_count())
"""
    run = observe(tmp_path, code)
    assert (run.stdout, run.stderr) == ("1\n", "")


@pytest.mark.parametrize("code", ["import sys; sys.exit(5)", "raise SystemExit('gone')", "1 / 0", "import os, signal; os.kill(os.getpid(), signal.SIGTERM)", "raise KeyboardInterrupt"])
def test_a_process_ends_as_it_would_without_us(code: str, tmp_path: Path) -> None:
    bare, seen = (observe(tmp_path, code, observed=observed) for observed in (False, True))
    assert (bare.status, bare.stdout, bare.stderr) == (seen.status, seen.stdout, seen.stderr)
    assert [fact.get("exit.code") for fact in seen.of("process.exit")] == ([] if "SIGTERM" in code else [1] if code == "1 / 0" else [None])


def test_tasks_and_threads_that_fail_are_told(tmp_path: Path) -> None:
    code = """
import asyncio, gc, threading
from concurrent.futures import ThreadPoolExecutor
async def fail(): raise ValueError('task')
async def hang(): await asyncio.get_running_loop().create_future()
async def main():
    asyncio.create_task(fail()); asyncio.create_task(hang())
    await asyncio.sleep(0.01); gc.collect(); await asyncio.sleep(0.01)
asyncio.run(main())
threading.Thread(target=lambda: 1 / 0, name='mine').start()
ThreadPoolExecutor().submit(lambda: [][0])
"""
    run = observe(tmp_path, code)
    told = {(fact["fact"], str(fact["exception.message"])): fact.get("code.line.number") for fact in run.of("asyncio.unhandled", "thread.uncaught", "future.failed")}
    assert told[("asyncio.unhandled", "task")] == 4
    assert told[("asyncio.unhandled", "Task was destroyed but it is pending!")] == 5
    assert told[("thread.uncaught", "division by zero")] == 10
    assert told[("future.failed", "list index out of range")] == 11


@needs("pyee")
def test_what_runs_over_the_limits_is_counted(tmp_path: Path) -> None:
    code = "from pyee.base import EventEmitter\nfor n in range(6000): EventEmitter().emit('e')\n"
    run = observe(tmp_path, code)
    left_out = {fact["what"] for fact in run.of("agent.skipped")}
    assert "facts" in left_out and "stacks" in left_out


_FLASK = """
import os, time
from flask import Flask
from pyee.base import EventEmitter
app, bus = Flask(__name__), EventEmitter()
@app.get('/start/<id>')
def start(id):
    time.sleep(0.02)  # so that the next request goes to another worker
    bus.once('done:' + id, lambda: None); return str(os.getpid())
@app.get('/execute/<id>')
def execute(id):
    time.sleep(0.02)
    return f"{os.getpid()} {int(bus.emit('done:' + id))}"
"""
_FASTAPI = _FLASK.replace("Flask(__name__)", "FastAPI()").replace("from flask import Flask", "from fastapi import FastAPI").replace("<id>", "{id}").replace("(id)", "(id: str)")


@pytest.mark.parametrize(
    ("code", "command"),
    [
        pytest.param(_FLASK, ["gunicorn", "-w", "4", "-b", "{address}", "app:app"], marks=needs("gunicorn", "flask", "pyee"), id="gunicorn"),
        pytest.param(_FASTAPI, ["uvicorn", "--workers", "2", "--host", "127.0.0.1", "--port", "{port}", "app:app"], marks=needs("uvicorn", "fastapi", "pyee"), id="uvicorn"),
    ],
)
def test_workers_of_a_server_have_a_file_each_and_what_is_heard_is_what_met_in_one(code: str, command: list[str], tmp_path: Path) -> None:
    import socket
    import urllib.request

    (tmp_path / "app.py").write_text(code)
    (tmp_path / "recording").mkdir()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    told = [part.format(address=f"127.0.0.1:{port}", port=port) for part in command]
    server = subprocess.Popen([PYTHON, "-m", *told], cwd=tmp_path, env=environ(tmp_path / "recording"), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def get(path: str) -> str:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/{path}", timeout=10) as response:
            return str(response.read().decode().strip('"'))

    try:
        for _ in range(200):
            try:
                get("start/0")
                break
            except OSError:
                time.sleep(0.1)
        # Several at a time: else one worker may get them all.
        with ThreadPoolExecutor(8) as drivers:
            started = list(drivers.map(lambda n: get(f"start/{n}"), range(1, 60)))
            executed = list(drivers.map(lambda n: get(f"execute/{n}").split(), range(1, 60)))
        pairs = list(zip(started, executed, strict=True))
    finally:
        server.terminate()
        assert server.wait(20) in (0, -signal.SIGTERM)
    facts = facts_in(tmp_path / "recording")
    met = sum(started == pid for started, (pid, _) in pairs)
    heard = sum(1 for fact in facts if fact["fact"] == "event.emitted" and fact["listener.count"])
    assert met == heard == sum(int(number) for _, (_, number) in pairs)
    found = _by_pid(facts)
    serving = {pid for pid, told in found.items() if any(fact["fact"] == "request.started" for fact in told)}
    assert serving == {int(pid) for started, (pid, _) in pairs for pid in (started, pid)} and len(serving) > 1
    # uvicorn's workers end by the signal that they were sent.
    assert command[0] == "uvicorn" or all(any(fact["fact"] == "process.exit" for fact in found[pid]) for pid in serving)
    assert {fact.get("callcheck.launcher") for pid in serving for fact in found[pid][:1]} <= {command[0], None}


def test_the_agent_imports_nothing_that_an_interpreter_has_not_loaded_anyway(tmp_path: Path) -> None:
    code = "import sys; print(sorted(name for name in sys.modules if not name.startswith('_callcheck_agent')))"
    bare, seen = (observe(tmp_path, code, observed=observed).stdout for observed in (False, True))
    assert set(ast.literal_eval(seen)) - set(ast.literal_eval(bare)) <= {"_json", "_collections", "_contextvars", "atexit", "itertools", "_callcheck_agent", "sitecustomize"}

