"""Is a listener attached only where a test says that it is not attached yet?

    if (!wired) { wired = true; bus.on("paid", tell); }
    if not event.contains(Session, "after_flush", note): event.listen(Session, "after_flush", note)
    if self.client in seen: return
"""

from __future__ import annotations

from callcheck.sources.code.tree import Assign, Call, Function, If, Member, Name, Node, Return, dotted, last_name

_ASKS = frozenset({"listenerCount", "listener_count", "listeners", "rawListeners", "hasListeners", "has_listeners", "contains", "has_receivers_for", "eventNames", "event_names"})
"""What is asked of the object itself: event.contains() of SQLAlchemy, has_receivers_for() of blinker, and their like of Node.js, pyee and Django."""
_FILLS = frozenset({"add", "set", "push", "append"})


def attached_once(call: Call) -> bool:
    """Whether a call stands below such a test, or behind one that ends its function, of what the object says, or of what the same branch sets."""
    below: Node = call
    for above in call.up():
        if isinstance(above, If) and _first_time(above.test, above, call):
            return True
        if isinstance(above, Function):
            leaves = (each for each in above.body if isinstance(each, If) and each.at < below.at and any(isinstance(last, Return) for last in each.then[-1:]))
            return any(_first_time(each.test, above, call) for each in leaves)
        below = above
    return False


def _first_time(test: Node, branch: Node, call: Call) -> bool:
    """Whether a test asks the object, or for what is attached, or for a mark that is set behind it; a name that is given its value before it is what this very call is about."""
    tested = {dotted(node).split(".")[-1] for node in (*test.inside(Name), *test.inside(Member))}
    given = {(last_name(target), each.at > test.at) for each in branch.inside(Assign) for target in each.targets}
    marks = {name for name, behind in given if behind and (name, False) not in given}
    filled = {last_name(each.callee.object) for each in branch.inside(Call) if isinstance(each.callee, Member) and each.callee.name in _FILLS and each.at > test.at}
    return bool(tested & (marks | filled)) or any(_named(call) & _named(each) for each in test.inside(Call) if last_name(each.callee) in _ASKS)


def _named(call: Call) -> set[str]:
    """What a call is of or about, as far as that has a name: its object, and what it is given."""
    held = [call.callee.object] if isinstance(call.callee, Member) else []
    return {dotted(each) for each in (*held, *call.args)} - {""}
