"""Which apps stand behind a pid, a port, a name or a folder, and what is to be seen of them?

Command lines leave this module cleaned; of environment variables only two are ever read (`table.py`).
"""

from __future__ import annotations

import functools
import os
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from callcheck.model.errors import NotFound, NotPermitted, SourceError
from callcheck.model.noun import replace
from callcheck.sources.live import near
from callcheck.sources.live.pm2_files import names_of
from callcheck.sources.live.seen import Seen, behind_proxy, below, see
from callcheck.sources.live.sockets import Listener, Sockets
from callcheck.sources.live.table import Table
from callcheck.sources.live.titles import SERVERS, TOOLS, is_daemon, is_supervisor, program_of, server_of
from callcheck.sources.live.workers import Group, Process, is_helper, recognise

__all__ = ["Group", "Process", "Processes", "Seen"]


class Processes:
    """The apps of this machine; the process table is read once."""

    @functools.cached_property
    def table(self) -> Table:
        """The process table of the moment when it was first asked for."""
        return Table()

    def groups(self, pid: int) -> list[Group]:
        """The app that a pid belongs to: itself, or the master above it, with its workers, and whoever else listens on its port."""
        if not 0 < pid < 2**31:
            raise NotFound(f"{pid} is no process id")
        groups = self._around(pid)
        if len(groups) != 1 or groups[0].server in ("pm2", "nginx"):
            return groups
        group = groups[0]
        own = {process.pid for process in self.table.tree(group.master or pid).walk()}
        others = {self._top(other) for other in self._sharing(own) - own}
        more = [found for other in sorted(others) for found in self._around(other)]
        return [_joined([group, *more], shares_port=True)] if more else groups

    def serving(self, port: int) -> list[Group]:
        """The apps that answer on a port. Raises NotFound if nobody does, NotPermitted if it belongs to another user."""
        seen: dict[tuple[int, ...], Group] = {}
        failed: list[SourceError] = []
        for pid in self.listeners(port):
            try:
                for group in self.groups(behind_proxy(pid, self.table)):
                    seen[group.workers] = group
            except SourceError as error:
                failed.append(error)
        if not seen:
            raise failed[0]
        groups = list(seen.values())
        listening = [group for group in groups if group.pool == "cluster" or self._holds(group, port)]
        return listening or groups

    def named(self, text: str) -> list[Group]:
        """The apps with that text in their command line, in what PM2 calls them, or in the name of their container's or systemd's unit. Raises NotFound."""
        wanted = text.lower()
        own = self.table.above(os.getpid())
        found: dict[tuple[int, ...], Group] = {}
        taken: set[int] = set()
        for pid in self.table.pids():
            if pid in own or pid in taken or not self._bears(pid, wanted):
                continue
            try:
                groups = self._around(pid)
            except SourceError:
                continue
            daemon = is_daemon(self.table.words(pid))
            for group in groups:
                if not daemon or wanted in group.name.lower():
                    found[group.workers] = group
                    taken.update(group.workers, () if group.master is None else (group.master,))
        if not found:
            raise NotFound(f"no process is called {text}", "`ps` shows what runs")
        return together(found.values())

    def within(self, folder: Path) -> list[Group]:
        """The apps of a folder: known servers, and interpreters with a script of it, whose working directory lies there. [] if there are none."""
        found: dict[tuple[int, ...], Group] = {}
        taken: set[int] = set()
        for pid in near.pids_in(folder):
            if pid in taken:
                continue
            try:
                groups = self._around(pid)
            except SourceError:
                continue
            for group in groups:
                found[group.workers] = group
                tops = group.workers if group.master is None or group.server == "pm2" else (group.master, *group.workers)
                taken.update(process.pid for top in tops for process in below(top, self.table))
        return together(group for group in found.values() if not _covered(group, found))

    def look(self, group: Group) -> Seen:
        """What is to be seen of a group now."""
        return see(group, self.table, self._listening)

    def listeners(self, port: int) -> tuple[int, ...]:
        """The pids that listen on a TCP port. Raises NotFound if nobody does, NotPermitted if it belongs to another user."""
        found = [listener for listener in self._listening if listener.port == port]
        if not found:
            raise NotFound(f"nobody listens on port {port}", "start the app, or give the port it listens on")
        pids = sorted({listener.pid for listener in found if listener.pid is not None})
        if not pids:
            raise NotPermitted(f"port {port} belongs to another user's process", "run callcheck as that user or as root")
        return tuple(pids)

    @functools.cached_property
    def _listening(self) -> list[Listener]:
        # Before the process table, so that whoever listens stands in that.
        return Sockets().listening()

    def _around(self, pid: int) -> list[Group]:
        """The groups of the master above a pid, or, if it only starts others (a shell, npm, supervisord), of those below."""
        top = self.table.tree(self._top(pid))
        groups = recognise(top, pid, names_of(top, self.table))
        if len(groups) != 1 or groups[0].workers != (pid,):
            return groups
        here = next(process for process in top.walk() if process.pid == pid)
        return together(_started(here, self.table)) or groups

    def _top(self, pid: int) -> int:
        """The master above a worker, else the pid itself; two floors up at most."""
        here = pid
        for _ in range(2):
            above = self.table.parent(here)
            if above is None or above <= 1:
                break
            try:
                groups = recognise(self.table.tree(above), here)
            except SourceError:
                break
            if not any(here in group.workers and group.master == above for group in groups):
                break
            here = above
        return here

    def _sharing(self, pids: set[int]) -> set[int]:
        """Pids that listen on a port of this machine's network on which one of `pids` listens."""
        ports = {item.port for item in self._listening if item.pid in pids}
        return {item.pid for item in self._listening if item.port in ports and item.pid is not None}

    def _holds(self, group: Group, port: int) -> bool:
        pids = [*group.workers, *(() if group.master is None else (group.master,))]
        return group.server != "pm2" and port in {item.port for pid in pids for item in self._listening if item.pid == pid}

    def _bears(self, pid: int, wanted: str) -> bool:
        words = self.table.words(pid)
        if not words or program_of(words) in TOOLS or is_helper(words):
            return False
        if is_daemon(words):
            return any(wanted in name.lower() for name in names_of(self.table.tree(pid), self.table).values())
        # Of a program that we know not, only what it is called: what it is handed may name anything.
        told = words if server_of(words) else words[:3]
        return wanted in " ".join(told).lower() or wanted in self.table.container(pid).lower()


