"""Which tests of a type send what is always bytes past the code that is meant for text?

    if (typeof x !== "string") return;                                 all of it is passed over
    if (typeof x === "string") run(JSON.parse(x)); else keep(x);       text comes as bytes too, and goes the way of the pictures
    if (Buffer.isBuffer(x)) return keep(x); run(JSON.parse(x));        the same
    const m = typeof x === "string" ? JSON.parse(x) : x;               what is read of `m` is read of the bytes
    if isinstance(x, str): run(json.loads(x))                          the same in Python
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from callcheck.model.pattern import pattern
from callcheck.sources.code.origins import Origins
from callcheck.sources.code.read_of import taking
from callcheck.sources.code.tree import (
    Call,
    Conditional,
    Function,
    If,
    Literal,
    Member,
    Name,
    Node,
    Operation,
    Raise,
    Return,
    Template,
    dotted,
    last_name,
)

_OF_TEXT = frozenset("startsWith endsWith split trim toLowerCase toUpperCase match substring substr startswith endswith strip lower upper splitlines partition".split())
_PARSES = frozenset({"parse", "loads"})
_MAKES_TEXT = pattern(r"(?i)string|text|decode|parse|json|utf|loads|^str$|^from$|arraybuffer|blob|read|recei|handle|process|dispatch|message")
"""Last names of calls that may make text of the bytes that they are given, or may hand them to what does."""
_BYTES = frozenset({"Buffer", "Uint8Array", "bytes", "bytearray"})
_OTHERWISE = pattern(r"(?i)binary(?!type)|opcode")
"""Names that tell text from bytes in another way."""


def passed_by(origins: Origins, function: Function, written: str) -> Iterator[Node]:
    """The tests of what is written so, and is bytes, that lead past the code for text."""
    tests = list(_tests(function, written))
    told = any(_OTHERWISE.search(name.id) for name in function.inside(Name))
    for test, of_text in tests:
        branch = test.parent
        while isinstance(branch, Operation) and branch.operator in ("!", "not"):
            of_text, branch = not of_text, branch.parent
        if isinstance(branch, If):
            then, other = branch.then, [*branch.orelse, *_after(branch, function)]
        elif isinstance(branch, Conditional) and dotted(branch.orelse if of_text else branch.then) == written:
            then, other = [branch.then], [branch.orelse]
        else:
            continue
        texts, rest = (then, other) if of_text else (other, then)
        if isinstance(branch, If) and not _uses(rest, written) and (_uses(texts, written) and not branch.orelse if of_text else _leaves(then)) or len(tests) == 1 and not told and _takes_text(origins, texts, written) and _uses(rest, written) and not _may_make_text(origins, rest, written):
            yield test


def _tests(function: Function, written: str) -> Iterator[tuple[Node, bool]]:
    """What asks for the type of it, and whether a yes is a yes to text."""
    for test in function.inside(Operation):
        asked = next((side for side in test.operands if isinstance(side, Operation) and side.operator == "typeof" and dotted(side.operands[0]) == written), None)
        if asked is not None and any(isinstance(side, Literal) and side.value == "string" for side in test.operands):
            yield test, not test.operator.startswith("!")
        elif test.operator == "instanceof" and dotted(test.operands[0]) == written and last_name(test.operands[-1]) in _BYTES:
            yield test, False
    for call in function.inside(Call):
        if not call.args or dotted(call.args[0]) != written:
            continue
        if last_name(call.callee) == "isBuffer":
            yield call, False
        elif dotted(call.callee) == "isinstance" and len(call.args) == 2:
            names = {name.id for name in call.args[1].walk() if isinstance(name, Name)}
            if names == {"str"} or (names and names <= _BYTES):
                yield call, names == {"str"}


def _after(branch: If, function: Function) -> list[Node]:
    """What stands behind a branch in its function, and is part of no function of its own there."""
    return [each for each in function.walk() if each.at >= branch.end and not isinstance(each, Function)]


def _leaves(then: Sequence[Node]) -> bool:
    return any(isinstance(each, (Return, Raise)) for each in then)


def _named(nodes: Sequence[Node], written: str) -> Iterator[Node]:
    """Where it is written in one of these."""
    for part in nodes:
        yield from (each for each in part.walk() if isinstance(each, (Name, Member)) and dotted(each) == written)


def _uses(nodes: Sequence[Node], written: str) -> bool:
    return any(True for _ in _named(nodes, written))


def _takes_text(origins: Origins, nodes: Sequence[Node], written: str, deep: bool = False) -> bool:
    """Whether it is parsed, compared with a text or asked for what texts have, here or in a function that it is handed to."""
    for name in _named(nodes, written):
        above = name.parent
        if isinstance(above, Member) and above.object is name and above.name in _OF_TEXT:
            return True
        if isinstance(above, Operation) and above.operator in ("===", "==") and any(isinstance(side, Literal) and isinstance(side.value, str) for side in above.operands):
            return True
        if isinstance(above, Call) and name in above.args:
            if last_name(above.callee) in _PARSES or (not deep and any(_takes_text(origins, each.body, param.name, True) for each, param in taking(origins, name))):
                return True
    return False


def _may_make_text(origins: Origins, nodes: Sequence[Node], written: str) -> bool:
    """Whether something may make text of it: by a call, in a template, beside a `+`, or in a function that it is handed to."""
    for name in _named(nodes, written):
        above = name.parent
        if isinstance(above, Template) or (isinstance(above, Operation) and above.operator in ("+", "==", "typeof", "instanceof")):
            return True
        if isinstance(above, Member) and above.object is name and _MAKES_TEXT.search(above.name):
            return True
        if isinstance(above, Call) and name in above.args:
            known = list(taking(origins, name))
            if any(_MAKES_TEXT.search(last_name(each.callee)) for function, _ in known for each in function.inside(Call)) or (not known and _MAKES_TEXT.search(last_name(above.callee))):
                return True
    return False
