"""Does one piece of code always run, and finish, before another one?

A chain leads from a piece of code up through the calls that run it: the emission in `warm()`, the call of `warm()` in `main()`, the call of
`main()` in its module. Where the chains of two pieces meet, the places in that function tell which comes first.
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.sources.code.function_roles import PER_CALL
from callcheck.sources.code.lifetimes import Lifetimes
from callcheck.sources.code.loading import Loading, Place
from callcheck.sources.code.scopes import CTORS, function_of, module_of, within
from callcheck.sources.code.tree import (
    Await,
    Call,
    Catch,
    ClassDef,
    Function,
    If,
    Loop,
    Module,
    Node,
    last_name,
)

MOST = 8
"""Chains of one piece of code; with more, nothing is said."""
_AT_ONCE = frozenset({"forEach", "map", "filter", "some", "every", "reduce", "Promise"})

Step = tuple[Function | Module, Node]
Chain = tuple[Step, ...]


class Chains:
    """Orders pieces of code of one project."""

    def __init__(self, lifetimes: Lifetimes) -> None:
        self.lifetimes = lifetimes
        self.origins = lifetimes.origins
        self.loading = Loading(self.origins.project)

    def of(self, node: Node) -> list[Chain] | None:
        """Every way in which a piece of code is run by name; None if there are too many, or one is not known to its beginning."""
        found = list(self._up(node, (), 0))
        return found if found and len(found) <= MOST and all(found) else None

    def known(self, node: Node) -> list[Chain]:
        """Those ways in which a piece of code is run by name that are known to their beginning, also where others are not."""
        return [way for way in self._up(node, (), 0) if way]

    def _up(self, node: Node, below: Chain, depth: int) -> Iterator[Chain]:
        function = function_of(node)
        while function is not None and isinstance(function.parent, Call) and last_name(function.parent.callee) in _AT_ONCE and function in function.parent.args:
            node, function = function.parent, function_of(function.parent)
        if function is None:
            yield (*below, (module_of(node), node))
            return
        here: Chain = (*below, (function, node))
        calls = self.origins.calls_of(function)
        if isinstance(function.parent, ClassDef) and function.name in CTORS:
            calls = self.origins.calls_of(function.parent)
        if not calls or depth > 8 or len(calls) > MOST or any(step[0] is function for step in below):
            # A handler: its chain ends with it.
            yield here if self.lifetimes.role(function) in PER_CALL and not self._spoken_of(function) else ()
            return
        for call in calls:
            yield from self._up(call, here, depth + 1)

    def _spoken_of(self, function: Function) -> bool:
        return bool(self.origins.calls_of(function))

    def first(self, early: Node, late: Node) -> bool:
        """Whether every run of one piece is over before any run of the other one begins."""
        ones, others = self.of(early), self.of(late)
        return ones is not None and others is not None and all(self._before(one, other) for one in ones for other in others)

    def _before(self, one: Chain, other: Chain) -> bool:
        theirs = {id(scope): node for scope, node in other}
        for index, (scope, node) in enumerate(one):
            if id(scope) in theirs:
                return node.at < theirs[id(scope)].at and _straight(node, scope) and self._done(one[: index + 1]) and _apart(node, theirs[id(scope)])
        if not isinstance(one[-1][0], Module) or not self._done(one):
            return False
        if isinstance(other[-1][0], Module):
            return self._loaded_before(one[-1], other[-1])
        return all(_straight(node, scope) for scope, node in one)

    def _done(self, chain: Chain) -> bool:
        """Whether what stands at the lower end of a chain has run once the call at the upper end is over."""
        for (function, inner), (_, call) in zip(chain, chain[1:], strict=False):
            if not isinstance(function, Function) or not _straight(inner, function):
                return False
            waited = isinstance(call.parent, Await)
            if function.is_generator or (function.is_async and not waited and (module_of(call).language == "python" or _waits(function, inner))):
                return False
        return True

    def _loaded_before(self, one: Step, other: Step) -> bool:
        """Whether one place at module level runs before another one, by the order in which the modules are imported."""
        orders = [order for order in self.loading.orders(Place.of(one[1]), Place.of(other[1])) if None not in order]
        return bool(orders) and all(early < late for early, late in orders if early is not None and late is not None)

    def loaded_together(self, one: Node, other: Node) -> bool:
        """Whether one program loads the modules of both places."""
        return any(None not in order for order in self.loading.orders(Place.of(one), Place.of(other)))


def _straight(node: Node, scope: Node) -> bool:
    """Whether a node stands in the straight run of its function: not in a branch, loop or `catch`."""
    for above in node.up():
        if above is scope:
            return True
        if isinstance(above, (If, Loop, Catch)):
            return False
    return True


def _apart(one: Node, other: Node) -> bool:
    """Whether two places are not inside each other."""
    return not (one.at <= other.at < one.end or other.at <= one.at < other.end)


def _waits(function: Function, inner: Node) -> bool:
    return any(isinstance(node, Await) and node.at < inner.at and not node.at <= inner.at < node.end for node in within(function))


