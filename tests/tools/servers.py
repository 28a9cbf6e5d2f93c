"""Starts many real servers at once, each with a known number of workers, and stops them all."""

from __future__ import annotations

import importlib.util
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from tests.tools import apps, node

APP = """\
def app(environ, start):
    start("200 OK", [])
    return [b""]

async def asgi(scope, receive, send):
    if scope["type"] == "lifespan":
        while True:
            message = await receive()
            await send({"type": message["type"] + ".complete"})
            if message["type"] == "lifespan.shutdown":
                return
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b""})
"""
FORKING = """\
import os, socket, sys, time
import setproctitle
server = socket.socket()
server.bind(("127.0.0.1", int(sys.argv[1])))
server.listen()
setproctitle.setproctitle("shop: parent")
for number in range(3):
    if os.fork() == 0:
        setproctitle.setproctitle(f"shop: child {number}")
        time.sleep(600)
        os._exit(0)
time.sleep(600)
"""
CLUSTER = """\
const cluster = require("cluster"), http = require("http");
if (process.argv[3]) process.title = process.argv[3] + (cluster.isPrimary ? " primary" : " worker");
if (cluster.isPrimary) for (let i = 0; i < 3; i++) cluster.fork();
else http.createServer((q, r) => r.end()).listen(+process.argv[2], "127.0.0.1");
"""
TASKS = """\
import os
from celery import Celery
app = Celery("tasks", broker=os.environ["REDIS_URL"])
"""
ACTORS = """\
import os
import dramatiq
from dramatiq.brokers.redis import RedisBroker
dramatiq.set_broker(RedisBroker(url=os.environ["REDIS_URL"]))
"""
RETITLED = """\
import setproctitle

def post_fork(server, worker):
    setproctitle.setproctitle("shop")
"""


@dataclass
class Server:
    """One server: how it is started (PORT and REDIS are filled in), what it needs, and what is right of it."""

    name: str
    command: list[str]
    server: str
    count: int
    needs: tuple[str, ...] = ()
    pool: str = ""
    ports: bool = True
    env: dict[str, str] = field(default_factory=dict)
    wait_for: str = ""
    """What stands in its log when all is up; "" for its port answering."""
    pid: int = 0
    port: int = 0
    missing: str = ""


def _python(module: str, *words: str) -> list[str]:
    return [sys.executable, "-m", module, *words]


def servers() -> list[Server]:
    """The table of servers, without those whose package is not installed marked as missing."""
    bind = "127.0.0.1:PORT"
    untitled = {"PYTHONPATH": "untitled"}
    celery = ("celery", "-A", "tasks", "worker", "-l", "info")
    uwsgi = (str(Path(sys.executable).with_name("pyuwsgi")), "--http-socket", bind, "--wsgi-file", "app.py", "--callable", "app", "--die-on-term", "--processes", "3")
    titled = ("setproctitle",)
    redis = ("redis-server",)
    return [
        Server("gunicorn", _python("gunicorn", "-w", "2", "-b", bind, "app:app"), "gunicorn", 2, ("gunicorn", *titled), "fork"),
        Server("gunicorn untitled", _python("gunicorn", "-w", "3", "-b", bind, "app:app"), "gunicorn", 3, ("gunicorn",), "fork", env=untitled),
        Server("gunicorn with workers that call themselves otherwise", _python("gunicorn", "-w", "2", "-b", bind, "-c", "retitled.py", "app:app"), "gunicorn", 2, ("gunicorn", *titled), "fork"),
        Server("gunicorn with one worker", _python("gunicorn", "-b", bind, "app:app"), "gunicorn", 1, ("gunicorn",), "fork"),
        Server("gunicorn with uvicorn's workers", _python("gunicorn", "-w", "2", "-k", "uvicorn_worker.UvicornWorker", "-b", bind, "app:asgi"), "gunicorn", 2, ("gunicorn", "uvicorn_worker"), "fork"),
        Server("uvicorn with workers", _python("uvicorn", "--workers", "2", "--port", "PORT", "app:asgi"), "uvicorn", 2, ("uvicorn",), "spawn"),
        Server("uvicorn alone", _python("uvicorn", "--port", "PORT", "app:asgi"), "uvicorn", 1, ("uvicorn",)),
        Server("hypercorn", _python("hypercorn", "-w", "2", "-b", bind, "app:asgi"), "hypercorn", 2, ("hypercorn",), "spawn"),
        Server("granian", _python("granian", "--interface", "asgi", "--workers", "2", "--port", "PORT", "app:asgi"), "granian", 2, ("granian",), "fork"),
        Server("uwsgi with a master", [*uwsgi, "--master"], "uwsgi", 3, ("pyuwsgi",), "fork"),
        Server("uwsgi without one", [*uwsgi], "uwsgi", 3, ("pyuwsgi",), "fork"),
        Server("a script that forks and rewrites its titles", [sys.executable, "forking.py", "PORT"], "", 3, titled, "fork"),
        Server("a script alone", [sys.executable, "-m", "http.server", "PORT", "--bind", "127.0.0.1"], "", 1),
        Server("celery prefork", _python(*celery, "-c", "2"), "celery", 2, ("celery", *titled, *redis), "fork", ports=False, wait_for="ready."),
        Server("celery prefork with a beat, untitled", _python(*celery, "-c", "2", "-B", "-s", "beat"), "celery", 2, ("celery", *redis), "fork", ports=False, env=untitled, wait_for="ready."),
        Server("celery threads", _python(*celery, "-c", "4", "-P", "threads"), "celery", 1, ("celery", *redis), "threads", ports=False, wait_for="ready."),
        Server("celery solo", _python(*celery, "-P", "solo"), "celery", 1, ("celery", *redis), "solo", ports=False, wait_for="ready."),
        Server("rq worker-pool", [str(Path(sys.executable).with_name("rq")), "worker-pool", "-n", "2", "-u", "REDIS"], "rq", 2, ("rq", *redis), "fork", ports=False, wait_for="Listening on"),
        Server("rq worker", [str(Path(sys.executable).with_name("rq")), "worker", "-u", "REDIS"], "rq", 1, ("rq", *redis), ports=False, wait_for="Listening on"),
        Server("dramatiq", _python("dramatiq", "actors", "--processes", "2", "--threads", "2"), "dramatiq", 2, ("dramatiq", *redis), "fork", ports=False, wait_for="ready for action"),
        Server("node:cluster", ["node", "cluster.js", "PORT"], "node", 3, ("node",), "cluster"),
        Server("node:cluster with titles of its own", ["node", "cluster.js", "PORT", "shop"], "node", 3, ("node",), "cluster"),
        Server("node:cluster with shared sockets", ["node", "cluster.js", "PORT"], "node", 3, ("node",), "cluster", env={"NODE_CLUSTER_SCHED_POLICY": "none"}),
        Server("node alone", ["node", "-e", "require('http').createServer((q, r) => r.end()).listen(PORT, '127.0.0.1')"], "node", 1, ("node",)),
    ]  # fmt: skip


