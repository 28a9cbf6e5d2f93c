"""What does the Python agent cost? A command; CPU time with the agent against without, alternating in one run, the least of all rounds.

    python tests/benchmarks/python_agent.py [--rounds 5] [--python BINARY] [start emit request]

start: an interpreter that does nothing. emit: pyee, blinker and Django's Signal with one handler, after the first 200 which are written in full.
request: a FastAPI app under uvicorn, the first 2,000 requests and those after.
"""

from __future__ import annotations

import argparse
import contextlib
import http.client
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psutil

from callcheck.sources.observe.environment import AGENTS, RECORDING

_LOOP = """
import time
for _ in range(300): emit()
began = time.process_time()
for _ in range(100_000): emit()
print((time.process_time() - began) * 10_000)
"""
EMITS = {
    "pyee emit": "from pyee.base import EventEmitter\nbus = EventEmitter()\nbus.on('e', lambda: None)\ndef emit(): bus.emit('e')\n",
    "blinker send": "from blinker import signal\nbus = signal('e')\ndef heard(sender): pass\nbus.connect(heard)\ndef emit(): bus.send()\n",
    "django send": "from django.conf import settings\nsettings.configure()\nfrom django.dispatch import Signal\nbus = Signal()\ndef heard(sender, **more): pass\nbus.connect(heard)\ndef emit(): bus.send(None)\n",
}
_APP = "from fastapi import FastAPI\napp = FastAPI()\n@app.get('/')\nasync def root(): return {'ok': True}\n"


def environ(folder: str, agent: bool) -> dict[str, str]:
    mine = {key: value for key, value in os.environ.items() if key not in (RECORDING, "PYTHONPATH", "PYTHONDONTWRITEBYTECODE")}
    return {**mine, RECORDING: folder, "PYTHONPATH": str(AGENTS / "python")} if agent else mine


def start(python: str, agent: bool) -> dict[str, float]:
    """Milliseconds of CPU of an interpreter that does nothing."""
    with tempfile.TemporaryDirectory() as folder:
        process = subprocess.Popen([python, "-c", "pass"], env=environ(folder, agent), cwd=folder)
        _, _, used = os.wait4(process.pid, 0)
        process.returncode = 0
        return {"start, ms": (used.ru_utime + used.ru_stime) * 1000}


def emit(python: str, agent: bool) -> dict[str, float]:
    """Nanoseconds of CPU an emit."""
    found = {}
    for name, code in EMITS.items():
        with tempfile.TemporaryDirectory() as folder:
            ended = subprocess.run([python, "-c", code + _LOOP], env=environ(folder, agent), cwd=folder, capture_output=True, text=True, check=False)
            if ended.returncode == 0:
                found[f"{name}, ns"] = float(ended.stdout)
    return found


def request(python: str) -> dict[str, tuple[float, float]]:
    """Microseconds of CPU a request, of the server alone, bare and with the agent: both stand side by side and get their requests in turn."""
    with contextlib.ExitStack() as stack:
        servers = [stack.enter_context(_server(python, agent)) for agent in (False, True)]
        early = [[_cpu(pid, client, 190) for pid, client in servers] for _ in range(10)]
        for _, client in servers:
            _requests(client, 100)
        turns = [[_cpu(pid, client, 500) for pid, client in servers] for _ in range(10)]
    first = [statistics.fmean(turn[which] for turn in early) for which in (0, 1)]
    bare, seen = ([turn[which] for turn in turns] for which in (0, 1))
    return {
        "request of the first 2,000, us": (first[0], first[1]),
        "request then, least, us": (min(bare), min(seen)),
        "request then, median, us": (statistics.median(bare), statistics.median(seen)),
    }


@contextlib.contextmanager
def _server(python: str, agent: bool) -> Iterator[tuple[int, http.client.HTTPConnection]]:
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "app.py").write_text(_APP)
        (Path(folder) / "recording").mkdir()
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        command = [python, "-m", "uvicorn", "--log-level", "warning", "--port", str(port), "app:app"]
        server = subprocess.Popen(command, cwd=folder, env=environ(f"{folder}/recording", agent))
        try:
            while True:
                with socket.socket() as probe:
                    if probe.connect_ex(("127.0.0.1", port)) == 0:
                        break
                time.sleep(0.05)
            client = http.client.HTTPConnection("127.0.0.1", port)
            _requests(client, 50)
            yield server.pid, client
            client.close()
        finally:
            server.terminate()
            server.wait(10)


def _requests(client: http.client.HTTPConnection, count: int) -> None:
    for _ in range(count):
        client.request("GET", "/")
        client.getresponse().read()


def _cpu(pid: int, client: http.client.HTTPConnection, count: int) -> float:
    before = psutil.Process(pid).cpu_times()
    _requests(client, count)
    after = psutil.Process(pid).cpu_times()
    return (after.user + after.system - before.user - before.system) / count * 1e6


def main() -> None:
    """Measure, and print ratios."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("what", nargs="*", default=[])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--python", default=sys.executable)
    chosen = parser.parse_args()
    for measure in (start, emit):
        if chosen.what and measure.__name__ not in chosen.what:
            continue
        least: dict[tuple[str, bool], float] = {}
        for _ in range(chosen.rounds * (4 if measure is start else 1)):
            for agent in (False, True):
                for name, value in measure(chosen.python, agent).items():
                    least[name, agent] = min(value, least.get((name, agent), value))
        for name in dict.fromkeys(name for name, _ in least):
            _say(name, least[name, False], least[name, True])
    if not chosen.what or "request" in chosen.what:
        rounds = [request(chosen.python) for _ in range(chosen.rounds)]
        for name in rounds[0]:
            _say(name, *(min(told[name][which] for told in rounds) for which in (0, 1)))


def _say(name: str, bare: float, seen: float) -> None:
    print(f"{name:32} bare {bare:8.1f}   with the agent {seen:8.1f}   x {seen / bare:.2f}")


if __name__ == "__main__":
    main()
