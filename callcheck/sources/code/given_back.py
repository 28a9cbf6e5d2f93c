"""Do two callers of one helper each do work of their own with what it gives them to take from?

    def consumer(): return KafkaConsumer("stays", group_id="hotel")      # shared
    for record in consumer(): charge(record)                            # one program
    for record in consumer(): refill(record)                            # the other one
"""

from __future__ import annotations

from callcheck.model.noun import dataclass
from callcheck.sources.code import Code
from callcheck.sources.code.filled import given_by
from callcheck.sources.code.idioms import Use
from callcheck.sources.code.scopes import CTORS, function_of, module_of
from callcheck.sources.code.tree import (
    Assign,
    Await,
    Call,
    ClassDef,
    Function,
    Loop,
    Member,
    Name,
    Node,
    Param,
)  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class _Work:
    """What is done with one taker: the project's functions that are called for it, or for want of one how it is written."""

    calls: frozenset[int]
    text: str


def callers(code: Code, function: Function) -> list[Call]:
    """The calls of a function, or of the class whose instances it sets up."""
    cls = function.parent
    return code.origins.calls_of(cls if isinstance(cls, ClassDef) and function.name in CTORS else function)


def told(code: Code, call: Call, param: Param) -> str:
    """What a call gives for a parameter, or what this is for want of it; "" if that cannot be told."""
    function = param.parent
    given = next((value for each, value in given_by(function, call) if each is param), None) if isinstance(function, Function) else None
    text = code.idioms.known_text(given) if isinstance(given, Node) else ""
    return "" if "*" in text else text


def works_apart(code: Code, use: Use, function: Function, call: Call, other: Call) -> bool:
    """Whether a function gives back what the use in it makes, of the same topic for both calls, and these do different work with it."""
    if not _gives_back(code, use, function):
        return False
    scopes = [code.origins.of(node).node for node in code.idioms.placed(use.call, use.idiom.scope)] if use.idiom.scope else []
    topics = [[told(code, each, scope) for scope in scopes if isinstance(scope, Param)] for each in (call, other)]
    if topics[0] != topics[1] or "" in topics[0] or _subscribed(code, call) != _subscribed(code, other):
        return False
    mine, theirs = _work(code, call), _work(code, other)
    if not mine.text or not theirs.text:
        return False
    return mine.calls != theirs.calls if mine.calls or theirs.calls else mine.text != theirs.text


def _gives_back(code: Code, use: Use, function: Function) -> bool:
    """Whether callers get what the use makes: as it is, item by item, or in the instance that holds it."""
    if function.is_generator or function.name in CTORS:
        return True
    return any(value is use.call or code.origins.of(value).node is use.call for value in code.project.returned(function))


def _subscribed(code: Code, call: Call) -> frozenset[str]:
    """The names to which a caller subscribes what it got."""
    uses = (each for each in code.idioms.of("channel-in") if isinstance(each.call.callee, Member) and _is(code, each.call.callee.object, call))
    return frozenset(name for each in uses for name in code.idioms.events(each))


def _work(code: Code, call: Call) -> _Work:
    """What a caller does with what it got: the loops over it and around its calls, and what it hands to it."""
    module, around = module_of(call), function_of(call) or module_of(call)
    done: list[Node] = []
    for loop in around.inside(Loop):
        taken = (each.callee.object for each in loop.inside(Call) if isinstance(each.callee, Member))
        if (loop.over is not None and _is(code, loop.over, call)) or any(_is(code, node, call) for node in taken):
            done += loop.body
    if not done:
        done = [arg for each in around.inside(Call) if isinstance(each.callee, Member) and _is(code, each.callee.object, call) for arg in each.args]
    called = [code.origins.of(each.callee).node for node in done for each in node.inside(Call)]
    called += [code.origins.of(node).node for node in done if isinstance(node, (Name, Member))]
    text = "\n".join(line.strip() for node in done for line in module.lines[node.line - 1 : node.end_line])
    return _Work(frozenset(id(node) for node in called if isinstance(node, Function)), text)


def _is(code: Code, node: Node, call: Call) -> bool:
    """Whether an expression is what a call gives: the call itself, or a name that its result is assigned to in the same function."""
    node = node.value if isinstance(node, Await) else node
    if node is call or not isinstance(node, Name):
        return node is call
    if function_of(node) is not function_of(call) or module_of(node) is not module_of(call):
        return False
    above = call.parent.parent if isinstance(call.parent, Await) else call.parent
    return isinstance(above, Assign) and any(isinstance(target, Name) and target.id == node.id for target in above.targets)
