"""Is a broker that the code shares events over connected to by none of the processes that run?

    await subscriber.subscribe("done")         # in the code: Redis
    pid 4711 and 4712, no connection to any Redis
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Ledger
from callcheck.model.fact import Fact
from callcheck.model.facts.execution import BusShared
from callcheck.model.facts.live import BrokerConnected, BusUnconnected, ProcessesRun


class Unconnected:
    """Silent where a connection may be one that could not be seen, or the processes were not named by the user."""

    name = "unconnected"
    reads: frozenset[type[Fact]] = frozenset({BusShared, ProcessesRun, BrokerConnected})
    needs: frozenset[type[Fact]] = frozenset({BusShared, ProcessesRun})
    answers: frozenset[type[Fact]] = frozenset({BusUnconnected})

    def join(self, ledger: Ledger) -> Iterator[Evidence]:
        """One fact for each broker that the code names."""
        asked = [e for e in ledger.of(ProcessesRun) if isinstance(e.fact, ProcessesRun) and e.fact.asked and e.fact.count > 0 and not e.fact.inside]
        if not asked or not ledger.settled(BrokerConnected):
            return
        seen = {e.fact.system for e in ledger.of(BrokerConnected) if isinstance(e.fact, BrokerConnected)}
        told: set[str] = set()
        for item in ledger.of(BusShared):
            if isinstance(item.fact, BusShared) and item.fact.system and item.fact.system not in seen | told:
                told.add(item.fact.system)
                count = sum(e.fact.count for e in asked if isinstance(e.fact, ProcessesRun))
                fact = BusUnconnected(item.fact.system, count, item.fact.language)
                yield Evidence(fact, asked[0].basis, self.name, item.where, item.excerpt, because=(item, *asked[:2]))


LINK = Unconnected()
