"""How does a node of the tree become evidence?"""

from __future__ import annotations

from callcheck.model.evidence import Evidence, Location
from callcheck.model.fact import Fact
from callcheck.model.printable import clean
from callcheck.model.words import Basis
from callcheck.sources.code.scopes import module_of
from callcheck.sources.code.tree import Node


def where(node: Node) -> Location:
    """The place of a node."""
    return Location(module_of(node).path, node.line or None, node.column or None, node.end_line or None)


def seen(fact: Fact, node: Node, probe: str, because: tuple[Evidence, ...] = (), label: str = "") -> Evidence:
    """Evidence that was read out of the code at a node."""
    text = module_of(node).line_of(node)
    return Evidence(fact, Basis.INFERRED, probe, where(node), clean(text.strip()), label=clean(label, 80), because=because)
