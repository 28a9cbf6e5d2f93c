"""Who listens where, and who is connected to whom?

On Linux the tables of the kernel are read, each process by that of its own network, so that containers are seen from the host, and a socket
that was inherited is told from one of a process's own (SO_REUSEPORT). Elsewhere psutil is asked, which does not tell these apart.

  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 914882 1 00000000d2c728a7 100 0 0 10 0
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable, Iterator
from typing import Any

from callcheck.model.noun import dataclass

_LISTEN, _ESTABLISHED = "0A", "01"
_MOST_ROWS = 200_000


@dataclass(frozen=True, slots=True)
class Listener:
    """A socket that waits for connections, and one process that holds it."""

    port: int
    pid: int | None
    """None if the process belongs to another user."""
    socket: int = 0
    """Its number, which those who inherited it share; 0 where the system does not tell."""


@dataclass(frozen=True, slots=True)
class Connection:
    """A connection of a process to somebody who listens."""

    pid: int
    address: str
    port: int
    """The other end's."""


@dataclass(frozen=True, slots=True)
class _Row:
    port: int
    remote: str
    remote_port: int
    state: str


class Sockets:
    """Sockets as they are at one moment; each network's table is read once."""

    def __init__(self) -> None:
        self._tables: dict[str, dict[int, _Row]] = {}
        self._held: dict[int, frozenset[int] | None] = {}

    def listening(self) -> list[Listener]:
        """Everybody who listens on this machine's own network, once for each process that holds the socket."""
        if not sys.platform.startswith("linux"):
            return list(_asked())
        rows = {number: row for number, row in self._table("self").items() if row.state == _LISTEN}
        found = [Listener(rows[number].port, pid, number) for pid in _pids() for number in sorted((self._numbers(pid) or frozenset()) & rows.keys())]
        seen = {listener.socket for listener in found}
        return found + [Listener(row.port, None, number) for number, row in sorted(rows.items()) if number not in seen]

    def of(self, pid: int) -> tuple[list[Listener], list[Connection]] | None:
        """The sockets of one process; None if they may not be seen."""
        if not sys.platform.startswith("linux"):
            return _own(pid)
        numbers = self._numbers(pid)
        if numbers is None:
            return None
        table = self._table(str(pid))
        rows = [(number, table[number]) for number in sorted(numbers & table.keys())]
        listeners = [Listener(row.port, pid, number) for number, row in rows if row.state == _LISTEN]
        ports = {listener.port for listener in listeners}
        connections = [Connection(pid, row.remote, row.remote_port) for _, row in rows if row.state == _ESTABLISHED and row.port not in ports]
        return listeners, connections

    def network(self, pid: int) -> str:
        """A name for the network that the process is in; "" if it may not be seen."""
        try:
            return os.readlink(f"/proc/{pid}/ns/net")
        except OSError:
            return ""

    def local(self, pid: int, address: str) -> bool:
        """Whether an IPv4 address is one of the process's own network."""
        try:
            with open(f"/proc/{pid}/net/fib_trie", encoding="ascii", errors="replace") as stream:
                return re.search(rf"\|-- {re.escape(address)}\n\s+/32 host LOCAL", stream.read(1_000_000)) is not None
        except OSError:
            return False

    def _numbers(self, pid: int) -> frozenset[int] | None:
        if pid not in self._held:
            self._held[pid] = _numbers(pid)
        return self._held[pid]

    def _table(self, who: str) -> dict[int, _Row]:
        try:
            network = os.readlink(f"/proc/{who}/ns/net")
        except OSError:
            network = who
        if network not in self._tables:
            self._tables[network] = {number: row for name in ("tcp", "tcp6") for number, row in _rows(f"/proc/{who}/net/{name}")}
        return self._tables[network]


def _pids() -> list[int]:
    return sorted(int(name) for name in os.listdir("/proc") if name.isdigit())


def _numbers(pid: int) -> frozenset[int] | None:
    """The numbers of the sockets that a process holds."""
    found = set()
    try:
        with os.scandir(f"/proc/{pid}/fd") as entries:
            for entry in entries:
                try:
                    target = os.readlink(entry.path)
                except OSError:
                    continue
                if target.startswith("socket:["):
                    found.add(int(target[8:-1]))
    except OSError:
        return None
    return frozenset(found)


def _rows(path: str) -> Iterator[tuple[int, _Row]]:
    try:
        with open(path, encoding="ascii", errors="replace") as stream:
            next(stream, "")
            for _, line in zip(range(_MOST_ROWS), stream, strict=False):
                words = line.split()
                if len(words) > 9 and words[3] in (_LISTEN, _ESTABLISHED):
                    remote, _, port = words[2].partition(":")
                    yield int(words[9]), _Row(int(words[1].rpartition(":")[2], 16), _address(remote), int(port, 16), words[3])
    except (OSError, ValueError):
        return


def _address(text: str) -> str:
    """`0100007F` is 127.0.0.1: words of four bytes, each in the machine's own order."""
    raw = b"".join(bytes.fromhex(text[at : at + 8])[:: -1 if sys.byteorder == "little" else 1] for at in range(0, len(text), 8))
    if len(raw) == 16 and raw.startswith(bytes(10) + b"\xff\xff"):
        raw = raw[12:]
    if len(raw) == 4:
        return ".".join(map(str, raw))
    import ipaddress

    return str(ipaddress.ip_address(raw))


def _asked() -> Iterator[Listener]:
    import psutil

    try:
        found = psutil.net_connections("tcp")
    except psutil.AccessDenied:  # macOS gives the whole table to root only.
        own = [c for process in psutil.process_iter() for c in _connections(process) or []]
        yield from (Listener(c.laddr.port, c.pid) for c in own if c.status == psutil.CONN_LISTEN and c.laddr)
        return
    yield from (Listener(c.laddr.port, c.pid) for c in found if c.status == psutil.CONN_LISTEN and c.laddr)


@dataclass(frozen=True, slots=True)
class _Seen:
    laddr: Any
    raddr: Any
    status: str
    pid: int


def _connections(process: Any) -> list[_Seen] | None:
    import psutil

    try:
        return [_Seen(c.laddr, c.raddr, c.status, process.pid) for c in process.net_connections("tcp")]
    except psutil.Error:
        return None


def _own(pid: int) -> tuple[list[Listener], list[Connection]] | None:
    import psutil

    try:
        found = _connections(psutil.Process(pid))
    except psutil.Error:
        return None
    if found is None:
        return None
    listeners = [Listener(c.laddr.port, pid) for c in found if c.status == psutil.CONN_LISTEN and c.laddr]
    ports = {listener.port for listener in listeners}
    joined = [c for c in found if c.status == psutil.CONN_ESTABLISHED and c.raddr and c.laddr.port not in ports]
    return listeners, [Connection(pid, c.raddr.ip, c.raddr.port) for c in joined]


def ports_of(listeners: Iterable[Listener]) -> tuple[int, ...]:
    """The ports, each once, in order."""
    return tuple(sorted({listener.port for listener in listeners}))
