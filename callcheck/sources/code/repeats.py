"""Is a piece of code run again and again: in a loop that waits each time, by a timer, or by a function that sets a timer for itself?

    setInterval(() => round(), 60_000);
    for (const advert of adverts) await visit(advert);
"""

from __future__ import annotations

import functools

from callcheck.sources.code.origins import Origins
from callcheck.sources.code.scopes import function_of, module_of
from callcheck.sources.code.tree import (
    Await,
    Call,
    ClassDef,
    Function,
    Loop,
    Member,
    Name,
    Node,
    Opaque,
    Return,
    last_name,
    unbound,
)

_TIMERS = ("setInterval",)
_LATER = ("setTimeout", "setImmediate")
_DEEPEST = 5


class Repeats:
    """Loops and timers of one project."""

    def __init__(self, origins: Origins) -> None:
        self.origins = origins

    @functools.cached_property
    def timers(self) -> list[tuple[Call, Function]]:
        """The calls that set a timer which comes again and again, each with the function that it runs."""
        found = []
        for call in self.origins.project.calls(*_TIMERS, *_LATER):
            above = function_of(call)
            given = self._function(call.args[0]) if call.args else None
            if given is not None and last_name(call.callee) in _TIMERS:
                found.append((call, given))
            elif given is not None and above is not None and self._runs(given, above):
                found.append((call, above))
        return found

    def again(self, node: Node, depth: int = 0) -> Loop | Function | None:
        """The nearest loop, or function that a timer calls, by which a node is reached more than once; None if it is not known to be."""
        function = function_of(node)
        loop = _waiting_loop(node, function)
        if loop is not None or function is None or depth > _DEEPEST:
            return loop
        if any(timed is function for _, timed in self.timers):
            return function
        outer = function.parent
        if isinstance(outer, Call) and outer.callee is not function:
            # A callback, such as a promise's executor: as often as the call that it is handed to.
            return self.again(outer, depth + 1)
        if isinstance(function.parent, ClassDef) and function.name == "constructor":
            return None
        calls = (call for call in self.origins.calls_of(function) if function_of(call) is not function)
        return next((found for call in calls if (found := self.again(call, depth + 1))), None)

    def looped(self, node: Node, depth: int = 0) -> bool:
        """Whether a node stands in a loop of a Python program, or in a function that is called in one; a comprehension or a loop that ends in its first turn is none."""
        if module_of(node).language != "python" or depth > _DEEPEST:
            return False
        function, below = function_of(node), node
        for above in node.up():
            if above is function:
                break
            if isinstance(above, Loop) and not isinstance(above.parent, Opaque) and any(below is part for part in above.body):
                return not isinstance(above.body[-1], Return)
            below = above
        calls = (call for call in self.origins.calls_of(function) if function_of(call) is not function) if function is not None and function.name != "__init__" else ()
        return any(self.looped(call, depth + 1) for call in calls)

    def _function(self, node: Node) -> Function | None:
        """The function that an expression is, bound to an object or not."""
        node = unbound(node)
        found = node if isinstance(node, Function) else self.origins.of(node).node
        return found if isinstance(found, Function) else None

    def _runs(self, given: Function, function: Function) -> bool:
        """Whether what a timer is given is a function, or calls it."""
        called = (call.callee for call in given.inside(Call) if isinstance(call.callee, (Name, Member))) if given is not function else ()
        return given is function or any(self.origins.of(callee).node is function for callee in called)


def _waiting_loop(node: Node, function: Function | None) -> Loop | None:
    """The loop around a node that waits for something in each turn, from the node on: one that only attaches what a list holds does not."""
    for above in node.up():
        if above is function:
            break
        if isinstance(above, Loop) and not any(part.at <= node.at < part.end for part in (above.over, above.target) if part is not None):
            waits = above.is_async or any(each.end > node.at for each in above.inside(Await) if function_of(each) is function)
            return above if waits else None
    return None
