"""Is a unit that sleeps until work waits woken by the key under which its work really stands?

    minReplicaCount: 0
    triggers: [{type: redis, metadata: {listName: bull:mail:wait}}]      # while the code sets the prefix "shop"
"""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase

from callcheck.model.evidence import Evidence, Ledger
from callcheck.model.facts.deployment import QueueUsed, ServiceStops, TriggerBlind


class BlindTriggers:
    """States `trigger.blind`; silent where the code's queues are not known, or one of them may be the key."""

    name = "blind-triggers"
    reads = frozenset({ServiceStops, QueueUsed})
    needs = reads
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
            if not watched or not own or any(_may_be(watched, fact.key) for _, fact in own):
                continue
            evidence, queue = max(own, key=lambda pair: _shared(watched, pair[1].key))
            fact = TriggerBlind(stops.service, watched, queue.key, queue.system)
            yield Evidence(fact, stopped.basis, self.name, stopped.where, stopped.excerpt, stops.service, because=(stopped, evidence))


def _may_be(watched: str, key: str) -> bool:
    """Whether both may be one key: the same, or one of them computed, or filled in from the environment."""
    return any(mark in watched for mark in ("$", "{{")) or fnmatchcase(watched, key.replace("[", "[[]"))


def _shared(watched: str, key: str) -> int:
    return len(set(watched.split(":")) & set(key.split(":")))


LINK = BlindTriggers()
