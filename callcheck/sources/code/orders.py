"""Does a function run one call before another on the same object, where one of them stands in what it calls?

    await this.consumer.run({ eachMessage });
    await this.listen(["orders"]);            // listen() calls this.consumer.subscribe()
"""

from __future__ import annotations

from callcheck.sources.code import Code
from callcheck.sources.code.idioms import Use
from callcheck.sources.code.scopes import function_of, module_of
from callcheck.sources.code.tree import Call, Function, Member, Name, Node

_DEEPEST = 3


def in_order(code: Code, use: Use, calls: list[Call], before: bool) -> bool:
    """Whether one of the calls runs before, or else after, a use."""
    identity = code.lifetimes.identity(use.receiver)
    here = _anchors(code, use.call) if identity else {}
    for call in calls:
        held = code.origins.of(call.callee.object) if isinstance(call.callee, Member) else None
        if held is None or not identity or code.lifetimes.identity(held) != identity:
            continue
        for key, node in _anchors(code, call).items():
            own = here.get(key)
            if own is not None and own is not node and (node.at < own.at) is before:
                return True
    return False


def _anchors(code: Code, call: Call) -> dict[int, Node]:
    """By each function, or file, that comes to a call, directly or through others, the node of its own at which it does."""
    found: dict[int, Node] = {}
    level: list[Call] = [call]
    for _ in range(_DEEPEST):
        for node in level:
            found.setdefault(id(function_of(node) or module_of(node)), node)
        above = [function for node in level if (function := function_of(node)) is not None]
        level = [each for function in above for each in code.origins.calls_of(function) if function_of(each) is not function]
    return found


def told_at_once(code: Code, use: Use) -> bool:
    """Whether what takes the listener calls it itself, with what stands: `intake(start) { this.starts.push(start); return start(this.current()) }`."""
    taking = code.origins.of(use.call.callee).node
    if not isinstance(taking, Function):
        return False
    params = {param.name for param in taking.params}
    return any(isinstance(call.callee, Name) and call.callee.id in params and function_of(call) is taking for call in taking.inside(Call))
