"""Which number does an expression come to?

    PATIENCE = 20 * 60;  wait(PATIENCE / 2)          600
"""

from __future__ import annotations

import functools
import operator
from typing import TYPE_CHECKING

from callcheck.sources.code.scopes import function_of
from callcheck.sources.code.spelt import given_once
from callcheck.sources.code.tree import Assign, Literal, Member, Name, Node, Operation, dotted

if TYPE_CHECKING:
    from callcheck.sources.code.origins import Origins

_ARITHMETIC = {"*": operator.mul, "+": operator.add, "-": operator.sub, "/": operator.truediv}
_DEEPEST = 4


def number_of(origins: Origins, node: Node | None, depth: int = 0) -> float | None:
    """The number that an expression comes to: a literal, one kept under a name, a sum or product of such; None for any other."""
    if isinstance(node, Literal):
        return node.value if isinstance(node.value, (int, float)) and not isinstance(node.value, bool) else None
    if isinstance(node, Operation) and node.operator in ("*", "+", "-", "/") and len(node.operands) > 1 and depth < _DEEPEST:
        numbers = [number_of(origins, each, depth + 1) for each in node.operands]
        if any(each is None for each in numbers) or (node.operator == "/" and 0 in numbers[1:]):
            return None
        return functools.reduce(_ARITHMETIC[node.operator], (each for each in numbers if each is not None))
    if isinstance(node, (Name, Member)) and depth < _DEEPEST:
        given = given_once(origins, node)
        if given is not None:
            return number_of(origins, given.value, depth + 1) if not _added_to(node) else None
        held = origins.of(node)  # a field of a table: `config.label.maxTokens`
        return number_of(origins, held.node, depth + 1) if held.kind == "value" and held.node is not node else None
    return None


def _added_to(name: Name | Member) -> bool:
    """Whether the function that a name is read in also changes what the name holds: `limit += budget`."""
    function = function_of(name)
    return any(each.operator and dotted(name) in map(dotted, each.targets) for each in (function.inside(Assign) if function is not None else ()))
