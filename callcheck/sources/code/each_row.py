"""Does a function ask somebody for each row that a query brings, one after the other?

    for (const member of rows) await ses.send(letterTo(member));        # const { rows } = await pool.query("select ... where scheme = $1")

How long that takes is known to nobody who reads it: as long as there are rows. A query that says how many it brings at most is left out.
"""

from __future__ import annotations

import re

from callcheck.model.pattern import pattern
from callcheck.sources.code.scopes import function_of, module_of
from callcheck.sources.code.tree import Await, Call, Function, Loop, Module, Name, Node, last_name

_QUERIES = frozenset("query find findMany findAll fetchall fetch execute scalars many manyOrNone any select filter all".split())
_OUTSIDE = frozenset("post put send send_message send_email send_raw_email sendMail upload_file put_object upload publish request urlopen fetch create generate invoke".split())
_BOUNDED = pattern(r"(?i)\blimit\b|\btop\s+\d|\.take\(|\btake:|fetchmany|slice\(|\[:\w+\]|Promise\.all|asyncio\.gather")


def asks_for_each_row(root: Function | Module) -> Call | None:
    """The call that is made for each of them."""
    module = module_of(root)
    for loop in root.inside(Loop):
        if loop.over is None or not _rows(module, loop.over):
            continue
        around = function_of(loop) or root
        calls = loop.inside(Call)
        lines = module.lines[around.line - 1 : max((each.line for each in calls), default=loop.line)]
        if _BOUNDED.search("\n".join(lines)):
            continue
        for call in calls:
            waited = isinstance(call.parent, Await) or module.language == "python"
            if waited and last_name(call.callee) in _OUTSIDE:
                return call
    return None


def _rows(module: Module, over: Node) -> bool:
    """Whether what is gone through comes of a query."""
    if isinstance(over, Await):
        return _rows(module, over.value)
    if isinstance(over, Call):
        return last_name(over.callee) in _queries(module)
    if not isinstance(over, Name):
        return False
    asked = re.compile(rf"\b{re.escape(over.id)}\b[^\n=;]{{0,80}}=\s*(?:await\s+)?(?:[\w.$]+(?:\([^()\n]{{0,120}}\))?\.)+(?:{'|'.join(sorted(_queries(module)))})\b")
    return asked.search(module.text) is not None


def _queries(module: Module) -> frozenset[str]:
    """Their names; a list of JavaScript has a `filter` of its own."""
    return _QUERIES if module.language == "python" else _QUERIES - {"filter"}
