"""Do two places run in one call, so that what the one parks the other can only find by itself?

    app.post("/ask", …)  and  app.post("/tell", …)                 // two calls
    if (path === "/ask") { … return; }  waiting.get(id)?.(body);   // one function, and two calls of it
"""

from __future__ import annotations

from callcheck.model.pattern import pattern
from callcheck.sources.code import Code
from callcheck.sources.code.branches import branches
from callcheck.sources.code.function_roles import PER_CALL
from callcheck.sources.code.scopes import function_of
from callcheck.sources.code.tree import Call, Function, Member, Name, Node, Operation

_ROUTED = pattern(r"(?i)^(?:url|path\w*|method|route|action|op|kind|type|cmd|command)$")


def same_run(code: Code, one: Node, other: Node) -> bool:
    """Whether the function of one place runs inside the call of the other's: both stand in it, or one of them is it.

    What a plugin or factory defines (`async function routes(app) { app.get(…); app.post(…) }`) are calls of their own, and so are branches
    for one path and for another.
    """
    ones, others = _around(one), _around(other)
    common = next((f for f in ones if f in others), None)
    if common is None:
        return not ones and not others
    if _routed_apart(common, one, other):
        return False
    if common is ones[0] or common is others[0] or code.lifetimes.role(common) in PER_CALL:
        return True
    below = (ones[ones.index(common) - 1], others[others.index(common) - 1])
    return below[0] is below[1] or not all(_defined(code, each) for each in below)


def _routed_apart(function: Function, one: Node, other: Node) -> bool:
    """Whether a test of the request's path, or of what else it asks for, leads to one place or to the other."""
    ways = {branch.test: branch.wanted for branch in branches(one, function)}
    return any(ways.get(branch.test, branch.wanted) is not branch.wanted and _is_route(branch.test) for branch in branches(other, function))


def _is_route(test: Node) -> bool:
    """Whether a test compares a path, a method or a kind."""
    if not any(True for kind in (Operation, Call) for _ in test.inside(kind)):
        return False
    return any(_ROUTED.search(member.name) for member in test.inside(Member)) or any(_ROUTED.search(name.id) for name in test.inside(Name))


def _defined(code: Code, function: Function) -> bool:
    """Whether a nested function is there to be called later, by a name of its own or for each request; a callback in place is not."""
    return not isinstance(function.parent, Call) or code.lifetimes.role(function) in PER_CALL


def _around(node: Node) -> list[Function]:
    """The functions around a place, inmost first."""
    found = []
    function = function_of(node)
    while function is not None:
        found.append(function)
        function = function_of(function)
    return found
