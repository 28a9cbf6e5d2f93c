"""Which fields has what a call sends?

    queue.add("welcome", { recipient: user.email });      # recipient
    redis.publish("done", JSON.stringify(result));        # those of `result`, if it is written out somewhere
"""

from __future__ import annotations

from collections.abc import Iterable

from callcheck.sources.code import Code
from callcheck.sources.code.filled import given_by
from callcheck.sources.code.idioms import Use
from callcheck.sources.code.scopes import enclosing, function_of
from callcheck.sources.code.tree import (
    Assign,
    Call,
    Function,
    Member,
    Module,
    Name,
    Node,
    Object,
    Param,
    Subscript,
    last_name,
)

_WRAPS = frozenset({"stringify", "from", "encode", "String", "serialize", "dumps", "packb", "bytes"})
_DEEPEST = 4


def fields_of(code: Code, use: Use) -> set[str] | None:
    """The names of the fields of what a call sends, by its idiom's `payload`; None if they are not all written there."""
    nodes = code.idioms.placed(use.call, use.idiom.payload)
    # Kafka's messages have theirs under `value`.
    values = [node.get("value") if isinstance(node, Object) else None for node in nodes] if use.idiom.payload == "messages" else nodes
    return _of_all(code, values, 0) if nodes else None


def fields_under(code: Code, use: Use, key: str) -> set[str] | None:
    """The names of the fields of what stands under a key of what a call sends; None if they are not all written there."""
    return _of_all(code, [_under(code, node, key) for node in code.idioms.placed(use.call, use.idiom.payload)], 0)


def _under(code: Code, node: Node | None, key: str) -> Node | None:
    while isinstance(node, Call) and last_name(node.callee) in _WRAPS:
        node = node.args[0] if node.args else node.callee.object if isinstance(node.callee, Member) else None
    held = code.origins.of(node).node if isinstance(node, Name) else node
    return held.get(key) if isinstance(held, Object) else None


def _of_all(code: Code, values: Iterable[Node | None], depth: int) -> set[str] | None:
    found: set[str] = set()
    for value in values:
        held = fields(code, value, depth)
        if held is None:
            return None
        found |= held
    return found


def fields(code: Code, node: Node | None, depth: int = 0) -> set[str] | None:
    """The fields of a value, None if they are not all written somewhere: behind `JSON.stringify({…})`, `Buffer.from(JSON.stringify(message))`, `toMessage(order)`, or a parameter for which each caller's are known."""
    if node is None or depth > _DEEPEST:
        return None
    if isinstance(node, Object):
        spreads = _of_all(code, (entry.value for entry in node.entries if not entry.key and entry.computed is None), depth + 1)
        computed = any(entry.computed is not None and not entry.key for entry in node.entries)
        return None if spreads is None or computed else spreads | {entry.key for entry in node.entries if entry.key}
    if isinstance(node, Call) and last_name(node.callee) in _WRAPS and node.args:
        return fields(code, node.args[0], depth + 1)
    if isinstance(node, Call) and last_name(node.callee) == "encode" and isinstance(node.callee, Member):
        return fields(code, node.callee.object, depth + 1)  # `json.dumps({…}).encode()`
    if isinstance(node, Call):
        maker = code.origins.of(node.callee).node
        given = code.project.returned(maker) if isinstance(maker, Function) else []
        return _of_all(code, given, depth + 1) if given else None
    if not isinstance(node, Name):
        return None
    later = _added(node)
    binding = code.origins.binding_of(node)
    if isinstance(binding, Param):
        known = _of_callers(code, binding, depth)
    else:
        held = code.origins.of(node)
        kept = binding.value if isinstance(binding, Assign) and isinstance(binding.value, Call) else held.node if held.kind == "value" else None
        known = fields(code, kept, depth + 1) if kept is not node else None
    return None if known is None or later is None else known | later


def _of_callers(code: Code, param: Param, depth: int) -> set[str] | None:
    """The fields of all that callers give for a parameter."""
    function = param.parent
    calls = code.origins.calls_of(function) if isinstance(function, Function) and not param.binds and not param.kind else []
    given = [value for call in calls for each, value in given_by(function, call) if each is param] if isinstance(function, Function) else []
    nodes = [value for value in given if isinstance(value, Node)]
    return _of_all(code, nodes, depth + 1) if nodes and len(nodes) == len(calls) else None


def _added(name: Name) -> set[str] | None:
    """The fields that are put into what a name stands for after it was made; None if some are computed, or it is handed to `Object.assign`."""
    around = function_of(name) or enclosing(name, Module)
    found: set[str] = set()
    for target in (target for assign in around.inside(Assign) for target in assign.targets) if around is not None else ():
        if isinstance(target, Member) and isinstance(target.object, Name) and target.object.id == name.id:
            found.add(target.name)
        if isinstance(target, Subscript) and isinstance(target.object, Name) and target.object.id == name.id:
            return None
    calls = around.inside(Call) if around is not None else ()
    filled = any(last_name(call.callee) in ("assign", "update", "setdefault") and any(isinstance(arg, Name) and arg.id == name.id for arg in _acted_on(call)) for call in calls)
    return None if filled else found


def _acted_on(call: Call) -> list[Node]:
    """What a call may put fields into: the first of what it is given, and its object."""
    return [*call.args[:1], *([call.callee.object] if isinstance(call.callee, Member) else [])]


def payload_of(code: Code, use: Use) -> str:
    """The same as a text: the fields in order, separated by commas; "" if they are not known."""
    return ",".join(sorted(fields_of(code, use) or ()))
