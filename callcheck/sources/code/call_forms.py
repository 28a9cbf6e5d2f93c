"""In which other forms does Python write a call, and what it gives: by a decorator, by keywords, through a bridge between plain code and coroutines, through a method of the same class?

    async_to_sync(layer.group_send)("orders", {"type": "order.changed"})        # calls layer.group_send("orders", …)
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from callcheck.sources.code.scopes import enclosing
from callcheck.sources.code.tree import (
    Call,
    ClassDef,
    Function,
    Literal,
    Loop,
    Member,
    Module,
    Name,
    Node,
    Object,
    last_name,
)

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
    """The function or class that a call decorates, with parentheses or without, or by hand: `app.event("x")(told)`."""
    if isinstance(call.parent, Call) and call.parent.callee is call and len(call.parent.args) == 1:
        return _named(call, call.parent.args[0])
    decorator: Node = call if isinstance(call.parent, (Function, ClassDef)) else call.parent or call
    below = decorator.parent
    return below if isinstance(below, (Function, ClassDef)) and any(d is decorator for d in below.decorators) else None


def _named(call: Call, given: Node) -> Function | None:
    """The function of the same file that a name, or a method of the same class that `self.name`, stands for."""
    own = isinstance(given, Member) and isinstance(given.object, Name) and given.object.id == "self"
    around = enclosing(call, ClassDef) if own else enclosing(call, Module)
    body = around.body if isinstance(around, (ClassDef, Module)) else []
    return given if isinstance(given, Function) else next((each for each in body if isinstance(each, Function) and own | isinstance(given, Name) and each.name == last_name(given)), None)


def handed_on(loop: Loop, name: str) -> Iterator[Call]:
    """The calls of what a loop hands to a method of the same class: `for each in self.subscribers: await self.deliver(each, event)`."""
    for call in loop.inside(Call):
        place = next((n for n, arg in enumerate(call.args) if isinstance(arg, Name) and arg.id == name), None)
        own = isinstance(call.callee, Member) and isinstance(call.callee.object, Name) and call.callee.object.id == "self"
        cls = enclosing(call, ClassDef) if place is not None and own else None
        method = next((f for f in cls.body if isinstance(f, Function) and f.name == last_name(call.callee)), None) if isinstance(cls, ClassDef) else None
        if place is not None and method is not None and len(method.params) > place + 1:
            given = method.params[place + 1].name
            yield from (inner for inner in method.inside(Call) if isinstance(inner.callee, Name) and inner.callee.id == given)
