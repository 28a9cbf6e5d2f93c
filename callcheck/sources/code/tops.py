"""Where do the calls begin that lead to a piece of code: outside of all functions, or in a function that nothing in the project calls?

    def pay(order): bus.emit("paid", order)
    @app.post("/pay")
    def view(): pay(1)                     # one beginning: the view, which a server calls
    if __name__ == "__main__":
        pay(2)                             # and another: this line
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.sources.code import Code
from callcheck.sources.code.scopes import CTORS, function_of
from callcheck.sources.code.tree import Call, ClassDef, Function, Node

_HANDLES = frozenset({"request", "connection", "render", "job"})
DEEPEST = 8
"""Calls that are followed upwards."""


class Tops:
    """Beginnings in one project; they are kept."""

    def __init__(self, code: Code) -> None:
        self.code = code
        self._known: dict[int, list[Node]] = {}

    def of(self, node: Node) -> list[Node]:
        """Nodes outside of all functions, and functions that nothing in the project calls."""
        function = function_of(node)
        if function is None:
            return [node]
        if id(function) not in self._known:
            self._known[id(function)] = []
            self._known[id(function)] = list(self._above(function, 0, {id(function)}))
        return self._known[id(function)]

    def _above(self, function: Function, depth: int, seen: set[int]) -> Iterator[Node]:
        cls = function.parent if isinstance(function.parent, ClassDef) else None
        target = cls if cls is not None and function.name in (*CTORS, "__call__") else function
        calls: list[Call] = self.code.origins.calls_of(target)
        outer = function_of(function)
        if outer is not None and not calls:
            # A nested function: it runs, if at all, where the one around it does.
            yield from [outer] if id(outer) in seen or depth > DEEPEST else self._above(outer, depth + 1, seen | {id(outer)})
            return
        if not calls or depth > DEEPEST or self.code.lifetimes.role(function) in _HANDLES and not cls:
            yield function
        for call in calls:
            above = function_of(call)
            if above is None:
                yield call
            elif id(above) not in seen:
                seen.add(id(above))
                yield from self._above(above, depth + 1, seen)
