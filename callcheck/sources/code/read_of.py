"""What is read of a value: of the one that a call gives, here and where the project's functions give it on, and of one that is handed to them?

    const order = await http.get("/orders/1"); order.customer          // `customer`, of what the call gives
    const getOrder = (id) => http.get(`/orders/${id}`);                // the same, of what getOrder() gives
    handlers[topic](message.value)                                     // of the parameter of each function in the table
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.sources.code.by_table import functions_in_table
from callcheck.sources.code.origins import Origins
from callcheck.sources.code.scopes import function_of, is_target, module_of, told_by_calls
from callcheck.sources.code.tree import (
    Assign,
    Await,
    Call,
    Function,
    If,
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

_DEEPEST = 2


def of_result(origins: Origins, call: Call, depth: int = 0) -> Iterator[tuple[str, Node]]:
    """The names that are read of what an awaited call gives, each with where; in the functions that the project gives it on to, too."""
    node: Node = call
    while isinstance(node.parent, Await):
        node = node.parent
    above, function = node.parent, function_of(call)
    if isinstance(above, Member) and above.object is node:
        if isinstance(node, Await):
            yield above.name, above
        elif above.name == "then" and isinstance(above.parent, Call) and above.parent.args:
            first = origins.of(above.parent.args[0]).node
            yield from _of_param(first, 0)
        return
    if isinstance(above, Return) and function is not None and depth < _DEEPEST:
        for each in origins.calls_of(function):
            yield from of_result(origins, each, depth + 1)
    if isinstance(above, Assign) and above.value is node and isinstance(node, Await) and len(above.targets) == 1:
        target = above.targets[0]
        if isinstance(target, Object):
            yield from ((entry.key, entry) for entry in target.entries if entry.key)
        elif isinstance(target, Name):
            yield from _of_name(target.id, function or module_of(call))


def taking(origins: Origins, value: Node) -> Iterator[tuple[Function, Param]]:
    """The functions of the project that are called with a value, by their own name or out of a table of them, and the parameter that it becomes."""
    call = value.parent
    if not isinstance(call, Call) or value not in call.args:
        return
    index = call.args.index(value)
    named = origins.of(call.callee).node if isinstance(call.callee, (Name, Member)) else None
    for function in [named] if isinstance(named, Function) else functions_in_table(origins, call.callee):
        params = told_by_calls(function)
        if index < len(params) and not any(param.kind for param in params[: index + 1]):
            yield function, params[index]


def _of_param(function: Node | None, index: int) -> Iterator[tuple[str, Node]]:
    if isinstance(function, Function) and index < len(function.params):
        param = function.params[index]
        yield from ((key, param) for key in param.demands())
        if not param.destructures:
            yield from _of_name(param.name, function)


def _of_name(name: str, scope: Node) -> Iterator[tuple[str, Node]]:
    """What is read of a name that has one value in a function; nothing if it has another one there, too."""
    given = sum(isinstance(target, Name) and target.id == name for assign in scope.inside(Assign) for target in assign.targets)
    given += sum(name == param.name or name in param.binds for param in scope.inside(Param))
    if given == 1:
        read = [member for member in scope.inside(Member) if isinstance(member.object, Name) and member.object.id == name]
        yield from ((member.name, member) for member in read if not is_target(member))
        taken = [assign for assign in scope.inside(Assign) if last_name(assign.value) == name and isinstance(assign.value, Name)]
        yield from ((entry.key, entry) for assign in taken for target in assign.targets if isinstance(target, Object) for entry in target.entries if entry.key)


def told_apart(read: Node) -> bool:
    """Whether a field is read where another field of the same object was asked for first: `if (r.data) use(r.data); else use(r.props)`."""
    held = dotted(read.object) if isinstance(read, Member) else ""
    inside: Node = read
    for above in read.up() if held else ():
        test = above.test if isinstance(above, If) else above.operands[0] if isinstance(above, Operation) and above.operator in ("?:", "&&", "||", "??") else None
        if test is not None and test is not inside and any(dotted(each.object) == held and each is not read for each in (test, *test.inside(Member)) if isinstance(each, Member)):
            return True
        inside = above
    return False
