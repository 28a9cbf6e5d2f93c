"""Is a listener taken off again before the work that it listens to has begun to emit?"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.facts.delivery import ListenerRemovedEarly
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.code import Code
from callcheck.sources.code.idioms import Use
from callcheck.sources.code.scopes import within
from callcheck.sources.code.seen import seen
from callcheck.sources.code.tree import Await, Call, Function, Loop, With, Yield


class EarlyRemovals:
    """Looks between a registration and a removal in one function for work that nobody waits for."""

    name = "early-removals"
    looks_at = Sight.SOURCE
    about = ("remove",)
    answers = frozenset({ListenerRemovedEarly})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        code = eyes.code
        emissions = list(code.idioms.of("emit"))
        removals = list(code.idioms.of("remove"))
        for use in code.idioms.of("register"):
            function, identity = use.function, code.lifetimes.identity(use.receiver)
            if function is None or not identity:
                continue
            for removal in removals:
                if removal.function is not function or removal.call.at < use.call.at or code.lifetimes.identity(removal.receiver) != identity:
                    continue
                events = set(code.idioms.events(use))
                if events & set(code.idioms.events(removal)) or not removal.idiom.event:
                    sent = [e for e in emissions if code.lifetimes.identity(e.receiver) == identity and events & set(code.idioms.events(e))]
                    yield from self._judge(code, function, use, removal, sent)
                    break

    def _judge(self, code: Code, function: Function, use: Use, removal: Use, sent: list[Use]) -> Iterator[Evidence]:
        between = [node for node in within(function) if use.call.end <= node.at < removal.call.at]
        if any(isinstance(n, (Await, Yield)) or (isinstance(n, (Loop, With)) and n.is_async) for n in between):
            return
        for call in between:
            callee = code.origins.of(call.callee).node if isinstance(call, Call) else None
            if not isinstance(callee, Function) or not callee.is_async or callee.is_generator:
                continue
            if any(code.entries.leads(call, e.function) and _waits_first(callee) for e in sent):
                fact = ListenerRemovedEarly(clean(next(iter(code.idioms.events(use)), ""), 80), use.framework.name, use.module.language)
                work = seen(fact, call, self.name, label="nobody waits for this, and it emits later")
                yield seen(fact, removal.call, self.name, (seen(fact, use.call, self.name, label="attached here"), work))
                return


def _waits_first(function: Function) -> bool:
    """Whether a function stops at an `await` at all, so that its caller goes on before it is done."""
    return any(isinstance(node, Await) or (isinstance(node, Loop) and node.is_async) for node in within(function))


PROBE = EarlyRemovals()
