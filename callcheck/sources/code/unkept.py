"""Is what a function would keep under a name never put there, by what the deployment sets?

    const bus = globalThis.bus ?? new EventEmitter();
    if (process.env.NODE_ENV !== "production") globalThis.bus = bus;        // in production each call makes another one

At the top of a module the same lines make one object for the process, since a module is evaluated once.
"""

from __future__ import annotations

from callcheck.sources.code.branches import branches
from callcheck.sources.code.idioms import Idioms
from callcheck.sources.code.origins import Origin
from callcheck.sources.code.scopes import function_of, module_of
from callcheck.sources.code.tree import Assign, Function, Member, Name, Node, Operation, dotted

_STANDS_IN = frozenset({"??", "||", "or"})


class Unkept:
    """Answers for the objects of one project."""

    def __init__(self, idioms: Idioms) -> None:
        self._idioms = idioms

    def __contains__(self, origin: Origin) -> bool:
        """Whether an object stands in for a name that nothing fills: each assignment to it is in a branch that the deployment does not take."""
        name = _stood_in_for(origin.node)
        if name is None:
            return False
        fills = [each for each in module_of(name).all(Assign) if each.value is not None and any(dotted(target) == dotted(name) for target in each.targets) and _inside(each)]
        return bool(fills) and not any(self._is_taken(each) for each in fills)

    def _is_taken(self, fill: Assign) -> bool:
        """Whether the branches around an assignment may be taken."""
        function = function_of(fill)
        return function is None or not any(self._idioms.switch(each.test).answers == {not each.wanted} for each in branches(fill, function))


def _stood_in_for(made: Node | None) -> Name | Member | None:
    """The name that is looked at first, in the function that makes the object otherwise."""
    below = made
    for above in made.up() if made is not None else ():
        if isinstance(above, Operation) and above.operator in _STANDS_IN:
            first = above.operands[0]
            return first if first is not below and isinstance(first, (Name, Member)) and _inside(above) else None
        if isinstance(above, (Assign, Function)):
            return None
        below = above
    return None


def _inside(node: Node) -> bool:
    return any(isinstance(above, Function) for above in node.up())
