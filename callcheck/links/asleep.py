"""Is a unit stopped at times whose subscription nobody keeps messages for?

    minReplicaCount: 0                    # of the mailer, outside of office hours
    nc.subscribe("rent.booked")           # core NATS: at most once
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Ledger
from callcheck.model.facts.deployment import ServiceStops
from callcheck.model.facts.meeting import SubscriberAsleep, SubscriptionVolatile


class Asleep:
    """States `subscriber.asleep` for each unit that stops and loads a file with such a subscription."""

    name = "asleep"
    reads = frozenset({ServiceStops, SubscriptionVolatile})
    needs = reads
    answers = frozenset({SubscriberAsleep})

    def join(self, ledger: Ledger) -> Iterator[Evidence]:
        """One fact a unit; silent where it is not known which unit loads the subscription."""
        for stopped in ledger.of(ServiceStops):
            stops = stopped.fact
            for item in ledger.of(SubscriptionVolatile):
                if isinstance(stops, ServiceStops) and isinstance(item.fact, SubscriptionVolatile) and ledger.units(item) == frozenset({stops.service}):
                    fact = SubscriberAsleep(item.fact.event, stops.service, stops.wakes_on, item.fact.framework, item.fact.language)
                    yield Evidence(fact, item.basis, self.name, item.where, item.excerpt, stops.service, because=(item, stopped))
                    break


LINK = Asleep()
