"""What runs at this moment?"""

from __future__ import annotations

from typing import Annotated, ClassVar

from callcheck.model.fact import Attr, Fact
from callcheck.model.noun import dataclass


@dataclass(frozen=True, slots=True, repr=False)
class ProcessesRun(Fact):
    """Processes, containers or pods of one app were running when callcheck looked."""

    kind: ClassVar[str] = "processes.run"

    count: Annotated[int, Attr("callcheck.instance.count", "{instance}")]
    """Those that do the work, their master not among them."""
    service: Annotated[str, Attr("service.name")]
    """As the process manager or platform calls it; "" if nothing does."""
    server: Annotated[str, Attr("callcheck.server")]
    entry: Annotated[str, Attr("callcheck.entry.file")]
    role: Annotated[str, Attr("callcheck.service.role")]
    pool: Annotated[str, Attr("callcheck.process.pool")]
    """fork, cluster or spawn; threads, gevent or solo where there is one process by choice; "" for a process that stands alone."""
    ids: Annotated[str, Attr("process.pid")]
    """Pids, or the names of containers or pods, the first eight, separated by commas."""
    ports: Annotated[str, Attr("server.port")]
    """Separated by commas; "" if it listens nowhere, or its manager does for it."""
    inside: Annotated[str, Attr("container.id")]
    """Containers or systemd units, separated by commas; "" for those of callcheck itself."""
    restarts: Annotated[int, Attr("callcheck.restart.count", "{restart}")]
    """By the process manager's own count; -1 if nobody counts."""
    youngest: Annotated[int, Attr("callcheck.process.age.youngest", "s")]
    """Whole seconds, as `oldest`; -1 if it may not be seen."""
    oldest: Annotated[int, Attr("callcheck.process.age.oldest", "s")]
    asked: Annotated[bool, Attr("callcheck.process.asked")]
    """Whether the user named it; what merely runs in a folder may be a developer's own."""
    down: Annotated[str, Attr("callcheck.process.down")] = ""
    """Those that the manager lists too, but that do not run: `1 errored, 2 exited`."""

    def says(self) -> str:
        who = self.service or " ".join(part for part in (self.server, self.entry) if part) or "the app"
        ids = f" ({'pid ' if self.ids.partition(',')[0].isdigit() else ''}{self.ids})" if self.ids else ""
        thing = {"compose": "container", "kubernetes": "pod"}.get(self.server, "process")
        many = f"1 {thing} runs" if self.count == 1 else f"{self.count} {thing}{'es' if thing == 'process' else 's'} run"
        single = f", one process with {self.pool}" if self.pool in ("threads", "gevent", "eventlet", "solo") else ""
        ports = f", on port {self.ports}" if self.ports else ""
        inside = f", in {self.inside}" if self.inside else ""
        again = f", restarted {self.restarts} time{'s' if self.restarts > 1 else ''}" if self.restarts > 0 else ""
        down = f"; not running: {self.down}" if self.down else ""
        return f"{who}: {many}{ids}{single}{ports}{inside}{again}{self._ages()}{down}"

    def _ages(self) -> str:
        if self.youngest < 0:
            return ""
        young, old = _span(self.youngest), _span(self.oldest)
        return f", started {young} ago" if young == old else f", started between {old} and {young} ago"


@dataclass(frozen=True, slots=True, repr=False)
class PortShared(Fact):
    """Several processes take connections from one port, and whoever hands them out knows no sessions."""

    kind: ClassVar[str] = "port.shared"

    port: Annotated[int, Attr("server.port")]
    count: Annotated[int, Attr("callcheck.instance.count", "{instance}")]
    how: Annotated[str, Attr("callcheck.port.how")]
    """inherited (one socket), reuseport (a socket each), master (the parent hands them on)."""
    service: Annotated[str, Attr("service.name")]

    def says(self) -> str:
        how = {"reuseport": "each with a socket of its own (SO_REUSEPORT)", "master": "handed on by their master"}.get(self.how, "on one inherited socket")
        return f"{self.count} processes take the connections to port {self.port}, {how}"


@dataclass(frozen=True, slots=True, repr=False)
class BrokerConnected(Fact):
    """A running process holds a connection to a broker or database; whether events go through it does not show from outside."""

    kind: ClassVar[str] = "broker.connected"

    system: Annotated[str, Attr("messaging.system")]
    address: Annotated[str, Attr("server.address")]
    port: Annotated[int, Attr("server.port")]
    count: Annotated[int, Attr("callcheck.count")]
    """Processes that hold such a connection."""
    service: Annotated[str, Attr("service.name")]

    def says(self) -> str:
        return f"{self.count} of its processes {'is' if self.count == 1 else 'are'} connected to {self.system} at {self.address}:{self.port}"


@dataclass(frozen=True, slots=True, repr=False)
class BusUnconnected(Fact):
    """The code carries events over a broker, and none of the processes that run holds a connection to one."""

    kind: ClassVar[str] = "bus.unconnected"

    system: Annotated[str, Attr("messaging.system")]
    count: Annotated[int, Attr("callcheck.count")]
    """Processes that were looked at."""
    language: Annotated[str, Attr("code.language")]

    def says(self) -> str:
        which = "the process that runs is" if self.count == 1 else f"none of the {self.count} processes that run is"
        return f"{which} {'not ' if self.count == 1 else ''}connected to the {self.system} that the code shares events over"


@dataclass(frozen=True, slots=True, repr=False)
class CountsDiffer(Fact):
    """The files say another number of processes than the machine shows."""

    kind: ClassVar[str] = "counts.differ"

    declared: Annotated[int, Attr("callcheck.instance.declared", "{instance}")]
    observed: Annotated[int, Attr("callcheck.instance.observed", "{instance}")]
    level: Annotated[str, Attr("callcheck.instance.level")]
    """As of the factor: replicas or processes."""
    service: Annotated[str, Attr("service.name")]
    counts: Annotated[str, Attr("callcheck.instance.counts")]
    """Which of the two is gone by: observed, or declared where what runs was not named by the user and is fewer."""

    def says(self) -> str:
        whose = f" of {self.service}" if self.service else ""
        level = self.level if self.declared != 1 else {"processes": "process", "replicas": "replica"}.get(self.level, self.level)
        return f"{self.declared} {level}{whose} here; {self.observed} {'is' if self.observed == 1 else 'are'} running"


def _span(seconds: int) -> str:
    for unit, name in ((86_400, "day"), (3_600, "hour"), (60, "minute")):
        if seconds >= 2 * unit:
            return f"{seconds // unit} {name}s"
    return f"{seconds} s"
