"""Which handlers are made in a loop and read its variable only when they are called, so that all of them do the last one's work?

    for topic, room in ROUTES.items():
        client.message_callback_add(topic, lambda c, u, m: show(room, m))        # each shows in the last room

Python's functions look a name up when they run. A default (`room=room`), a partial, or a function that makes the handler binds it in time.
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.facts.traps import LibraryTrap
from callcheck.model.probe import Sight
from callcheck.model.signs import Sign
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.code import Code
from callcheck.sources.code.imports import is_test
from callcheck.sources.code.scopes import function_of, target_names, up_to, within
from callcheck.sources.code.seen import seen
from callcheck.sources.code.tree import (
    Assign,
    Await,
    Call,
    ClassDef,
    Function,
    Keyword,
    Literal,
    Loop,
    Member,
    Module,
    Name,
    Node,
    Object,
    Opaque,
    Param,
    Return,
    Sequence,
    last_name,
)

_SAYS = "the handler looks the loop's variable up when it is called, so every one does the last one's work; bind it: `lambda x=x: ...`, or functools.partial"
_LISTENS = frozenset({"register", "subscribe", "hook", "serve", "schedule"})
_KEEPS = frozenset(
    "on once connect bind bind_all tag_bind subscribe listen observe watch add_listener add_handler add_event_handler add_job add_done_callback add_callback add_url_rule add_route add_api_route "
    "add_signal_receiver add_event_detect message_callback_add register_handler register_callback after after_idle call_later call_soon call_at call_soon_threadsafe schedule_once schedule_interval "
    "add_hotkey on_click on_change on_press do route task event Timer".split()
)
"""Calls that keep a function, to call it later."""
_OPTIONS = frozenset({"command", "callback", "handler", "listener", "func", "on_click", "on_press", "on_release", "on_change", "on_message", "on_message_callback", "on_event", "on_select"})
_OVER = frozenset({"range", "enumerate", "zip", "items", "keys", "values", "sorted", "reversed", "list", "tuple", "set"})
"""Calls whose result a loop comes to the end of at once."""
_SIGN = Sign(pattern=r"(?m)^[ \t]*for\b.*\bin\b.*:[ \t]*(?:#.*)?$")
_WAITS = frozenset({"sleep", "wait", "join", "run", "input", "mainloop", "process_events", "processEvents", "update"})


class LateBound:
    """Looks at the functions that stand in a loop and are handed on from there."""

    name = "late-bound"
    looks_at = Sight.SOURCE
    signs = (_SIGN,)
    about = ("in python",)
    answers = frozenset({LibraryTrap})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        code = eyes.code
        for module in code.project.chosen_with(_SIGN):
            if module.language == "python" and not is_test(module.path):
                yield from self._module(code, module)

    def _module(self, code: Code, module: Module) -> Iterator[Evidence]:
        for loop in module.all(Loop):
            names = _changing(loop) if loop.target is not None and _ends_at_once(loop) else frozenset[str]()
            for function in loop.inside(Function) if names else ():
                if not _reads(function, names) or _nearest(function) is not loop:
                    continue
                kept = next((each for each in _places(function, loop) if self._kept(code, function, each)), None)
                if kept is not None:
                    framework = next((use.framework.name for use in code.idioms.handled_by(function)), "python-functions")
                    fact = LibraryTrap("payload-mismatch", "strong", _SAYS, last_name(kept.callee) if isinstance(kept, Call) else last_name(kept), framework, "python")
                    yield seen(fact, function, self.name, (seen(fact, loop, self.name, label="the name has its last value by then"),))

    def _kept(self, code: Code, function: Function, place: Node) -> bool:
        """Whether what a function is handed to calls it later: by what is known of libraries, or by its name."""
        if isinstance(place, Call) and last_name(place.callee) in _KEEPS:
            return True
        if isinstance(place, (Keyword, Member)):
            return place.name in _OPTIONS or place.name.startswith(("on_", "when_"))
        return any(use.idiom.does in _LISTENS for use in code.idioms.handled_by(function))


def _changing(loop: Loop) -> frozenset[str]:
    """The names that each round gives another value: the loop's own, and those that its body works out of them."""
    own = frozenset(target_names(loop.target)) - {"_"} if loop.target is not None else frozenset[str]()
    found = set(own)
    for node in loop.body:
        if isinstance(node, Assign) and node.value is not None and any(name.id in found for name in (*node.value.inside(Name), *([node.value] if isinstance(node.value, Name) else []))):
            found |= {target.id for target in node.targets if isinstance(target, Name)}
    return frozenset(found)


def _ends_at_once(loop: Loop) -> bool:
    """Whether the loop is over before anything that it registered is called, and has more than one round."""
    over = loop.over
    plain = isinstance(over, (Name, Member, Sequence, Object, Literal)) or (isinstance(over, Call) and last_name(over.callee) in _OVER)
    if loop.is_async or not plain or (isinstance(over, Sequence) and len(over.items) < 2):
        return False
    inside = [node for each in loop.body for node in each.walk()]
    return not any(
        isinstance(node, (Await, Return)) or (isinstance(node, Opaque) and node.kind == "break") or (isinstance(node, Call) and last_name(node.callee) in _WAITS)
        for node in inside
        if function_of(node) is function_of(loop)
    )


def _nearest(function: Function) -> Loop | None:
    """The loop that a function stands in, with no other function or class between."""
    for above in function.up():
        if isinstance(above, (Function, ClassDef)):
            return None
        if isinstance(above, Loop):
            return above
    return None


def _reads(function: Function, names: frozenset[str]) -> bool:
    """Whether a function reads one of these names when it runs: they are neither its parameters nor its own."""
    own = {param.name for param in function.params} | {name for node in within(function) if isinstance(node, Assign) for target in node.targets for name in target_names(target)}
    return any(name.id in names - own and not any(isinstance(above, Param) for above in up_to(name, function)) for name in _inside(function))


def _inside(function: Function) -> Iterator[Name]:
    outside = [(each.at, each.end) for each in function.decorators]
    return (name for name in function.inside(Name) if not any(first <= name.at < end for first, end in outside))


def _places(function: Function, loop: Loop) -> Iterator[Node]:
    """What a function is handed to in the loop: calls, options of calls, and fields, by itself, as a decorator, or by its name."""
    given: list[Node] = [function]
    if function.name:
        given += [name for node in loop.body for name in node.walk() if isinstance(name, Name) and name.id == function.name]
        yield from (each for each in function.decorators if isinstance(each, Call))
    for node in given:
        above = node.parent
        if isinstance(above, Keyword):
            yield above
            above = above.parent
        if isinstance(above, Call) and above.callee is not node:
            yield above
        if isinstance(above, Assign) and above.value is node:
            yield from (target for target in above.targets if isinstance(target, Member))


PROBE = LateBound()
