"""Which processes are there, and who started whom? Read once; what each says of itself when it is asked for."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from callcheck.model.errors import NotFound, NotPermitted, SourceError
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.sources.live.sockets import Sockets
from callcheck.sources.live.workers import Process

_MOST = 2_000
"""Processes of one tree that are looked at."""
_VARIABLES = frozenset({"NODE_UNIQUE_ID", "PM2_HOME"})
"""The variables of a process that may be asked for: one of node:cluster, one of where PM2 keeps its files. No other leaves the process table."""
_CONTAINER = pattern(r"(docker|libpod|kubepods|cri-containerd|crio|containerd|lxc|garden|machine)[^\n]{0,300}?([0-9a-f]{64})|/(lxc|machine)[./]([\w.-]{1,80})")
_UNIT = pattern(r"/([\w@.:\\-]{1,120}\.service)(?:/|$)", re.MULTILINE)


class Table:
    """The process table of one moment."""

    def __init__(self) -> None:
        import psutil

        self.sockets = Sockets()
        self.kept_out: set[int] = set()
        """Pids of which something may not be seen."""
        self._parents: dict[int, int] = {p.pid: p.info["ppid"] or 0 for p in psutil.process_iter(["ppid"])}
        self._below: dict[int, list[int]] = {}
        self._trees: dict[int, Process] = {}
        for pid, parent in self._parents.items():
            self._below.setdefault(parent, []).append(pid)

    def pids(self) -> list[int]:
        """Every process."""
        return sorted(self._parents)

    def parent(self, pid: int) -> int | None:
        """The parent's pid, None at the top. Raises NotFound."""
        if pid not in self._parents:
            raise NotFound(f"no process {pid}", "it may have ended; `ps` shows what runs")
        above = self._parents[pid]
        return above if above > 0 else None

    def tree(self, pid: int) -> Process:
        """The process and everything below it. Raises NotFound, NotPermitted."""
        import psutil

        self.parent(pid)
        with explained(pid):
            if pid not in self._trees and psutil.Process(pid).status() == psutil.STATUS_ZOMBIE:
                raise NotFound(f"process {pid} has ended", f"it is a zombie, which process {self._parents[pid]} that started it has not asked for its end; give that one, or start it anew")
            return self._read(pid, [0])

    def above(self, pid: int) -> frozenset[int]:
        """The process and those that started it, and so on up."""
        found: set[int] = set()
        here: int | None = pid
        while here and here not in found:
            found.add(here)
            here = self._parents.get(here)
        return frozenset(found)

    def words(self, pid: int) -> tuple[str, ...]:
        """The command line; () if the process is gone or may not be seen."""
        import psutil

        try:
            return _told(psutil.Process(pid).cmdline())
        except (psutil.Error, ValueError):
            return ()

    def folder(self, pid: int) -> str:
        """Its working directory; "" if it may not be seen."""
        import psutil

        try:
            return str(psutil.Process(pid).cwd())
        except (psutil.Error, OSError):
            return ""

    def variable(self, pid: int, name: str) -> str:
        """One of the few variables that are asked for; "" if it is not set or may not be seen."""
        import psutil

        if name not in _VARIABLES:
            raise ValueError(f"{name} is none of the variables that may be read")
        try:
            return str(psutil.Process(pid).environ().get(name, ""))
        except (psutil.Error, OSError):
            return ""

    def container(self, pid: int) -> str:
        """The container that the process is in, by the first twelve characters of its id, or `systemd NAME.service`; "" for neither."""
        try:
            with open(f"/proc/{pid}/cgroup", encoding="utf-8", errors="replace") as stream:
                return container_in(stream.read(100_000))
        except OSError:
            return ""

    def _read(self, pid: int, count: list[int]) -> Process:
        import psutil

        if pid in self._trees:
            return self._trees[pid]
        count[0] += 1
        process = psutil.Process(pid)
        try:
            words = _told(process.cmdline()) or (process.name(),)
        except (psutil.AccessDenied, psutil.ZombieProcess):
            self.kept_out.add(pid)
            words = (process.name(),)
        program = self._program(process)
        held = self.sockets.of(pid)
        if held is None:
            self.kept_out.add(pid)
        listeners = held[0] if held else []
        clustered = program in ("node", "nodejs", "bun") and bool(self.variable(pid, "NODE_UNIQUE_ID"))
        sockets = frozenset(item.socket for item in listeners if item.socket)
        ports = frozenset(item.port for item in listeners)
        below = tuple(self._children(pid, count))
        made = Process(pid, self._parents.get(pid, 0), words, below, program, clustered, sockets, ports, process.create_time())
        self._trees[pid] = made
        return made

    def _children(self, pid: int, count: list[int]) -> Iterator[Process]:
        import psutil

        for child in self._below.get(pid, ()):
            if count[0] >= _MOST:
                return
            try:
                if psutil.Process(child).status() != psutil.STATUS_ZOMBIE:
                    yield self._read(child, count)
            except psutil.NoSuchProcess:
                continue
            except psutil.AccessDenied:
                self.kept_out.add(child)

    def _program(self, process: Any) -> str:
        import psutil

        try:
            return os.path.basename(str(process.exe())).removesuffix(" (deleted)")
        except (psutil.Error, OSError):
            self.kept_out.add(process.pid)
            return ""


def _told(words: Sequence[str]) -> tuple[str, ...]:
    """Without the empty words that a title leaves behind which is shorter than the command line was."""
    last = max((at for at, word in enumerate(words, 1) if word), default=0)
    return tuple(words[:last])


def container_in(cgroup: str) -> str:
    """As `Table.container`, of the text of /proc/PID/cgroup (versions 1 and 2)."""
    if found := _CONTAINER.search(cgroup):
        return (found[2] or "")[:12] or clean(found[4] or "", 40)
    units = [name for name in _UNIT.findall(cgroup) if not re.match(r"user@\d+\.service$", name)]
    return f"systemd {clean(units[-1], 80)}" if units else ""


@contextmanager
def explained(pid: int) -> Iterator[None]:
    """psutil's errors as ours."""
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
