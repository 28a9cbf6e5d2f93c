"""Does a listener live as long as it should, and no longer?"""

from __future__ import annotations

import re
from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Ledger
from callcheck.model.facts.delivery import (
    EventEmitted,
    ListenerGrows,
    ListenerPerCall,
    ListenerRegistered,
    ListenerRemoved,
    ListenerSpent,
    ListenerStripped,
)
from callcheck.model.pattern import pattern
from callcheck.model.words import Lifetime

_PER_CALL = ("request", "job", "connection", "render", "effect", "component", "message")
_CLIENTS = ("request", "connection")
"""Several of which are served at once."""
_AT_START = ("module", "startup")
_FIRST = pattern(r"^(SIG[A-Z]+|.*(ready|open|close|connect|end|exit|finish|start|shutdown|drain|stop|init|boot|load|listening)\w*)$", re.I)
"""Names of what comes once, or marks an end."""


class ListenerLifetimes:
    """Lays the lifetime of the object beside the role of the function that attaches the listener."""

    name = "listener-lifetimes"
    reads = frozenset({ListenerRegistered, ListenerRemoved, EventEmitted})
    needs = frozenset({ListenerRegistered})
    answers = frozenset({ListenerPerCall, ListenerGrows, ListenerStripped, ListenerSpent})

    def join(self, ledger: Ledger) -> Iterator[Evidence]:
        removals = [e.fact for e in ledger.of(ListenerRemoved) if isinstance(e.fact, ListenerRemoved)]
        for item in ledger.of(ListenerRegistered):
            fact = item.fact
            if not isinstance(fact, ListenerRegistered) or fact.role not in _PER_CALL:
                continue
            if fact.lifetime is Lifetime.REQUEST and fact.durable:
                found: ListenerPerCall | ListenerGrows = ListenerPerCall(fact.event, fact.role, fact.framework, fact.language)
            elif fact.lifetime is Lifetime.PROCESS and fact.emitter and not fact.once and not fact.released and not _taken_off(fact, removals):
                found = ListenerGrows(fact.event, fact.role, fact.framework, fact.language)
            else:
                continue
            yield Evidence(found, item.basis, self.name, item.where, item.excerpt, item.service, because=item.because)
        yield from self._stripped(ledger)
        yield from self._spent(ledger)

    def _stripped(self, ledger: Ledger) -> Iterator[Evidence]:
        """One place removes all listeners of an event that another one attached, and that are to stay."""
        for item in ledger.of(ListenerRemoved):
            fact = item.fact
            if not isinstance(fact, ListenerRemoved) or not fact.all or not fact.emitter or item.where is None:
                continue
            others = [e for e in ledger.of(ListenerRegistered) if isinstance(e.fact, ListenerRegistered) and _stays(fact, item, e.fact, e)]
            if others:
                stripped = ListenerStripped(fact.event, fact.framework, fact.language)
                yield Evidence(stripped, item.basis, self.name, item.where, item.excerpt, because=tuple(others[:3]))

    def _spent(self, ledger: Ledger) -> Iterator[Evidence]:
        """A `once` at start, for what requests, jobs or loops emit each time; no other listener is attached for it."""
        listeners = [(e, e.fact) for e in ledger.of(ListenerRegistered) if isinstance(e.fact, ListenerRegistered)]
        for item, fact in listeners:
            if not fact.once or fact.repeated or fact.role not in _AT_START or not fact.emitter or not fact.event or _FIRST.search(fact.event):
                continue
            # A promise of the next one, without a handler, is no listener that stays.
            if any(f is not fact and f.emitter == fact.emitter and f.event == fact.event and (f.handler or not f.once or f.repeated) for _, f in listeners):
                continue
            for sent in ledger.of(EventEmitted):
                emitted = sent.fact
                if not isinstance(emitted, EventEmitted) or emitted.emitter != fact.emitter or emitted.event != fact.event:
                    continue
                # Without a handler it is a promise of the next one: who waits for one of many means it.
                if emitted.role in _PER_CALL or (emitted.again and fact.handler):
                    role = emitted.role if emitted.role in _PER_CALL else "round"
                    spent = ListenerSpent(fact.event, role, fact.framework, fact.language)
                    yield Evidence(spent, item.basis, self.name, item.where, item.excerpt, because=(sent,))
                    break


def _taken_off(fact: ListenerRegistered, removals: list[ListenerRemoved]) -> bool:
    """Whether something removes it, or may: what is removed, or its name, is not known; a computed name is met by any computed one."""
    computed = not fact.event or "*" in fact.event
    return any(
        each.emitter == fact.emitter
        and (each.event in (fact.event, "") or (computed and "*" in each.event))
        and (each.all or not each.handler or not fact.handler or each.handler == fact.handler)
        for each in removals
    )


def _stays(removal: ListenerRemoved, at: Evidence, fact: ListenerRegistered, heard: Evidence) -> bool:
    """Whether a listener that a removal takes away was attached by somebody else: in another file, at start while a request removes, or for another of several clients."""
    if fact.emitter != removal.emitter or heard.where is None or at.where is None or (removal.event and fact.event != removal.event):
        return False
    if removal.role in _PER_CALL and fact.role in _AT_START:
        return True
    if removal.event and heard.where.path != at.where.path:
        return True
    # A handler that stands behind the removal, in the same file, is one that it makes room for.
    several = removal.role in _CLIENTS and fact.role in _CLIENTS and fact.lifetime is Lifetime.PROCESS and not fact.once
    return several and bool(removal.event) and "*" not in removal.event and 0 < (heard.where.line or 0) < (at.where.line or 0)


LINK = ListenerLifetimes()
