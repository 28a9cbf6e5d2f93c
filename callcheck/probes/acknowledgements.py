"""Does a handler answer through a function that nobody hands it, or leave one alone that every sender waits for?

    socket.on("save", (doc, done) => { store(doc); done("ok"); });     // the server
    socket.emit("save", doc);                                          // a client: done is undefined, and the handler throws

    socket.on("save", (doc) => { store(doc); });
    socket.emit("save", doc, (answer) => show(answer));                // never called
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.facts.handlers import HandlerMisfit
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.code import Code
from callcheck.sources.code.cases import handling
from callcheck.sources.code.fits import takes
from callcheck.sources.code.idioms import Use
from callcheck.sources.code.imports import is_test
from callcheck.sources.code.scopes import module_of
from callcheck.sources.code.seen import seen
from callcheck.sources.code.surroundings import asked_for
from callcheck.sources.code.tree import Call, Function, Name, Node, Param, Spread, last_name

_MEDIA = frozenset({"socketio-up", "socketio-down"})
"""Where a function that is given last to `emit` becomes the last argument of the handler."""


class Acknowledgements:
    """Compares, for names that are written out, how many arguments every sender gives with the place of the parameter that a handler calls."""

    name = "acknowledgements"
    looks_at = Sight.SOURCE
    about = ("message-out",)
    answers = frozenset({HandlerMisfit})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        code = eyes.code
        heard = [use for use in code.idioms.of("message-in") if use.idiom.medium in _MEDIA and not is_test(use.module.path)]
        if not heard:
            return
        sent: dict[tuple[str, str], list[Use]] = {}
        for use in code.idioms.of("message-out"):
            if use.idiom.medium in _MEDIA and not is_test(use.module.path):
                sent.setdefault((use.idiom.medium, _name(code, use)), []).append(use)
        closed = {medium for medium, name in sent if not name or "*" in name}
        for use in heard:
            senders = sent.get((use.idiom.medium, _name(code, use)))
            if senders and use.idiom.medium not in closed:
                yield from self._compare(code, use, senders)

    def _compare(self, code: Code, use: Use, senders: list[Use]) -> Iterator[Evidence]:
        event = _name(code, use)
        # Every emit of the name counts, also of an object that is not known for a socket.
        every = [call for call in code.project.calls("emit", "emitWithAck") if call.args and code.idioms.text(call.args[0]) == event]
        if any(isinstance(arg, Spread) for call in every for arg in call.args):
            return
        most = max(_given(call) for call in (*every, *(each.call for each in senders)))
        asking = [call for call in every if last_name(call.callee) == "emitWithAck" or (len(call.args) > 1 and isinstance(call.args[-1], Function))]
        for handler in handling(code.idioms, use):
            if asking and len(asking) == len(every) and _answers_nobody(handler, most):
                given = ", ".join([*(param.name or "…" for param in handler.params), *["…"] * (most - len(handler.params) - 1), "callback"])
                fact = HandlerMisfit(clean(handler.name or "the handler", 60), clean(event, 80), clean(takes(handler), 80), clean(given, 120), use.framework.name, use.module.language)
                label = f"{clean(event, 60)} is sent with a function that waits for the answer"
                yield seen(fact, use.call, self.name, tuple(seen(fact, call, self.name, label=label) for call in asking[:2]))
            called = _called(handler, most) or _misplaced(code, handler, every)
            if called is not None:
                given = ", ".join(param.name or "…" for param in handler.params[:most])
                fact = HandlerMisfit(clean(handler.name or "the handler", 60), clean(event, 80), clean(takes(handler), 80), clean(given, 120), use.framework.name, use.module.language)
                told = "with its function to answer through at another place" if asking or _answer_at(code, senders[0].call) is not None else "without a function to answer through"
                label = f"{clean(event, 60)} is sent {told}"
                yield seen(fact, called, self.name, tuple(seen(fact, each.call, self.name, label=label) for each in senders[:2]))


def _name(code: Code, use: Use) -> str:
    return next((code.idioms.known_text(node) for node in code.idioms.placed(use.call, use.idiom.event)), "")


def _given(call: Call) -> int:
    """How many arguments a handler is given by a call, the function that takes its answer included."""
    return len(call.args) - (last_name(call.callee) != "emitWithAck")


def _answers_nobody(handler: Function, most: int) -> bool:
    """Whether a handler takes plain parameters alone, and fewer than it is handed arguments."""
    plain = all(not param.kind for param in handler.params)
    return plain and len(handler.params) < most and not any(name.id == "arguments" for name in handler.inside(Name))


def _called(handler: Function, given: int) -> Call | None:
    """The first call of a parameter that is handed nothing, if the handler never asks whether it is there."""
    for param in handler.params[given:]:
        if not param.name or param.kind or param.default is not None:
            continue
        if any(param.name == other.name for inner in handler.inside(Function) if inner is not handler for other in inner.params):
            continue
        calls = [call for call in handler.inside(Call) if isinstance(call.callee, Name) and call.callee.id == param.name]
        guarded = any(asked_for(name) for name in handler.inside(Name) if name.id == param.name)
        if calls and not guarded and not any(f"{param.name}?." in module_of(call).line_of(call) for call in calls):
            return calls[0]
    return None


def _misplaced(code: Code, handler: Function, calls: list[Call]) -> Call | None:
    """The first call of a parameter, guarded or not, where every sender gives its function at another place."""
    places = {_answer_at(code, call) for call in calls}
    if None in places or not handler.params or any(param.kind for param in handler.params):
        return None
    used = {handler.params[at].name for at in places if at is not None and at < len(handler.params)}
    if any(isinstance(call.callee, Name) and call.callee.id in used for call in handler.inside(Call)) or any(asked_for(name) for name in handler.inside(Name) if name.id in used):
        return None
    names = {param.name for param in handler.params if param.name} - used
    return next((call for call in handler.inside(Call) if isinstance(call.callee, Name) and call.callee.id in names), None)


def _answer_at(code: Code, call: Call) -> int | None:
    """At which place the handler is given the function that takes its answer; None if that cannot be told, or there is none."""
    if last_name(call.callee) == "emitWithAck":
        return len(call.args) - 1
    last = call.args[-1] if len(call.args) > 1 else None
    held = code.origins.of(last) if isinstance(last, Name) else None
    function = isinstance(last, Function) or (held is not None and (held.kind == "function" or _settles(held.node)))
    return len(call.args) - 2 if function else None


def _settles(node: Node | None) -> bool:
    """`resolve` of `new Promise((resolve) => …)`."""
    made = node.parent.parent if isinstance(node, Param) and isinstance(node.parent, Function) else None
    return isinstance(made, Call) and last_name(made.callee) == "Promise"


PROBE = Acknowledgements()
