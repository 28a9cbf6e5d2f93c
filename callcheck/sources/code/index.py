"""Where in a module does each node stand, and which are there of a kind? One walk when a file is parsed answers all later questions."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, TypeVar

from callcheck.sources.code.tree import Call, Module, Node, Template, last_name, parts_of


class Index:
    """The nodes of one module by what is asked of them, made in one walk."""

    __slots__ = ("kinds", "order", "worked_out", "_calls")

    def __init__(self, kinds: dict[type[Node], list[Node]], order: list[Node]) -> None:
        self.kinds = kinds
        self.order = order
        self.worked_out: dict[Callable[[Module], Any], Any] = {}
        """What others found out of the file (`once`), by who did."""
        self._calls: dict[str, list[Call]] | None = None

    @property
    def calls(self) -> dict[str, list[Call]]:
        """The calls by the last name of their callee."""
        if self._calls is None:
            self._calls = {}
            for call in self.kinds.get(Call, ()):
                assert isinstance(call, Call)
                self._calls.setdefault(last_name(call.callee), []).append(call)
        return self._calls


FoundT = TypeVar("FoundT")


def once(work_out: Callable[[Module], FoundT]) -> Callable[[Module], FoundT]:
    """Has what a function finds out of a file kept with the file, for as long as that is."""

    @functools.wraps(work_out)
    def kept(module: Module) -> FoundT:
        known = (module.index or adopt(module).index).worked_out  # type: ignore[union-attr]
        if work_out not in known:
            known[work_out] = work_out(module)
        found: FoundT = known[work_out]
        return found

    return kept


_NUMBERS: list[int] = []


def numbers(count: int) -> list[int]:
    """The numbers from 0 to at least this one, each the same object wherever it is used: five a node took a quarter of all memory."""
    if len(_NUMBERS) <= count:
        _NUMBERS.extend(range(len(_NUMBERS), count + 1))
    return _NUMBERS


def adopt(module: Module) -> Module:
    """Set the parents and numbers of every node, make the index, and give the module back."""
    kinds: dict[type[Node], list[Node]] = {}
    stack: list[Node] = [module]
    order: list[Node] = []
    known = dict[type[Node], tuple[list[Node], tuple[str, ...]]]()
    while stack:
        node = stack.pop()
        kind = node.__class__
        order.append(node)
        held = known.get(kind)
        if held is None:
            kinds[kind] = []
            held = known[kind] = kinds[kind], parts_of(kind)
        of_kind, parts = held
        of_kind.append(node)
        if not parts:
            continue
        below: list[Node] = []
        for name in parts:
            value = getattr(node, name)
            if value.__class__ is list:
                below += value
            elif value is not None:
                below.append(value)
        if below:
            if kind is Template:
                below = [part for part in below if isinstance(part, Node)]
            for child in below:
                child.parent = node
            below.reverse()
            stack += below
    places = numbers(len(order))
    for at in range(len(order) - 1, -1, -1):
        node = order[at]
        node.at = places[at]
        if node.end <= at:
            node.end = places[at + 1]
        above = node.parent
        if above is not None and above.end < node.end:
            above.end = node.end
    module.index = Index(kinds, order)
    return module
