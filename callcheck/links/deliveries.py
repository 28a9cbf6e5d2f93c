"""Do a listener and an emission of the same event meet, and where?"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.aside import is_only_test
from callcheck.model.evidence import Evidence, Ledger, Location
from callcheck.model.facts.delivery import EventEmitted, EventNeverEmitted, ListenerRegistered
from callcheck.model.facts.memory import DeliveryInMemory, EmittersApart
from callcheck.model.meets import IN_MEMORY, fits
from callcheck.model.words import Lifetime

_REQUESTS = ("request", "connection")
_OF_THE_EMITTER = frozenset({"error", "newListener", "removeListener", "new_listener"})
"""Events that an emitter, or whatever it is built into, sends by itself."""

_SUBJECT = "subject"
"""The source of what subscribes to a stream that the project itself feeds."""


OWN = "own"
"""The framework of buses that the project writes itself."""


class Deliveries:
    """Pairs listeners and emissions by event and by object."""

    name = "deliveries"
    reads = frozenset({ListenerRegistered, EventEmitted})
    needs = frozenset({ListenerRegistered})
    answers = frozenset({DeliveryInMemory, EmittersApart, EventNeverEmitted})

    def join(self, ledger: Ledger) -> Iterator[Evidence]:
        listeners = [(e, e.fact) for e in ledger.of(ListenerRegistered) if isinstance(e.fact, ListenerRegistered)]
        emissions = [(e, e.fact) for e in ledger.of(EventEmitted) if isinstance(e.fact, EventEmitted)]
        for heard, listener in listeners:
            if heard.where is not None and is_only_test(heard.where.path):
                continue
            if listener.source in ("server", "flask") and listener.role == "request" and listener.lifetime is Lifetime.PROCESS:
                fact = DeliveryInMemory(listener.event, listener.emitter, listener.role, "connection", listener.language)
                yield Evidence(fact, heard.basis, self.name, heard.where, heard.excerpt, because=(heard,))
                continue
            if listener.emitter and listener.source == _SUBJECT:
                yield from self._streamed(heard, listener, emissions)
            if not listener.emitter or listener.source not in IN_MEMORY:
                continue
            same = [(e, f) for e, f in emissions if f.emitter == listener.emitter]
            met = [(e, f) for e, f in same if fits(listener.event, f.event)]
            for sent, emission in met:
                if self._crosses(listener, emission):
                    fact = DeliveryInMemory(
                        listener.event or emission.event, listener.emitter, listener.role, emission.role, listener.language
                    )
                    yield Evidence(fact, heard.basis, self.name, heard.where, heard.excerpt, because=(heard, sent))
            if not met and listener.event and listener.event not in _OF_THE_EMITTER:
                heard_at = {f.emitter for _, f in listeners if f.event == listener.event}
                own = [f for _, f in listeners if f.emitter == listener.emitter]
                # A class of the project's own whose objects each have their listeners (a stack of middleware) has several on purpose.
                paired = listener.framework == OWN and listener.event in {f.event for _, f in emissions if f.emitter in heard_at}
                alone = not same and not paired and all(f.emitter for _, f in emissions if f.event == listener.event)
                elsewhere = [(e, f) for e, f in emissions if (alone or f.emitter not in heard_at) and not paired]
                yield from self._missed(heard, listener, same, own, [f for _, f in emissions], elsewhere)

    def _crosses(self, listener: ListenerRegistered, emission: EventEmitted) -> bool:
        """A request (or a connection) waits for what another request, or a job, emits."""
        if listener.lifetime is not Lifetime.PROCESS:
            return False
        # What a broker's subscriber emits, every process emits for itself.
        return listener.role in _REQUESTS and emission.role in (*_REQUESTS, "job", "callback", "module", "startup")

    def _streamed(self, heard: Evidence, listener: ListenerRegistered, emissions: list[tuple[Evidence, EventEmitted]]) -> Iterator[Evidence]:
        """What one request puts into a stream of the process that another one reads; all streams have one event, so nothing else can be told by its name."""
        for sent, emission in emissions if listener.role in _REQUESTS and listener.lifetime is Lifetime.PROCESS else ():
            if emission.emitter == listener.emitter and emission.role in (*_REQUESTS, "job"):
                fact = DeliveryInMemory(listener.event, listener.emitter, listener.role, emission.role, listener.language)
                yield Evidence(fact, heard.basis, self.name, heard.where, heard.excerpt, because=(heard, sent))

    def _missed(
        self,
        heard: Evidence,
        listener: ListenerRegistered,
        same: list[tuple[Evidence, EventEmitted]],
        own: list[ListenerRegistered],
        everywhere: list[EventEmitted],
        emissions: list[tuple[Evidence, EventEmitted]],
    ) -> Iterator[Evidence]:
        names = {f.event: e for e, f in same}
        unheard = [n for n in names if not any(fits(f.event, n) for f in own)]
        silent = {f.event for f in own if f.event not in _OF_THE_EMITTER and not any(fits(f.event, n) for n in names)}
        elsewhere = any(f.event == listener.event or (not f.event and not f.emitter and f.framework == listener.framework) for f in everywhere)
        from callcheck.links.names import meant

        near = "" if "" in names or elsewhere else meant(listener.event, unheard, [n for n in names if n not in unheard], len(silent) == 1)
        if near:
            fact = EventNeverEmitted(listener.event, near, listener.framework, listener.language)
            yield Evidence(fact, heard.basis, self.name, heard.where, heard.excerpt, because=(names[near],))
            return
        if any(f.emitter.startswith("instance of") and f.event == listener.event and f.source == listener.source for _, f in emissions):
            return  # one of several objects that are made alike, which may well be this one
        for sent, emission in emissions:
            # Two names that are computed have nothing in common.
            apart = emission.emitter and emission.emitter != listener.emitter and emission.event == listener.event and listener.event.strip("*")
            lasting = emission.lifetime is Lifetime.PROCESS or (emission.lifetime is Lifetime.REQUEST and emission.framework == listener.framework)
            alike = emission.source == listener.source and lasting and listener.lifetime is Lifetime.PROCESS
            if listener.emitter.startswith("instance of"):
                continue  # several objects of one class: which one it is cannot be told
            if apart and alike and not same:
                fact_apart = EmittersApart(listener.event, listener.framework, listener.language)
                made = tuple(
                    Evidence(fact_apart, heard.basis, self.name, where, "", label=label)
                    for emitter, label in ((listener.emitter, "the object that is listened to"), (emission.emitter, "another one, on which it goes out"))
                    if (where := _born(emitter)) is not None
                )
                yield Evidence(fact_apart, heard.basis, self.name, heard.where, heard.excerpt, because=(heard, sent, *made))
                return


def _born(emitter: str) -> Location | None:
    """Where an object was made, if its id is `file:line`."""
    path, _, line = emitter.rpartition(":")
    return Location(path, int(line)) if path and line.isdigit() else None


LINK = Deliveries()
