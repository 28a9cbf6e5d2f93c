"""Is an event listened to in the processes of one unit, and emitted only in those of another?

api (api/main.py) listens to `done` on the bus; worker (worker/index.js) emits it on the bus of its own memory.
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Ledger
from callcheck.model.facts.delivery import EventEmitted, ListenerRegistered
from callcheck.model.facts.deployment import ServiceRun
from callcheck.model.facts.memory import DeliveryApart, StateInMemory
from callcheck.model.meets import IN_MEMORY, fits, processes
from callcheck.model.words import Lifetime


class Crossings:
    """States `delivery.apart` for listeners and emissions of one object, or for who waits and who wakes, whose processes have none in common."""

    name = "crossings"
    reads = frozenset({ListenerRegistered, EventEmitted, StateInMemory, ServiceRun})
    answers = frozenset({DeliveryApart})

    def join(self, ledger: Ledger) -> Iterator[Evidence]:
        """One fact a listener; silent where a unit's code is not known, or where any emission can reach it."""
        roles = {e.fact.service: e.fact.role for e in ledger.of(ServiceRun) if isinstance(e.fact, ServiceRun)}
        yield from self._parked(ledger, roles)
        for heard in ledger.of(ListenerRegistered):
            listener = heard.fact
            if not isinstance(listener, ListenerRegistered) or listener.source not in IN_MEMORY or not listener.emitter:
                continue
            if listener.lifetime is not Lifetime.PROCESS:
                continue
            sent = [e for e in ledger.of(EventEmitted) if isinstance(e.fact, EventEmitted) and _meets(listener, e.fact)]
            here = processes(heard, listener.role, ledger, roles)
            there = [processes(e, e.fact.role, ledger, roles) for e in sent if isinstance(e.fact, EventEmitted)]
            if not here or not all(there) or any(here & units for units in there):
                continue
            for emission, units in zip(sent, there, strict=True):
                fact = DeliveryApart(listener.event, sorted(here)[0], sorted(units)[0], listener.framework, listener.language)
                yield Evidence(fact, heard.basis, self.name, heard.where, heard.excerpt, because=(heard, emission))
                break

    def _parked(self, ledger: Ledger, roles: dict[str, str]) -> Iterator[Evidence]:
        """A waiter that is parked in the web server's memory and looked for in a worker's."""
        for held in ledger.of(StateInMemory):
            state = held.fact
            if not isinstance(state, StateInMemory) or len(held.because) < 2:
                continue
            parks, wakes = held.because[:2]
            here = processes(parks, state.register_role, ledger, roles)
            there = processes(wakes, state.emit_role, ledger, roles)
            if here and there and not here & there:
                fact = DeliveryApart(state.name, sorted(here)[0], sorted(there)[0], "", state.language)
                yield Evidence(fact, held.basis, self.name, held.where, held.excerpt, because=held.because)


def _meets(listener: ListenerRegistered, emission: EventEmitted) -> bool:
    return emission.emitter == listener.emitter and fits(listener.event, emission.event)


LINK = Crossings()
