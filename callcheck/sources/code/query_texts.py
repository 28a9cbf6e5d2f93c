"""Which texts are given at a place of a call, as a query is: written there, inside `text("…")`, as a template, or under a name?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from callcheck.sources.code.tree import Function, Literal, Member, Name, Node, Template

if TYPE_CHECKING:
    from callcheck.sources.code import Code


def query_texts(code: Code, node: Node) -> list[str]:
    """All of them; those in a function that is given belong to another call."""
    if isinstance(node, Template):
        return [node.pattern]
    if isinstance(node, (Name, Member)):
        return [code.idioms.text(node)]
    return [] if isinstance(node, Function) else [each.value for each in node.inside(Literal) if isinstance(each.value, str)]
