"""Which synchronous calls stop an event loop?"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.facts.execution import LoopBlocked
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.code import Code
from callcheck.sources.code.scopes import function_of
from callcheck.sources.code.seen import seen
from callcheck.sources.code.tree import Call, Function, dotted

DEEPEST = 3
"""How many plain helper functions may lie between the async one and the blocking call."""


class EventLoop:
    """Finds blocking calls in async functions that serve requests, and in the plain helpers that these call directly."""

    name = "event-loop"
    looks_at = Sight.SOURCE
    answers = frozenset({LoopBlocked})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        code = eyes.code
        for use in code.idioms.of("block"):
            found = self._async_above(code, use.function, 0)
            if found is None:
                continue
            role = code.lifetimes.role(found)
            fact = LoopBlocked(clean(dotted(use.call.callee), 60), role, use.framework.name, use.module.language)
            because = () if found is use.function else (seen(fact, found, self.name, label="it is called on the event loop from here"),)
            yield seen(fact, use.call, self.name, because)

    def _async_above(self, code: Code, function: Function | None, depth: int) -> Function | None:
        """The async function on whose loop this one runs, if it is called directly from there."""
        if function is None or depth > DEEPEST:
            return None
        if function.is_async:
            return function
        for call in code.origins.calls_of(function):
            if isinstance(call, Call):
                found = self._async_above(code, function_of(call), depth + 1)
                if found is not None:
                    return found
        return None


PROBE = EventLoop()
