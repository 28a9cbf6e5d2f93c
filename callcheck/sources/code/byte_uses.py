"""Where is what is bytes taken for text, or for an object: in the handler that gets it, or in functions of the project that it is handed to?

    if (payload === "on")                       a Buffer is no text, however its bytes read
    WORDS.includes(payload)                     nor is it one of several texts
    handlers[topic](payload)                    the same in each function of the table
    bus.emit("fan", payload)                    and in the listeners that an emitter of the project has for it

Compared by `==` it is made text first, and so it is by a template, by JSON.parse() and by Number().
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.sources.code import Code
from callcheck.sources.code.parts import taken_apart
from callcheck.sources.code.read_of import taking
from callcheck.sources.code.spelt import given_once
from callcheck.sources.code.tree import (
    Assign,
    Call,
    Function,
    If,
    Literal,
    Member,
    Name,
    Node,
    Object,
    Operation,
    Param,
    Raise,
    Return,
    Sequence,
    last_name,
)

_OF_BYTES = frozenset(
    "toString toJSON length byteLength byteOffset buffer slice subarray equals compare copy fill includes indexOf lastIndexOf at entries keys values map forEach set every some reduce latin1Slice".split()
)
_STRICT = frozenset({"===", "!=="})
_AMONG = frozenset({"has", "includes", "indexOf"})
_ASKS = frozenset({"isBuffer", "parse", "String"})
_DEEPEST = 3
"""How many functions bytes are handed on through."""


def misused(code: Code, function: Function, param: Param, depth: int = 0) -> Iterator[tuple[str, Node]]:
    """What a function asks of a parameter that bytes do not have (`text` for a comparison with one), and where."""
    if depth and _asks(function):
        return
    yield from ((key, param) for key in param.destructures if not of_bytes(key))
    if param.destructures or not param.name or _reassigned(function, param.name):
        return
    for name in function.inside(Name):
        if name.id == param.name:
            yield from misuses_of(code, name, depth)
    yield from ((key, entry) for key, entry in taken_apart(function, param.name) if not of_bytes(key))
    yield from _dropped(function, param)


def misuses_of(code: Code, value: Node, depth: int = 0) -> Iterator[tuple[str, Node]]:
    """The same of one expression that is bytes."""
    above = value.parent
    if isinstance(above, Member) and above.object is value and not of_bytes(above.name):
        yield above.name, above
    elif isinstance(above, Operation) and above.operator in _STRICT and any(side is not value and _is_text(code, side) for side in above.operands):
        yield "text", above
    elif isinstance(above, Call) and value in above.args:
        if isinstance(above.callee, Member) and above.callee.name in _AMONG and _texts(code, above.callee.object):
            yield "text", above
        elif depth < _DEEPEST:
            for function, param in (*taking(code.origins, value), *_hearing(code, above, value)):
                if all(call is above for call in code.origins.calls_of(function)):
                    yield from misused(code, function, param, depth + 1)


def of_bytes(name: str) -> bool:
    """Whether bytes have a field or a method of this name."""
    return name in _OF_BYTES or name.startswith(("read", "write", "swap"))


def _asks(function: Function) -> bool:
    """Whether a function that may be given other things, too, asks what it was given, or makes text of it."""
    return any(last_name(call.callee) in _ASKS for call in function.inside(Call)) or any(each.operator == "typeof" for each in function.inside(Operation))


def _reassigned(function: Function, name: str) -> bool:
    return any(isinstance(target, Name) and target.id == name for assign in function.inside(Assign) for target in assign.targets)


def _is_text(code: Code, node: Node) -> bool:
    """Whether an expression is text: a literal, or a constant that is one."""
    given = given_once(code.origins, node) if isinstance(node, Name) else None
    if given is not None and given.value is not None:
        node = given.value
    elif isinstance(node, Member) and isinstance(code.origins.of(node.object).node, Object):
        node = code.origins.of(node).node or node  # `WORDS.on`
    return isinstance(node, Literal) and isinstance(node.value, str)


def _texts(code: Code, node: Node) -> bool:
    """Whether an expression is a list, or a set, of nothing but texts."""
    given = given_once(code.origins, node) if isinstance(node, Name) else None
    held = given.value if given is not None else node
    if isinstance(held, Call) and held.new and last_name(held.callee) == "Set":
        held = next(iter(held.args), None)
    return isinstance(held, Sequence) and bool(held.items) and all(_is_text(code, item) for item in held.items)


def _hearing(code: Code, call: Call, value: Node) -> Iterator[tuple[Function, Param]]:
    """The listeners that an emission of the project reaches by its name, and the parameter that a value becomes for them."""
    for use in code.idioms.at(call):
        first = use.idiom.payload.split("|")[0]
        if use.idiom.does != "emit" or "transport" in use.idiom.traits or not first.isdigit():
            continue
        index, identity = call.args.index(value) - int(first), code.lifetimes.identity(use.receiver)
        for event in code.idioms.events(use) if identity and index >= 0 else ():
            for listener in code.meetings.at("register", identity, event) if event else ():
                for function in code.idioms.handlers(listener):
                    if isinstance(function, Function) and index < len(function.params) and not any(param.kind for param in function.params[: index + 1]):
                        yield function, function.params[index]


def _dropped(function: Function, param: Param) -> Iterator[tuple[str, Node]]:
    """Tests by `typeof` that pass over what is no text: `if (typeof x !== "string") return;`, or all use of it below `=== "string"`."""
    for test in function.inside(Operation):
        typed = next((side for side in test.operands if isinstance(side, Operation) and side.operator == "typeof" and _is(side.operands[0], param)), None)
        if typed is not None and any(isinstance(side, Literal) and side.value == "string" for side in test.operands) and _drops_the_rest(test, function, param):
            yield "text", test


def _is(node: Node, param: Param) -> bool:
    return isinstance(node, Name) and node.id == param.name


def _drops_the_rest(test: Operation, function: Function, param: Param) -> bool:
    branch = test.parent
    if not isinstance(branch, If) or branch.test is not test:
        return False
    if test.operator.startswith("!"):
        leaves = any(isinstance(each, (Return, Raise)) for each in branch.then)
        return leaves and not any(name.id == param.name for part in branch.then for name in part.inside(Name))
    below = {id(name) for part in [branch.test, *branch.then] for name in part.inside(Name)}
    return not branch.orelse and not any(name.id == param.name and id(name) not in below for name in function.inside(Name))
