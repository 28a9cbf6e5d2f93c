"""Is a stream opened by `with`, and the block left without anybody having read it?

    with client.beta.threads.runs.stream(thread_id=t, event_handler=Desk()) as stream:
        log.info("started")                     # stream.until_done() would read it; the end of the block closes it
"""

from __future__ import annotations

from callcheck.sources.code.left_alone import only_looks
from callcheck.sources.code.scopes import function_of, module_of
from callcheck.sources.code.tree import Assign, Await, Call, Member, Name, Node, With

_ASIDE = frozenset({"close", "aclose", "response", "request_id", "headers", "status_code", "current_event", "current_run", "current_message_snapshot", "current_run_step_snapshot", "current_completion_snapshot"})
"""What is asked of a stream without reading on."""
_TO_THE_END = frozenset({"until_done"})
"""Methods that read it, on the handler of its events too, which `with` gives."""


def left_unread(call: Call) -> bool:
    """Whether a block that a call opens neither reads what it gives, nor hands it on."""
    item: Node = call.parent if isinstance(call.parent, Await) else call
    assign = item.parent if isinstance(item.parent, Assign) and item.parent.value is item else None
    block = (assign or item).parent
    if not isinstance(block, With) or (assign or item) not in block.items:
        return False
    if any(isinstance(each.callee, Member) and each.callee.name in _TO_THE_END for part in block.body for each in _calls(part)):
        return False
    if assign is None:
        return True
    name = assign.targets[0] if len(assign.targets) == 1 else None
    scope = function_of(block) or module_of(block)
    return isinstance(name, Name) and all(_aside(each) for each in scope.inside(Name) if each.id == name.id and each is not name and each.at > name.at)


def _calls(part: Node) -> list[Call]:
    return [part, *part.inside(Call)] if isinstance(part, Call) else list(part.inside(Call))


def _aside(name: Name) -> bool:
    above = name.parent
    return isinstance(above, Member) and above.object is name and above.name in _ASIDE or only_looks(name)
