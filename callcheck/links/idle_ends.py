"""Does what one unit sends over a broker reach code that no unit of the deployment loads?

    web: node src/web.js              # agenda.schedule("in 2 hours", "remind", ...); the only line of the Procfile
    agenda.define("remind", ...)      # in src/jobs.js, which nobody starts
"""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase

from callcheck.links._deployed import deployed, loads
from callcheck.model.evidence import Evidence, Ledger
from callcheck.model.facts.channels import ChannelEnd
from callcheck.model.facts.deployment import ServerlessFunction, ServiceRun
from callcheck.model.facts.starting import ServiceOff
from callcheck.model.facts.work import WorkUnserved

_BROKERS = {
    "agenda": "Agenda",
    "aio-pika": "RabbitMQ",
    "amqp-exchange": "RabbitMQ",
    "amqp-queue": "RabbitMQ",
    "graphile-worker": "Graphile Worker",
    "kafka": "Kafka",
    "mqtt": "MQTT",
    "nats": "NATS",
    "pg-boss": "pg-boss",
    "pg-listen": "LISTEN",
    "redis": "Redis",
    "servicebus": "Service Bus",
    "sqs": "SQS",
    "temporal-queue": "Temporal",
}
"""Spaces of names whose two ends are processes of a deployment; what Celery, BullMQ and their like take is asked in `unserved-work`."""


class IdleEnds:
    """States `work.unserved`; silent unless it is known of every unit what it loads, and where any end that is loaded may be meant."""

    name = "idle-ends"
    reads = frozenset({ServiceRun, ChannelEnd, ServerlessFunction, ServiceOff})
    needs = frozenset({ServiceRun, ChannelEnd})
    answers = frozenset({WorkUnserved})

    def join(self, ledger: Ledger) -> Iterator[Evidence]:
        """One fact a name that is sent."""
        started = deployed(ledger) if ledger.closed else None
        if started is None:
            return
        services = started.services  # A script of a package is none.
        ends: dict[str, tuple[list[Evidence], list[Evidence]]] = {}
        for item in ledger.of(ChannelEnd):
            if isinstance(item.fact, ChannelEnd) and item.fact.space.split(" ")[0] in _BROKERS:
                ends.setdefault(item.fact.space, ([], []))[item.fact.does == "listens"].append(item)
        told: set[tuple[str, str]] = set()
        for space, (out, heard) in ends.items():
            for item in out:
                name = _named(item)
                takers = [each for each in heard if _meets(_named(each), name)]
                if (space, name) in told or not takers or not loads(ledger, item, services) or any(loads(ledger, each, services) for each in takers):
                    continue
                told.add((space, name))
                fact = WorkUnserved(name, _BROKERS[space.split(" ")[0]], "", started.named, str(item.fact.attributes()["code.language"]))
                yield Evidence(fact, item.basis, self.name, item.where, item.excerpt, because=(item, takers[0], *(e for e, _ in started.units[:3])))


def _named(item: Evidence) -> str:
    return item.fact.event if isinstance(item.fact, ChannelEnd) else ""


def _meets(heard: str, sent: str) -> bool:
    """Whether one name may be the other; one that is computed may be any that is listened to, and is no reason to look at listeners with a name."""
    return not heard.strip("*") or heard == sent or bool(sent.strip("*")) and (fnmatchcase(sent, heard) or fnmatchcase(heard, sent))


LINK = IdleEnds()
