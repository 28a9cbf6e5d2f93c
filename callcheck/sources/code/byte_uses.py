"""Where is what is bytes taken for text, or for an object: in the handler that gets it, or in functions of the project that it is handed to?

    if (payload === "on")        if payload == "on":        a Buffer is no text, nor are bytes, however they read
    WORDS.includes(payload)      payload in WORDS           nor is it one of several texts, or a key of a table of texts
    handlers[topic](payload)     handlers[topic](payload)   the same in each function of the table
    bus.emit("fan", payload)                                and in the listeners that an emitter of the project has for it

JavaScript makes text of it first where it is compared by `==`, in a template, in JSON.parse() and Number(), and where it is the key of an object.
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.pattern import pattern
from callcheck.sources.code import Code
from callcheck.sources.code.read_of import taking
from callcheck.sources.code.scopes import function_of, module_of
from callcheck.sources.code.spelt import given_once
from callcheck.sources.code.text_branches import passed_by
from callcheck.sources.code.tree import (
    Assign,
    Call,
    Function,
    Literal,
    Member,
    Name,
    Node,
    Object,
    Operation,
    Param,
    Sequence,
    Subscript,
    Template,
    last_name,
)

_OF_BYTES = frozenset(
    "toString toJSON length byteLength byteOffset buffer slice subarray equals compare copy fill includes indexOf lastIndexOf at entries keys values map forEach set every some reduce latin1Slice".split()
)
_OF_PYTHON = frozenset(dir(bytes))
_COMPARES = {"python": frozenset({"==", "!="}), "javascript": frozenset({"===", "!=="})}
"""What takes bytes and text for two things, in Python and in all others."""
_BYTES_WRITTEN = pattern(r"(?i)\b(?:b|rb|br)[\"']")
_AMONG = frozenset({"has", "includes", "indexOf", "get", "index"})
_ASKS = frozenset({"isBuffer", "parse", "String", "isinstance", "hasattr", "str", "decode", "loads", "bytes"})
_DEEPEST = 3
"""How many functions bytes are handed on through."""


def misused(code: Code, function: Function, param: Param, depth: int = 0) -> Iterator[tuple[str, Node]]:
    """What a function asks of a parameter that bytes do not have (`text` for a comparison with one), and where."""
    if depth and _asks(function):
        return
    yield from ((key, param) for key in param.destructures if not _of_bytes(key, function))
    if param.destructures or not param.name or times_given(function, param.name):
        return
    for name in function.inside(Name):
        if name.id == param.name:
            yield from misuses_of(code, name, depth)
    yield from (("text", test) for test in passed_by(code.origins, function, param.name))


def misuses_of(code: Code, value: Node, depth: int = 0) -> Iterator[tuple[str, Node]]:
    """The same of one expression that is bytes."""
    above = value.parent
    if isinstance(above, Member) and above.object is value and not _of_bytes(above.name, value):
        yield above.name, above
    elif isinstance(above, Operation) and _is_compared(code, above, value) or isinstance(above, Subscript) and above.key is value and _language(value) == "python" and _texts(code, above.object):
        yield "text", above
    elif isinstance(above, Assign) and above.value is value and len(above.targets) == 1:
        target, function = above.targets[0], function_of(above)
        if isinstance(target, Object):
            yield from ((entry.key, entry) for entry in target.entries if entry.key and entry.default is None and not _of_bytes(entry.key, value))
        if isinstance(target, Name) and function is not None and times_given(function, target.id) == 1:
            yield from (found for name in function.inside(Name) if name.id == target.id and name is not target for found in misuses_of(code, name, depth))
    elif isinstance(above, Call) and value in above.args:
        if isinstance(above.callee, Member) and above.callee.name in _AMONG and _texts(code, above.callee.object):
            yield "text", above
        elif depth < _DEEPEST:
            for function, param in (*taking(code.origins, value), *_hearing(code, above, value)):
                if all(call is above for call in code.origins.calls_of(function)):
                    yield from misused(code, function, param, depth + 1)


def _is_compared(code: Code, test: Operation, value: Node) -> bool:
    """Whether bytes are compared with a text, or looked for among texts, or a text in them."""
    others = [side for side in test.operands if side is not value]
    if test.operator in ("in", "not in") and _language(value) == "python":
        return any(_texts(code, side) if test.operands[0] is value else _is_text(code, side) for side in others)
    return test.operator in _COMPARES.get(_language(value), _COMPARES["javascript"]) and any(_is_text(code, side) for side in others)


def _of_bytes(name: str, at: Node) -> bool:
    """Whether bytes have a field or a method of this name, in the language of a node."""
    if _language(at) == "python":
        return name in _OF_PYTHON
    return name in _OF_BYTES or name.startswith(("read", "write", "swap"))


def _language(node: Node) -> str:
    return module_of(node).language


def _asks(function: Function) -> bool:
    """Whether a function that may be given other things, too, asks what it was given, or makes text of it."""
    return any(last_name(call.callee) in _ASKS for call in function.inside(Call)) or any(each.operator == "typeof" for each in function.inside(Operation))


def times_given(function: Function, name: str) -> int:
    """How often a function gives a name a value."""
    return sum(isinstance(target, Name) and target.id == name for assign in function.inside(Assign) for target in assign.targets)


def _is_text(code: Code, node: Node) -> bool:
    """Whether an expression is text: a literal, a template, or a constant that is one."""
    given = given_once(code.origins, node) if isinstance(node, Name) else None
    if given is not None and given.value is not None:
        node = given.value
    elif isinstance(node, Member) and isinstance(code.origins.of(node.object).node, Object):
        node = code.origins.of(node).node or node  # `WORDS.on`
    return isinstance(node, Template) or (isinstance(node, Literal) and isinstance(node.value, str) and not _has_bytes(node))


def _has_bytes(node: Node) -> bool:
    """Whether b"on" stands in the lines of a node: the tree has one kind of literal for texts and for bytes."""
    return _language(node) == "python" and any(_BYTES_WRITTEN.search(line) for line in module_of(node).lines[node.line - 1 : max(node.end_line, node.line)])


def _texts(code: Code, node: Node) -> bool:
    """Whether an expression is a list or a set of nothing but texts, or a table whose keys are such (but for an object of JavaScript, which makes text of its keys)."""
    given = given_once(code.origins, node) if isinstance(node, Name) else None
    held = given.value if given is not None else node
    if isinstance(held, Call) and last_name(held.callee) in ("Set", "Map", "frozenset", "set"):
        held = next(iter(held.args), None)
    if isinstance(held, Object):
        return _language(node) == "python" and bool(held.entries) and all(entry.key is not None for entry in held.entries) and not _has_bytes(held)
    if not isinstance(held, Sequence) or not held.items:
        return False
    return all(_is_text(code, item.items[0] if isinstance(item, Sequence) and item.items else item) for item in held.items)


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
