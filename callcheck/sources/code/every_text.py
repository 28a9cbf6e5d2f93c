"""Which texts may an expression be, by both ways of a choice, and by all calls of the function whose parameter it is?

    def publish(kind): client.put_events(Entries=[{"DetailType": kind}])        publish(PAID); publish("sent")        the text of PAID, and sent
    bus.publish(event), and in there event.type                                 publish({ type: "paid" })             paid
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.sources.code import Code
from callcheck.sources.code.filled import given_by
from callcheck.sources.code.given_back import callers
from callcheck.sources.code.injected import marked
from callcheck.sources.code.spelt import given_once
from callcheck.sources.code.tree import Assign, Conditional, Function, Member, Name, Node, Object, Param

_DEEPEST = 4


def every_text(code: Code, node: Node | None) -> dict[str, Node] | None:
    """The texts, each with an expression that gives it; None if there may be others."""
    found: dict[str, Node] = {}
    for way in ways(code, node):
        text = code.idioms.known_text(way)
        if way is None or not text or _outside(code, way) or not code.idioms.whole(way):
            return None
        found.setdefault(text, way)
    return found or None


def _outside(code: Code, node: Node) -> bool:
    """Whether anything in it comes from elsewhere: the environment, a package."""
    return any(isinstance(each, (Name, Member)) and code.origins.of(each).kind == "external" for each in node.walk())


def ways(code: Code, node: Node | None, depth: int = 0) -> Iterator[Node | None]:
    """The expressions that one may stand for; None for what is not known."""
    if depth > _DEEPEST or node is None:
        yield None
    elif isinstance(node, Conditional):
        for part in (node.then, node.orelse):
            yield from ways(code, part, depth + 1)
    elif isinstance(node, Name) and isinstance(param := code.origins.binding_of(node), Param) and isinstance(param.parent, Function):
        if marked(code.project, param) is not None:
            yield node  # the framework fills it, and no call
            return
        for given in _given(code, param, param.parent, node.id):
            yield from ways(code, given, depth + 1)
    elif isinstance(node, Name) and len(assigned := _assigned(code, node)) > 1:
        for value in assigned:
            yield from ways(code, value, depth + 1)
    elif isinstance(node, Name) and (once := given_once(code.origins, node)) is not None and isinstance(once.value, Conditional):
        yield from ways(code, once.value, depth + 1)
    elif isinstance(node, Member) and isinstance(node.object, Name) and isinstance(code.origins.binding_of(node.object), Param) and not code.idioms.known_text(node):
        for held in ways(code, node.object, depth + 1):
            yield from ways(code, _part(code, held, node.name), depth + 1)
    else:
        yield node


def _assigned(code: Code, name: Name) -> list[Node | None]:
    """Everything that a name is given in the scope that declares it."""
    declared = next((held for scope in code.origins.scopes_of(name) if (held := code.project.scope(scope).get(name.id))), [])
    return [each.value for each in declared if isinstance(each, Assign)]


def _given(code: Code, param: Param, function: Function, name: str) -> Iterator[Node | None]:
    """What every call of a function gives to a parameter, or to the name that it takes apart; its default for want of calls."""
    calls = callers(code, function)
    for call in calls:
        given = next((value for each, value in given_by(function, call) if each is param), None)
        held = given if isinstance(given, Node) else None
        yield _part(code, held, param.binds[name]) if name in param.binds and name != param.name else held
    if not calls:
        yield param.default


def _part(code: Code, node: Node | None, key: str) -> Node | None:
    """What stands at a key of an object that is written out, or in a field of the class that it is made of."""
    if node is None:
        return None
    held = code.origins.of(node)
    table = node if isinstance(node, Object) else held.node
    if isinstance(table, Object):
        return table.get(key)
    return code.origins.member(held, key).node if held.cls is not None else None
