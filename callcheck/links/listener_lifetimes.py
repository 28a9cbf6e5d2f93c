"""Does a listener live as long as it should, and no longer?"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Ledger
from callcheck.model.facts.delivery import (
    ListenerGrows,
    ListenerPerCall,
    ListenerRegistered,
    ListenerRemoved,
    ListenerStripped,
)
from callcheck.model.words import Lifetime

_PER_CALL = ("request", "job", "connection", "render", "message")


class ListenerLifetimes:
    """Lays the lifetime of the object beside the role of the function that attaches the listener."""

    name = "listener-lifetimes"
    reads = frozenset({ListenerRegistered, ListenerRemoved})
    answers = frozenset({ListenerPerCall, ListenerGrows, ListenerStripped})

    def join(self, ledger: Ledger) -> Iterator[Evidence]:
        removed = {(e.fact.emitter, e.fact.event) for e in ledger.of(ListenerRemoved) if isinstance(e.fact, ListenerRemoved)}
        for item in ledger.of(ListenerRegistered):
            fact = item.fact
            if not isinstance(fact, ListenerRegistered) or fact.role not in _PER_CALL:
                continue
            if fact.lifetime is Lifetime.REQUEST and fact.durable:
                found: ListenerPerCall | ListenerGrows = ListenerPerCall(fact.event, fact.role, fact.framework, fact.language)
            elif fact.event and "*" not in fact.event and fact.lifetime is Lifetime.PROCESS and fact.emitter and not fact.once and (fact.emitter, fact.event) not in removed:
                found = ListenerGrows(fact.event, fact.role, fact.framework, fact.language)
            else:
                continue
            yield Evidence(found, item.basis, self.name, item.where, item.excerpt, item.service)
        yield from self._stripped(ledger)

    def _stripped(self, ledger: Ledger) -> Iterator[Evidence]:
        """One place removes all listeners of an event that another file listens to as well, and goes on listening to."""
        for item in ledger.of(ListenerRemoved):
            fact = item.fact
            if not isinstance(fact, ListenerRemoved) or not fact.all or not fact.emitter or not fact.event or item.where is None:
                continue
            others = [
                e for e in ledger.of(ListenerRegistered)
                if isinstance(e.fact, ListenerRegistered) and e.fact.emitter == fact.emitter and e.fact.event == fact.event
                and e.where is not None and e.where.path != item.where.path
            ]  # fmt: skip
            if others:
                stripped = ListenerStripped(fact.event, fact.framework, fact.language)
                yield Evidence(stripped, item.basis, self.name, item.where, item.excerpt, because=tuple(others[:3]))


LINK = ListenerLifetimes()
