"""Where is a handler called on the spot, so that its result is registered in its place?

    app.on_startup.append(connect(app))        # a coroutine that nobody awaits, or None
    emitter.on("paid", show())                 # shows now, and never again
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.facts.traps import LibraryTrap
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.code import Code
from callcheck.sources.code.handler_forms import gives_callable
from callcheck.sources.code.idioms import Use
from callcheck.sources.code.imports import is_test
from callcheck.sources.code.scopes import function_of
from callcheck.sources.code.seen import seen
from callcheck.sources.code.tree import Call, Function, Return, last_name

_LISTENS = ("register", "subscribe", "hook", "serve", "schedule", "start")
_NOW = "the function is called here, once, and its result, None, is registered in its place; write it without ()"
_COROUTINE = "calling an async function only makes a coroutine, which nobody awaits, and which cannot be called when the event comes; write it without ()"


class CalledAtOnce:
    """Looks at the handlers of all registrations of libraries; those that a trap of the library's own is about are left to it."""

    name = "called-at-once"
    looks_at = Sight.SOURCE
    about = tuple(f"{does} in python" for does in _LISTENS)
    answers = frozenset({LibraryTrap})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        code = eyes.code
        known = {id(use.call) for use in code.idioms.of("trap") if "called" in use.idiom.where}
        for use in code.idioms.of(*_LISTENS):
            if use.module.language == "python" and id(use.call) not in known and (use.idiom.does != "start" or use.idiom.role == "startup") and not is_test(use.module.path):
                yield from self._judge(code, use)
                known.add(id(use.call))

    def _judge(self, code: Code, use: Use) -> Iterator[Evidence]:
        for node in code.idioms.placed(use.call, use.idiom.handler) if use.idiom.handler and "coro" not in use.idiom.handler else ():
            made = code.origins.of(node.callee).node if isinstance(node, Call) else None
            if isinstance(made, Function) and not made.decorators and not made.is_generator and (made.is_async or not _gives(made)):
                fact = LibraryTrap("unconsumed-call", "strong", _COROUTINE if made.is_async else _NOW, clean(last_name(use.call.callee), 60), use.framework.name, "python")
                yield seen(fact, node, self.name, (seen(fact, made, self.name, label="this is what is called"),))


def _gives(function: Function) -> bool:
    """Whether a function gives something back that could be called: what a `return` of its own gives."""
    own = (each for each in function.inside(Return) if function_of(each) is function)
    return function.arrow or any(gives_callable(each) for each in own)


PROBE = CalledAtOnce()
