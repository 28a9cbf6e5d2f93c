"""How does a test run an app under `callcheck observe`, as a user would?"""

from __future__ import annotations

import http.client
import json
import random
import signal
import subprocess
import sys
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.tools import apps, node

ROOT = Path(__file__).resolve().parents[2]


class Observation:
    """One run: drive the app while the block lasts, then read `report` and `status`."""

    def __init__(self, folder: Path) -> None:
        self.recording = folder / "recording"
        self.output = folder / "report.json"
        self.log = folder / "observe.log"
        self.status: int | None = None

    @property
    def report(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.output.read_text())
        return found

    @property
    def first(self) -> dict[str, Any]:
        """The likeliest diagnosis; {} if there is none."""
        found: list[dict[str, Any]] = self.report["diagnoses"]
        return found[0] if found else {}

    def facts(self, kind: str) -> list[dict[str, Any]]:
        """The lines of one fact, of all processes."""
        lines = (json.loads(line) for path in sorted(self.recording.glob("*.jsonl")) for line in path.read_text().splitlines())
        return [line for line in lines if line["fact"] == kind]


def run(folder: Path, command: Sequence[str], env: dict[str, str] | None = None) -> tuple[list[dict[str, Any]], str]:
    """A command that ends by itself, run under `callcheck observe` without reading the source: its diagnoses of 0.5 and more, and what was said on standard
    error."""
    call = [sys.executable, "-m", "callcheck", "observe", "--no-source", "--format", "json", "--for", "60s", "--", *command]
    own = node.environment(PYTHONPATH=str(ROOT), **(env or {}))
    done = subprocess.run(call, cwd=folder, env=own, capture_output=True, text=True, timeout=90, check=False, stdin=subprocess.DEVNULL)
    assert done.returncode in (0, 1), done.stderr
    return [each for each in json.loads(done.stdout)["diagnoses"] if each["confidence"] >= 0.5], done.stderr


@contextmanager
def observe(command: Sequence[str], app: Path, folder: Path, ready: str = "", env: dict[str, str] | None = None, options: Sequence[str] = ()) -> Iterator[Observation]:
    """`callcheck observe -- COMMAND` in the app's folder until the block ends; Ctrl-C ends it then."""
    seen = Observation(folder)
    call = [sys.executable, "-m", "callcheck", "observe", "--record", str(seen.recording), "--format", "json", "--output", str(seen.output), *options]
    call += ["--ready", ready] if ready else []
    own = node.environment(PYTHONPATH=str(ROOT), PM2_DISCRETE_MODE="true", **(env or {}))
    with seen.log.open("wb") as out:
        process = subprocess.Popen([*call, "--", *command], cwd=app, env=own, stdout=out, stderr=out, stdin=subprocess.DEVNULL, start_new_session=True)
        try:
            apps.wait_until(lambda: b"observing" in seen.log.read_bytes() or process.poll() is not None, "callcheck observe", 90)
            yield seen
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGINT)
            try:
                seen.status = process.wait(60)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
                raise AssertionError(seen.log.read_text()) from None


def ask(port: int, method: str, path: str, body: object, trace: str) -> Any:
    """One HTTP call on a connection of its own, in a trace."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        headers = {"content-type": "application/json", "connection": "close", "traceparent": f"00-{trace}-00f067aa0ba902b7-01"}
        connection.request(method, path, json.dumps(body), headers)
        response = connection.getresponse()
        text = response.read().decode()
        assert response.status < 400, text
    finally:
        connection.close()
    return json.loads(text)


def pairs(port: int, start: tuple[str, Any], execute: tuple[str, Any], count: int, shuffled: bool) -> int:
    """So many pairs of POST requests, each pair in a trace of its own, one pair after another or all starts and then all executions in
    an order of chance; paths with bodies that are called with the pair's number. Gives how many pairs met in one process, by the
    `pid` in the answers."""
    traces = [uuid.uuid4().hex for _ in range(count)]
    first: dict[int, int] = {}
    met = 0
    order = [(number, which) for number in range(count) for which in (0, 1)]
    if shuffled:
        one, two = ([(number, which) for number in random.sample(range(count), count)] for which in (0, 1))
        order = one + two
    for number, which in order:
        path, body = (start, execute)[which]
        pid = ask(port, "POST", path, body(number), traces[number])["pid"]
        if which == 0:
            first[number] = pid
        else:
            met += first[number] == pid
    return met
