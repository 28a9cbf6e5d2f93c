"""What do PM2 and Docker Compose list as running, how often was it restarted, and what does not run?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from callcheck.model.errors import NotFound, SourceError
from callcheck.model.evidence import Evidence, Lost
from callcheck.model.fact import Fact
from callcheck.model.facts.deployment import InstancesFactor, LoadBalanced, ServiceRun
from callcheck.model.facts.live import ProcessesRun
from callcheck.model.noun import replace
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.target import Target
from callcheck.model.words import Basis
from callcheck.sources import Eyes
from callcheck.sources.live import managed
from callcheck.sources.live.managed import Managed
from callcheck.sources.live.outside import ask
from callcheck.sources.live.pm2_files import daemon_runs
from callcheck.sources.live.stated import Manager, stated

_PM2 = Manager("managers", "pm2", "processes", "process", "node")
_COMPOSE = Manager("managers", "compose", "replicas", "replica")
_FIELDS = "{{.Id}} {{.State.Pid}} {{.RestartCount}} {{.State.StartedAt}}"


class Managers:
    """Asks only when told to, and only what is listed; the environment that PM2 lists with it is not kept."""

    name = "managers"
    looks_at = Sight.PROCESSES
    answers: frozenset[type[Fact]] = frozenset({ProcessesRun, InstancesFactor, ServiceRun, LoadBalanced})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if any(system in ("pm2", "compose") for system, _ in target.managers) else "no pm2: or compose: given"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        failed: list[tuple[str, SourceError]] = []
        some = False
        for system, what in target.managers:
            try:
                if system == "pm2":
                    yield from _pm2(what, target.base)
                    some = True
                elif system == "compose":
                    yield from _compose(Path(what), target.base, eyes)
                    some = True
            except SourceError as error:
                failed.append((f"{system}:{what}", error))
        if failed and not some:
            raise failed[0][1]
        for what, why in failed:
            yield Lost(clean(what, 80), why.message)


def _pm2(name: str, base: Path) -> Iterator[Evidence]:
    if not daemon_runs():
        # `pm2 jlist` would start one.
        raise NotFound("PM2's daemon does not run for this user", "run callcheck as the user whose `pm2 list` shows the app, with the same PM2_HOME")
    listed = managed.pm2_list(ask("pm2", ["jlist"]))
    found = [item for item in listed if not name or item.app == name]
    if not found:
        raise NotFound(f"PM2 lists no {clean(name, 60)}" if name else "PM2 lists nothing", f"it lists: {', '.join(dict.fromkeys(i.app for i in listed))}" if listed else "")
    for app, items in managed.by_app(found):
        yield from stated(_PM2, app, items, base)
        many = sum(item.up for item in items)
        if many > 1 and items[0].pool == "cluster":
            yield Evidence(LoadBalanced("pm2", app), Basis.OBSERVED, "managers", label="PM2 spreads connections over the processes, whoever comes")


def _compose(folder: Path, base: Path, eyes: Eyes) -> Iterator[Evidence]:
    listed = managed.compose_list(ask("docker", ["compose", "ps", "--all", "--format", "json"], folder))
    if not listed:
        raise NotFound("Compose lists no containers of this folder's project", "start it with `docker compose up -d`, or give its folder: compose:FOLDER")
    told = managed.inspected(ask("docker", ["inspect", "--format", _FIELDS, *(item.id for item in listed)]))
    listed = [replace(item, restarts=told[item.id][1], started=told[item.id][2]) if item.id in told else item for item in listed]
    for app, items in managed.by_app(listed):
        yield from stated(_COMPOSE, app, items, base)
        yield from _within(app, [told[item.id][0] for item in items if item.up and item.id in told], items, eyes)


def _within(app: str, pids: Sequence[int], items: Sequence[Managed], eyes: Eyes) -> Iterator[Evidence]:
    """The workers within each container, where its processes are to be seen from here."""
    counts = []
    for pid in pids:
        try:
            if eyes.processes.table.container(pid) and any(item.id == eyes.processes.table.container(pid) for item in items):
                counts += [len(group.workers) for group in eyes.processes.groups(pid)]
        except SourceError:
            continue
    if counts and max(counts) > 1:
        factor = InstancesFactor(max(counts), False, "processes", "compose", app, f"{max(counts)} processes in one container")
        yield Evidence(factor, Basis.OBSERVED, "managers", service=app, label=f"{max(counts)} processes run in one container")


PROBE = Managers()
