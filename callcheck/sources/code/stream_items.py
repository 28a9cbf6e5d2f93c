"""With which names are the items of a library's stream compared, to tell them apart?

    for await (const event of await client.responses.create({ stream: true })) if (event.type === "response.output_text.delta") …
    useChat({ onData: (part) => { switch (part.type) { case "data-progress": … } } })
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

from callcheck.model.events import ITEMS, Emitter
from callcheck.sources.code.cases import Cases
from callcheck.sources.code.scopes import function_of, module_of
from callcheck.sources.code.tree import Assign, Await, Call, Entry, Function, Loop, Name, Node, Object, Param, last_name

if TYPE_CHECKING:
    from callcheck.sources.code import Code

Kinds = Callable[[Node], Iterator[tuple[str, Emitter]]]
"""Gives the known emitters that an expression is, each with the name it is known by."""


class Items:
    """The names that the items of known streams are compared with."""

    def __init__(self, code: Code, kinds: Kinds, known: Iterable[Emitter]) -> None:
        self._code = code
        self._kinds = kinds
        told = list(known)
        self._handing = {name.rsplit(".", 1)[-1] for each in told if each.handed for name in each.of}
        self._single = {name.rsplit(".", 1)[-1] for each in told if each.single for name in each.of}
        self._cases = Cases(code.idioms)

    def of(self, node: Node) -> Iterator[tuple[str, str, Emitter, Node]]:
        """For a loop, or a call that hands items to a function: each name, what it is of, and where it is compared."""
        if isinstance(node, Loop) and node.over is not None and node.target is not None:
            for of, emitter in self._kinds(node.over):
                if emitter.form == ITEMS and not emitter.handed and not emitter.single:
                    yield from self._compared(node, _as_param(node.target), of, emitter)
        elif isinstance(node, Call) and last_name(node.callee) in self._single:
            yield from self._named(node)
        elif isinstance(node, Call) and last_name(node.callee) in self._handing:
            for of, emitter in self._kinds(node):
                for place in emitter.handed if emitter.form == ITEMS else ():
                    for given in self._code.idioms.placed(node, place):
                        function = self._code.origins.of(given).node
                        if isinstance(function, Function) and function.params:
                            yield from self._compared(function, function.params[0], of, emitter)

    def _named(self, call: Call) -> Iterator[tuple[str, str, Emitter, Node]]:
        """`const event = await client.webhooks.unwrap(body)`: what is asked of the name that one item is given."""
        value = call.parent if isinstance(call.parent, Await) else call
        holder = value.parent if value is not None else None
        target = holder.targets[0] if isinstance(holder, Assign) and holder.value is value and len(holder.targets) == 1 else None
        if isinstance(target, (Name, Object)):
            for of, emitter in self._kinds(call):
                if emitter.form == ITEMS and emitter.single:
                    yield from self._compared(function_of(call) or module_of(call), _as_param(target), of, emitter)

    def _compared(self, scope: Node, item: Param, of: str, emitter: Emitter) -> Iterator[tuple[str, str, Emitter, Node]]:
        for name, where in self._cases.within(scope, item, emitter.field):
            if name:
                yield name, of, emitter, where


def _as_param(target: Node) -> Param:
    """What a loop calls its items, written as a parameter is."""
    if isinstance(target, Name):
        return Param(target.id)
    entries: list[Entry] = target.entries if isinstance(target, Object) else []
    return Param("", binds={entry.value.id: entry.key for entry in entries if entry.key and isinstance(entry.value, Name)})
