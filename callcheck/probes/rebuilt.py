"""Is a listener attached again when its object is made anew after a lost connection?"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.facts.meeting import ListenerNotRestored
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.signs import Sign
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.code import Code
from callcheck.sources.code.idioms import Use
from callcheck.sources.code.scopes import function_of
from callcheck.sources.code.seen import seen
from callcheck.sources.code.tree import Assign, Call, Function, Member, Name

_LOSSES = frozenset({"close", "error", "disconnect", "end", "exit", "onclose", "onerror", "disconnected", "connection_lost", "connectionClosed"})


class Rebuilt:
    """Looks at listeners that end with their object (`volatile`), whose object a handler of a lost connection makes again."""

    name = "rebuilt"
    looks_at = Sight.SOURCE
    about = ("volatile",)
    signs = (Sign(words=("onclose", "onerror")),)
    answers = frozenset({ListenerNotRestored})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        code = eyes.code
        volatile = [u for u in code.idioms.of("register", "subscribe") if "volatile" in u.idiom.traits]
        if not volatile:
            return
        losses = _loss_handlers(code)
        for use in volatile:
            made = use.receiver.node
            maker = function_of(made) if isinstance(made, Call) else None
            if maker is None or not any(code.flow.reaches(handler, maker) for handler in losses):
                continue
            attaching = use.function
            if attaching is not None and (any(code.flow.reaches(f, attaching) for f in (maker, *losses)) or code.idioms.handled_by(attaching)):
                continue
            if any(_same_kind(use, other) and other.function is not None and any(code.flow.reaches(f, other.function) for f in (maker, *losses)) for other in volatile):
                continue
            event = clean(next(iter(code.idioms.events(use)), ""), 80)
            fact = ListenerNotRestored(event, use.framework.name, use.module.language)
            again = seen(fact, made, self.name, label="made anew here after a lost connection") if made else None
            yield seen(fact, use.call, self.name, (again,) if again else ())


def _same_kind(use: Use, other: Use) -> bool:
    """Whether another registration may stand in for one: the same idiom, in code that is run again."""
    return other is not use and other.idiom is use.idiom


def _loss_handlers(code: Code) -> list[Function]:
    """The functions that run when a connection is lost."""
    found: list[Function] = []
    for call in code.project.calls("on", "once", "addEventListener", "addListener"):
        if len(call.args) >= 2 and code.idioms.text(call.args[0]) in _LOSSES:
            found += filter(None, [_function(code, call.args[1])])
    for assign in (each for module in code.project.chosen.values() for each in module.all(Assign)):
        if any(isinstance(t, Member) and t.name in _LOSSES for t in assign.targets) and assign.value is not None:
            found += filter(None, [_function(code, assign.value)])
    return found


def _function(code: Code, node: object) -> Function | None:
    if isinstance(node, Function):
        return node
    if isinstance(node, Call) and isinstance(node.callee, Member) and node.callee.name == "bind":
        node = node.callee.object
    origin = code.origins.of(node) if isinstance(node, (Name, Member)) else None
    return origin.node if origin is not None and isinstance(origin.node, Function) else None


PROBE = Rebuilt()
