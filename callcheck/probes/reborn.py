"""Is a listener attached in one request to an object that the next request, which emits, has anew?

    def get_events(): return EventEmitter()                                    # FastAPI calls it for every request
    def get_waitlist(events=Depends(get_events)): events.on("freed", promote)
    def cancel(events=Depends(get_events)): events.emit("freed")               # another request, another emitter

Or to a connection that is put in place of the old one when this closes?

    connect() { this.socket = new WebSocket(url); this.socket.on("close", () => this.connect()); }
    onTrade(fn) { this.socket.on("message", fn); }                             // the next socket has no such listener
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.facts.delivery import ListenerPerCall
from callcheck.model.facts.handlers import SubscribedOnce
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.target import Target
from callcheck.model.words import Lifetime
from callcheck.sources import Eyes
from callcheck.sources.code import Code
from callcheck.sources.code.idioms import Use
from callcheck.sources.code.scopes import enclosing, function_of, module_of
from callcheck.sources.code.seen import seen
from callcheck.sources.code.tree import Assign, Call, ClassDef, Function, Member, Name, Node, last_name

_DEEPEST = 6
_LATER = frozenset({"on", "once", "addEventListener", "setTimeout", "setInterval", "then", "catch"})
_OPENS = pattern(r"(?i)^(?:open|connect|ready|reconnect|online|up|start)")


class Reborn:
    """Follows both ends up to the handlers in whose requests they happen, through what a framework injects."""

    name = "reborn"
    looks_at = Sight.SOURCE
    answers = frozenset({ListenerPerCall, SubscribedOnce})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        code = eyes.code
        for use in code.idioms.of("register"):
            yield from self._replaced(code, use)
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

    def _replaced(self, code: Code, use: Use) -> Iterator[Evidence]:
        """A listener on what is kept under one name, and made anew under it by a function that does not attach the listener."""
        attaching = use.function
        if use.module.language == "python" or attaching is None or not isinstance(use.call.callee, Member):
            return
        makers = list(_makers(use.call, use.call.callee.object))
        if not makers or any(function is attaching or code.flow.reaches(function, attaching) for function, _ in makers):
            return
        again = next((call for function, _ in makers for call in _called_later(code, function)), None)
        attached = [call for call in code.origins.calls_of(attaching) if not _on_opening(code, call)]
        if again is None or not attached:
            return
        event = clean(next(iter(code.idioms.events(use)), ""), 80)
        fact = SubscribedOnce(event, use.framework.name, use.module.language)
        because = (seen(fact, makers[0][1], self.name, label="made here, each time without that listener"), seen(fact, again, self.name, label="here it is made anew"))
        yield seen(fact, use.call, self.name, because)

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


def _makers(at: Node, holder: Node) -> Iterator[tuple[Function, Assign]]:
    """The functions that put a new object under the name that a listener is attached to: a field of the class, or a variable of the module."""
    cls = enclosing(at, ClassDef) if isinstance(holder, Member) and last_name(holder.object) == "this" else None
    if cls is None and not (isinstance(holder, Name) and any(_declares(each, holder.id) for each in module_of(at).body)):
        return
    for assign in (cls or module_of(at)).inside(Assign):
        target = assign.targets[0]
        same = isinstance(target, type(holder)) and last_name(target) == last_name(holder) and (cls is None or last_name(getattr(target, "object", None)) == "this")
        function = function_of(assign)
        if same and not assign.declared and isinstance(assign.value, Call) and assign.value.new and function is not None:
            yield function, assign


def _declares(statement: Node, name: str) -> bool:
    return isinstance(statement, Assign) and bool(statement.declared) and any(isinstance(target, Name) and target.id == name for target in statement.targets)


def _called_later(code: Code, function: Function) -> Iterator[Node]:
    """Where a function is called again by a callback of its own file: when the connection closes, after a while."""
    for call in code.origins.calls_of(function):
        around = function_of(call)
        if around is not None and isinstance(around.parent, Call) and last_name(around.parent.callee) in _LATER and module_of(call) is module_of(function):
            yield call
    for call in module_of(function).calls(*_LATER):
        if any(isinstance(arg, Name) and code.origins.of(arg).node is function for arg in call.args):
            yield call


def _on_opening(code: Code, call: Call) -> bool:
    """Whether a call stands in a callback for a connection that opens: it is made for each of them."""
    around = function_of(call)
    outer = around.parent if around is not None else None
    return isinstance(outer, Call) and bool(outer.args) and _OPENS.search(code.idioms.text(outer.args[0])) is not None


PROBE = Reborn()
