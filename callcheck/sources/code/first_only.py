"""Which calls are made the first time only, however often their function runs?

    if (ready) { ready(api); ready = null; }
    if (!this.started) { this.started = true; await this.setup(channel); }
    if (started) return; started = true; setup(channel);
"""

from __future__ import annotations

from callcheck.sources.code.scopes import function_of, module_of
from callcheck.sources.code.tree import Assign, Call, Function, If, Literal, Member, Name, Node, Return, dotted


def first_only(call: Call) -> bool:
    """Whether a call stands below a test of something that is set for good in the same branch, or calls what is emptied there."""
    called = dotted(call.callee)
    for above in call.up():
        if isinstance(above, Function):
            return bool(called) and any(_empties(each, called) for each in above.inside(Assign) if each.at > call.at) or _left_before(above, call)
        if not isinstance(above, If) or not any(each.at <= call.at < each.end for each in above.then):
            continue
        tested = {dotted(node) for node in (above.test, *above.test.walk()) if isinstance(node, (Name, Member))}
        for branch in above.then:
            if any(_settles(each, tested) and not _taken_off(each) for each in branch.inside(Assign)):
                return True
    return False


def _left_before(function: Function, call: Call) -> bool:
    """Whether a function returns before a call where a mark is set, and sets it on the way."""
    tested: set[str] = set()
    for statement in function.body:
        if statement.at >= call.at:
            return False
        if isinstance(statement, If) and isinstance(statement.test, (Name, Member)) and len(statement.then) == 1 and isinstance(statement.then[0], Return) and not statement.orelse:
            tested.add(dotted(statement.test))
        if tested and isinstance(statement, Assign) and _settles(statement, tested) and not _taken_off(statement):
            return True
    return False


def _taken_off(mark: Assign) -> bool:
    """Whether a mark that is set here is taken off elsewhere: `subscribed = false` where the connection is lost."""
    if not isinstance(mark.value, Literal) or not mark.value.value:
        return False
    names = {dotted(target) for target in mark.targets}
    others = (each for each in module_of(mark).all(Assign) if isinstance(each.value, Literal) and not each.value.value and not each.declared)
    return any(dotted(target) in names and not _when_made(each) for each in others for target in each.targets)


def _when_made(assign: Assign) -> bool:
    function = function_of(assign)
    return function is None or function.name in ("constructor", "__init__")


def _empties(assign: Assign, name: str) -> bool:
    return any(dotted(target) == name for target in assign.targets) and _is_nothing(assign.value)


def _settles(assign: Assign, tested: set[str]) -> bool:
    """`started = true`, `ready = null`, and no plain filling of what is tested: `if (!channel) channel = await open()` comes again with the next loss."""
    return any(dotted(target) in tested for target in assign.targets) and isinstance(assign.value, Literal)


def _is_nothing(value: Node | None) -> bool:
    return isinstance(value, Literal) and value.value is None
