"""Is a unit stopped at times whose subscription nobody keeps messages for?

    minReplicaCount: 0                    # of the mailer, outside of office hours
    nc.subscribe("rent.booked")           # core NATS: at most once
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Ledger
from callcheck.model.facts.deployment import ServiceRun, ServiceStops
from callcheck.model.facts.meeting import SubscriberAsleep, SubscriptionVolatile
from callcheck.model.words import NOT_APP


class Asleep:
    """States `subscriber.asleep` for each unit that stops and loads a file with such a subscription."""

    name = "asleep"
    reads = frozenset({ServiceStops, SubscriptionVolatile, ServiceRun})
    needs = frozenset({ServiceStops, SubscriptionVolatile})
    answers = frozenset({SubscriberAsleep})

    def join(self, ledger: Ledger) -> Iterator[Evidence]:
        """One fact a unit; silent where it is not known which unit loads the subscription."""
        for stopped in ledger.of(ServiceStops):
            stops = stopped.fact
            for item in ledger.of(SubscriptionVolatile):
                if isinstance(stops, ServiceStops) and isinstance(item.fact, SubscriptionVolatile) and _loads(stops.service, item, ledger):
                    fact = SubscriberAsleep(item.fact.event, stops.service, stops.wakes_on, item.fact.framework, item.fact.language)
                    yield Evidence(fact, item.basis, self.name, item.where, item.excerpt, stops.service, because=(item, stopped))
                    break


def _loads(service: str, item: Evidence, ledger: Ledger) -> bool:
    """Whether a unit, and no other, loads the place of a subscription; with one unit of the app that is the one."""
    if ledger.apps:
        return ledger.units(item) == frozenset({service})
    ours = {e.fact.service for e in ledger.of(ServiceRun) if isinstance(e.fact, ServiceRun) and e.fact.service and e.fact.role not in NOT_APP}
    return ours == {service} and item.where is not None and item.where.path in ledger.reached


LINK = Asleep()
