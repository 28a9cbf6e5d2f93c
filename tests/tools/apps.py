"""How does a test run somebody's app for real? Processes, free ports, a callback receiver, a Redis, a private PM2."""

from __future__ import annotations

import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

_START_S = 40


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def ask(port: int, method: str, path: str, body: object = None) -> tuple[int, Any]:
    """One HTTP call on a connection of its own, so that a load balancer chooses anew: (status, parsed JSON or text)."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        headers = {"content-type": "application/json", "connection": "close"}
        connection.request(method, path, None if body is None else json.dumps(body), headers)
        response = connection.getresponse()
        text = response.read().decode()
    finally:
        connection.close()
    try:
        return response.status, json.loads(text)
    except ValueError:
        return response.status, text


def wait_until(holds: Callable[[], bool], what: str, seconds: float = _START_S) -> None:
    """Asks until it holds; an OSError (nobody listens yet) counts as not yet. Raises TimeoutError, naming `what`."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        with suppress(OSError, http.client.HTTPException):
            if holds():
                return
        time.sleep(0.05)
    raise TimeoutError(f"{what}: not within {seconds} s")


def answers(port: int, path: str) -> Callable[[], bool]:
    """Whether a GET gives 200."""
    return lambda: ask(port, "GET", path)[0] == 200


def workers(port: int, path: str, count: int) -> Callable[[], bool]:
    """Whether so many different processes have answered a GET that tells its pid."""
    seen: set[int] = set()

    def holds() -> bool:
        for _ in range(8):
            seen.add(ask(port, "GET", path)[1]["pid"])
        return len(seen) >= count

    return holds


@contextmanager
def running(command: list[str], folder: Path, env: dict[str, str], log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A process in a group of its own, its output in `log`; the whole group is gone when the block ends."""
    with log.open("wb") as out:
        process = subprocess.Popen(
            command, cwd=folder, env=env, stdout=out, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
            start_new_session=True,
        )  # fmt: skip
        try:
            yield process
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGTERM)
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait(10)


class Receiver:
    """Somebody's callback URL: keeps the body of every POST."""

    def __init__(self) -> None:
        self.bodies: list[dict[str, Any]] = []
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                receiver.bodies.append(json.loads(self.rfile.read(int(self.headers["content-length"]))))
                self.send_response(204)
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/called"

    def settle(self, seconds: float = 1.0) -> int:
        """Waits until nothing more has come for so long; how many came in all."""
        seen, since = -1, time.monotonic()
        while seen != len(self.bodies) or time.monotonic() - since < seconds:
            if seen != len(self.bodies):
                seen, since = len(self.bodies), time.monotonic()
            time.sleep(0.05)
        return seen


@contextmanager
def receiver() -> Iterator[Receiver]:
    """Listens for callbacks until the block ends."""
    made = Receiver()
    threading.Thread(target=made.server.serve_forever, daemon=True).start()
    try:
        yield made
    finally:
        made.server.shutdown()
        made.server.server_close()


@contextmanager
def redis_server(folder: Path) -> Iterator[str]:
    """A Redis of our own that keeps nothing on disk; gives its URL. Needs `redis-server` on the path."""
    port = free_port()
    command = ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
    with running(command, folder, dict(os.environ), folder / "redis.log"):
        wait_until(lambda: _pong(port), "redis-server")
        yield f"redis://127.0.0.1:{port}/0"


def _pong(port: int) -> bool:
    with socket.create_connection(("127.0.0.1", port), timeout=1) as connection:
        connection.sendall(b"PING\r\n")
        return connection.recv(16).startswith(b"+PONG")


_BROKER = """
require("aedes").Aedes.createBroker().then((broker) => require("net").createServer(broker.handle).listen(Number(process.argv[2]), "127.0.0.1"));
"""


@contextmanager
def mqtt_broker(folder: Path) -> Iterator[int]:
    """An MQTT broker of our own, in a folder in which aedes can be required; gives its port."""
    port = free_port()
    (folder / "broker.js").write_text(_BROKER)
    with running(["node", "broker.js", str(port)], folder, dict(os.environ), folder / "mqtt.log"):
        wait_until(lambda: socket.create_connection(("127.0.0.1", port), timeout=1).close() is None, "the MQTT broker")
        yield port


@contextmanager
def pm2(program: str, app: Path, env: dict[str, str]) -> Iterator[Path]:
    """Starts an ecosystem file under a PM2 whose home is private; gives that home. Daemon and apps end with the block."""
    home = Path(tempfile.mkdtemp(prefix="cc-pm2-"))  # its sockets need a short path
    env = env | {"PM2_HOME": str(home), "PM2_DISCRETE_MODE": "true"}
    call = {"cwd": app, "env": env, "capture_output": True, "text": True, "timeout": 90}
    try:
        started = subprocess.run([program, "start", "ecosystem.config.cjs"], check=False, **call)
        assert started.returncode == 0, started.stdout + started.stderr
        yield home
    finally:
        daemon = _pid(home / "pm2.pid")
        with suppress(subprocess.TimeoutExpired):
            subprocess.run([program, "kill"], check=False, **call)
        if daemon:
            with suppress(ProcessLookupError):
                os.kill(daemon, signal.SIGKILL)
        shutil.rmtree(home, ignore_errors=True)


def _pid(file: Path) -> int:
    try:
        return int(file.read_text())
    except (OSError, ValueError):
        return 0
