"""From which request, job or connection is a piece of code run, and which functions lead to it?"""

from __future__ import annotations

from callcheck.sources.code.answers import Answers, Asking
from callcheck.sources.code.function_roles import PER_CALL
from callcheck.sources.code.lifetimes import Lifetimes
from callcheck.sources.code.scopes import CTORS, function_of
from callcheck.sources.code.tree import Call, ClassDef, Function, Node

DEEPEST = 10
"""Calls that are followed upwards."""


class Entries:
    """Calls, followed upwards."""

    def __init__(self, lifetimes: Lifetimes) -> None:
        self.lifetimes = lifetimes
        self.origins = lifetimes.origins
        self.asking = Asking()
        self._entries = Answers[frozenset[Function]](self.asking)

    def of(self, function: Function | None) -> frozenset[Function]:
        """The handlers (of a request, job, connection ...) from which a function is run; empty if none is known."""
        if function is None:
            return frozenset()
        return self._entries.of(id(function), lambda: self._above(function), frozenset())

    def _above(self, function: Function) -> frozenset[Function]:
        outer = function_of(function)
        dependents = self.origins.dependents(function)
        if outer is None and not dependents and any(u.idiom.role in PER_CALL for u in self.lifetimes.idioms.handled_by(function)):
            return frozenset({function})
        found: set[Function] = set()
        above = [*dependents, *(each for each in (outer,) if each is not None)]
        for call in self.calls(function):
            caller = function_of(call)
            if caller is not None:
                above.append(caller)
        for each in above:
            found |= self.of(each)
        if not found and not above and self.lifetimes.role(function) in PER_CALL:
            return frozenset({function})
        return frozenset(found)

    def calls(self, function: Function) -> list[Call]:
        """Every known call of a function; for a constructor, every making of its class."""
        if isinstance(function.parent, ClassDef) and function.name in CTORS:
            return self.origins.calls_of(function.parent)
        return self.origins.calls_of(function)

    def leads(self, node: Node, goal: Function | None, depth: int = 0) -> bool:
        """Whether code below a node calls a function at once, directly or through others: not as a callback that comes later."""
        return goal is not None and depth < DEEPEST and any(self._runs(call, goal, depth, set()) for call in node.inside(Call))

    def _runs(self, call: Call, goal: Function, depth: int, seen: set[int]) -> bool:
        callee = self.origins.of(call.callee).node
        if isinstance(callee, ClassDef):
            callee = next((m for m in callee.body if isinstance(m, Function) and m.name in CTORS), None)
        if not isinstance(callee, Function) or id(callee) in seen or depth > DEEPEST:
            return False
        if callee is goal:
            return True
        seen.add(id(callee))
        return any(self._runs(c, goal, depth + 1, seen) for c in callee.inside(Call) if function_of(c) is callee)
