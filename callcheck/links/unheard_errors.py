"""Is `error` emitted on an object whose other events are listened to, and this one is not?

    feed.on("reading", show);
    feed.emit("error", err);      // Node throws err out of emit() when nobody listens for it
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Ledger
from callcheck.model.facts.delivery import EventEmitted, ListenerRegistered
from callcheck.model.facts.meeting import ErrorUnheard
from callcheck.model.words import Lifetime

_NODE = ("node-events",)


class UnheardErrors:
    """States `error.unheard`; silent where a listener's event is computed, or where nothing is known to listen at all."""

    name = "unheard-errors"
    reads = frozenset({ListenerRegistered, EventEmitted})
    needs = reads
    answers = frozenset({ErrorUnheard})

    def join(self, ledger: Ledger) -> Iterator[Evidence]:
        """One fact an emission."""
        heard: dict[str, list[tuple[Evidence, str]]] = {}
        for item in ledger.of(ListenerRegistered):
            if isinstance(item.fact, ListenerRegistered) and item.fact.emitter:
                heard.setdefault(item.fact.emitter, []).append((item, item.fact.event))
        for item in ledger.of(EventEmitted):
            sent = item.fact
            if not isinstance(sent, EventEmitted) or sent.event != "error" or sent.source != "emitter" or sent.lifetime is not Lifetime.PROCESS or sent.framework not in _NODE:
                continue
            others = heard.get(sent.emitter, [])
            if others and not any(event in ("error", "") or "*" in event for _, event in others):
                fact = ErrorUnheard(sent.framework, sent.language)
                yield Evidence(fact, item.basis, self.name, item.where, item.excerpt, because=(item, others[0][0]))


LINK = UnheardErrors()