def together(groups: Iterable[Group]) -> list[Group]:
    """Groups of the same server with the same command but for its numbers, such as `--port=8001`, as one of several copies."""
    alike: dict[tuple[str, str, str], list[Group]] = {}
    for group in groups:
        alike.setdefault((group.server, group.name, re.sub(r"\d+", "#", group.command)), []).append(group)
    return [found[0] if len(found) == 1 else _joined(found, shares_port=False) for found in alike.values()]


def _joined(groups: Sequence[Group], shares_port: bool) -> Group:
    workers = tuple(sorted({worker for group in groups for worker in group.workers}))
    copies = tuple(len(group.workers) for group in groups)
    return replace(groups[0], workers=workers, shares_port=shares_port, copies=copies)


def _started(process: Process, table: Table) -> list[Group]:
    """The groups below one that is no server itself: servers that we know, and those of its children that listen."""
    if process.ports or server_of(process.words, process.program) in SERVERS:
        return []
    found: list[Group] = []
    for child in process.children:
        groups = recognise(child, child.pid, names_of(child, table))
        known = server_of(child.words, child.program) in SERVERS or is_supervisor(process.words)
        found += groups if known or child.ports or len(groups[0].workers) > 1 else _started(child, table)
    return found


def _covered(group: Group, found: dict[tuple[int, ...], Group]) -> bool:
    """Whether it is the master of another group: seen before its workers were."""
    return any(group.workers == (other.master,) for other in found.values())

