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
_DJANGO = "django.conf.settings."


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
        if (written := _of_class(origins, node)) is not None:
            return number_of(origins, written.value, depth + 1)
        held = origins.of(node)  # a field of a table: `config.label.maxTokens`
        if held.qualified.startswith(_DJANGO):
            return number_of(origins, _of_settings(origins, held.qualified.removeprefix(_DJANGO)), depth + 1)
        return number_of(origins, held.node, depth + 1) if held.kind == "value" and held.node is not node else None
    return None


def _of_class(origins: Origins, node: Name | Member) -> Assign | None:
    """What the body of a class gives one of its fields, where nothing else does: `Times.GRACE`."""
    cls = origins.of(node.object).cls if isinstance(node, Member) else None
    given = origins.project.fields(cls).get(node.name, []) if cls is not None and isinstance(node, Member) else []
    written = given[0] if len(given) == 1 else None
    return written if isinstance(written, Assign) and written.parent is cls and not written.operator else None


def _of_settings(origins: Origins, name: str) -> Node | None:
    """What the one line of the project gives a setting of Django that does so: `settings.REMIND_AFTER`."""
    modules = (module for module in origins.project.naming(name) if "settings" in module.path)
    given = [each.value for module in modules for each in module.all(Assign) if each.parent is module and [dotted(target) for target in each.targets] == [name]]
    return given[0] if len(given) == 1 else None


def _added_to(name: Name | Member) -> bool:
    """Whether the function that a name is read in also changes what the name holds: `limit += budget`."""
    function = function_of(name)
    return any(each.operator and dotted(name) in map(dotted, each.targets) for each in (function.inside(Assign) if function is not None else ()))
