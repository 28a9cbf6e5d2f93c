"""Which calls are made the first time only, however often their function runs?

    if (ready) { ready(api); ready = null; }
    if (!this.started) { this.started = true; await this.setup(channel); }
"""

from __future__ import annotations

from callcheck.sources.code.tree import Assign, Call, Function, If, Literal, Member, Name, Node, dotted


def first_only(call: Call) -> bool:
    """Whether a call stands below a test of something that is set for good in the same branch, or calls what is emptied there."""
    called = dotted(call.callee)
    for above in call.up():
        if isinstance(above, Function):
            return any(_empties(each, called) for each in above.inside(Assign) if each.at > call.at) if called else False
        if not isinstance(above, If) or not any(each.at <= call.at < each.end for each in above.then):
            continue
        tested = {dotted(node) for node in (above.test, *above.test.walk()) if isinstance(node, (Name, Member))}
        for branch in above.then:
            if any(_settles(each, tested) for each in branch.inside(Assign)):
                return True
    return False


def _empties(assign: Assign, name: str) -> bool:
    return any(dotted(target) == name for target in assign.targets) and _is_nothing(assign.value)


def _settles(assign: Assign, tested: set[str]) -> bool:
    """`started = true`, `ready = null`, and no plain filling of what is tested: `if (!channel) channel = await open()` comes again with the next loss."""
    return any(dotted(target) in tested for target in assign.targets) and isinstance(assign.value, Literal)


def _is_nothing(value: Node | None) -> bool:
    return isinstance(value, Literal) and value.value is None
