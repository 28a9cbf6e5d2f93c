"""Fields by which one class of a data model leads to the objects of another: `loan.exhibits`, `order.line_set`."""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.sources.code import Code
from callcheck.sources.code.idioms import Use
from callcheck.sources.code.scopes import enclosing
from callcheck.sources.code.tree import Assign, ClassDef, Literal, Name, Node


def lead_to(code: Code, cls: ClassDef) -> frozenset[str]:
    """The names under which other objects hold many of a class: its fields elsewhere, and the ways back from its own (`related_name`, or `<class>_set`)."""
    return frozenset(name for use in code.idioms.of("relate") for name in _names(code, use, cls))


def _names(code: Code, use: Use, cls: ClassDef) -> Iterator[str]:
    field, owner = use.call.parent, enclosing(use.call, ClassDef)
    if not isinstance(field, Assign) or not isinstance(owner, ClassDef):
        return
    if "many" in use.idiom.traits and any(_is(code, node, cls) for node in code.idioms.placed(use.call, use.idiom.event)):
        yield from (target.id for target in field.targets if isinstance(target, Name))
    if owner is cls:
        back = code.idioms.text(next(iter(code.idioms.placed(use.call, use.idiom.scope)), None))
        yield back or f"{cls.name.lower()}_set"


def _is(code: Code, node: Node, cls: ClassDef) -> bool:
    """Whether a class is given, as itself or by its name (`"Exhibit"`, `"collection.Exhibit"`)."""
    if isinstance(node, Literal):
        return str(node.value).rsplit(".", 1)[-1] == cls.name
    return code.origins.of(node).cls is cls
