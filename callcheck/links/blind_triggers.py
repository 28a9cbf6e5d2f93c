"""Is a unit that sleeps until work waits woken by the key under which its work really stands?

    minReplicaCount: 0
    triggers: [{type: redis, metadata: {listName: bull:mail:wait}}]      # while the code sets the prefix "shop"
    triggers: [{type: redis, metadata: {listName: default}}]             # while the unit is a Celery worker, whose queue is "celery"
"""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase

from callcheck.model.evidence import Evidence, Ledger
from callcheck.model.facts.channels import ChannelEnd
from callcheck.model.facts.deployment import ServiceRun, ServiceStops
from callcheck.model.facts.work import QueueUsed, TriggerBlind, WorkHandedOff

_LISTS = {("celery", "redis"): "{}", ("rq", "redis"): "rq:queue:{}", ("dramatiq", "redis"): "dramatiq:{}", ("celery", "rabbitmq"): "{}", ("dramatiq", "rabbitmq"): "{}"}
"""Under what the waiting work of a worker's queue stands (kombu 5.5 transport/redis.py, rq 2 queue.py, dramatiq 1.17 brokers/redis.py)."""

_NAMED = {"rabbitmq": "rabbitmq", "kafka": "kafka", "apache-kafka": "kafka"}
"""KEDA's types of triggers that name what the code names too, and the broker; keda.sh, scalers."""
_SPACES = ("amqp-queue", "kafka")


class BlindTriggers:
    """States `trigger.blind`; silent where the code's queues are not known, or one of them may be the key."""

    name = "blind-triggers"
    reads = frozenset({ServiceStops, QueueUsed, ChannelEnd, ServiceRun, WorkHandedOff})
    needs = frozenset({ServiceStops})
    answers = frozenset({TriggerBlind})

    def join(self, ledger: Ledger) -> Iterator[Evidence]:
        """One fact a unit that stops; the queue most like the watched key stands for all."""
        queues = [(e, e.fact) for e in ledger.of(QueueUsed) if isinstance(e.fact, QueueUsed)]
        for stopped in ledger.of(ServiceStops):
            stops = stopped.fact
            if not isinstance(stops, ServiceStops):
                continue
            system, _, watched = stops.wakes_on.partition(" ")
            own = [(e, fact) for e, fact in queues if system in (fact.system, f"{fact.system}-cluster", f"{fact.system}-sentinel")]
            own = own or list(_of_worker(stops.service, system, ledger)) or list(_heard(stops.service, system, ledger))
            if not watched or not own or any(_may_be(watched, fact.key) for _, fact in own):
                continue
            evidence, queue = max(own, key=lambda pair: _shared(watched, pair[1].key))
            fact = TriggerBlind(stops.service, watched, queue.key, queue.system)
            yield Evidence(fact, stopped.basis, self.name, stopped.where, stopped.excerpt, stops.service, because=(stopped, evidence))


def _of_worker(service: str, system: str, ledger: Ledger) -> Iterator[tuple[Evidence, QueueUsed]]:
    """The queues of a unit that is a worker of a library: those it is told, and those which the code hands work to."""
    for item in ledger.of(ServiceRun):
        run = item.fact
        stored = _LISTS.get((run.server, system)) if isinstance(run, ServiceRun) and run.service == service else None
        if stored is None or not isinstance(run, ServiceRun):
            continue
        for queue in run.queues.split(",") if run.queues else ():
            yield item, QueueUsed("*" if "$" in queue or "{{" in queue else stored.format(queue), system, run.server, "")
        for handed in ledger.of(WorkHandedOff):
            work = handed.fact
            if isinstance(work, WorkHandedOff) and work.worker == run.server:
                yield handed, QueueUsed(stored.format(work.queue or "*"), system, run.server, work.language)


def _heard(service: str, system: str, ledger: Ledger) -> Iterator[tuple[Evidence, QueueUsed]]:
    """The queues of RabbitMQ, or topics of Kafka, that the program of a unit takes from; one whose name is computed may be any."""
    entries = {e.fact.entry for e in ledger.of(ServiceRun) if isinstance(e.fact, ServiceRun) and e.fact.service == service}
    for item in ledger.of(ChannelEnd):
        end = item.fact
        ours = service in ledger.units(item) or (item.where is not None and item.where.path in entries)
        if isinstance(end, ChannelEnd) and end.does == "listens" and end.system == _NAMED.get(system) and ours:
            yield item, QueueUsed((end.event if end.space in _SPACES else "") or "*", system, end.framework, end.language)


def _may_be(watched: str, key: str) -> bool:
    """Whether both may be one key: the same, or one of them computed, or filled in from the environment."""
    return any(mark in watched for mark in ("$", "{{")) or fnmatchcase(watched, key.replace("[", "[[]"))


def _shared(watched: str, key: str) -> int:
    return len(set(watched.split(":")) & set(key.split(":")))


LINK = BlindTriggers()
