"""Is a unit stopped at times whose subscription nobody keeps messages for?

    minReplicaCount: 0                    # of the mailer, outside of office hours
    nc.subscribe("rent.booked")           # core NATS: at most once

    kind: CronJob                         # listens while it runs, and the others publish by day
    strategy: {type: Recreate}            # at each rollout nobody listens, and what comes would have been stored
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.links._deployed import loads_alone
from callcheck.model.evidence import Evidence, Ledger
from callcheck.model.facts.channels import ChannelEnd
from callcheck.model.facts.deployment import ServiceGap, ServiceRun, ServiceStops
from callcheck.model.facts.meeting import SubscriberAsleep, SubscriptionVolatile
from callcheck.model.meets import fits

_TIMED = frozenset({"timer", "schedule"})
"""What wakes a program that runs at its time and ends: it may well ask others while it runs, and hear the answers alone."""
ROLLOUT = "rollout"


class Asleep:
    """States `subscriber.asleep` for each unit that stops, or is away at a rollout, and loads a file with such a subscription."""

    name = "asleep"
    reads = frozenset({ServiceStops, ServiceGap, SubscriptionVolatile, ServiceRun, ChannelEnd})
    needs = frozenset({SubscriptionVolatile})
    answers = frozenset({SubscriberAsleep})

    def join(self, ledger: Ledger) -> Iterator[Evidence]:
        """One fact a unit; silent where it is not known which unit loads the subscription."""
        stopped = [(e, e.fact.service, e.fact.wakes_on) for e in ledger.of(ServiceStops) if isinstance(e.fact, ServiceStops)]
        away = [(e, e.fact.service, ROLLOUT) for e in ledger.of(ServiceGap) if isinstance(e.fact, ServiceGap)]
        for evidence, service, wakes_on in (*stopped, *away):
            for item in ledger.of(SubscriptionVolatile):
                if isinstance(item.fact, SubscriptionVolatile) and (wakes_on != ROLLOUT or item.fact.stores) and loads_alone(ledger, item, service):
                    event = _subject(item, ledger) or item.fact.event
                    sent = _sent_elsewhere(event, service, ledger)
                    if sent is None and (wakes_on in _TIMED or wakes_on == ROLLOUT):
                        continue
                    fact = SubscriberAsleep(event, service, wakes_on, item.fact.framework, item.fact.language)
                    yield Evidence(fact, item.basis, self.name, item.where, item.excerpt, service, because=(item, evidence, *([sent] if sent else ())))
                    break


def _subject(item: Evidence, ledger: Ledger) -> str:
    """What a subscription is told to listen to, where its queue group is what it goes by."""
    ends = (e.fact for e in ledger.of(ChannelEnd) if e.where and item.where and (e.where.path, e.where.line) == (item.where.path, item.where.line))
    return next((end.event for end in ends if isinstance(end, ChannelEnd) and end.does == "listens"), "")


def _sent_elsewhere(event: str, service: str, ledger: Ledger) -> Evidence | None:
    """Where another unit sends what is listened to by name."""
    for item in ledger.of(ChannelEnd):
        end = item.fact
        if isinstance(end, ChannelEnd) and end.does == "emits" and event and end.event and fits(event, end.event) and ledger.units(item) - {service}:
            return item
    return None


LINK = Asleep()
