"""What is to be seen of an app's processes from outside: ports, brokers, ages, containers?"""

from __future__ import annotations

import os
import time
from collections.abc import Sequence

from callcheck.model.errors import SourceError
from callcheck.model.noun import dataclass
from callcheck.sources.live.brokers import Broker, Brokers
from callcheck.sources.live.sockets import Connection, Listener, ports_of
from callcheck.sources.live.table import Table
from callcheck.sources.live.titles import SERVERS
from callcheck.sources.live.workers import Group, Process, is_helper


@dataclass(frozen=True, slots=True)
class Seen:
    """What is to be seen of a group from outside."""

    ports: tuple[int, ...]
    """On which it listens."""
    own_sockets: tuple[int, ...]
    """Those of its ports on which several of its processes listen each for itself (SO_REUSEPORT)."""
    handed: bool
    """Whether no worker listens itself: a master, if anybody, hands connections on."""
    brokers: tuple[Broker, ...]
    ages_s: tuple[float, ...]
    """Of the workers, the youngest first; empty if they may not be seen."""
    containers: tuple[str, ...]
    """Containers, or `systemd NAME.service`, in which the workers run."""
    kept_out: tuple[int, ...]
    """Pids of which something may not be seen."""
    uncounted: tuple[int, ...] = ()
    """Processes of the same program that a process which stands alone has started."""


def see(group: Group, table: Table, listening: list[Listener]) -> Seen:
    """What is to be seen of a group; `listening` is everybody who listens on this machine."""
    tops = dict.fromkeys([*(() if group.master is None or group.server == "pm2" else (group.master,)), *group.workers])
    processes = [process for pid in tops for process in below(pid, table)]
    held = [told for process in processes if (told := table.sockets.of(process.pid))]
    listeners = [item for each in held for item in each[0]]
    joined: list[Connection] = [item for each in held for item in each[1]]
    now = time.time()
    started = {process.pid: process.started for process in processes if process.started}
    inside = {table.container(pid) for pid in group.workers} - {"", table.container(os.getpid())}
    if group.server == "pm2" and group.pool == "cluster":
        listeners += _of_daemon(group, table)
    ports = ports_of(listeners)
    return Seen(
        ports=ports,
        own_sockets=tuple(port for port in ports if _apart(port, listeners, table)),
        handed=not any(process.ports for pid in group.workers for process in below(pid, table)),
        brokers=tuple(Brokers(table, listening).behind(joined)),
        ages_s=tuple(sorted(max(now - started[pid], 0.0) for pid in group.workers if pid in started)),
        containers=tuple(sorted(inside)),
        kept_out=tuple(sorted(table.kept_out & {process.pid for process in processes})),
        uncounted=_uncounted(group, processes),
    )


def _uncounted(group: Group, processes: Sequence[Process]) -> tuple[int, ...]:
    """What runs below a process that no server is known by: whether it shares its work does not show."""
    if len(group.workers) > 1 or group.master is not None or group.server in SERVERS:
        return ()
    top = processes[0] if processes else None
    alike = [each for each in processes[1:] if top and (each.program, each.words[:1]) == (top.program, top.words[:1]) and not is_helper(each.words)]
    return tuple(each.pid for each in alike)


def _of_daemon(group: Group, table: Table) -> list[Listener]:
    """What PM2's daemon listens on, if all that it can be for is this one app."""
    daemon = next(iter(below(group.master or 0, table)), None)
    clustered = {child.pid for child in daemon.children if child.clustered} if daemon else set()
    held = table.sockets.of(daemon.pid) if daemon and clustered <= set(group.workers) else None
    return held[0] if held else []


def below(pid: int, table: Table) -> list[Process]:
    """The process and all below it; [] if it is gone."""
    try:
        return list(table.tree(pid).walk())
    except SourceError:
        return []


def _apart(port: int, listeners: Sequence[Listener], table: Table) -> bool:
    """Whether within one network several sockets take the connections to a port."""
    numbers: dict[str, set[int]] = {}
    for item in listeners:
        if item.port == port and item.socket:
            numbers.setdefault(table.sockets.network(item.pid or 0), set()).add(item.socket)
    return any(len(found) > 1 for found in numbers.values())


def behind_proxy(pid: int, table: Table) -> int:
    """The process in the container that docker-proxy hands a port's connections to, as far as it can be seen; else the process itself."""
    words = table.words(pid)
    if not words or os.path.basename(words[0]) != "docker-proxy" or "-container-ip" not in words or "-container-port" not in words:
        return pid
    address, port = words[words.index("-container-ip") + 1], words[words.index("-container-port") + 1]
    own, ours = table.sockets.network(os.getpid()), dict[str, bool]()
    for other in table.pids():
        network = table.sockets.network(other)
        if not network or network == own:
            continue
        if network not in ours:
            ours[network] = table.sockets.local(other, address)
        held = table.sockets.of(other) if ours[network] else None
        if held and any(str(item.port) == port for item in held[0]):
            return other
    return pid