def _missing(needs: tuple[str, ...]) -> str:
    programs = {"node", "redis-server"}
    absent = [name for name in needs if (shutil.which(name) is None if name in programs else importlib.util.find_spec(name) is None)]
    return f"not installed: {', '.join(absent)}" if absent else ""


@contextmanager
def all_running(folder: Path) -> Iterator[dict[str, Server]]:
    """Every server that can be started, all up; they end with the block."""
    texts = {"app.py": APP, "forking.py": FORKING, "cluster.js": CLUSTER, "tasks.py": TASKS, "actors.py": ACTORS, "retitled.py": RETITLED}
    for name, text in texts.items():
        (folder / name).write_text(text)
    (folder / "untitled").mkdir()
    (folder / "untitled" / "setproctitle.py").write_text("raise ImportError('as if it were not installed')\n")
    table = {server.name: server for server in servers()}
    with ExitStack() as stack:
        redis = stack.enter_context(apps.redis_server(folder)) if shutil.which("redis-server") else ""
        for server in table.values():
            server.missing = _missing(server.needs)
            if not server.missing:
                _start(server, folder, redis, stack)
        for server in table.values():
            if not server.missing:
                _up(server, folder)
        try:
            yield table
        finally:
            for server in table.values():  # all at once: each by itself takes its time to say good-bye
                with suppress(ProcessLookupError):
                    os.killpg(server.pid or 2**30, signal.SIGKILL)


def _start(server: Server, folder: Path, redis: str, stack: ExitStack) -> None:
    server.port = apps.free_port() if server.ports else 0
    command = [word.replace("PORT", str(server.port)).replace("REDIS", redis) for word in server.command]
    env = node.environment(REDIS_URL=redis, PYTHONUNBUFFERED="1", **server.env)
    process: subprocess.Popen[bytes] = stack.enter_context(apps.running(command, folder, env, _log(server, folder)))
    server.pid = process.pid


def _log(server: Server, folder: Path) -> Path:
    return folder / f"{server.name.replace(' ', '-').replace(':', '-')}.log"


def _up(server: Server, folder: Path) -> None:
    log = _log(server, folder)

    def up() -> bool:
        if server.wait_for:
            return log.read_text(errors="replace").count(server.wait_for) >= (server.count if server.server in ("rq", "dramatiq") else 1)
        return os.path.exists(f"/proc/{server.pid}") and _taken(server.port)

    try:
        apps.wait_until(up, server.name, 60)
    except TimeoutError as error:
        with suppress(OSError):
            raise AssertionError(f"{error}\n{log.read_text(errors='replace')[-2000:]}") from error
        raise


def _taken(port: int) -> bool:
    import socket

    with socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
