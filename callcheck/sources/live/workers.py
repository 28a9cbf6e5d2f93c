"""Which processes of a tree are the workers of one server?

Trees as seen with gunicorn 27, uvicorn 0.54, hypercorn 0.18, granian 2.8, uWSGI 2.0.31, Celery 5.7, PM2 7.0 and Node 20 on Linux.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from callcheck.model.noun import dataclass
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean


@dataclass(frozen=True, slots=True)
class Process:
    """One process; `words` is its command line as it is, not yet printable."""

    pid: int
    parent: int
    words: tuple[str, ...]
    children: tuple[Process, ...] = ()

    @property
    def command(self) -> str:
        """The command line, printable and without secrets."""
        return clean(" ".join(self.words))

    def walk(self) -> Iterator[Process]:
        """This process and all below."""
        yield self
        for child in self.children:
            yield from child.walk()


@dataclass(frozen=True, slots=True)
class Group:
    """One app's processes: those that do its work, and the master above them if there is one."""

    server: str
    command: str
    master: int | None
    workers: tuple[int, ...]
    shares_port: bool = False
    """Several masters listen on the same port."""


_SPAWNED = pattern(r"multiprocessing\.(?:spawn import spawn_main|forkserver)|--multiprocessing-fork")
_TRACKER = pattern(r"multiprocessing\.resource_tracker")
_SERVERS = ("gunicorn", "uvicorn", "hypercorn", "granian", "uwsgi", "celery", "daphne", "fastapi", "dramatiq", "taskiq")


def recognise(top: Process, pid: int) -> list[Group]:
    """The group of a master with its workers; PM2's daemon gives a group for each app; else the single process `pid`."""
    title = " ".join(top.words)
    children = [child for child in top.children if not _TRACKER.search(" ".join(child.words))]
    if re.match(r"PM2 v[\d.]+: God Daemon", title):
        return _pm2(children, top.pid, pid)
    server = _server(top)
    workers = _workers(server, top, children)
    if workers:
        return [Group(server, top.command, top.pid, tuple(child.pid for child in workers))]
    here = next((process for process in top.walk() if process.pid == pid), top)
    return [Group(_server(here) or _program(here), here.command, None, (here.pid,))]


def _server(process: Process) -> str:
    title = process.words[0] if process.words else ""
    if title.startswith("gunicorn: "):
        return "gunicorn"
    if title.startswith("[celeryd:"):
        return "celery"
    names = [word.rsplit("/", 1)[-1] for word in " ".join(process.words[:4]).split(" ")[:5]]
    for name in names:
        if name in _SERVERS:
            return name
    return "node" if _program(process) == "node" else ""


def _program(process: Process) -> str:
    return clean(process.words[0].split(" ")[0].rsplit("/", 1)[-1], 40) if process.words else ""


def _script(process: Process) -> str:
    """The base name of the script that Node runs."""
    free = [word for word in process.words[1:] if not word.startswith("-")]
    return free[0].rsplit("/", 1)[-1] if free else ""


def _workers(server: str, top: Process, children: list[Process]) -> list[Process]:
    texts = {child.pid: " ".join(child.words) for child in children}
    if server == "node":
        script = _script(top)
        found = [child for child in children if _server(child) == "node" and script and _script(child) == script]
        return found
    if not server:
        return []
    titled = [
        child
        for child in children
        if re.search(r"gunicorn: worker|ForkPoolWorker|(?:^|\s)worker-\d+$|uWSGI worker \d", texts[child.pid])
    ]
    if titled:
        return titled
    spawned = [child for child in children if _SPAWNED.search(texts[child.pid])]
    if spawned:
        return spawned
    return [child for child in children if child.words == top.words]


def _pm2(children: list[Process], daemon: int, pid: int) -> list[Group]:
    """Children by script; PM2 keeps the app's name in the environment, which is not read."""
    by_script: dict[tuple[str, ...], list[Process]] = {}
    for child in children:
        by_script.setdefault(child.words, []).append(child)
    groups = [
        Group("pm2", group[0].command, daemon, tuple(child.pid for child in group)) for group in by_script.values()
    ]
    mine = [group for group in groups if pid in group.workers]
    return mine or groups
