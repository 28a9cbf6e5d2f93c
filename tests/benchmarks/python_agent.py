"""What does the Python agent cost? A command; CPU time with the agent against without, alternating in one run, the least of all rounds.

    python tests/benchmarks/python_agent.py [--rounds 5] [--python BINARY] [--opentelemetry] [--with NAME=PYTHONPATH ...] [start emit request]

start: an interpreter that does nothing. emit: pyee, blinker and Django's Signal with one handler, after the first 200 which are written in full.
request: a FastAPI app under uvicorn, the first 2,000 requests and those after, and its resident memory. `--opentelemetry` installs OpenTelemetry's automatic
instrumentation with pip and measures it in the same rounds; `--with` measures something else that PYTHONPATH loads.
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

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from callcheck.sources.observe.environment import AGENTS, RECORDING
from tests.tools import telemetry

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


Ways = dict[str, str]
"""Name of what is measured -> what PYTHONPATH is for it, "" for none."""


def environ(folder: str, path: str) -> dict[str, str]:
    mine = {key: value for key, value in os.environ.items() if key not in (RECORDING, "PYTHONPATH", "PYTHONDONTWRITEBYTECODE")}
    return {**mine, RECORDING: folder, "PYTHONPATH": path} if path else mine


def start(python: str, path: str) -> dict[str, float]:
    """Milliseconds of CPU of an interpreter that does nothing."""
    with tempfile.TemporaryDirectory() as folder:
        process = subprocess.Popen([python, "-c", "pass"], env=environ(folder, path), cwd=folder)
        _, _, used = os.wait4(process.pid, 0)
        process.returncode = 0
        return {"start, ms": (used.ru_utime + used.ru_stime) * 1000}


def emit(python: str, path: str) -> dict[str, float]:
    """Nanoseconds of CPU an emit."""
    found = {}
    for name, code in EMITS.items():
        with tempfile.TemporaryDirectory() as folder:
            ended = subprocess.run([python, "-c", code + _LOOP], env=environ(folder, path), cwd=folder, capture_output=True, text=True, check=False)
            if ended.returncode == 0:
                found[f"{name}, ns"] = float(ended.stdout)
    return found


def request(python: str, ways: Ways) -> dict[str, list[float]]:
    """Microseconds of CPU a request, of the server alone, for each way: all stand side by side and get their requests in turn."""
    with contextlib.ExitStack() as stack:
        servers = [stack.enter_context(_server(python, path)) for path in ways.values()]
        early = [[_cpu(pid, client, 190) for pid, client in servers] for _ in range(10)]
        for _, client in servers:
            _requests(client, 100)
        turns = [[_cpu(pid, client, 500) for pid, client in servers] for _ in range(10)]
        memory = [psutil.Process(pid).memory_info().rss / 2**20 for pid, _ in servers]
    each = [[turn[which] for turn in turns] for which in range(len(ways))]
    return {
        "request of the first 2,000, us": [statistics.fmean(turn[which] for turn in early) for which in range(len(ways))],
        "request then, least, us": [min(told) for told in each],
        "request then, median, us": [statistics.median(told) for told in each],
        "memory, MB": memory,
    }


@contextlib.contextmanager
def _server(python: str, path: str) -> Iterator[tuple[int, http.client.HTTPConnection]]:
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "app.py").write_text(_APP)
        (Path(folder) / "recording").mkdir()
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        command = [python, "-m", "uvicorn", "--log-level", "warning", "--port", str(port), "app:app"]
        server = subprocess.Popen(command, cwd=folder, env=environ(f"{folder}/recording", path))
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
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", nargs="*", default=[])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--python", default=sys.executable)
    parser.add_argument("--with", dest="others", action="append", default=[], help="NAME=PYTHONPATH of something else to measure beside it")
    parser.add_argument("--opentelemetry", action="store_true", help="measure OpenTelemetry's automatic instrumentation beside it")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        _measure(chosen, Path(folder))


def _measure(chosen: argparse.Namespace, folder: Path) -> None:
    ways: Ways = {"bare": "", "agent": str(AGENTS / "python"), **dict(other.split("=", 1) for other in chosen.others)}
    if chosen.opentelemetry:
        ways["opentelemetry"] = telemetry.for_python(folder, chosen.python)
    print(f"{'':32}" + "".join(f"{way:>20}" for way in ways))
    for measure in (start, emit):
        if chosen.what and measure.__name__ not in chosen.what:
            continue
        least: dict[str, dict[str, float]] = {}
        for _ in range(chosen.rounds * (4 if measure is start else 1)):
            for way, path in ways.items():
                for name, value in measure(chosen.python, path).items():
                    told = least.setdefault(name, {})
                    told[way] = min(value, told.get(way, value))
        for name, told in least.items():
            _say(name, list(told.values()))
    if not chosen.what or "request" in chosen.what:
        rounds = [request(chosen.python, ways) for _ in range(chosen.rounds)]
        for name in rounds[0]:
            _say(name, [min(values) for values in zip(*(found[name] for found in rounds), strict=True)])


def _say(name: str, values: list[float]) -> None:
    print(f"{name:32}" + "".join(f"{value:12.1f} {value / values[0]:6.2f}x" for value in values), flush=True)


if __name__ == "__main__":
    main()
