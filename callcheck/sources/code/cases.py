"""With which names does a handler compare what it is given, to tell messages apart?

    switch (job.name) { case "invoice.made": … }
    const handlers = { "invoice.made": send };   handlers[topic](message)
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.sources.code.idioms import Idioms, Use
from callcheck.sources.code.tree import (
    Assign,
    Call,
    ClassDef,
    Entry,
    Function,
    Member,
    Name,
    Node,
    Object,
    Operation,
    Param,
    Sequence,
    Subscript,
)

_DEEPEST = 3
_SAME = frozenset({"===", "=="})
_HAS = frozenset({"includes", "has"})


def handling(idioms: Idioms, use: Use) -> Iterator[Function]:
    """The functions that handle what a use takes: those given, or the method `process` of a class that is decorated."""
    for handler in idioms.handlers(use):
        if isinstance(handler, ClassDef):
            yield from (part for part in handler.body if isinstance(part, Function) and part.name == "process")
        elif isinstance(handler, Function):
            yield handler


class Cases:
    """The names that handlers of one project compare with."""

    def __init__(self, idioms: Idioms) -> None:
        self._idioms = idioms

    def of(self, function: Function, index: int, field: str, depth: int = 0) -> Iterator[tuple[str, Node]]:
        """Each name that a function compares its parameter (or a field of it) with, and where; "" for one that is computed."""
        if index < len(function.params):
            yield from self.within(function, function.params[index], field, depth)

    def within(self, scope: Node, param: Param, field: str, depth: int = 0) -> Iterator[tuple[str, Node]]:
        """The same for what is called `param` in a function, or in a loop over such values."""
        if depth > _DEEPEST:
            return
        same = [node for node in (*scope.inside(Member), *scope.inside(Name)) if _is_it(scope, param, field, node)]
        for node in same:
            above = node.parent
            if isinstance(above, Operation) and above.operator in _SAME:
                for other in above.operands:
                    if other is not node:
                        yield self._idioms.text(other), other
            elif isinstance(above, Operation) and above.operator == "in" and above.operands[0] is node:
                yield from self._listed(above.operands[-1])
            elif isinstance(above, Subscript) and above.key is node:
                yield from self._keys(above.object)
            elif isinstance(above, Call) and node in above.args:
                if isinstance(above.callee, Member) and above.callee.name in _HAS:
                    yield from self._listed(above.callee.object)
                yield from self._inside(above, above.args.index(node), "", depth)
        for node in scope.inside(Name) if field and param.name else ():
            if node.id == param.name and isinstance(node.parent, Call) and node in node.parent.args:
                yield from self._inside(node.parent, node.parent.args.index(node), field, depth)

    def _listed(self, among: Node) -> Iterator[tuple[str, Node]]:
        """`["a", "b"].includes(name)`, also where the list has a name."""
        held = self._idioms.origins.of(among).node
        for item in held.items if isinstance(held, Sequence) else ():
            yield self._idioms.text(item), item

    def _inside(self, call: Call, index: int, field: str, depth: int) -> Iterator[tuple[str, Node]]:
        """The comparisons in a function of the project that is handed the parameter."""
        made = self._idioms.origins.of(call.callee)
        if made.kind == "function" and isinstance(made.node, Function):
            yield from self.of(made.node, index, field, depth + 1)

    def _keys(self, table: Node) -> Iterator[tuple[str, Node]]:
        held = self._idioms.origins.of(table).node
        for entry in held.entries if isinstance(held, Object) else ():
            yield (entry.key or self._idioms.text(entry.computed)), entry


def _is_it(scope: Node, param: Param, field: str, node: Node) -> bool:
    """Whether a node is the parameter, or its field: as a member, or taken out of it by its name."""
    if isinstance(node, Member):
        return bool(field) and _reads(node, param, field)
    if not isinstance(node, Name) or isinstance(node.parent, Entry):
        return False
    if not field:
        return node.id == param.name
    return param.binds.get(node.id) == field or any(_takes_out(each, param, field, node.id) for each in scope.inside(Assign))


def _reads(node: Node | None, param: Param, field: str) -> bool:
    return isinstance(node, Member) and node.name == field and isinstance(node.object, Name) and node.object.id == param.name


def _takes_out(assign: Assign, param: Param, field: str, name: str) -> bool:
    """`const { type, data } = event`, `const kind = event.type`."""
    if _reads(assign.value, param, field):
        return any(isinstance(target, Name) and target.id == name for target in assign.targets)
    taken = (target.get(field) for target in assign.targets if isinstance(target, Object))
    from_it = isinstance(assign.value, Name) and assign.value.id == param.name
    return from_it and any(isinstance(local, Name) and local.id == name for local in taken)
