"""Which listeners are attached once more each time that an object is looked up, whether it is made just then or was there before?

    room = self.rooms.get(key)
    if room is None:
        room = self.rooms[key] = Room(key)
    room.on("said", lambda text: self.show(key, text))      # belongs into the branch
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.facts.delivery import ListenerGrows
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.target import Target
from callcheck.model.words import Lifetime
from callcheck.sources import Eyes
from callcheck.sources.code import Code
from callcheck.sources.code.attached_once import attached_once
from callcheck.sources.code.function_roles import PER_CALL
from callcheck.sources.code.imports import is_test
from callcheck.sources.code.looked_up import LookedUp, Lookup, emptied
from callcheck.sources.code.scopes import function_of, module_of
from callcheck.sources.code.seen import seen
from callcheck.sources.code.tree import (
    Assign,
    Call,
    Function,
    Literal,
    Member,
    Name,
    Node,
    Subscript,
    last_name,
)

_ATTACHES = (
    *("on", "addListener", "addEventListener", "subscribe", "connect", "observe", "listen", "attach", "watch", "bind", "add_listener", "add_callback", "add_observer", "add_handler"),
    *("add_subscriber", "add_update_listener", "register_callback", "register_listener", "register_handler", "register_observer", "async_add_listener", "add_event_listener"),
)
_DETACHES = pattern(r"(?i)^(?:off|(?:async_)?(?:un\w+|remove\w*|detach\w*|disconnect\w*|dispose\w*|cancel\w*|clear\w*|stop\w*|reset\w*))$")
_DEEPEST = 3


class Reattached:
    """Lays what a function looks up or makes beside what it then attaches in either case."""

    name = "reattached"
    looks_at = Sight.SOURCE
    marks = tuple(f".{name}(" for name in _ATTACHES)
    answers = frozenset({ListenerGrows})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        code = eyes.code
        looked_up = LookedUp(code)
        for call in code.project.calls(*_ATTACHES):
            function = function_of(call)
            if function is None or not isinstance(call.callee, Member) or is_test(module_of(call).path):
                continue
            lookup = looked_up.behind(call)
            handler = _handler(code, call) if lookup is not None else None
            if lookup is None or handler is None or not _is_the_same(code, call, handler, function, lookup):
                continue
            if not _is_repeated(code, function, 0) or _is_released(code, call, function) or _is_gone(code, lookup):
                continue
            fact = ListenerGrows(clean(_event(code, call), 120), "lookup", "", module_of(call).language)
            yield seen(fact, call, self.name, (seen(fact, lookup.key, self.name, label="what was there before has the listeners of earlier calls"),))


def _handler(code: Code, call: Call) -> Node | None:
    """The function that a call attaches: one of the project."""
    for arg in reversed([*call.args, *(each.value for each in call.keywords)]):
        if isinstance(arg, Function) or (isinstance(arg, (Name, Member)) and isinstance(code.origins.of(arg).node, Function)):
            return arg
    return None


def _is_the_same(code: Code, call: Call, handler: Node, function: Function, lookup: Lookup) -> bool:
    """Whether each call attaches a function that does the same as the one before: it knows nothing but the object and its key.

    One that knows who asks (`room.on("said", (text) => socket.send(text))`) is one listener for each of them, as is meant.
    """
    known = handler if isinstance(handler, Function) else code.origins.of(handler).node
    if not isinstance(known, Function):
        return False
    if function not in known.up():
        # One function of the class or the file: some libraries keep it once only.
        uses = [use for use in code.idioms.at(call) if use.idiom.does == "register"]
        return any("repeats" in use.idiom.traits for use in uses)
    bound = code.project.scope(function)
    own = set(code.project.scope(known))
    allowed = {lookup.name, "self", "this", *(each.id for each in lookup.key.inside(Name))}
    for name, held in bound.items():
        made = [each.value for each in held if isinstance(each, Assign) and each.value is not None]
        if len(made) == len(held) and all(n.id in allowed or n.id not in bound for value in made for n in value.inside(Name)):
            allowed.add(name)
    return all(each.id in allowed or each.id in own or each.id not in bound or isinstance(bound[each.id][0], Function) for each in known.inside(Name))


def _is_repeated(code: Code, function: Function, depth: int) -> bool:
    """Whether a function is called more than once, as far as can be told: for each event or request, or from several places."""
    if code.lifetimes.role(function) in PER_CALL or code.idioms.handled_by(function) or code.origins.callers.passing(function):
        return True
    calls = code.origins.calls_of(function)
    above = [outer for call in calls if (outer := function_of(call)) is not None and outer is not function]
    return len(calls) > 1 or depth < _DEEPEST and any(_is_repeated(code, outer, depth + 1) for outer in above)


def _is_released(code: Code, call: Call, function: Function) -> bool:
    """Whether what was attached before is taken off first, or may be where the object's key is told: `self.offs.pop(key)()`, `room.off("said", show)`."""
    if attached_once(call) or any(each.at < call.at and (_DETACHES.search(last_name(each.callee)) or not isinstance(each.callee, (Name, Member))) for each in function.inside(Call)):
        return True
    held = call.parent
    if isinstance(held, Assign) and any(isinstance(target, Subscript) for target in held.targets):
        tables = {last_name(target.object) for target in held.targets if isinstance(target, Subscript)}
        return any(isinstance(each.callee, (Call, Subscript)) and not tables.isdisjoint(map(last_name, each.callee.inside(Member))) for each in module_of(call).all(Call))
    event = _event(code, call)
    removed = (use for use in code.idioms.of("remove") if code.lifetimes.identity(use.receiver) in ("", code.lifetimes.identity(code.origins.of(_object(call)))))
    return any(not code.idioms.events(use) or event in code.idioms.events(use) for use in removed)


def _is_gone(code: Code, lookup: Lookup) -> bool:
    """Whether what is looked up may be another object by then: its table is emptied, or lives as long as a request."""
    return lookup.table is not None and (emptied(code, lookup.table) or code.lifetimes.lifetime(code.origins.of(lookup.table)) is Lifetime.REQUEST)


def _object(call: Call) -> Node:
    assert isinstance(call.callee, Member)
    return call.callee.object


def _event(code: Code, call: Call) -> str:
    """The event's name, as a library that is known takes it, or as written; the object's for want of one."""
    known = (event for use in code.idioms.at(call) if use.idiom.does == "register" for event in code.idioms.events(use))
    written = code.idioms.text(call.args[0]) if len(call.args) > 1 and isinstance(call.args[0], Literal) else ""
    return next(filter(None, known), "") or written or last_name(_object(call))


PROBE = Reattached()
