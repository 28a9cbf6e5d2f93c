"""Is a value the body of the event that a function of Lambda is called with, just as it came?

    rawBody(event)                      # function rawBody(event) { return event.body ?? ""; }
    body.toString()                     # const { body } = event;
    parse_qs(event.get("body") or "")
"""

from __future__ import annotations

from callcheck.sources.code import Code
from callcheck.sources.code.scopes import function_of, told_by_calls
from callcheck.sources.code.tree import (
    Assign,
    Await,
    Call,
    Conditional,
    Entry,
    Function,
    Literal,
    Member,
    Name,
    Node,
    Object,
    Operation,
    Param,
    Return,
    dotted,
    last_name,
)

_BODY = "body"
_AS_IT_IS = frozenset({"toString", "trim", "strip", "decode", "encode"})
_WRITTEN_OUT = frozenset({"String", "str", "bytes", "unquote", "unquote_plus", "decodeURIComponent"})
_EITHER = frozenset({"??", "||", "or", "&&", "and", "!"})
_DEEPEST = 6


def taken_body(code: Code, node: Node, depth: int = 0) -> list[Node] | None:
    """What the value went through, the reading of the event's field last; None if it is something else, or was decoded."""
    if depth > _DEEPEST:
        return None
    if isinstance(node, Await):
        return taken_body(code, node.value, depth)
    if isinstance(node, (Operation, Conditional)):
        parts = node.operands if isinstance(node, Operation) and node.operator in _EITHER else [node.then, node.orelse] if isinstance(node, Conditional) else []
        return next((found for part in parts if (found := taken_body(code, part, depth + 1)) is not None), None)
    if isinstance(node, Call):
        return _of_call(code, node, depth)
    if isinstance(node, Member):
        return [node] if node.name == _BODY and isinstance(node.object, Name) and isinstance(bound_around(code, node.object), Param) else None
    return _of_name(code, node, depth) if isinstance(node, Name) else None


def _of_call(code: Code, call: Call, depth: int) -> list[Node] | None:
    callee = call.callee
    if isinstance(callee, Member) and callee.name == "get" and call.args and isinstance(call.args[0], Literal) and call.args[0].value == _BODY:
        return [call] if isinstance(callee.object, Name) and isinstance(bound_around(code, callee.object), Param) else None
    decoded = any(isinstance(each, Literal) and each.value in ("base64", "hex") for each in call.args[1:])
    if isinstance(callee, Member) and callee.name == "encode" and isinstance(callee.object, Call) and last_name(callee.object.callee) == "TextEncoder":
        return taken_body(code, call.args[0], depth + 1) if call.args else None
    if isinstance(callee, Member) and callee.name in _AS_IT_IS and not any(isinstance(each, Literal) and each.value == "base64" for each in call.args):
        return taken_body(code, callee.object, depth + 1)
    if last_name(callee) in _WRITTEN_OUT or (dotted(callee) == "Buffer.from" and not decoded):
        return taken_body(code, call.args[0], depth + 1) if call.args else None
    made = code.origins.of(callee).node
    values = [each.value for each in made.inside(Return) if function_of(each) is made and each.value is not None] if isinstance(made, Function) else []
    found = next((found for value in values if (found := taken_body(code, value, depth + 1)) is not None), None)
    return [call, *found] if found is not None else None


def _of_name(code: Code, name: Name, depth: int) -> list[Node] | None:
    bound = bound_around(code, name)
    if isinstance(bound, Assign) and bound.value is not None:
        target = bound.targets[0]
        if isinstance(target, Object):
            key = next((each.key for each in target.entries if isinstance(each, Entry) and isinstance(each.value, Name) and each.value.id == name.id), None)
            return [bound] if key == _BODY and isinstance(bound.value, Name) and isinstance(bound_around(code, bound.value), Param) else None
        return taken_body(code, bound.value, depth + 1)
    if isinstance(bound, Param):
        if bound.binds.get(name.id) == _BODY:
            return [bound]
        return next((found for given in _given(code, bound) if (found := taken_body(code, given, depth + 1)) is not None), None)
    return None


def bound_around(code: Code, name: Name) -> Node | None:
    """What a name was first given in the functions around it."""
    for scope in (above for above in name.up() if isinstance(above, Function)):
        declared = code.project.scope(scope).get(name.id)
        if declared:
            return declared[0]
    return None


def _given(code: Code, param: Param) -> list[Node]:
    """What the known calls give a parameter."""
    function = param.parent
    told = told_by_calls(function) if isinstance(function, Function) else []
    if not isinstance(function, Function) or param not in told:
        return []
    index = told.index(param)
    given = (call.keyword(param.name) or (call.args[index] if index < len(call.args) else None) for call in code.origins.calls_of(function))
    return [each for each in given if each is not None]
