"""Which functions does a function call, directly or through others, or hand on to be called?"""

from __future__ import annotations

import functools
from collections.abc import Iterable

from callcheck.sources.code.first_only import first_only
from callcheck.sources.code.origins import Origins
from callcheck.sources.code.scopes import function_of
from callcheck.sources.code.tree import Call, Function, Loop, Member, Name, Node

DEEPEST = 6
"""Calls that are followed one into the other."""


class Flow:
    """Calls between the functions of one project."""

    def __init__(self, origins: Origins) -> None:
        self.origins = origins
        self._direct: dict[tuple[int, bool], list[Function]] = {}

    def called(self, function: Function | Loop, again: bool = False) -> list[Function]:
        """The project's functions that are called, or named as an argument, inside this one; `again`: but for what is called the first time only."""
        key = (id(function), again)
        if key not in self._direct:
            found: list[Function] = []
            for call in function.inside(Call):
                if again and first_only(call):
                    continue
                named: Iterable[Node] = (call.callee, *(arg for arg in call.args if isinstance(arg, (Name, Member))))
                for node in named:
                    origin = self.origins.of(node)
                    if origin.kind == "function" and isinstance(origin.node, Function):
                        found.append(origin.node)
            self._direct[key] = found
        return self._direct[key]

    def reaches(self, start: Function, goal: Function, again: bool = False) -> bool:
        """Whether running one function may run the other, with `again` also the next time; a function reaches itself and what is written inside it."""
        seen: set[int] = set()
        level = [start]
        for _ in range(DEEPEST):
            following: list[Function] = []
            for each in level:
                if each is goal or goal in nested(each):
                    return True
                if id(each) not in seen:
                    seen.add(id(each))
                    following += self.called(each, again)
            level = following
        return any(each is goal for each in level)


@functools.lru_cache(maxsize=4096)
def nested(function: Function) -> frozenset[Function]:
    """The functions written inside one."""
    return frozenset(each for each in function.inside(Function) if each is not function)


def outermost(node: Node) -> Function | None:
    """The outermost function around a node (or the node itself, if it is one)."""
    found = node if isinstance(node, Function) else function_of(node)
    while found is not None:
        above = function_of(found)
        if above is None:
            return found
        found = above
    return None
