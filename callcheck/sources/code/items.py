"""What does a table give for a key, if it is filled by whoever asks for a key first?

    if (!rooms.has(id)) rooms.set(id, new EventEmitter());        lots[number] = Lot(number)     # if number not in lots
    return rooms.get(id);                                         return lots[number]

Such an object is made once for a key and stays, so all who ask share it. What is put in without a look whether it is there is made anew
each time, and is not told.
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.sources.code.scopes import function_of, module_of
from callcheck.sources.code.tree import Assign, Call, Function, Member, Name, Node, Subscript, dotted


def kept_item(made: Node) -> Node | None:
    """The one expression that is put into a table where a key has nothing yet, by the call or literal that made the table; None if there are others."""
    holder = made.parent
    name = dotted(holder.targets[0]) if isinstance(holder, Assign) and len(holder.targets) == 1 else ""
    if not name:
        return None
    found = list(_put(made, name))
    return found[0][1] if len(found) == 1 and _looks_first(*found[0], name) else None


def _put(made: Node, name: str) -> Iterator[tuple[Node, Node]]:
    """Each place that stores into the table of this name, in the module that made it, with the value."""
    module = module_of(made)
    for call in module.calls("set", "setdefault"):
        if isinstance(call.callee, Member) and len(call.args) == 2 and _is(call.callee.object, name):
            yield call, call.args[1]
    for assign in module.all(Assign):
        for target in assign.targets:
            if isinstance(target, Subscript) and _is(target.object, name) and assign.value is not None:
                yield assign, assign.value


def _looks_first(place: Node, value: Node, name: str) -> bool:
    """Whether the function that stores has a look for the key before; `setdefault` and `??=` do so themselves."""
    if isinstance(place, Call) and isinstance(place.callee, Member) and place.callee.name == "setdefault":
        return True
    if isinstance(place, Assign) and place.operator:
        return True
    function = function_of(place)
    return isinstance(function, Function) and any(
        node.at < place.at and _is(node, name) and not (isinstance(node.parent, Subscript) and isinstance(node.parent.parent, Assign) and node.parent in node.parent.parent.targets)
        for kind in (Name, Member)
        for node in function.inside(kind)
    )


def _is(node: Node, name: str) -> bool:
    """Whether an expression is the table: by its name, or as a field (`this.rooms`) of the class that declares it."""
    return dotted(node) == name or (isinstance(node, Member) and node.name == name.rsplit(".", 1)[-1] and dotted(node.object) in ("this", "self"))
