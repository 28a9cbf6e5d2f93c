"""How many processes serve the app that runs behind a pid, a port, a name or in a folder, and what are they connected to?"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator

from callcheck.model.errors import NotFound, SourceError
from callcheck.model.evidence import Evidence, Lost
from callcheck.model.fact import Fact
from callcheck.model.facts.deployment import InstancesFactor, LoadBalanced, ServiceRun
from callcheck.model.facts.live import BrokerConnected, PortShared, ProcessesRun
from callcheck.model.noun import dataclass
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.target import Target
from callcheck.model.words import Basis
from callcheck.sources import Eyes
from callcheck.sources.launch import read_command
from callcheck.sources.live.processes import Group, Seen
from callcheck.sources.live.titles import entry_of, started_as

_NAME = "processes"
_SHOWN = 8
_OTHERS = "" if getattr(os, "geteuid", int)() == 0 else ", as far as this user may see"
_ONE = {"processes": "process", "replicas": "replica"}
_ROLES = {"gunicorn": "web", "uvicorn": "web", "hypercorn": "web", "granian": "web", "uwsgi": "web", "daphne": "web", "flask": "web", "waitress-serve": "web",
          "celery": "worker", "rq": "worker", "dramatiq": "worker", "taskiq": "worker", "huey": "worker", "arq": "worker", "nginx": "proxy"}  # fmt: skip


class LiveProcesses:
    """Counts workers, not masters; says nothing of other machines."""

    name = _NAME
    looks_at = Sight.PROCESSES
    answers: frozenset[type[Fact]] = frozenset({ProcessesRun, InstancesFactor, ServiceRun, PortShared, BrokerConnected, LoadBalanced})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.pids or target.ports or target.names or target.inside or target.beside else "no pid:N, port:N, name:TEXT or cwd:FOLDER given"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        found: dict[tuple[int, ...], _Found] = {}
        failed: list[tuple[str, SourceError]] = []
        unsure: list[Lost] = []
        for what, asked, ask in _questions(target, eyes):
            try:
                groups = ask()
            except SourceError as error:
                failed.append((what, error))
                continue
            if not groups and asked:
                failed.append((what, NotFound(f"nothing that was started there runs{_OTHERS}", "start the app, or name it by pid:N, port:N or name:TEXT")))
            for group in groups:
                found.setdefault(group.workers, _Found(group, asked))
            if what.startswith("port ") and len(groups) > 1 and {group.server for group in groups} == {"pm2"}:
                unsure.append(Lost(what, "PM2's daemon listens for all of its clusters: which of them answers there does not show; name:TEXT tells them apart"))
        if failed and not found:
            raise failed[0][1]
        for each in found.values():
            yield from _facts(each.group, eyes.processes.look(each.group), each.asked)
        yield from unsure
        for what, why in failed:
            yield Lost(what, why.whole)


@dataclass(frozen=True, slots=True)
class _Found:
    group: Group
    asked: bool


def _questions(target: Target, eyes: Eyes) -> Iterator[tuple[str, bool, Callable[[], list[Group]]]]:
    for pid in target.pids:
        yield f"pid {pid}", True, lambda pid=pid: eyes.processes.groups(pid)  # type: ignore[misc]
    for port in target.ports:
        yield f"port {port}", True, lambda port=port: eyes.processes.serving(port)  # type: ignore[misc]
    for name in target.names:
        yield f"name {clean(name, 40)}", True, lambda name=name: eyes.processes.named(name)  # type: ignore[misc]
    for folder in (*target.inside, *target.beside):
        yield f"cwd {clean(str(folder), 80)}", folder in target.inside, lambda folder=folder: eyes.processes.within(folder)  # type: ignore[misc]


def _facts(group: Group, seen: Seen, asked: bool) -> Iterator[Evidence | Lost]:
    started = next(iter(read_command(started_as(group.command))), None)
    entry = entry_of(group.command) or (clean(started.entry, 120) if started else "")
    role = _ROLES.get(group.server) or (started.role if started else "unknown")
    if role == "unknown" and len(group.workers) > 1 and seen.ports:
        role = "web"  # Whatever it is, several of it answer on one port.
    ages = seen.ages_s
    ran = ProcessesRun(
        count=len(group.workers),
        service=group.name,
        server=group.server,
        entry=entry,
        role=role,
        pool=group.pool,
        ids=", ".join(str(pid) for pid in group.workers[:_SHOWN]) + (", ..." if len(group.workers) > _SHOWN else ""),
        ports=", ".join(map(str, seen.ports[:_SHOWN])),
        inside=", ".join(seen.containers[:_SHOWN]),
        restarts=-1,
        youngest=int(ages[0]) if ages else -1,
        oldest=int(ages[-1]) if ages else -1,
        asked=asked,
    )
    run = Evidence(ran, Basis.OBSERVED, _NAME, excerpt=group.command)
    yield run
    if asked:
        yield Evidence(ServiceRun(group.name, group.command, entry, role, group.server, server=group.server), Basis.OBSERVED, _NAME, excerpt=group.command)
    yield from _factors(group, run)
    if role != "proxy":
        yield from _ports(group, seen)
        for broker in seen.brokers:
            fact = BrokerConnected(broker.system, clean(broker.address, 60), broker.port, len(broker.pids), group.name)
            yield Evidence(fact, Basis.OBSERVED if broker.by_program else Basis.INFERRED, _NAME)
    else:
        yield Lost(f"behind {group.server} (pid {ran.ids})", "it hands requests on: give the app's own port or pid")
    if seen.uncounted:
        pids = ", ".join(map(str, seen.uncounted[:_SHOWN])) + (", ..." if len(seen.uncounted) > _SHOWN else "")
        yield Lost(f"below pid {ran.ids}", f"{len(seen.uncounted)} more of the same program run (pid {pids}); whether they do the same work does not show, so they are not counted")
    if seen.kept_out:
        pids = ", ".join(map(str, seen.kept_out[:_SHOWN]))
        yield Lost(f"pid {pids}", "belongs to another user: its program, sockets or connections may not be seen; run callcheck as that user or as root")


def _factors(group: Group, run: Evidence) -> Iterator[Evidence]:
    """Copies and the workers of each, where it is known to multiply so; else one number."""
    count, copies = len(group.workers), group.copies
    even = len(set(copies)) == 1
    parts = [("replicas", len(copies)), ("processes", copies[0])] if copies and even else [("replicas" if copies else "processes", count)]
    for level, many in parts:
        text = clean(f"{many} {group.server or ''} {level} run".replace("  ", " "), 120)
        factor = InstancesFactor(many, False, level, group.server, group.name, text)
        yield Evidence(factor, Basis.OBSERVED, _NAME, excerpt=group.command, service=group.name, label=f"{many} {level if many > 1 else _ONE[level]} running", because=(run,))


def _ports(group: Group, seen: Seen) -> Iterator[Evidence]:
    many = len(group.workers)
    if many < 2:
        return
    for port in seen.ports:
        how = "reuseport" if port in seen.own_sockets else "master" if seen.handed else "inherited"
        yield Evidence(PortShared(port, many, how, group.name), Basis.OBSERVED, _NAME)
    if seen.ports or group.pool == "cluster":
        yield Evidence(LoadBalanced(group.server, group.name), Basis.OBSERVED, _NAME, label="connections are spread over the processes, whoever comes")


PROBE = LiveProcesses()
