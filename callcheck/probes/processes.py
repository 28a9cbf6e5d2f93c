"""How many processes serve the app that runs behind a pid or a port?"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.errors import SourceError
from callcheck.model.evidence import Evidence, Lost
from callcheck.model.fact import Fact
from callcheck.model.facts.deployment import InstancesFactor, ServiceRun
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.target import Target
from callcheck.model.words import Basis
from callcheck.sources import Eyes
from callcheck.sources.launch import read_command
from callcheck.sources.live import Group


class LiveProcesses:
    """Counts workers, not masters; says nothing of other machines."""

    name = "processes"
    looks_at = Sight.PROCESSES
    answers: frozenset[type[Fact]] = frozenset({InstancesFactor, ServiceRun})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.live else "no pid:N or port:N given"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        found: dict[tuple[int, ...], Group] = {}
        failed: list[tuple[str, SourceError]] = []
        for pid in target.pids:
            try:
                found.update({group.workers: group for group in eyes.processes.groups(pid)})
            except SourceError as error:
                failed.append((f"pid {pid}", error))
        for port in target.ports:
            try:
                found.update({group.workers: group for group in eyes.processes.serving(port)})
            except SourceError as error:
                failed.append((f"port {port}", error))
        if failed and not found:
            raise failed[0][1]
        for group in found.values():
            yield from _facts(group)
        for what, why in failed:
            yield Lost(what, why.message)


def _facts(group: Group) -> Iterator[Evidence]:
    started = next(iter(read_command(group.command)), None)
    entry, role = (clean(started.entry, 120), started.role) if started else ("", "unknown")
    run = ServiceRun("", group.command, entry, role, group.server)
    yield Evidence(run, Basis.OBSERVED, "processes", excerpt=group.command)
    count = len(group.workers)
    shown = ", ".join(str(pid) for pid in group.workers[:8]) + (", ..." if count > 8 else "")
    text = f"{count} {group.server or 'processes'} {'processes' if group.server else ''}".strip()
    level = "replicas" if group.shares_port else "processes"
    factor = InstancesFactor(count, False, level, group.server, "", clean(f"{text} run: pid {shown}", 120))
    yield Evidence(factor, Basis.OBSERVED, "processes", excerpt=group.command)


PROBE = LiveProcesses()
