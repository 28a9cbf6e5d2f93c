"""Of several calls that are alike, which one is it that a text of the project speaks of?

    observer.schedule(Slips(), SLIPS)                       # a slip lies in the folder itself
    observer.schedule(Sheets(), MAPS)                       # and what Sheets takes is path.parent.name's
    for sheet in MAPS.rglob("*.tif"): take(sheet)           # or what names the folder tells of what lies below it

Where no call's own words say it, all of them may be meant, unless one is given the option: who knows of it left it out of the others.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from callcheck.sources.code.tree import Call, ClassDef, Function, Node, last_name
from callcheck.sources.code.wanted import has
from callcheck.sources.code.wording import readings, stands_in

if TYPE_CHECKING:
    from callcheck.sources.code import Code
    from callcheck.sources.code.idioms import Use


def meant(code: Code, use: Use) -> bool:
    """Whether a pattern (`where: meant`) may be about a call, though it stands somewhere in the sources."""
    wanted = str(use.idiom.where["meant"])
    if _speaks(code, use, use.call, wanted):
        return True
    name, many = last_name(use.call.callee), len(use.call.args)
    others = [call for call in code.project.calls(name) if call is not use.call and len(call.args) >= min(many, 2)]
    return not any(_speaks(code, use, other, wanted) or not has(code.idioms, other, use.idiom.needs) for other in others)


def _speaks(code: Code, use: Use, call: Call, wanted: str) -> bool:
    """Whether the pattern stands in a function or class that a call is handed, or in a line that names what it is handed."""
    given = [*call.args, *(keyword.value for keyword in call.keywords)]
    if any(stands_in(use.idiom, wanted, text) for node in given for part in _handed(code, node) for text in readings(part)):
        return True
    names = {name for node in given if (name := _named(node)) and len(name) > 1}
    lines = (line for name in names for module in code.project.naming(name) for line in module.lines if re.search(rf"(?<![\w$]){re.escape(name)}(?![\w$])", line))
    return any(stands_in(use.idiom, wanted, line) for line in lines)


def _handed(code: Code, node: Node) -> Iterator[Node]:
    """The function, or the class of the object, that an argument is."""
    origin = code.origins.of(node)
    yield from (each for each in (origin.cls, origin.node) if isinstance(each, (ClassDef, Function)))


def _named(node: Node) -> str:
    """The name of an argument; of `str(MAPS)` that of what is written as a text."""
    inner = node.args[0] if isinstance(node, Call) and last_name(node.callee) in ("str", "fspath") and node.args else node
    return last_name(inner) if not isinstance(inner, Call) else ""
