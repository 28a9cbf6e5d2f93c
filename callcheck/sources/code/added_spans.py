"""How long after now is a moment, at least, as far as what is added to it tells?

    now() + timedelta(days=2)                  172800 s
    at(day)                                    of a function of the project: the longest span that it adds, `max(day, today + timedelta(days=1))`
    now() + NOTICE                             where NOTICE = timedelta(hours=3)
    pendulum.now().add(days=1)                 86400 s
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from callcheck.sources.code.arithmetic import number_of
from callcheck.sources.code.tree import Call, Function, Keyword, Member, Name, Node, Operation, last_name

if TYPE_CHECKING:
    from callcheck.sources.code.origins import Origins

_UNITS = {"weeks": 604800, "days": 86400, "hours": 3600, "minutes": 60, "seconds": 1}
_SPANS = frozenset({"timedelta", "relativedelta", "duration", "Duration"})
_ADDS = frozenset({"add", "shift"})
_DEEPEST = 3


def added_span(origins: Origins, moment: Node) -> float | None:
    """In seconds; None where nothing of known length is added."""
    return max(_added(origins, moment, 0), default=None)


def _added(origins: Origins, node: Node, depth: int) -> Iterator[float]:
    if depth > _DEEPEST:
        return
    for each in node.walk():
        if isinstance(each, Operation) and each.operator == "+":
            yield from (seconds for operand in each.operands if (seconds := _span(origins, operand)) is not None)
        elif isinstance(each, Call) and last_name(each.callee) in _ADDS and isinstance(each.callee, Member):
            if seconds := _counted(origins, each):
                yield seconds
        elif isinstance(each, Call) and isinstance(made := origins.of(each.callee).node, Function) and made is not node:
            yield from _added(origins, made, depth + 1)
        elif isinstance(each, Name) and depth < _DEEPEST and isinstance(held := origins.of(each).node, (Operation, Call)):
            yield from _added(origins, held, depth + 1)


def _span(origins: Origins, node: Node) -> float | None:
    held = origins.of(node).node if isinstance(node, (Name, Member)) else node
    return (_counted(origins, held) or None) if isinstance(held, Call) and last_name(held.callee) in _SPANS else None


def _counted(origins: Origins, call: Call) -> float:
    """What the arguments of a span come to; the first without a name is days."""
    first = [number_of(origins, call.args[0])] if call.args and last_name(call.callee) == "timedelta" and not isinstance(call.args[0], Keyword) else []
    named = [(number_of(origins, held), count) for unit, count in _UNITS.items() if (held := call.keyword(unit)) is not None]
    return sum((each or 0) * 86400 for each in first) + sum((number or 0) * count for number, count in named)
