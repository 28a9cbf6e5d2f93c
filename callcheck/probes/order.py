"""Is a listener attached before its event can go out?"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.aside import is_only_test
from callcheck.model.evidence import Evidence, Lost
from callcheck.model.facts.delivery import EventTooEarly
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.code import Code
from callcheck.sources.code.flow import outermost
from callcheck.sources.code.function_roles import PER_CALL
from callcheck.sources.code.idioms import Use
from callcheck.sources.code.orders import told_at_once
from callcheck.sources.code.scopes import CTORS, function_of, module_of, within
from callcheck.sources.code.seen import seen
from callcheck.sources.code.surroundings import only_notes
from callcheck.sources.code.tree import (
    Assign,
    Await,
    Call,
    ClassDef,
    Function,
    If,
    Loop,
    Member,
    Module,
    Node,
    Raise,
    Return,
    dotted,
)

_LATER = frozenset({"close", "error", "pong", "end", "exit", "disconnect", "offline", "reconnect", "drain"})
"""Events that do not come right after the beginning, or may always come again."""

_DEEPEST = 3
"""Calls that are followed up from a registration to the function that got the connection."""


class Order:
    """Compares the places of an emission and a registration in one function, and looks for an `await` before an urgent registration."""

    name = "order"
    looks_at = Sight.SOURCE
    answers = frozenset({EventTooEarly})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        code = eyes.code
        for use in (each for each in code.idioms.of("register") if not is_only_test(each.module.path)):
            for event in code.idioms.events(use):
                yield from self._after_emit(code, use, event)
                if use.idiom.bus and event:
                    yield from self._before_start(code, use, event)
            if "immediate" in use.idiom.traits:
                yield from self._after_await(code, use)
        for use in code.idioms.of("prompt"):
            yield from self._after_await(code, use)

    def _after_emit(self, code: Code, use: Use, event: str) -> Iterator[Evidence]:
        identity = code.lifetimes.identity(use.receiver)
        if not identity or (not event and (use.idiom.event or use.idiom.on != "signal")) or told_at_once(code, use):
            return
        constructed = self._in_constructor(code, use, identity, event)
        if constructed is not None:
            fact = EventTooEarly(clean(event, 80), use.framework.name, use.module.language)
            gone = seen(fact, constructed.call, self.name, label=f"{clean(event, 60)} goes out while the object is made, before anybody can listen")
            yield seen(fact, use.call, self.name, (gone,))
            return
        heard_before = [
            u for u in code.meetings.at("register", identity, event) if u is not use and u.call.line < use.call.line
        ]
        if heard_before:
            return
        sent = code.meetings.at("emit", identity, event) if event else code.meetings.on("emit", identity)
        before = [e for e in sent if self._earlier(e, use)]
        after = [e for e in sent if e not in before]
        # Who listens on request waits for what is still to come, whatever went out at start-up.
        late = code.lifetimes.role(use.function) not in PER_CALL
        if not before and late and (first := self._elsewhere(code, use, identity, event)) is not None:
            fact = EventTooEarly(clean(event, 80), use.framework.name, use.module.language)
            gone = seen(fact, first.call, self.name, label=f"{clean(event, 60)} has gone out from here by then")
            yield seen(fact, use.call, self.name, (gone,))
        if before and not after:
            fact = EventTooEarly(clean(event, 80), use.framework.name, use.module.language)
            gone = seen(fact, before[0].call, self.name, label=f"{clean(event, 60) or 'the event'} goes out here, before anybody listens")
            yield seen(fact, use.call, self.name, (gone,))

    def _in_constructor(self, code: Code, use: Use, identity: str, event: str) -> Use | None:
        """The only emission of an event, if it stands in the constructor of the class whose instances are listened to from outside."""
        named, computed = (code.meetings.at("emit", identity, each) for each in (event, ""))
        sent = [*named, *(each for each in computed if each not in named)]
        if len(sent) != 1 or not event or event in _LATER:
            return None
        function = sent[0].function
        if function is None or "later" in sent[0].idiom.traits or function.name not in CTORS or sent[0].receiver.kind != "self" or use.receiver.kind == "self":
            return None
        return sent[0]

    def _elsewhere(self, code: Code, use: Use, identity: str, event: str) -> Use | None:
        """One of the emissions of an event, if all of them are over before its only listener is attached, by the calls that lead to both."""
        if (use.idiom.event and not event) or "*" in event or event in _LATER:
            return None
        sent = code.meetings.at("emit", identity, event)
        if not sent or any("later" in each.idiom.traits for each in sent) or any((each.idiom.event and not name) or "*" in name for name, each in code.meetings.unclear("emit", identity)):
            return None
        return sent[0] if all(code.chains.first(e.call, use.call) for e in sent) else None

    def _earlier(self, emission: Use, use: Use) -> bool:
        if "later" in emission.idiom.traits or emission.module is not use.module or emission.function is not use.function or emission.call.line >= use.call.line:
            return False
        return _straight(emission.call) and _straight(use.call)

    def _before_start(self, code: Code, use: Use, event: str) -> Iterator[Evidence]:
        """Listeners that the container attaches when it has started, and emissions in functions that run before (`after-…` traits)."""
        early = {trait[6:] for trait in use.idiom.traits if trait.startswith("after-")}
        ready = {id(outermost(u.call)) for u in code.idioms.of("wait-ready")}
        for emission in code.meetings.at("emit", use.idiom.bus, event):
            method = emission.function
            if method is None:
                continue
            cls = method.parent
            first = [m for m in cls.body if isinstance(m, Function) and m.name in early] if isinstance(cls, ClassDef) else []
            if any(id(m) not in ready and (m is method or method in code.flow.called(m)) for m in first):
                fact = EventTooEarly(clean(event, 80), use.framework.name, use.module.language)
                yield seen(fact, emission.call, self.name, (seen(fact, use.call, self.name, label="this listener is attached only when everything has started"),))

    def _after_await(self, code: Code, use: Use) -> Iterator[Evidence]:
        """A listener for what a peer sends at once, attached after something else was awaited since the object is there."""
        event = clean(next(iter(code.idioms.events(use)), ""), 80)
        if (event in _LATER and use.idiom.does != "prompt") or not _straight(use.call) or (use.idiom.does == "prompt" and only_notes(code, use)):
            return
        scope: Function | Module = use.function or use.module
        start = self._there_since(code, use)
        here = _place(use)
        if start is None and (bound := _bound_by(code, use)) is not None:
            scope, here = bound
            start = scope.at
        waits = [n for n in within(scope) if isinstance(n, Await) and start <= n.at < here.at and not n.at <= here.at < n.end and not _leaves(n)] if start is not None else []
        if not waits or self._held_before(code, use, event, waits[0], scope):
            return
        fact = EventTooEarly(event, use.framework.name, use.module.language)
        yield seen(fact, use.call, self.name, (seen(fact, waits[0], self.name, label="what arrives while this waits is lost"),))

    def _held_before(self, code: Code, use: Use, event: str, wait: Node, scope: Function | Module) -> bool:
        """Whether another listener for the same, attached before the wait, keeps what arrives meanwhile."""
        alike = (each for each in code.idioms.of("register", "prompt") if (each.function or each.module) is scope and each.call.at < wait.at)
        return any(event in code.idioms.events(each) and _object(each) == _object(use) != "" for each in alike)

    def _there_since(self, code: Code, use: Use) -> int | None:
        """The place in a function from which on its object may emit; None if that cannot be told."""
        function = use.function
        if function is not None and function.is_async and code.lifetimes.role(function) == "connection":
            return function.at
        made = use.receiver.site
        if made is not None and function is not None and function.is_async and isinstance(function.parent, Call) and function.parent.callee is function:
            # `(async () => { … })()` right there, in the function that made the object.
            return function.at if function_of(made) is function_of(function) and made.at < function.at else None
        if made is None or module_of(made) is not use.module or function_of(made) is not function or not _straight(made):
            return None
        statement: Node = made
        while statement.parent is not None and isinstance(statement.parent, (Await, Assign)):
            statement = statement.parent
        return statement.end if made.at < _place(use).at else None


def _bound_by(code: Code, use: Use) -> tuple[Function, Call] | None:
    """The async function that gets a connection, and its call by which a helper or a session's method listens on that connection: `new Session(socket).bind()`."""
    function, call = use.function, use.call
    got = use.receiver.node if use.receiver.kind == "param" else None
    for _ in range(_DEEPEST):
        if function is None or function.is_async or code.lifetimes.role(function) != "connection":
            break
        made = isinstance(function.parent, ClassDef) and function.name == "constructor"
        calls = code.origins.calls_of(function.parent if made and isinstance(function.parent, ClassDef) else function)
        if len(calls) != 1 or not _straight(calls[0]):
            return None
        call, function = calls[0], function_of(calls[0])
    if function is None or call is use.call or not function.is_async or code.lifetimes.role(function) != "connection":
        return None
    listener = got.parent if got is not None else None
    return (function, call) if isinstance(listener, Function) and code.lifetimes.role(listener) == "connection" else None


def _object(use: Use) -> str:
    """The object of a registration as it is written."""
    return dotted(use.call.callee.object) if isinstance(use.call.callee, Member) else ""


def _place(use: Use) -> Node:
    """Where a listener is attached: by a call, or by the assignment that an idiom makes one of."""
    return use.call.parent if use.idiom.fields and use.call.parent is not None else use.call


def _leaves(wait: Await) -> bool:
    """Whether nothing of the function follows a wait: `if (stopping) return await refuse(socket);`, `if (!user) { await tell(socket); return; }`."""
    function = function_of(wait)
    below: Node = wait
    for above in wait.up():
        if above is function:
            return False
        if isinstance(above, (Return, Raise)):
            return True
        if isinstance(above, If):
            branch = next((each for each in (above.then, above.orelse) if any(part is below for part in each)), [])
            if branch and isinstance(branch[-1], (Return, Raise)):
                return True
        below = above
    return False


def _straight(node: Node) -> bool:
    """Whether a node stands in the straight run of its function: not in a branch, loop or `catch`."""
    function = function_of(node)
    for above in node.up():
        if above is function or isinstance(above, Function):
            return True
        if isinstance(above, (If, Loop)):
            return False
    return True


PROBE = Order()
