"""Do the files say another number of processes than runs?

instances: 1 (ecosystem.config.js:4)     4 node processes run     =>     they differ, and the 4 is gone by
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.links._running import declared, fact_of, goes_before, ran_of, total
from callcheck.links.instances import Unit, units_of
from callcheck.model.evidence import Evidence, Ledger
from callcheck.model.fact import Fact
from callcheck.model.facts.deployment import BalancerPool, InstancesFactor, InstancesPossible, ServiceRun
from callcheck.model.facts.live import CountsDiffer, ProcessesRun
from callcheck.model.words import Basis


class DifferencesLink:
    """One fact for each unit and level of which both are known and differ."""

    name = "differences"
    reads: frozenset[type[Fact]] = frozenset({InstancesFactor, InstancesPossible, ServiceRun, BalancerPool, ProcessesRun})
    needs: frozenset[type[Fact]] = frozenset({ProcessesRun})
    answers: frozenset[type[Fact]] = frozenset({CountsDiffer})

    def join(self, ledger: Ledger) -> Iterator[Evidence]:
        """Stated at the line of the file; what runs is in its grounds."""
        for unit in units_of(ledger):
            for level in ("replicas", "processes"):
                yield from _differing(unit, level)


def _differing(unit: Unit, level: str) -> Iterator[Evidence]:
    here = [item for item in unit.factors if fact_of(item).level == level]
    seen = [item for item in here if ran_of(item)]
    told = declared(here)
    if not seen or not told:
        return
    most = max(seen, key=lambda item: fact_of(item).count)
    strongest = max(told, key=lambda item: fact_of(item).count)
    count, many = total(told), fact_of(most).count
    if many == count or (many > count and any(fact_of(item).at_least for item in told)):
        return
    counts = "observed" if goes_before(most, told) else "declared"
    fact = CountsDiffer(count, many, level, unit.name, counts)
    yield Evidence(fact, Basis.OBSERVED, "differences", strongest.where, strongest.excerpt, unit.name, because=(strongest, most))


LINK = DifferencesLink()
