"""Are copies, wrappers, pools and published ports told from the workers of one server? (The servers themselves: test_trees.py.)"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import SimpleNamespace

import psutil
import pytest

from callcheck.model.errors import NotFound
from callcheck.sources.live.processes import Group, Processes
from callcheck.sources.live.seen import see
from callcheck.sources.live.sockets import Listener
from callcheck.sources.live.workers import Process, recognise


def free_port() -> int:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        return int(server.getsockname()[1])


@contextmanager
def started(*command: str, cwd: Path) -> Iterator[int]:
    child = subprocess.Popen(command, cwd=cwd, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield child.pid
    finally:
        child.terminate()
        try:
            child.wait(10)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


def workers_of(port: int, wanted: int) -> Group:
    """The group on the port, once all of its workers are there or ten seconds are over."""
    end = time.monotonic() + 10
    while True:
        try:
            groups = Processes().serving(port)
        except NotFound:
            groups = []
        if (groups and len(groups[0].workers) == wanted) or time.monotonic() > end:
            assert groups, "nobody came to listen"
            return groups[0]
        time.sleep(0.1)


def test_a_pool_of_a_plain_script_is_no_group_of_servers(tmp_path: Path) -> None:
    (tmp_path / "pool.py").write_text(
        "import multiprocessing, time\nif __name__ == '__main__':\n    multiprocessing.get_context('spawn').Process(target=time.sleep, args=(60,)).start()\n"
    )
    with started(sys.executable, "pool.py", cwd=tmp_path) as pid:
        time.sleep(0.5)
        processes = Processes()
        (group,) = processes.groups(pid)
        assert group.workers == (pid,)
        assert group.master is None
        assert len(processes.look(group).uncounted) == 1, "that it shares the work does not show, and its tracker is no worker"


def test_a_zombie_has_ended() -> None:
    child = subprocess.Popen([sys.executable, "-c", ""])
    try:
        while psutil.Process(child.pid).status() != psutil.STATUS_ZOMBIE:
            time.sleep(0.02)
        with pytest.raises(NotFound, match="has ended"):
            Processes().groups(child.pid)
    finally:
        child.wait()


def test_nobody_on_a_port_and_no_such_pid_are_not_found() -> None:
    with pytest.raises(NotFound):
        Processes().serving(free_port())
    for pid in (2**22 + 1, -4, 10**30):
        with pytest.raises(NotFound):
            Processes().groups(pid)


def child(pid: int, *words: str) -> Process:
    return Process(pid, 1, words)


def test_titles_of_gunicorn_celery_and_granian_are_known() -> None:
    gunicorn = Process(
        1, 0, ("gunicorn: master [a:b]",), (child(2, "gunicorn: worker [a:b]"), child(3, "gunicorn: worker [a:b]"))
    )
    celery = Process(
        1, 0, ("[celeryd: celery@h:MainProcess] -active-",), (child(2, "[celeryd: celery@h:ForkPoolWorker-1]"),)
    )
    granian = Process(
        1, 0, ("granian asgi 127.0.0.1:8000 a:b",), (child(2, "granian asgi 127.0.0.1:8000 a:b worker-1"),)
    )
    assert recognise(gunicorn, 1)[0].workers == (2, 3)
    assert recognise(celery, 1)[0].workers == (2,)
    assert recognise(granian, 1)[0].server == "granian"


def test_pm2s_daemon_gives_a_group_for_each_script() -> None:
    apps = (child(2, "node /a.js"), child(3, "node /a.js"), child(4, "node /b.js"))
    daemon = Process(1, 0, ("PM2 v7.0.4: God Daemon (/root/.pm2)",), apps)
    assert [group.workers for group in recognise(daemon, 1)] == [(2, 3), (4,)]
    assert [group.workers for group in recognise(daemon, 3)] == [(2, 3)]


class Daemon:
    """A process table in which PM2's daemon holds the listening socket of its clusters."""

    sockets = SimpleNamespace(of=lambda pid: ([Listener(8000, 1, 7)] if pid == 1 else [], []), network=lambda pid: "")

    def __init__(self, *apps: Process) -> None:
        self.top = Process(1, 0, ("PM2 v7.0.4: God Daemon (/root/.pm2)",), apps)
        self.kept_out: set[int] = set()

    def tree(self, pid: int) -> Process:
        return next(each for each in self.top.walk() if each.pid == pid)

    def container(self, pid: int) -> str:
        return ""


