"""Which functions does a loop call in turn, of those that a table lists?

    for (const register of [require("./mention"), require("./reaction")]) register(app);
    modules.forEach((each) => each.attach(bus));
    for setup in (alerts.setup, reports.setup): setup(client)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from callcheck.sources.code.tree import Call, ClassDef, Function, Module

if TYPE_CHECKING:
    from callcheck.sources.code.origins import Origins


class EachCalled:
    """Answers for one project; what is in the loops of the chosen files is laid out once, when first asked about."""

    def __init__(self, origins: Origins) -> None:
        self._origins = origins
        self._known: dict[int, list[Call]] = {}
        """The calls of each function, by its id."""
        self._begun = self._done = False

    def of(self, target: Function | ClassDef) -> list[Call]:
        """The calls in loops that call a function, which goes by the loop's variable there."""
        if not self._begun:
            self._begun = True
            try:
                for module in self._origins.project.chosen.values():
                    for called, call in self._rounds(module):
                        self._known.setdefault(id(called), []).append(call)
            finally:
                self._done = True
        if not self._done:
            self._origins.asking.cuts += 1
            return []
        return self._known.get(id(target), [])

    def _rounds(self, module: Module) -> Iterator[tuple[Function, Call]]:
        for call in dict.fromkeys(self._origins.rows.loops(module)):
            for callee in self._origins.rows.callees(call):
                found = self._origins.of(callee)
                if found.kind == "function" and isinstance(found.node, Function):
                    yield found.node, call
