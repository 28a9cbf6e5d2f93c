"""Which facts follow from what a process manager or platform lists of one app?"""

from __future__ import annotations

import os
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from callcheck.model.evidence import Evidence
from callcheck.model.facts.deployment import InstancesFactor, ServiceRun
from callcheck.model.facts.live import ProcessesRun
from callcheck.model.noun import dataclass
from callcheck.model.printable import clean
from callcheck.model.words import Basis
from callcheck.sources.launch import read_command, role_of_image, role_of_name
from callcheck.sources.live.managed import Managed

_SHOWN = 8


@dataclass(frozen=True, slots=True)
class Manager:
    """Who lists it: the probe that asks, the system by the name that its files' probe has, and what one of them is."""

    probe: str
    system: str
    level: str
    one: str
    """The level's singular."""
    server: str = ""


def stated(manager: Manager, app: str, items: Sequence[Managed], base: Path, env: Mapping[str, str] = {}) -> Iterator[Evidence]:
    """What runs of the app, the run itself under the name that its files use, and the factor of those that are up.

    A command's own workers (`gunicorn -w 4`) are a factor of their own, as the manager tells them: declared.
    """
    up = [item for item in items if item.up]
    first = (up or list(items))[0]
    started = next(iter(read_command(first.command, env)), None)
    entry = _relative(first.entry or (started.entry if started else ""), base)
    named = role_of_name(app)
    role = role_of_image(first.image) or (named if named != "unknown" or not started else started.role)
    server = manager.server or (started.server if started else "")
    ran = ProcessesRun(
        count=len(up),
        service=app,
        server=manager.system,
        entry=entry,
        role=role,
        pool=first.pool,
        ids=", ".join(item.name or item.id for item in up[:_SHOWN]) + (", ..." if len(up) > _SHOWN else ""),
        ports=", ".join(map(str, sorted({port for item in up for port in item.ports})[:_SHOWN])),
        inside="",
        restarts=sum(item.restarts for item in items) if all(item.restarts >= 0 for item in items) else -1,
        youngest=min(ages) if (ages := _ages(up)) else -1,
        oldest=max(ages, default=-1),
        asked=True,
        down=", ".join(f"{many} {clean(state, 80)}" for state, many in sorted(Counter(item.state for item in items if not item.up).items())),
    )
    run = Evidence(ran, Basis.OBSERVED, manager.probe, excerpt=first.command, service=app)
    yield run
    yield Evidence(ServiceRun(app, first.command, entry, role, manager.system, first.image, server), Basis.OBSERVED, manager.probe, excerpt=first.command, service=app)
    if up:
        factor = InstancesFactor(len(up), False, manager.level, manager.system, app, clean(f"{manager.system} lists {len(up)} of {app}", 120))
        yield Evidence(factor, Basis.OBSERVED, manager.probe, service=app, label=f"{len(up)} {manager.level if len(up) > 1 else manager.one} running", because=(run,))
    if started and manager.level == "replicas" and started.stated and started.count:
        own = InstancesFactor(started.count, started.at_least, "processes", started.server, app, clean(started.text, 120))
        yield Evidence(own, Basis.DECLARED, manager.probe, excerpt=first.command, service=app)


def _ages(up: Sequence[Managed]) -> list[int]:
    now = time.time()
    return [max(int(now - item.started), 0) for item in up if item.started]


def _relative(entry: str, base: Path) -> str:
    """The path of an entry as facts have it: relative to where the command runs, if it lies there."""
    inside = os.path.isabs(entry) and os.path.commonpath([entry, base]) == str(base)
    return clean(os.path.relpath(entry, base) if inside else entry, 120)
