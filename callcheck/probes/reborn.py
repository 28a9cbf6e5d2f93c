"""Is a listener attached in one request to an object that the next request, which emits, has anew?

    def get_events(): return EventEmitter()                                    # FastAPI calls it for every request
    def get_waitlist(events=Depends(get_events)): events.on("freed", promote)
    def cancel(events=Depends(get_events)): events.emit("freed")               # another request, another emitter
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.facts.delivery import ListenerPerCall
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.target import Target
from callcheck.model.words import Lifetime
from callcheck.sources import Eyes
from callcheck.sources.code import Code
from callcheck.sources.code.scopes import function_of
from callcheck.sources.code.seen import seen
from callcheck.sources.code.tree import ClassDef, Function

_DEEPEST = 6


class Reborn:
    """Follows both ends up to the handlers in whose requests they happen, through what a framework injects."""

    name = "reborn"
    looks_at = Sight.SOURCE
    answers = frozenset({ListenerPerCall})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        code = eyes.code
        emits = [u for u in code.idioms.of("emit") if code.lifetimes.lifetime(u.receiver) is Lifetime.REQUEST]
        for use in code.idioms.of("register") if emits else ():
            identity = code.lifetimes.identity(use.receiver)
            if not identity or "durable" in use.idiom.traits or code.lifetimes.lifetime(use.receiver) is not Lifetime.REQUEST:
                continue
            for event in code.idioms.events(use):
                sent = [u for u in emits if event in code.idioms.events(u) and code.lifetimes.identity(u.receiver) == identity]
                here, there = self._roots(code, use.function), [self._roots(code, u.function) for u in sent]
                if not here or not there or not all(roots and not roots & here for roots in there):
                    continue
                fact = ListenerPerCall(clean(event, 80), "request", use.framework.name, use.module.language)
                because = [seen(fact, sent[0].call, self.name, label="emitted in another request, on an object of its own")]
                if use.receiver.site is not None:
                    because.insert(0, seen(fact, use.receiver.site, self.name, label="made anew for every request"))
                yield seen(fact, use.call, self.name, tuple(because))

    def _roots(self, code: Code, function: Function | None, depth: int = 0) -> frozenset[int]:
        """The handlers in whose requests a function runs."""
        if function is None or depth > _DEEPEST:
            return frozenset()
        if any(use.idiom.role == "request" for use in code.idioms.handled_by(function)):
            users = code.origins.dependents(function)
            if not users:
                return frozenset({id(function)})
            return frozenset().union(*(self._roots(code, user, depth + 1) for user in users))
        calls = code.origins.calls_of(function)
        if isinstance(function.parent, ClassDef) and function.name == "__init__":
            calls = code.origins.calls_of(function.parent)
        return frozenset().union(*(self._roots(code, function_of(call), depth + 1) for call in calls))


PROBE = Reborn()
