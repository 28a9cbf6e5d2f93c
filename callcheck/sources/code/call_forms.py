"""In which other forms does Python write a call, and what it gives: by a decorator, by keywords, through a bridge between plain code and coroutines?

    async_to_sync(layer.group_send)("orders", {"type": "order.changed"})        # calls layer.group_send("orders", …)
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from callcheck.sources.code.tree import Call, ClassDef, Function, Literal, Module, Node, Object, last_name

_BRIDGES = frozenset({"async_to_sync", "sync_to_async"})
"""asgiref's; what they give back takes the function's own arguments."""


def bridged(call: Call) -> Call | None:
    """The call that a call of such a bridge comes to, at the same place; None for any other call."""
    inner = call.callee
    if not isinstance(inner, Call) or last_name(inner.callee) not in _BRIDGES or not inner.args:
        return None
    return Call(inner.args[0], call.args, call.keywords, line=call.line, column=call.column, end_line=call.end_line, parent=call.parent, at=call.at, end=call.end)


def bridged_in(module: Module, names: Collection[str]) -> Iterator[Call]:
    """The calls in a module that come to one of a function of these names."""
    return (call for call in module.named_calls.get("", ()) if (plain := bridged(call)) is not None and last_name(plain.callee) in names)


def given_by_name(call: Call, values: bool) -> list[Node]:
    """What a Python call gives by keyword, `**{…}` included: the values, or the names as literals or expressions."""
    found: list[Node] = []
    for keyword in call.keywords:
        if keyword.name:
            found.append(keyword.value if values else Literal(keyword.name, line=keyword.line, column=keyword.column, end_line=keyword.end_line, parent=keyword))
        for entry in keyword.value.entries if not keyword.name and isinstance(keyword.value, Object) else ():
            name = entry.computed if entry.key is None else Literal(entry.key, line=entry.line, column=entry.column, end_line=entry.end_line, parent=entry)
            if name is not None:
                found.append(entry.value if values else name)
    return found


def decorated(call: Call) -> Function | ClassDef | None:
    """The function or class that a call decorates, with parentheses or without."""
    decorator: Node = call if isinstance(call.parent, (Function, ClassDef)) else call.parent or call
    below = decorator.parent
    return below if isinstance(below, (Function, ClassDef)) and any(d is decorator for d in below.decorators) else None