def test_pm2s_only_cluster_listens_where_its_daemon_does() -> None:
    def ports(*apps: Process) -> list[tuple[int, ...]]:
        table = Daemon(*apps)
        return [see(group, table, []).ports for group in recognise(table.top, 1)]  # type: ignore[arg-type]

    clustered = [Process(pid, 1, ("node", script), clustered=True) for pid, script in ((2, "/a.js"), (3, "/a.js"), (4, "/b.js"))]
    assert ports(*clustered[:2], child(5, "node", "/jobs.js")) == [(8000,), ()]
    assert ports(*clustered) == [(), ()]


def test_secrets_on_a_command_line_do_not_leave() -> None:
    assert "hunter2secret" not in child(2, "node", "a.js", "--password='hunter2secret9'").command


OWN_SOCKET = """\
import socket, sys, time
server = socket.socket()
server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
server.bind(("127.0.0.1", int(sys.argv[1])))
server.listen()
time.sleep(60)
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the kernel's tables tell sockets apart")
def test_independent_processes_on_one_port_are_copies_with_sockets_of_their_own(tmp_path: Path) -> None:
    (tmp_path / "own.py").write_text(OWN_SOCKET)
    port = free_port()
    with started("sh", "-c", f"'{sys.executable}' own.py {port} & '{sys.executable}' own.py {port} & wait", cwd=tmp_path) as shell:
        try:
            group = workers_of(port, 2)
            processes = Processes()
            assert (group.master, group.copies, group.shares_port) == (None, (1, 1), True)
            assert processes.look(group).own_sockets == (port,)
            assert [len(found.workers) for found in processes.groups(shell)] == [2]
        finally:
            for pid in group.workers:
                os.kill(pid, signal.SIGKILL)


NETWORK = """\
import fcntl, socket, struct
with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
    fcntl.ioctl(s, 0x8916, struct.pack("16sH2s4s8s", b"lo", socket.AF_INET, b"", socket.inet_aton("172.31.7.2"), b""))
    fcntl.ioctl(s, 0x8914, struct.pack("16sh", b"lo", 0x49))
import http.server
http.server.HTTPServer(("0.0.0.0", 3000), http.server.BaseHTTPRequestHandler).serve_forever()
"""
PROXY = """\
import socket, sys, time
server = socket.socket()
server.bind(("127.0.0.1", int(sys.argv[1])))
server.listen()
time.sleep(60)
"""


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0 or not shutil.which("unshare"), reason="only root may make a network of its own")
def test_a_published_port_leads_to_the_process_in_the_containers_own_network(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(NETWORK)
    (tmp_path / "proxy.py").write_text(PROXY)
    port = free_port()
    proxy = f"exec -a docker-proxy '{sys.executable}' proxy.py {port} -container-ip 172.31.7.2 -container-port 3000"
    with started("unshare", "--net", sys.executable, "app.py", cwd=tmp_path) as inside, started("bash", "-c", proxy, cwd=tmp_path):
        end = time.monotonic() + 10
        found: list[int] = []
        while found != [inside] and time.monotonic() < end:
            time.sleep(0.1)
            with suppress(NotFound):
                found = [worker for group in Processes().serving(port) for worker in group.workers]
        assert found == [inside]
        group = Processes().serving(port)[0]
        assert Processes().look(group).ports == (3000,)
