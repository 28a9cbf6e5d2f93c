"""Which functions of the project may a call reach that takes its function out of a table?

    handlers[topic](payload)        routes.get(topic)?.(payload)        const run = handlers[topic]; run(payload)
    rows.find((row) => row.topic === topic).handle(payload)             for (const { topic, handle } of rows) handle(payload)

A table is an object, a `Map`, a list of rows, or what a module exports.
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.sources.code.origins import Origins
from callcheck.sources.code.scopes import module_of
from callcheck.sources.code.spelt import given_once
from callcheck.sources.code.tree import (
    Assign,
    Await,
    Call,
    Function,
    Member,
    Name,
    Node,
    Object,
    Operation,
    Param,
    Sequence,
    Subscript,
    last_name,
    unbound,
)

_PICKS = frozenset({"find", "findLast", "at"})
"""Methods that give one row of a list."""
_EACH = frozenset({"forEach", "map", "filter", "find", "some", "every", "flatMap"})
"""Methods that call a function with each row of a list."""
_EITHER = frozenset({"??", "||"})
_DEEPEST = 4


def functions_in_table(origins: Origins, callee: Node) -> list[Function]:
    """The functions, in the order of their table; none for a call that takes its function from anywhere else."""
    found = (_function(origins, value) for value in _picked(origins, callee, 0))
    return list(dict.fromkeys(each for each in found if each is not None))


def _picked(origins: Origins, node: Node | None, depth: int) -> Iterator[Node]:
    """What an expression may be of what a table holds: one of its items, or a field that its rows have."""
    if depth > _DEEPEST:
        return
    if isinstance(node, Operation) and node.operator in _EITHER:
        yield from _picked(origins, node.operands[0], depth + 1)
    elif isinstance(node, Await):
        yield from _picked(origins, node.value, depth + 1)
    elif isinstance(node, Subscript):
        yield from _held(origins, node.object)
    elif isinstance(node, Call) and isinstance(node.callee, Member) and node.args:
        if node.callee.name == "get" or node.callee.name in _PICKS:
            yield from _held(origins, node.callee.object)
    elif isinstance(node, Member):
        parts = (origins.rows.tables.part(row, node.name) for row in _picked(origins, node.object, depth + 1))
        yield from (part for part in parts if part is not None)
    elif isinstance(node, Name):
        yield from _under(origins, node, depth)


def _under(origins: Origins, name: Name, depth: int) -> Iterator[Node]:
    """The same for what has a name: given once, the variable of a loop, or the parameter of a function that is called with each row."""
    declared = origins.binding_of(name)
    tables = origins.rows.tables
    if isinstance(declared, Param):
        function = declared.parent
        above = function.parent if isinstance(function, Function) and function.params and function.params[0] is declared else None
        if isinstance(above, Call) and isinstance(above.callee, Member) and above.callee.name in _EACH and function in above.args:
            rows = (tables.of_param(declared, row) for row in _held(origins, above.callee.object))
            yield from (row[name.id] for row in rows if name.id in row)
        return
    given = given_once(origins, name) if isinstance(declared, Assign) else None
    if given is None:
        yield from origins.looped(name)
        return
    for row in _picked(origins, given.value, depth + 1):
        taken = dict(tables.unpacked(given.targets[0], row))
        yield from [taken[name.id]] if name.id in taken else []


def _held(origins: Origins, table: Node) -> Iterator[Node]:
    """The items of a table: those that it is made with, and what its own file puts into it later."""
    held = table if isinstance(table, (Object, Sequence)) else origins.of(table).node
    if isinstance(held, Sequence):
        yield from held.items
    elif isinstance(held, Call) and held.new and last_name(held.callee) == "Map":
        yield from _of_map(origins, held)
    else:
        yield from (value for _, value in origins.rows.tables.entries(table))
    if isinstance(held, (Object, Call)):
        yield from _put(origins, held)


def _of_map(origins: Origins, made: Call) -> Iterator[Node]:
    """What a `Map` is made with: a list of pairs, or the entries of an object."""
    first = next(iter(made.args), None)
    if isinstance(first, Call) and last_name(first.callee) == "entries" and first.args:
        yield from (value for _, value in origins.rows.tables.entries(first.args[0]))
        return
    held = origins.of(first).node if isinstance(first, (Name, Member)) else first
    yield from (pair.items[1] for pair in (held.items if isinstance(held, Sequence) else ()) if isinstance(pair, Sequence) and len(pair.items) > 1)


def _put(origins: Origins, held: Node) -> Iterator[Node]:
    """`routes.set("a", f)`, `handlers["a"] = f` and `handlers.a = f`, in the file in which the table is made."""
    kept = held.parent
    names = {last_name(target) for target in kept.targets} if isinstance(kept, Assign) else set()
    places = [(call.callee.object, call.args[1]) for call in module_of(held).named_calls.get("set", ()) if isinstance(call.callee, Member) and len(call.args) > 1]
    places += [(t.object, each.value) for each in module_of(held).all(Assign) for t in each.targets if isinstance(t, (Member, Subscript)) and each.value is not None]
    yield from (value for table, value in places if last_name(table) in names and origins.of(table).node is held)


def _function(origins: Origins, value: Node) -> Function | None:
    """The function that an item is, or names; with its object bound to it, too."""
    value = unbound(value)
    found = value if isinstance(value, Function) else origins.of(value).node
    return found if isinstance(found, Function) else None
