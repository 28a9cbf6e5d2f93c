"""How does a node of the tree become evidence?"""

from __future__ import annotations

import re

from callcheck.model.evidence import Evidence, Location
from callcheck.model.fact import Fact
from callcheck.model.printable import clean
from callcheck.model.words import Basis
from callcheck.sources.code.index import once
from callcheck.sources.code.scopes import function_of, module_of
from callcheck.sources.code.tree import Call, Member, Module, Node


def where(node: Node) -> Location:
    """The place of a node; of a call in a chain over several lines, the line of its own method."""
    line = _own_line(node)
    column = node.column if line == node.line else 0
    return Location(module_of(node).path, line or None, column or None, node.end_line or None)


def _own_line(node: Node) -> int:
    callee = node.callee if isinstance(node, Call) else None
    if not isinstance(callee, Member) or callee.object.end_line <= node.line:
        return node.line
    lines = module_of(node).lines
    last = node.args[0].line if isinstance(node, Call) and node.args else node.end_line
    for line in range(callee.object.end_line, last + 1):
        if re.search(rf"\.\s*{re.escape(callee.name)}\b", lines[line - 1] if line <= len(lines) else ""):
            return line
    return node.line


def spotted(node: Node, pattern: str) -> Location:
    """The place of the first line that has a pattern: in a node, in the function that it stands in, or else in its file."""
    lines = module_of(node).lines
    around = function_of(node)
    for part in (node, around):
        if part is not None:
            for number in range(part.line, max(part.end_line, part.line) + 1):
                if re.search(pattern, lines[number - 1]):
                    return Location(module_of(node).path, number)
    for number, line in enumerate(lines, 1):
        if re.search(pattern, line):
            return Location(module_of(node).path, number)
    return where(node)


def seen(fact: Fact, node: Node, probe: str, because: tuple[Evidence, ...] = (), label: str = "", spot: str = "") -> Evidence:
    """Evidence that was read out of the code at a node, or at the line beside it that has the pattern `spot`."""
    place = spotted(node, spot) if spot else where(node)
    return Evidence(fact, Basis.INFERRED, probe, place, _excerpt(module_of(node), place.line), label=clean(label, 80) if label else "", because=because)


def _excerpt(module: Module, line: int | None) -> str:
    """A line of a file, cleaned once: all that is kept in one `api_key` is seen where that is used."""
    shown, at = _excerpts(module), line or 1
    if at not in shown:
        lines = _written(module)
        shown[at] = clean(lines[at - 1].strip()) if at <= len(lines) else ""
    return shown[at]


@once
def _excerpts(module: Module) -> dict[int, str]:
    """The lines of a file that were shown, by their number."""
    return {}


@once
def _written(module: Module) -> list[str]:
    """The lines of a file with their comments."""
    return (module.written or module.text).split("\n")
