"""Is an event emitted in what runs, while the module that listens to it is loaded by nothing that runs?

server.ts imports bookings.ts, which emits `cancelled`; listeners/waiting-list.ts says `bookings.on("cancelled", ...)` and no
unit's entry point leads to it.
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.links.deliveries import fits
from callcheck.model.evidence import Evidence, Ledger
from callcheck.model.facts.delivery import EventEmitted, ListenerRegistered
from callcheck.model.facts.deployment import ServiceRun
from callcheck.model.facts.meeting import ReceiverMissing
from callcheck.model.pattern import pattern
from callcheck.model.words import Lifetime

_IN_MEMORY = ("emitter", "signal", "target")
_BESIDE = pattern(r"(?:^|/)(?:tests?|specs?|__tests__|examples?|scripts?|demos?|bench(?:marks)?|tools?|docs?)(?:/|$)|[._-](?:test|spec|stories)\.|(?:^|/)test_")
"""Programs of their own, which somebody starts by hand."""


class UnloadedListeners:
    """States `receiver.missing` (not-imported), one a module; silent unless it is known of every unit what it loads."""

    name = "unloaded-listeners"
    reads = frozenset({ListenerRegistered, EventEmitted, ServiceRun})
    answers = frozenset({ReceiverMissing})

    def join(self, ledger: Ledger) -> Iterator[Evidence]:
        told: set[str] = set()
        for heard in ledger.of(ListenerRegistered) if ledger.closed else ():
            listener = heard.fact
            path = heard.where.path if heard.where else ""
            if not isinstance(listener, ListenerRegistered) or not _at_import(listener) or not path or path in ledger.reached or path in told:
                continue
            sent = next((e for e in ledger.of(EventEmitted) if isinstance(e.fact, EventEmitted) and _meets(listener, e.fact) and _runs(e, ledger)), None)
            if sent is None or _BESIDE.search(path):
                continue
            told.add(path)
            fact = ReceiverMissing(path, "not-imported", listener.framework, listener.language)
            yield Evidence(fact, heard.basis, self.name, heard.where, heard.excerpt, because=(heard, sent))


def _at_import(listener: ListenerRegistered) -> bool:
    """Whether a listener is attached to a shared object of the process when its module is loaded."""
    return listener.role == "module" and listener.source in _IN_MEMORY and bool(listener.emitter) and listener.lifetime is Lifetime.PROCESS


def _meets(listener: ListenerRegistered, emission: EventEmitted) -> bool:
    return emission.emitter == listener.emitter and fits(listener.event, emission.event)


def _runs(item: Evidence, ledger: Ledger) -> bool:
    return item.where is not None and item.where.path in ledger.reached


LINK = UnloadedListeners()
