"""Can a handler be left without a call that every way through it should make?

    channel.consume(queue, async (msg) => {
      if (order.state !== "paid") return;      // this one is never acknowledged
      channel.ack(msg);
    });
"""

from __future__ import annotations

from collections.abc import Collection

from callcheck.sources.code.scopes import function_of
from callcheck.sources.code.tree import Call, Function, If, Literal, Name, Node, Operation, Param, Return


def leaves_without(handler: Function, names: Collection[str]) -> bool:
    """Whether a handler makes such a call, and a bare `return` in a branch before it leaves without one, and without handing on what came in."""
    wanted = [call for call in handler.inside(Call) if _name(call) in names]
    first = handler.params[0] if handler.params else None
    if not wanted or first is None or any(function_of(call) is not handler for call in wanted):
        return False
    for each in handler.inside(Return):
        if function_of(each) is not handler or each.at > max(call.at for call in wanted) or not (each.value is None or isinstance(each.value, Literal)):
            continue
        branch = each.parent
        if isinstance(branch, If) and not _asks_whether_there(branch.test, first) and not _settles(handler, each, branch, names, first):
            return True
    return False


def _settles(handler: Function, leave: Return, branch: If, names: Collection[str], first: Param) -> bool:
    """Whether before a `return` such a call was made on every way, or the branch hands on what came in."""
    for call in handler.inside(Call):
        inside = branch.at <= call.at < leave.at
        if inside and call.at >= branch.test.end and (_name(call) in names or any(isinstance(node, Name) and node.id == first.name for arg in call.args for node in arg.inside(Name))):
            return True
        if call.at < branch.at and _name(call) in names and not any(isinstance(above, If) for above in call.up() if above.at > handler.at):
            return True
    return False


def _asks_whether_there(test: Node, first: Param) -> bool:
    """Whether a test is about the message itself being there: `!msg`, `msg === null`."""
    asked = test.operands if isinstance(test, Operation) else [test]
    return all((isinstance(part, Name) and part.id in (first.name, "undefined")) or isinstance(part, Literal) for part in asked)


def _name(call: Call) -> str:
    return getattr(call.callee, "name", "") or getattr(call.callee, "id", "")
