"""What does a function get that is handed over to be called: in place, or by a name of its own file?

    openStore().then((store) => …)              what the promise gives
    openRabbit((rabbit) => …)                   what `openRabbit` calls its parameter with
    listen({ onReady: (socket) => … })          the same for a function in an object
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from callcheck.sources.code.index import once
from callcheck.sources.code.origin import UNKNOWN, Origin
from callcheck.sources.code.scopes import CTORS, module_of, told_by_calls
from callcheck.sources.code.tree import (
    Assign,
    Call,
    ClassDef,
    Entry,
    Function,
    Member,
    Module,
    Name,
    Node,
    Object,
    Param,
    last_name,
)

if TYPE_CHECKING:
    from callcheck.sources.code.origins import Origins

CHAINS = frozenset({"then", "catch", "finally"})
"""The methods of a promise that give another one."""


def begun_by(chain: Call) -> Call:
    """The call that a chain of promises begins with: `main()` of `main().catch(log).finally(end)`; one that is no chain begins with itself."""
    while isinstance(chain.callee, Member) and chain.callee.name in CHAINS and isinstance(chain.callee.object, Call):
        chain = chain.callee.object
    return chain


def called_back(origins: Origins, function: Function, index: int, depth: int) -> Iterator[Origin]:
    """The origins of what a function is called with, at one place, by those that it is handed to."""
    for call, place, key in handed(function):
        if isinstance(call.callee, Member) and call.callee.name == "then" and place == 0 and index == 0 and not key:
            yield promised(origins, call.callee.object, depth + 1)
            continue
        taker = origins.of(call.callee, depth + 1)
        for inner in _calls_inside(taker, place, key):
            if index < len(inner.args):
                yield origins.of(inner.args[index], depth + 2)


def promised(origins: Origins, node: Node, depth: int = 0) -> Origin:
    """What a promise gives, which a chain of `then`, `catch` and `finally` may have made."""
    while isinstance(node, Call) and isinstance(node.callee, Member) and node.callee.name in CHAINS:
        given = origins.of(node.args[0], depth + 1).node if node.args and node.callee.name == "then" else None
        if isinstance(given, Function):
            values = origins.project.returned(given)
            return origins.of(values[0], depth + 1) if len(values) == 1 else UNKNOWN
        if given is not None:
            return UNKNOWN
        node = node.callee.object
    return origins.of(node, depth + 1)


def handed(function: Function) -> Iterator[tuple[Call, int, str]]:
    """The calls that a function is given to, with its place among the arguments, and its key in an object that is one."""
    parent = function.parent
    if isinstance(parent, Call):
        yield from ((parent, place, "") for place, arg in enumerate(parent.args) if arg is function)
    elif isinstance(parent, Entry) and isinstance(parent.parent, Object) and isinstance(parent.parent.parent, Call):
        outer = parent.parent.parent
        yield from ((outer, place, parent.key or "") for place, arg in enumerate(outer.args) if arg is parent.parent)
    elif function.name and not isinstance(parent, ClassDef):
        yield from _by_name(module_of(function)).get(function.name, ())


@once
def _by_name(module: Module) -> dict[str, list[tuple[Call, int, str]]]:
    """By the name of what is passed, the calls of a module that pass it by a plain name."""
    found: dict[str, list[tuple[Call, int, str]]] = {}
    for call in module.all(Call):
        for place, arg in enumerate(call.args):
            if isinstance(arg, Name):
                found.setdefault(arg.id, []).append((call, place, ""))
    return found


def _calls_inside(taker: Origin, place: int, key: str) -> Iterator[Call]:
    """The calls of what a function takes at one place, or under a key of it: in the function itself, or by the methods of the class that keeps it."""
    function, cls = taker.node, None
    if isinstance(function, ClassDef):
        cls = function
        function = next((each for each in cls.body if isinstance(each, Function) and each.name in CTORS), None)
    if not isinstance(function, Function) or taker.kind not in ("function", "class"):
        return
    params = told_by_calls(function)
    if place >= len(params) or params[place].kind == "rest":
        return
    param = params[place]
    local = next((name for name, path in param.binds.items() if path == key), "") if key else param.name
    for call in function.inside(Call):
        callee = call.callee
        plain = isinstance(callee, Name) and callee.id == local and bool(local)
        of_options = bool(key) and isinstance(callee, Member) and callee.name == key and last_name(callee.object) == param.name and isinstance(callee.object, Name)
        if plain or of_options:
            yield call
    kept = set(_kept_as(function, param, local)) if cls is not None else set()
    if cls is not None and kept:
        yield from (call for call in cls.inside(Call) if isinstance(call.callee, Member) and call.callee.name in kept and last_name(call.callee.object) in ("this", "self"))


def _kept_as(function: Function, param: Param, local: str) -> Iterator[str]:
    """The fields in which a constructor keeps a parameter: `constructor(private readonly setup)`, `this.setup = setup`."""
    if param.property:
        yield param.name
    for assign in function.inside(Assign):
        if isinstance(assign.value, Name) and assign.value.id == local and local:
            yield from (target.name for target in assign.targets if isinstance(target, Member) and last_name(target.object) in ("this", "self"))
