"""Does a listener live as long as it should, and no longer?"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Ledger
from callcheck.model.facts.delivery import ListenerGrows, ListenerPerCall, ListenerRegistered, ListenerRemoved
from callcheck.model.words import Lifetime

_PER_CALL = ("request", "job", "connection", "render", "message")


class ListenerLifetimes:
    """Lays the lifetime of the object beside the role of the function that attaches the listener."""

    name = "listener-lifetimes"
    reads = frozenset({ListenerRegistered, ListenerRemoved})
    answers = frozenset({ListenerPerCall, ListenerGrows})

    def join(self, ledger: Ledger) -> Iterator[Evidence]:
        removed = {(e.fact.emitter, e.fact.event) for e in ledger.of(ListenerRemoved) if isinstance(e.fact, ListenerRemoved)}
        for item in ledger.of(ListenerRegistered):
            fact = item.fact
            if not isinstance(fact, ListenerRegistered) or fact.role not in _PER_CALL:
                continue
            if fact.lifetime is Lifetime.REQUEST and fact.durable:
                found: ListenerPerCall | ListenerGrows = ListenerPerCall(fact.event, fact.role, fact.framework, fact.language)
            elif fact.lifetime is Lifetime.PROCESS and fact.emitter and not fact.once and (fact.emitter, fact.event) not in removed:
                found = ListenerGrows(fact.event, fact.role, fact.framework, fact.language)
            else:
                continue
            yield Evidence(found, item.basis, self.name, item.where, item.excerpt, item.service, because=())


LINK = ListenerLifetimes()
