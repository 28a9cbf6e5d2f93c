"""By which names does a function hold what an object is made of: of a queue, its channel and its connection; of a cursor, its connection?"""

from __future__ import annotations

from collections.abc import Callable

from callcheck.sources.code.scopes import within
from callcheck.sources.code.tree import Assign, Await, Call, Function, Member, Name, Node

_DEEPEST = 5


def made_from(held: Node, function: Function, goes_on: Callable[[Node], bool] = lambda made: True) -> set[str]:
    """The names from an object up to what nothing in the function made; `goes_on` tells of what a name was given whether it still is of the kind that is asked for."""
    given: dict[str, Node] = {}
    for node in within(function):
        if isinstance(node, Assign) and node.value is not None and len(node.targets) == 1 and isinstance(node.targets[0], Name):
            given.setdefault(node.targets[0].id, node.value)
    names: set[str] = set()
    source: Node | None = held
    while source is not None and len(names) < _DEEPEST:
        while isinstance(source, (Await, Call, Member)):
            source = source.value if isinstance(source, Await) else source.callee if isinstance(source, Call) else source.object
        if not isinstance(source, Name) or source.id in names or source.id in ("self", "cls", "this"):
            break
        made = given.get(source.id)
        names.add(source.id)
        source = made if made is not None and goes_on(made) else None
    return names
