"""Is the abort signal that a call is given one that time aborts?

    const signal = AbortSignal.timeout(30_000);
    setTimeout(() => controller.abort(), 30_000);     // controller.signal
"""

from __future__ import annotations

from callcheck.sources.code import Code
from callcheck.sources.code.idioms import Use
from callcheck.sources.code.origins import Origin
from callcheck.sources.code.scopes import module_of
from callcheck.sources.code.tree import Assign, Call, Function, Member, Node, Sequence, unbound

_DEEPEST = 4


def timed(code: Code, use: Use) -> bool:
    """Whether the option `signal` of a use comes from a time limit."""
    return _limited(code, code.idioms.option(use.call, "signal"), 0)


def _limited(code: Code, node: Node | None, depth: int) -> bool:
    origin = code.origins.of(node)
    if isinstance(origin.node, Call) and origin.qualified == "AbortSignal.timeout":
        return True
    if isinstance(origin.node, Call) and origin.qualified == "AbortSignal.any" and depth < _DEEPEST:
        lists = [code.origins.of(arg).node for arg in origin.node.args[:1]]
        return any(_limited(code, item, depth + 1) for held in lists if isinstance(held, Sequence) for item in held.items)
    return origin.kind == "part" and origin.qualified == "signal" and origin.base is not None and _aborted_by_timer(code, origin.base)


def _aborted_by_timer(code: Code, controller: Origin) -> bool:
    """Whether a timer, which nothing clears, calls `abort` of a controller."""
    identity = code.lifetimes.identity(controller)
    for call in code.project.calls("setTimeout") if identity and controller.qualified == "AbortController" else ():
        given = unbound(call.args[0]) if call.args else None
        ends = [given] if isinstance(given, Member) else [each.callee for each in given.inside(Call)] if isinstance(given, Function) else []
        aborted = (end for end in ends if isinstance(end, Member) and end.name == "abort")
        if any(code.lifetimes.identity(code.origins.of(end.object)) == identity for end in aborted) and not _cleared(call):
            return True
    return False


def _cleared(timer: Call) -> bool:
    """Whether the timer is kept, and something in its file clears timers."""
    return isinstance(timer.parent, Assign) and bool(module_of(timer).calls("clearTimeout"))
