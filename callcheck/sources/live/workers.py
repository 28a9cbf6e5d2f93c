"""Which processes of a tree are the workers of one server?

Trees as seen with gunicorn 27, uvicorn 0.54, hypercorn 0.18, granian 2.8, uWSGI 2.0.30, Celery 5.7, RQ 3.0, Dramatiq 2.2, taskiq 0.13, huey 3.5,
PM2 6.0 and 7.0, and Node 20 on Linux.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from callcheck.model.noun import dataclass
from callcheck.model.pattern import pattern
from callcheck.sources.live.titles import command_of, is_daemon, program_of, script_of, server_of


@dataclass(frozen=True, slots=True)
class Process:
    """One process; `words` is its command line as it is, not yet printable."""

    pid: int
    parent: int
    words: tuple[str, ...]
    children: tuple[Process, ...] = ()
    program: str = ""
    """The base name of the file that runs, which no title can change; "" if it may not be seen."""
    clustered: bool = False
    """Whether Node.js started it as a worker of node:cluster."""
    sockets: frozenset[int] = frozenset()
    """The listening sockets that it holds, by their numbers: one that was inherited has the number that it has in the parent."""
    ports: frozenset[int] = frozenset()
    """The ports of these sockets."""
    started: float = 0.0
    """Seconds since the epoch; 0 if it may not be seen."""

    @property
    def command(self) -> str:
        """The command line, printable and without secrets."""
        return command_of(self.words)

    @property
    def title(self) -> str:
        """The command line as one text, which the process may have rewritten."""
        return " ".join(self.words).strip()

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
    pool: str = ""
    """How the workers were made: cluster, fork, spawn; or threads, gevent, solo where there is one process by choice."""
    name: str = ""
    """What the process manager calls the app."""
    copies: tuple[int, ...] = ()
    """How many workers each of several like masters has; empty for one master."""


_SPAWNED = pattern(r"multiprocessing\.(?:spawn import spawn_main|forkserver)|--multiprocessing-fork")
_TRACKER = pattern(r"multiprocessing\.resource_tracker")
_TITLED = pattern(r"gunicorn: worker|ForkPoolWorker|(?:^|\s)worker-\d+$|uWSGI worker \d|^rq:worker:")
_BEAT = pattern(r"^\[celery ?beat")
_POOL = pattern(r"(?:^|\s)(?:-P|--pool)[ =](\w+)")


def is_helper(words: Sequence[str]) -> bool:
    """Whether it only keeps count of what Python's multiprocessing shares."""
    return bool(_TRACKER.search(" ".join(words)))


def recognise(top: Process, pid: int, names: Mapping[int, str] = {}) -> list[Group]:
    """The group of a master with its workers; PM2's daemon gives a group for each app; else the single process `pid`.

    `names` are what PM2 calls the app of each pid, where that is known.
    """
    if is_daemon(top.words):
        return _pm2(top, pid, names)
    server = server_of(top.words, top.program)
    workers, pool = _workers(server, top)
    if workers and (pid == top.pid or any(pid == child.pid for child in workers)):
        return [Group(server or program_of(top.words, top.program), top.command, top.pid, tuple(child.pid for child in workers), pool=pool)]
    here = next((process for process in top.walk() if process.pid == pid), top)
    if here is not top:
        return recognise(here, pid)
    return [Group(server or program_of(here.words, here.program), here.command, None, (here.pid,), pool=pool)]


def _workers(server: str, top: Process) -> tuple[list[Process], str]:
    """The workers below a master and how they were made; none if it works itself."""
    children = [child for child in top.children if not _TRACKER.search(child.title) and not _BEAT.search(child.title)]
    if server == "celery" and (found := _POOL.search(top.title)) and found[1] not in ("prefork", "processes"):
        return [], found[1]
    if server == "node":
        return _cluster(top, children)
    if server == "rq" and "worker-pool" not in top.title:
        # What an RQ worker forks is its scheduler, or a work-horse that ends with its job.
        return [], ""
    if server and (titled := [child for child in children if _TITLED.search(child.title)]):
        return titled, "fork"
    if server == "gunicorn" and children:
        # A worker may call itself as it likes; gunicorn starts nothing else.
        return children, "fork"
    if server and (spawned := [child for child in children if _SPAWNED.search(child.title)]):
        return spawned, "spawn"
    forked = [child for child in children if child.words == top.words] if server else []
    if forked:
        return _without_helpers(server, top, forked), "fork"
    serving = _serving(top, children)
    return serving, "fork" if serving else ""


def _without_helpers(server: str, top: Process, forked: list[Process]) -> list[Process]:
    """Less the beat of Celery's `-B` and huey's scheduler, which look like workers; with the parent where uWSGI has no master."""
    if server == "uwsgi" and not re.search(r"(?:^|\s)(?:--master|-\w*M|\S+\.(?:ini|ya?ml|json|xml)|--emperor)\b", top.title):
        return [top, *forked]
    beat = server == "celery" and re.search(r"(?:^|\s)(?:-B|--beat)(?:\s|$)", top.title)
    return forked[1:] if (beat or server == "huey") and len(forked) > 1 else forked


def _cluster(top: Process, children: Sequence[Process]) -> tuple[list[Process], str]:
    if clustered := [child for child in children if child.clustered]:
        return clustered, "cluster"
    script = script_of(top.words)
    alike = [child for child in children if script and server_of(child.words, child.program) == "node" and script_of(child.words) == script]
    return alike, "fork" if alike else ""


def _serving(top: Process, children: Sequence[Process]) -> list[Process]:
    """Children of the same program that answer on the parent's own socket, or, where it has none, all on one port: whatever they call themselves."""
    alike = [child for child in children if top.program and child.program == top.program]
    if top.sockets:
        return [child for child in alike if child.sockets & top.sockets]
    shared = [child for child in alike if any(child.ports & other.ports for other in alike if other is not child)]
    return shared


def _pm2(daemon: Process, pid: int, names: Mapping[int, str]) -> list[Group]:
    """Children by the name that PM2 has for their app, else by what they run."""
    apps: dict[tuple[str, ...], list[Process]] = {}
    for child in daemon.children:
        if not _TRACKER.search(child.title):
            apps.setdefault((names[child.pid],) if child.pid in names else ("", *child.words), []).append(child)
    groups = []
    for key, app in apps.items():
        pool = "cluster" if any(child.clustered for child in app) else "fork"
        groups.append(Group("pm2", app[0].command, daemon.pid, tuple(sorted(child.pid for child in app)), pool=pool, name=key[0]))
    below = {child.pid: group for group in groups for child in daemon.children if child.pid in group.workers for child in child.walk()}
    return [below[pid]] if pid in below else groups
