"""Which unit of the files is it that runs, and which of the two numbers is to be gone by?"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from callcheck.model.evidence import Evidence
from callcheck.model.facts.deployment import InstancesFactor, ServiceRun
from callcheck.model.words import NOT_APP, Basis

if TYPE_CHECKING:
    from callcheck.model.facts.live import ProcessesRun

BALANCERS = frozenset({"nginx", "haproxy", "caddy", "traefik"})


def fact_of(item: Evidence) -> InstancesFactor:
    """The factor that the evidence is of."""
    assert isinstance(item.fact, InstancesFactor)
    return item.fact


def run_of(item: Evidence) -> ServiceRun:
    """The run that the evidence is of."""
    assert isinstance(item.fact, ServiceRun)
    return item.fact


def ran_of(item: Evidence) -> ProcessesRun | None:
    """The processes that were counted for a factor; None if it was read out of a file."""
    found: list[ProcessesRun] = [why.fact for why in item.because if why.fact.kind == "processes.run"]  # type: ignore[misc]
    return found[0] if found else None


def seen_as(item: Evidence) -> str:
    """What tells the processes of one factor from those of another; "" for what was read out of a file."""
    ran = ran_of(item)
    return f"{ran.server} {ran.ids}" if ran else ""


def is_of(item: Evidence, name: str, role: str, runs: Sequence[Evidence], left_over: bool) -> bool:
    """Whether what runs, or what the code forks, is the unit of that name and role: started by the same server with the same entry, or left over."""
    ran = ran_of(item)
    alike = {run_of(each).service for each in runs if ran and run_of(each).service and _alike(run_of(each), ran)}
    if alike:
        return alike == {name}
    return left_over and (ran is None or ran.role in ("unknown", role) or role == "unknown")


def _alike(run: ServiceRun, ran: ProcessesRun) -> bool:
    if not ran.server or (run.server or "node") != ran.server or run.role in NOT_APP:
        return False
    one, other = (entry.removeprefix("./").rsplit("/", 1)[-1].partition(":")[0] for entry in (run.entry, ran.entry))
    return bool(one) and one == other


def declared(items: Sequence[Evidence]) -> list[Evidence]:
    """What files say of an app, not of its balancer."""
    return [item for item in items if item.basis is Basis.DECLARED and fact_of(item).system not in BALANCERS]


def total(items: Sequence[Evidence]) -> int:
    """The product of the strongest factor of each system."""
    systems = dict.fromkeys(fact_of(item).system for item in items)
    return math.prod(max(fact_of(item).count for item in items if fact_of(item).system == system) for system in systems)


def goes_before(seen: Evidence, told: Sequence[Evidence]) -> bool:
    """Whether what was seen to run is gone by, and not what the files tell: always, but for less than they tell that nobody named."""
    ran = ran_of(seen)
    return not told or ran is None or ran.asked or fact_of(seen).count >= total(told)
