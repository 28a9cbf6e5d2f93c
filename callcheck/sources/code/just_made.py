"""Has every way to a call just made the object that it acts on, so that no earlier call has left anything on it?

    def bus():
        global _bus
        if _bus is None:
            _bus = EventEmitter()
            _bus.on("paid", store)        # as often as there is a bus, whoever asks first
        return _bus
"""

from __future__ import annotations

from callcheck.model.pattern import pattern
from callcheck.sources.code import Code
from callcheck.sources.code.blocks import block_of
from callcheck.sources.code.origin import Origin
from callcheck.sources.code.scopes import FILLS, function_of
from callcheck.sources.code.tree import Assign, Await, Call, Function, Node, last_name

_GIVES = pattern(r"(?i)^(?:get|find|ensure|current|default|shared|instance)|instance$")
"""How functions are called that give what is there."""
_DEEPEST = 3
"""Functions between the one that makes the object and the call."""


def just_made(code: Code, call: Call, origin: Origin) -> bool:
    """Whether the object is made by a line that stands before the call in the same block, or before each call that leads to it."""
    made = origin.site
    if origin.kind != "made" or not isinstance(made, Call) or code.lifetimes.named(origin) or _GIVES.search(last_name(made.callee)):
        return False
    if code.origins.of(made.callee).kind not in ("external", "class"):
        return False
    held = made.parent.parent if isinstance(made.parent, Await) else made.parent
    return isinstance(held, Assign) and held.operator not in FILLS and _is_behind(code, call, held, 0)


def _is_behind(code: Code, node: Node, made: Assign, depth: int) -> bool:
    function = function_of(node)
    if function is function_of(made):
        return function is not None and _follows(node, made)
    calls = code.origins.calls_of(function) if isinstance(function, Function) and depth < _DEEPEST else []
    return bool(calls) and all(_is_behind(code, each, made, depth + 1) for each in calls)


def _follows(node: Node, made: Assign) -> bool:
    """Whether a node stands in a later statement of the block that an assignment is a statement of."""
    return any(each.at > made.at and each.at <= node.at < each.end for each in block_of(made) or ())
