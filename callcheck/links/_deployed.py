"""Which units does the deployment start, if of each it is known what it runs?"""

from __future__ import annotations

from collections.abc import Collection

from callcheck.model.evidence import Evidence, Ledger
from callcheck.model.facts.deployment import ServerlessFunction, ServiceRun
from callcheck.model.facts.starting import ServiceOff
from callcheck.model.noun import dataclass
from callcheck.model.words import NOT_APP

_NOT_A_DEPLOYMENT = frozenset({"package-script", "dockerfile", ""})
"""Ways of starting that other files may add to: a script, an image's own command."""


@dataclass(frozen=True, slots=True)
class Deployed:
    """The units, all that is run in one way or another, and the units of which nothing runs."""

    units: list[tuple[Evidence, ServiceRun]]
    runs: list[tuple[Evidence, ServiceRun]]
    off: dict[str, Evidence]

    @property
    def services(self) -> frozenset[str]:
        """The units that run."""
        return frozenset(run.service for _, run in self.units) - self.off.keys()

    @property
    def named(self) -> str:
        """Their names."""
        return ", ".join(sorted(self.services))


def loads(ledger: Ledger, item: Evidence, services: Collection[str]) -> bool:
    """Whether one of these units loads the code that something stands in; where it is not known what each loads, whether anything does."""
    return not ledger.units(item).isdisjoint(services) if ledger.loaded else item.where is not None and item.where.path in ledger.reached


def loads_alone(ledger: Ledger, item: Evidence, service: str) -> bool:
    """Whether a unit, and no other, loads the place of this; with one unit of the app that is the one. A script of a package starts the same program as a unit, and is none."""
    runs = [e.fact for e in ledger.of(ServiceRun) if isinstance(e.fact, ServiceRun) and e.fact.service and e.fact.role not in NOT_APP]
    scripts = {run.service for run in runs if run.system == "package-script"} - {run.service for run in runs if run.system != "package-script"}
    if ledger.apps:
        return ledger.units(item) - (scripts - {service}) == frozenset({service})
    return {run.service for run in runs} - scripts == {service} and item.where is not None and item.where.path in ledger.reached


def deployed(ledger: Ledger) -> Deployed | None:
    """None where the command of a unit is not known, as that may be the worker, where functions run, and where an image of its own may be started elsewhere."""
    runs = [(e, e.fact) for e in ledger.of(ServiceRun) if isinstance(e.fact, ServiceRun) and e.fact.role not in NOT_APP]
    units = [(e, run) for e, run in runs if run.system not in _NOT_A_DEPLOYMENT and run.service]
    if not units or any(not run.server and not run.entry for _, run in units) or ledger.of(ServerlessFunction):
        return None
    off = {e.fact.service: e for e in ledger.of(ServiceOff) if isinstance(e.fact, ServiceOff)}
    runs = [(e, run) for e, run in runs if run.service not in off]
    entries = {run.entry for _, run in units}
    if any(run.system == "dockerfile" and run.entry and run.entry not in entries for _, run in runs):
        return None
    return Deployed(units, runs, off)
