"""Of which units that files describe does nothing run?

    spec: {replicas: 0}                        # of the worker, without an autoscaler
    worker: {profiles: [jobs]}                 # stated by a probe of its own
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Ledger
from callcheck.model.facts.deployment import InstancesFactor, ServiceRun
from callcheck.model.facts.starting import ServiceOff, UnitHeld


class OffUnits:
    """States `service.off`; whatever says that there is one after all (an overlay, a command) has the last word."""

    name = "off-units"
    reads = frozenset({ServiceRun, InstancesFactor, UnitHeld})
    needs = frozenset({ServiceRun})
    answers = frozenset({ServiceOff})

    def join(self, ledger: Ledger) -> Iterator[Evidence]:
        """One fact a unit, at the line that keeps it down."""
        roles = {e.fact.service: (e.fact.role, e) for e in ledger.of(ServiceRun) if isinstance(e.fact, ServiceRun) and e.fact.service}
        counts: dict[str, list[Evidence]] = {}
        for item in ledger.of(InstancesFactor):
            if isinstance(item.fact, InstancesFactor) and item.fact.level == "replicas":
                counts.setdefault(item.fact.service, []).append(item)
        held = {e.fact.service: e for e in ledger.of(UnitHeld) if isinstance(e.fact, UnitHeld)}
        for name, (role, run) in roles.items():
            found = counts.get(name, [])
            none = found[0] if found and all(isinstance(e.fact, InstancesFactor) and e.fact.count == 0 for e in found) else None
            why = none or held.get(name)
            if why is not None:
                how = why.fact.how if isinstance(why.fact, UnitHeld) else "zero"
                system = str(why.fact.attributes()["callcheck.instance.system"])
                yield Evidence(ServiceOff(name, role, how, system), why.basis, self.name, why.where, why.excerpt, name, why.label, (why, run))


LINK = OffUnits()
