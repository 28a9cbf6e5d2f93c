"""Do listeners, subscriptions and starts come in the right order along the way that the program runs?"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.facts.delivery import EventTooEarly
from callcheck.model.facts.execution import RuntimeIdle
from callcheck.model.facts.handlers import RegisteredUnreached, SubscribedOnce
from callcheck.model.facts.meeting import SubscribedLate
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.signs import Sign
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.code import Code
from callcheck.sources.code.anchors import Anchors, after, blocks, straight, waited_for
from callcheck.sources.code.blocks import apart
from callcheck.sources.code.idioms import Use
from callcheck.sources.code.orders import told_at_once
from callcheck.sources.code.origin import Origin
from callcheck.sources.code.scopes import Scope, function_of, is_super, module_of, within
from callcheck.sources.code.seen import seen
from callcheck.sources.code.tree import (
    Await,
    Call,
    Function,
    Import,
    Keyword,
    Literal,
    Member,
    Name,
    Node,
    Sequence,
    dotted,
    last_name,
)

_STARTS = pattern(r"_?(?:start|begin|listen|schedule|watch|consume|subscribe|register)(?:_\w+|[A-Z]\w*)?")
"""Calls that set something going, whatever they belong to."""
_REGISTERS = ("register", "hook", "subscribe", "serve", "attach")


class Flow:
    """Walks each function and module top, with what it calls and imports put in its place."""

    name = "flow"
    looks_at = Sight.SOURCE
    signs = (Sign(pattern=r"await\s+import\(\s*[\"'`]\.{1,2}/"),)
    """A module that is loaded in the middle of another registers there."""
    answers = frozenset({EventTooEarly, RegisteredUnreached, SubscribedLate, SubscribedOnce, RuntimeIdle})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        code = eyes.code
        anchors = Anchors(code.origins, code.idioms)
        for module in code.project.chosen.values():
            scopes: list[Scope] = [module, *module.all(Function)]
            for scope in scopes:
                yield from self._unreached(anchors, scope)
                yield from self._early(code, anchors, scope)
        for use in code.idioms.of("subscribe"):
            if "pubsub" in use.idiom.traits and use.function is not None:
                yield from self._late(code, use)
        yield from self._once(code)

    def _unreached(self, anchors: Anchors, scope: Scope) -> Iterator[Evidence]:
        """What stands below a call that does not return as long as the program runs."""
        uses = anchors.uses_in(scope)
        endless = next(((u, at) for u, at in uses if blocks(u) and straight(at) and _holds_up(anchors, u, at)), None)
        if endless is None:
            return
        blocker, at = endless
        method = clean(dotted(blocker.call.callee).rsplit(".", 1)[-1], 60)
        framework, language = blocker.framework.name, blocker.module.language
        because = [seen(RegisteredUnreached("", method, framework, language), at, self.name, label=f"{method}() returns when the program ends")]
        if at is not blocker.call:
            because.append(seen(RegisteredUnreached("", method, framework, language), blocker.call, self.name, label=f"by {method}(), which is waited for here"))
        for use, place in uses:
            if not _below(place, at) or isinstance(place, Import) or apart(place, at):
                continue
            if use.idiom.does in _REGISTERS and use is not blocker:
                event = next((e for e in (anchors.idioms.events(use)) if e), "a handler")
                yield seen(RegisteredUnreached(clean(event, 80), method, use.framework.name, use.module.language), place, self.name, tuple(because))
                return
            if use.idiom.does == "start" and not use.idiom.handler and not blocks(use):
                yield self._never(use.call.callee, place, tuple(because), use)
                return
        own = within(scope) if isinstance(scope, Function) else module_of(at).all(Call)
        for call in own:
            if isinstance(call, Call) and _STARTS.fullmatch(last_name(call.callee)) and function_of(call) is function_of(at) and _below(call, at):
                yield self._never(call.callee, call, tuple(because), blocker)
                return

    def _never(self, callee: Node, place: Node, because: tuple[Evidence, ...], use: Use) -> Evidence:
        """What would be started at a place that is not reached."""
        name, _, start = dotted(callee).rpartition(".")
        return seen(RuntimeIdle(clean(name.rsplit(".", 1)[-1] or start, 60), clean(start, 60), use.framework.name, use.module.language), place, self.name, because)

    def _early(self, code: Code, anchors: Anchors, scope: Scope) -> Iterator[Evidence]:
        """An emission inside what is called, or before what is imported, above the listener."""
        uses = anchors.uses_in(scope)
        emitted = [(u, at) for u, at in uses if u.idiom.does == "emit" and straight(at) and "later" not in u.idiom.traits]
        if not emitted:
            return
        for use, place in uses:
            if use.idiom.does != "register" or not straight(place) or told_at_once(code, use):
                continue
            identity = code.lifetimes.identity(use.receiver)
            events = set(code.idioms.events(use))
            for emission, at in emitted:
                if at is emission.call and place is use.call or not identity or code.lifetimes.identity(emission.receiver) != identity:
                    continue
                both = events.intersection(code.idioms.events(emission))
                if not both or not after(place, at) or self._again(code, anchors, emission, at, place, scope):
                    continue
                if self._heard_before(code, uses, identity, events, at) or _in_time(emission, at, place, scope):
                    continue
                event = clean(min(both), 80)
                fact = EventTooEarly(event, use.framework.name, use.module.language)
                because = [seen(fact, at, self.name, label=f"{event or 'the event'} goes out in here, before anybody listens")]
                if place is not use.call:
                    because.append(seen(fact, use.call, self.name, label="the listener is attached here"))
                yield seen(fact, place, self.name, tuple(because))
                return

    def _again(self, code: Code, anchors: Anchors, emission: Use, at: Node, place: Node, scope: Scope) -> bool:
        """Whether the event goes out at another time too, when the listener is there."""
        if any(u.idiom.does == "emit" and u.call is emission.call and other is not at and after(other, place) for u, other in anchors.uses_in(scope)):
            return True
        function = emission.function
        if function is None:
            return False
        if at is emission.call:
            return False
        calls = code.origins.calls_of(function)
        inside = function_of(at)
        return any(c is not at and (function_of(c) is inside or len(calls) > 1) and after(c, place) for c in calls) or len(calls) > 2

    def _heard_before(self, code: Code, uses: list[tuple[Use, Node]], identity: str, events: set[str], at: Node) -> bool:
        return any(
            u.idiom.does == "register" and after(at, where) and code.lifetimes.identity(u.receiver) == identity and events & set(code.idioms.events(u))
            for u, where in uses
        )

    def _late(self, code: Code, use: Use) -> Iterator[Evidence]:
        """A state is read, or work handed out, before the channel that tells of it is subscribed to."""
        function = use.function
        assert function is not None
        names = _variables(use.call)
        if not names:
            return
        same = [u for u in code.idioms.of("read-state", "hand-out", "publish", "hand-off") if u.function is function and _variables(u.call) & names]
        before = [u for u in same if u.call.line < use.call.line]
        if not before or any(u.call.line > use.call.line for u in same):
            return
        event = clean(next(iter(code.idioms.events(use)), ""), 80) or "the channel"
        fact = SubscribedLate(event, code.lifetimes.role(function), use.framework.name, use.module.language)
        label = "the state is read here; what is published from now on is lost" if before[0].idiom.does == "read-state" else "the work begins here, and may be done before anybody is subscribed"
        yield seen(fact, use.call, self.name, (seen(fact, before[0].call, self.name, label=label),))

    def _once(self, code: Code) -> Iterator[Evidence]:
        """A subscription that the broker forgets, made in no handler of a connection."""
        uses = [u for u in code.idioms.of("subscribe") if "lost-on-reconnect" in u.idiom.traits]
        if not uses or any(self._on_connect(code, u.function) for u in uses):
            return
        for use in uses:
            starts = {name for each in code.idioms.of("make") if "needs-start" in each.idiom.traits and each.framework is use.framework for name in each.idiom.event_is.split("|")}
            if starts and not any(True for _ in code.project.calls(*sorted(starts))):
                continue  # its loop is what connects again, and nothing ever runs that
            made = _made_with(code, use.receiver)
            kept = isinstance(made, Call) and any(_kept(made.keyword(k)) for k in ("clean_session", "protocol"))
            if isinstance(made, Call) and not kept:
                event = clean(next(iter(code.idioms.events(use)), ""), 80) or "the topic"
                yield seen(SubscribedOnce(event, use.framework.name, use.module.language), use.call, self.name)

    def _on_connect(self, code: Code, function: Function | None, depth: int = 0) -> bool:
        if function is None or depth > 3:
            return False
        if function.name.endswith("on_connect") or any("on_connect" in code.idioms.events(u) for u in code.idioms.handled_by(function)):
            return True
        return any(self._on_connect(code, function_of(call), depth + 1) for call in code.origins.calls_of(function))


def _made_with(code: Code, origin: Origin) -> Call | None:
    """The call whose options an object has: what made it, or its class's `super().__init__(…)`; None where that is not known."""
    for method in origin.cls.body if origin.cls is not None and origin.kind in ("made", "self") else ():
        for call in method.inside(Call) if isinstance(method, Function) and method.name == "__init__" else ():
            if isinstance(call.callee, Member) and call.callee.name == "__init__" and is_super(call.callee.object):
                return call
    made = origin.node if origin.kind == "made" else next(iter(code.origins.calls_of(origin.cls)), None) if origin.kind == "self" and origin.cls is not None else None
    return made if isinstance(made, Call) else None


