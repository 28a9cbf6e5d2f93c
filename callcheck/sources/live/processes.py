"""Who listens on a port, and which processes stand around a pid?

Command lines leave this module cleaned; environment values are never read.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from callcheck.model.errors import NotFound, NotPermitted, SourceError
from callcheck.model.noun import dataclass
from callcheck.model.printable import clean
from callcheck.sources.live.workers import Group, Process, recognise

__all__ = ["Group", "Process", "Processes"]

_MOST = 2_000
"""Processes of one tree that are looked at."""


@dataclass(frozen=True, slots=True)
class _Listener:
    port: int
    pid: int | None


class Processes:
    """The process table, read anew at each question."""

    def tree(self, pid: int) -> Process:
        """The process and everything below it. Raises NotFound, NotPermitted."""
        import psutil

        with _explained(pid):
            return self._read(psutil.Process(pid), [0])

    def parent(self, pid: int) -> int | None:
        """The parent's pid, None at the top. Raises NotFound, NotPermitted."""
        import psutil

        with _explained(pid):
            above = psutil.Process(pid).ppid()
        return above if above > 0 else None

    def listeners(self, port: int) -> tuple[int, ...]:
        """The pids that listen on a TCP port. Raises NotFound if nobody does, NotPermitted if it belongs to another user."""
        found = [listener for listener in self._listening() if listener.port == port]
        if not found:
            raise NotFound(f"nobody listens on port {port}", "start the app, or give the port it listens on")
        pids = sorted({listener.pid for listener in found if listener.pid is not None})
        if not pids:
            raise NotPermitted(
                f"port {port} belongs to another user's process", "run callcheck as that user or as root"
            )
        return tuple(pids)

    def groups(self, pid: int) -> list[Group]:
        """The app that a pid belongs to: itself, or the master above it, with its workers, and whoever else listens on its port."""
        top = self._top(pid)
        tree = self.tree(top)
        groups = recognise(tree, pid)
        if len(groups) != 1:
            return groups
        below = {process.pid for process in tree.walk()}
        others = [other for other in self._sharing(below) if other not in below]
        if not others:
            return groups
        tops = {self._top(other) for other in others}
        more = [group for other in sorted(tops) for group in recognise(self.tree(other), other)]
        workers = tuple(sorted({worker for group in [*groups, *more] for worker in group.workers}))
        return [Group(groups[0].server, groups[0].command, groups[0].master, workers, shares_port=True)]

    def serving(self, port: int) -> list[Group]:
        """The apps that answer on a port. Raises as `listeners`."""
        seen: dict[tuple[int, ...], Group] = {}
        for pid in self.listeners(port):
            try:
                for group in self.groups(pid):
                    seen[group.workers] = group
            except SourceError:
                continue
        if not seen:
            raise NotPermitted(f"the processes on port {port} cannot be read", "run callcheck as their user or as root")
        return list(seen.values())

    def _read(self, process: Any, count: list[int]) -> Process:
        import psutil

        count[0] += 1
        try:
            words = tuple(process.cmdline())
        except (psutil.AccessDenied, psutil.ZombieProcess):
            words = (process.name(),)
        below = []
        for child in process.children():
            if count[0] >= _MOST:
                break
            try:
                if child.status() != psutil.STATUS_ZOMBIE:
                    below.append(self._read(child, count))
            except psutil.NoSuchProcess:
                continue
        return Process(process.pid, process.ppid(), words, tuple(below))

    def _top(self, pid: int) -> int:
        """The master above a worker, else the pid itself; two floors up at most."""
        here = pid
        for _ in range(2):
            above = self.parent(here)
            if above is None or above <= 1:
                break
            try:
                groups = recognise(self.tree(above), here)
            except SourceError:
                break
            if not any(here in group.workers and group.master == above for group in groups):
                break
            here = above
        return here

    def _listening(self) -> list[_Listener]:
        import psutil

        try:
            return [
                _Listener(c.laddr.port, c.pid)
                for c in psutil.net_connections("tcp")
                if c.status == psutil.CONN_LISTEN and c.laddr
            ]
        except psutil.AccessDenied:
            # macOS gives the whole table to root only.
            return list(self._own_listening())

    def _own_listening(self) -> Iterator[_Listener]:
        import psutil

        for process in psutil.process_iter():
            try:
                own = process.net_connections("tcp")
            except psutil.Error:
                continue
            yield from (_Listener(c.laddr.port, process.pid) for c in own if c.status == psutil.CONN_LISTEN and c.laddr)

    def _sharing(self, pids: set[int]) -> list[int]:
        """Pids that listen on a port on which one of `pids` listens."""
        listening = self._listening()
        ports = {item.port for item in listening if item.pid in pids}
        return sorted({item.pid for item in listening if item.port in ports and item.pid is not None})


@contextmanager
def _explained(pid: int) -> Iterator[None]:
    import psutil

    try:
        yield
    except psutil.NoSuchProcess as error:
        raise NotFound(f"no process {pid}", "it may have ended; `ps` shows what runs") from error
    except psutil.AccessDenied as error:
        raise NotPermitted(f"process {pid} belongs to another user", "run callcheck as that user or as root") from error
    except psutil.Error as error:
        raise SourceError(clean(f"process {pid} cannot be read: {error}")) from error
    except (ValueError, OverflowError) as error:
        raise NotFound(f"{pid} is no process id") from error
