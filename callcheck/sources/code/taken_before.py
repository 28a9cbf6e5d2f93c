"""Does a call set something for all objects of a kind, when those that take it as they are made have been made?

    client = MongoClient(url)                  # shop/db.py: takes the listeners that are registered by now
    from shop.db import client                 # shop/app.py
    monitoring.register(Times())               # one more, which no client has

Where a program makes one of them later, or sets it at another place before, nothing is said.
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.aside import is_only_test
from callcheck.sources.code import Code
from callcheck.sources.code.chains import Chain
from callcheck.sources.code.function_roles import PER_CALL
from callcheck.sources.code.idioms import Use
from callcheck.sources.code.loading import Place
from callcheck.sources.code.scopes import function_of, module_of, within
from callcheck.sources.code.tree import Function, Import, Module, Node


def taken_before(code: Code, use: Use) -> tuple[Node, Node] | None:
    """One of the objects with the trait `after` of an idiom that were made by the time of its call, and the place from which that call is made then; None if it comes in time, or that cannot be told."""
    makes = [_node(each) for each in code.idioms.uses if each.framework is use.framework and use.idiom.where["after"] in each.idiom.traits and not is_only_test(each.module.path)]
    ways = _ways(code, use.call)
    if not makes or not ways:
        return None
    others = [way for each in code.idioms.of(use.idiom.does) if each.idiom is use.idiom for way in _ways(code, each.call)]
    for way in ways:
        late = [made for made in makes if _first(code, made, way)]
        if late and not any(_first(code, made, way) is False for made in makes) and not any(_in_time(code, other, way, late[0]) for other in others if other[-1][1] is not way[-1][1]):
            return late[0], way[-1][1]
    return None


def _node(use: Use) -> Node:
    """Where what a use makes is made: for a decorator without parentheses, that itself."""
    return use.call if use.call.order is not None and use.call.order[use.call.at] is use.call else use.call.callee


def _ways(code: Code, node: Node) -> list[Chain]:
    """The ways in which a program comes to a call as it starts: from a line outside of all functions, or from what its server calls once."""
    begun = [way for way in code.chains.known(node) if isinstance(way[-1][0], Module)]
    return [way for way in (*begun, *_started(code, node, ())) if not is_only_test(module_of(way[-1][1]).path)]


def _started(code: Code, node: Node, below: Chain) -> Iterator[Chain]:
    """The ways from functions that nothing of the project calls, and that run once at the start: `create_app()`, a hook of start-up."""
    function = function_of(node)
    if function is None or len(below) > 8:
        return
    here: Chain = (*below, (function, node))
    calls = code.origins.calls_of(function)
    if not calls and code.lifetimes.role(function) == "startup":
        yield here
    for call in calls:
        yield from _started(code, call, here)


def _first(code: Code, made: Node, way: Chain) -> bool | None:
    """Whether something is made before the call at the beginning of a way; None if the program does not make it, as far as that can be told."""
    found: set[bool | None] = set()
    for chain in code.chains.of(made) or [()]:
        found.add(_before(code, chain, way) if chain else False)
    return False if False in found else True if True in found else None


def _before(code: Code, chain: Chain, way: Chain) -> bool | None:
    theirs = {id(scope): node for scope, node in way}
    for scope, node in chain:
        if id(scope) in theirs:
            return node.at < theirs[id(scope)].at
    top, made = chain[-1]
    if isinstance(top, Function):
        return False if code.lifetimes.role(top) in PER_CALL else None
    orders = [order for order in code.chains.loading.orders(Place.of(made), _place(code, way)) if order[1] is not None]
    known = [early < late for early, late in orders if early is not None and late is not None]
    return all(known) if known else None


def _place(code: Code, way: Chain) -> Place:
    """When a way begins, with what the functions on it import before they go on."""
    brings = [found.path for scope, node in way if isinstance(scope, Function) for each in within(scope) if isinstance(each, Import) and each.at < node.at for found in _brought(code, each)]
    top, node = way[-1]
    return (Place.of if isinstance(top, Module) else Place.after)(node, tuple(reversed(brings)))


def _brought(code: Code, statement: Import) -> list[Module]:
    module = module_of(statement)
    names = [statement.module, *(f"{statement.module.rstrip('.')}.{each.imported}" for each in statement.names)]
    return [found for name in names if (found := code.project.find(module, name)) is not None]


def _in_time(code: Code, other: Chain, way: Chain, made: Node) -> bool:
    """Whether a program that comes to the call by one way has come by another one before, ahead of what it makes."""
    together = any(None not in order for order in code.chains.loading.orders(_place(code, other), _place(code, way)))
    return together and _first(code, made, other) is False
