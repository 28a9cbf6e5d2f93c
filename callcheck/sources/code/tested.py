"""Where does what an expression says decide what runs?

    const on = process.env.RUN_JOBS === "true";  if (on) start();      export const isLeader = () => cluster.isPrimary;  if (!isLeader()) return;
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.sources.code import Code
from callcheck.sources.code.scopes import function_of, module_of
from callcheck.sources.code.tree import Assign, Call, Conditional, Function, If, Name, Node, Operation, Return, dotted

_DEEPEST = 3
_LOGS = frozenset({"console", "log", "logger"})


def places(code: Code, node: Node, depth: int = 0) -> Iterator[Node]:
    """The expression itself, the uses of the name that keeps it in its file, and the calls of the function that gives it back, with what is kept of those."""
    yield node
    kept = node.parent
    if isinstance(kept, Assign) and isinstance(kept.targets[0], Name) and kept.value is node:
        name = kept.targets[0].id
        for use in (use for use in module_of(node).all(Name) if use.id == name and use.at > node.at):
            yield from places(code, use, depth + 1) if depth < _DEEPEST else (use,)
    around = function_of(node)
    if depth < _DEEPEST and around is not None and _gives_back(around, node):
        for call in code.origins.calls_of(around):
            yield from places(code, call, depth + 1)


def _gives_back(function: Function, node: Node) -> bool:
    """Whether a function is nothing but the expression: `() => cluster.isPrimary`."""
    return not function.is_async and len(function.body) == 1 and isinstance(function.body[0], Return) and function.body[0].value is node


def bodies(place: Node) -> Iterator[tuple[list[Node], bool]]:
    """What runs only by a test, and whether it does where the test fails: the branches of an `if`, what follows a return, the end of `x && y`."""
    node, otherwise = place, False
    while isinstance(node.parent, Operation) and node.parent.operator in ("&&", "!", "not"):
        above = node.parent
        otherwise = otherwise is not (above.operator != "&&")
        if above.operator == "&&" and not otherwise:
            yield [each for each in above.operands if each.at > node.at], False
        node = above
    test = node.parent
    if isinstance(test, Conditional) and test.test is node:
        yield [test.then], otherwise
        yield [test.orelse], not otherwise
    if isinstance(test, If) and test.test is node:
        yield test.then, otherwise
        yield test.orelse, not otherwise
        if len(test.then) == 1 and isinstance(test.then[0], Return):
            around = function_of(test)
            yield [each for each in (around.body if around is not None else module_of(test).body) if each.at > test.at], not otherwise


def first_call(body: list[Node]) -> Call | None:
    """The first call of a piece of code that does more than log."""
    calls = (call for statement in body for call in statement.inside(Call))
    return next((call for call in calls if _LOGS.isdisjoint(part.lower() for part in dotted(call.callee).split("."))), None)
