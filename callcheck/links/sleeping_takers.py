"""Is a unit stopped until a request comes, while what it takes from another unit waits in a queue?

    auto_stop_machines = "suspend"                       # of web and printer alike
    boss.work("print", print)                            # in the printer, which nobody sends a request
    boss.send("print", {certificate})                    # in web

Where nobody in these files sends over that broker, it is somebody outside who does, and no request of theirs comes.
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.links._deployed import loads_alone
from callcheck.links._ends import BROKERS, KEEPING, meets, name_of
from callcheck.model.evidence import Evidence, Ledger
from callcheck.model.facts.channels import ChannelEnd
from callcheck.model.facts.deployment import ServiceRun, ServiceStops
from callcheck.model.facts.work import TakerAsleep, WorkHandedOff, WorkTaken
from callcheck.model.noun import dataclass

OUTSIDE = "somebody outside"


@dataclass(frozen=True, slots=True)
class _Side:
    """One side of a hand-over: where it is, the queue, and what carries it."""

    at: Evidence
    queue: str
    carrier: str
    waits: bool = False
    """It is an end that code listens at, so whoever sends may be of another project."""

    def may_meet(self, sender: _Side) -> bool:
        """Whether this side takes what the other hands off."""
        return self.carrier == sender.carrier and (not sender.queue.strip("*") or meets(self.queue, sender.queue))


class SleepingTakers:
    """States `taker.asleep`; silent about web units, which requests wake, and where it is not known which unit does which."""

    name = "sleeping-takers"
    reads = frozenset({ServiceStops, ServiceRun, ChannelEnd, WorkHandedOff, WorkTaken})
    needs = frozenset({ServiceStops})
    answers = frozenset({TakerAsleep})

    def join(self, ledger: Ledger) -> Iterator[Evidence]:
        """One fact a unit."""
        stopped = [(e, e.fact) for e in ledger.of(ServiceStops) if isinstance(e.fact, ServiceStops) and e.fact.wakes_on == "http"]
        if not stopped:
            return
        web = {e.fact.service for e in ledger.of(ServiceRun) if isinstance(e.fact, ServiceRun) and e.fact.role == "web"}
        takers, senders = list(_takers(ledger)), list(_senders(ledger))
        for item, stops in stopped:
            if stops.role == "web" or stops.service in web:
                continue
            for taker in takers:
                units = {unit: sender for sender in senders if taker.may_meet(sender) for unit in ledger.units(sender.at) - {stops.service}}
                alone = taker.waits and not any(sender.carrier == taker.carrier for sender in senders)
                if (units or alone) and loads_alone(ledger, taker.at, stops.service):
                    language = str(taker.at.fact.attributes().get("code.language", ""))
                    fact = TakerAsleep(taker.queue, BROKERS.get(taker.carrier, taker.carrier), stops.service, ", ".join(sorted(units)) or OUTSIDE, stops.system, language)
                    first = (units[min(units)].at,) if units else ()
                    yield Evidence(fact, item.basis, self.name, item.where, item.excerpt, stops.service, because=(item, taker.at, *first))
                    break


def _takers(ledger: Ledger) -> Iterator[_Side]:
    """What code takes from, and what a worker that is started by its command does (`celery -A desk worker -Q letters`)."""
    for item in ledger.of(ServiceRun):
        if isinstance(item.fact, ServiceRun) and item.fact.server and item.fact.role != "scheduler":
            for queue in item.fact.queues.split(","):
                yield _Side(item, queue, item.fact.server)
    for item in ledger.of(WorkTaken):
        if isinstance(item.fact, WorkTaken):
            yield _Side(item, item.fact.queue, item.fact.worker)
    yield from _ends(ledger, "listens")


def _senders(ledger: Ledger) -> Iterator[_Side]:
    for item in ledger.of(WorkHandedOff):
        if isinstance(item.fact, WorkHandedOff):
            yield _Side(item, item.fact.queue, item.fact.worker)
    yield from _ends(ledger, "emits")


def _ends(ledger: Ledger, does: str) -> Iterator[_Side]:
    """The ends of channels whose broker keeps what is sent."""
    for item in ledger.of(ChannelEnd):
        end = item.fact
        if isinstance(end, ChannelEnd) and end.does == does and end.space.split(" ")[0] in KEEPING:
            yield _Side(item, name_of(item), end.space.split(" ")[0], does == "listens")


LINK = SleepingTakers()