def _in_time(emission: Use, at: Node, place: Node, scope: Scope) -> bool:
    """Whether an emission waits for something first, in a call that nobody awaits, so that a listener in the same stretch of code comes before it."""
    function = emission.function
    if function is None or not function.is_async or emission.module.language == "python" or isinstance(at.parent, Await):
        return False
    if not any(each.at < emission.call.at and not each.at <= emission.call.at < each.end for each in function.inside(Await)):
        return False
    whole = scope.inside(Await) if isinstance(scope, Function) else module_of(place).all(Await)
    return not any(at.end <= each.at < place.at and function_of(each) is function_of(place) for each in whole)


def _holds_up(anchors: Anchors, use: Use, at: Node) -> bool:
    """Whether what blocks holds up the function that a node of its own stands in: that calls it, or calls and awaits one that does."""
    if at is use.call:
        return True
    function = use.function
    if function is None or not isinstance(at, Call) or function not in anchors.called(at) or not straight(use.call):
        return False
    return not function.is_async or waited_for(at)


def _below(place: Node, at: Node) -> bool:
    """Whether a place is reached, in the straight run of the function, only once a call has returned."""
    return after(place, at) and straight(place) and _same_body(at, place)


def _same_body(earlier: Node, later: Node) -> bool:
    """Whether the later node stands in the same list of statements as the earlier one, or below that."""
    statement = earlier
    while isinstance(statement.parent, (Await, Member, Call, Keyword, Sequence)):
        statement = statement.parent
    parent = statement.parent
    return any(above.parent is parent and above is not statement for above in (later, *later.up()))


def _variables(call: Call) -> set[str]:
    """The names of variables in a call's arguments, those of functions left out."""
    found = set()
    for arg in [*call.args, *(k.value for k in call.keywords)]:
        for node in arg.walk():
            if isinstance(node, Name) and not (isinstance(node.parent, Call) and node.parent.callee is node) and node.id not in ("self", "cls"):
                if not isinstance(node.parent, Member) and node.id[:1].islower():
                    found.add(node.id)
    return found


def _kept(value: Node | None) -> bool:
    """Whether an option tells the broker, or may tell it, to keep the session."""
    return value is not None and not (isinstance(value, Literal) and value.value is True)


PROBE = Flow()
