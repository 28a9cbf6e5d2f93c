"""Does a handler take what its library hands it: the order of the arguments, their types, their fields?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.facts.execution import PayloadMisread
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.code import Code
from callcheck.sources.code.byte_uses import misused, misuses_of, times_given
from callcheck.sources.code.idioms import Use
from callcheck.sources.code.imports import is_test
from callcheck.sources.code.parts import taken_apart
from callcheck.sources.code.read_of import of_result, taking, told_apart
from callcheck.sources.code.scopes import module_of
from callcheck.sources.code.seen import seen
from callcheck.sources.code.standing import Standing
from callcheck.sources.code.text_branches import passed_by
from callcheck.sources.code.tree import (
    Assign,
    Await,
    Call,
    Entry,
    Function,
    Literal,
    Member,
    Name,
    Node,
    Object,
    Operation,
    Param,
    dotted,
)

_TEXT = frozenset("startsWith endsWith split trim toLowerCase toUpperCase match matchAll replace replaceAll substring substr charAt localeCompare normalize padStart".split())
_OF_TEXT = _TEXT | frozenset("length slice includes indexOf toString valueOf concat at search charCodeAt codePointAt repeat padEnd lastIndexOf trimStart trimEnd".split())
_DEEPEST = 3
"""Functions that a payload is handed on by."""
_BYTES = {"python": "bytes, to be read by decode()", "javascript": "bytes: a Buffer, to be read by toString()"}
_OF_NUMBER = frozenset("toString toFixed valueOf toLocaleString toPrecision".split())
_PLAIN = pattern(r"^(?:id|.+(?:Id|ID|_id))$")
"""Names of a text or a number, which no object is called."""


class Shapes:
    """Lays the parameters of handlers beside the `shape` idioms of their libraries, in the version at hand."""

    name = "shapes"
    looks_at = Sight.SOURCE
    about = ("shape",)
    answers = frozenset({PayloadMisread})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        code, standing = eyes.code, Standing(eyes.code)
        for use in code.idioms.of("shape"):
            if not is_test(use.module.path) and (use.idiom.along or use.idiom.without) and not standing.stands(use):
                continue
            event = clean(next(iter(code.idioms.events(use)), ""), 80)
            if use.idiom.handler == "result":
                yield from self._result(code, use, event)
                for path in use.idiom.absent:
                    for node in _of_result(use, path.split(".")):
                        yield seen(PayloadMisread(event, clean(path, 60), clean(use.idiom.says, 120), use.framework.name, use.module.language), node, self.name)
                continue
            for handler in code.idioms.handlers(use):
                if not isinstance(handler, Function):
                    continue
                found = next(_misread(code, use, handler), None)
                if found is not None:
                    field, has, node = found
                    fact = PayloadMisread(event, clean(field, 60), clean(has, 120), use.framework.name, use.module.language)
                    attached = (seen(fact, use.call, self.name, label="the handler is attached here"),) if use.call.line != node.line else ()
                    yield seen(fact, node, self.name, attached)


    def _result(self, code: Code, use: Use, event: str) -> Iterator[Evidence]:
        """The first field that is read of a call's result and is none of those that its library gives."""
        has = next((kind for _, kind in use.idiom.shape if isinstance(kind, list)), [])
        given = use.call.parent if isinstance(use.call.parent, Await) else None
        if given is not None and any(kind == "buffer" for _, kind in use.idiom.shape):
            bytes_are = _BYTES.get(use.module.language, _BYTES["javascript"])
            yield from (seen(PayloadMisread(event, clean(field, 60), bytes_are, use.framework.name, use.module.language), node, self.name) for field, node in misuses_of(code, given))
        for name, node in of_result(code.origins, use.call) if has and not is_test(use.module.path) else ():
            if name not in has and not is_test(module_of(node).path) and not told_apart(node):
                fact = PayloadMisread(event, clean(name, 60), clean(", ".join(has), 120), use.framework.name, use.module.language)
                yield seen(fact, node, self.name, (seen(fact, use.call, self.name, label="what this gives is read"),))
                return


def _misread(code: Code, use: Use, handler: Function) -> Iterator[tuple[str, str, Node]]:
    """What a handler takes wrongly, what there is instead, and where."""
    params = [p for p in handler.params if p.name not in ("self", "cls")]
    bytes_are = _BYTES.get(use.module.language, _BYTES["javascript"])
    names = [name for name, _ in use.idiom.shape]
    for index, param in enumerate(params):
        if not param.kind and param.name in names and names.index(param.name) != index:
            yield param.name, ", ".join(names), param
    yield from _one_by_one(use, handler, params)
    for param, (_, kind) in zip(params, use.idiom.shape, strict=False):
        if param.kind:
            return
        onward = ((field, node) for function, taken in _handed_on(code, handler, param) for field, node in _wrongly(kind, taken, function))
        for field, node in misused(code, handler, param) if kind == "buffer" else onward:
            yield field, bytes_are if kind == "buffer" else kind if isinstance(kind, str) else ", ".join(kind), node
    if "exact" in use.idiom.traits and len(params) > len(names) and any(_members(handler, p) for p in params[len(names) :] if not p.kind):
        yield params[len(names)].name, ", ".join(names), params[len(names)]
    for path, kind in use.idiom.inner.items():
        place, _, inner = path.rpartition(":")
        held = next((param for param in params[int(place or 0) : int(place or 0) + 1] if kind == "buffer" and not param.kind), None)
        for function, starts in _frames(code, handler, _starts(held, inner.split("."))) if held is not None else ():
            for value in _values(starts, function):
                yield from ((inner, bytes_are, node) for _, node in misuses_of(code, value))
                if isinstance(value.parent, Operation) or (isinstance(value.parent, Call) and value in value.parent.args):
                    yield from ((inner, bytes_are, test) for test in passed_by(code.origins, function, dotted(value)))
    if params and not params[0].kind:
        for path in use.idiom.absent:
            for node in _reads(code, handler, params[0], path.split(".")):
                yield path, use.idiom.says, node


def _one_by_one(use: Use, handler: Function, params: list[Param]) -> Iterator[tuple[str, str, Node]]:
    """A parameter that stands for a field of the one object that is handed over: `(jobId, result)` where `{ jobId, returnvalue }` comes."""
    for index, (_, kind) in enumerate(use.idiom.shape or (("", "any"),)):
        fields = kind if isinstance(kind, list) else use.idiom.absent if kind == "any" and index == 0 else ()
        named = [param for param in params[index:] if param.name in fields and not param.kind and not param.destructures]
        if not named or params[index] is not named[0]:
            continue
        taken = named if isinstance(kind, list) and len(named) > 1 else named if _PLAIN.match(named[0].name) else []
        for param in taken:
            if _whole(handler, param):
                yield param.name, ", ".join(kind) if isinstance(kind, list) else use.idiom.says, param


def _whole(handler: Function, param: Param) -> bool:
    """Whether what a parameter brings is used as it is, and nothing is read of it, or asked of it, before."""
    used = any(name.id == param.name and not isinstance(name.parent, Param) for name in handler.inside(Name))
    return used and not _asks(handler, param) and not _members(handler, param) and not times_given(handler, param.name) and not list(taken_apart(handler, param.name))


def _asks(handler: Function, param: Param) -> bool:
    """Whether a handler first looks at what it was given."""
    return any(each.operator in ("typeof", "instanceof") and any(name.id == param.name for name in each.inside(Name)) for each in handler.inside(Operation))


def _handed_on(code: Code, function: Function, param: Param, depth: int = 0) -> Iterator[tuple[Function, Param]]:
    """A function with one of its parameters, and the functions that are called for this alone, and are given it whole."""
    yield function, param
    for name in function.inside(Name) if depth < _DEEPEST and param.name and not param.destructures else ():
        if name.id == param.name and isinstance(name.parent, Call) and not times_given(function, param.name):
            for onward, taken in taking(code.origins, name):
                if code.origins.calls_of(onward) == [name.parent]:
                    yield from _handed_on(code, onward, taken, depth + 1)


def _wrongly(kind: Any, param: Param, handler: Function) -> Iterator[tuple[str, Node]]:
    if isinstance(kind, list):
        yield from ((key, param) for key in param.demands() if key not in kind)
        yield from (each for each in _fields(handler, param) if each[0] not in kind and each[0] not in ("toString", "valueOf") and not told_apart(each[1]))
        yield from _as_text(param, handler)
    elif kind == "string":
        yield from ((key, param) for key in param.destructures)
        yield from (each for each in _fields(handler, param) if each[0] not in _OF_TEXT)
    elif kind == "number":
        yield from (each for each in _fields(handler, param) if each[0] not in _OF_NUMBER)


def _as_text(param: Param, handler: Function) -> Iterator[tuple[str, Node]]:
    """Where an object is parsed, or compared with a text, as if it were what it carries: `ws.onmessage = (event) => JSON.parse(event)`."""
    if param.destructures or not param.name or times_given(handler, param.name):
        return
    for name in handler.inside(Name):
        above = name.parent
        if name.id != param.name or above is None:
            continue
        parsed = isinstance(above, Call) and above.args[:1] == [name] and dotted(above.callee) in ("JSON.parse", "json.loads")
        if parsed or (isinstance(above, Operation) and above.operator in ("===", "==") and any(isinstance(side, Literal) and isinstance(side.value, str) for side in above.operands)):
            yield "text", above


def _members(handler: Function, param: Param) -> list[Member]:
    if param.destructures or not param.name or times_given(handler, param.name):
        return []
    return [m for m in handler.inside(Member) if isinstance(m.object, Name) and m.object.id == param.name]


def _fields(handler: Function, param: Param) -> Iterator[tuple[str, Node]]:
    """What the body reads of a parameter, by a member or by taking it apart."""
    members = _members(handler, param)
    yield from ((member.name, member) for member in members)
    if not param.destructures and not times_given(handler, param.name):
        yield from taken_apart(handler, param.name)


def _starts(param: Param, path: list[str]) -> dict[str, list[str]]:
    """The names that a parameter brings, with what of a path is still to go from each."""
    starts: dict[str, list[str]] = {param.name: path} if not param.destructures else {}
    taken = {local: key.split(".") for local, key in param.binds.items()}
    return starts | {local: path[len(keys) :] for local, keys in taken.items() if len(keys) <= len(path) and all(want in (key, "*") for want, key in zip(path, keys, strict=False))}


def _of_result(use: Use, path: list[str]) -> Iterator[Node]:
    """Where a path below a call's result is read, in the function that calls."""
    held: Node | None = use.call.parent
    while isinstance(held, Await):
        held = held.parent
    scope = use.function or use.module
    if not isinstance(held, Assign) or len(held.targets) != 1:
        return
    target, starts = held.targets[0], dict[str, list[str]]()
    if isinstance(target, Name):
        starts[target.id] = path
    elif isinstance(target, Object):
        starts = {entry.value.id: path[1:] for entry in target.entries if entry.key == path[0] and isinstance(entry.value, Name)}
    if starts and len(path) > 1:
        yield from _follow(scope, starts, path)


def _values(starts: dict[str, list[str]], handler: Function) -> Iterator[Node]:
    """The expressions that are what lies at the end of a path; not by a name that is given another value, too."""
    for assign in handler.inside(Assign):
        left = _left(assign.value, starts)
        for target in assign.targets:
            if left and isinstance(target, Name) and times_given(handler, target.id) == 1:
                starts[target.id] = left
            if left and isinstance(target, Object):
                starts |= {entry.value.id: left[1:] for entry in target.entries if left[0] in (entry.key, "*") and isinstance(entry.value, Name)}
    for node in (*handler.inside(Name), *handler.inside(Member)):
        if _left(node, starts) == [] and not isinstance(node.parent, Entry):
            yield node


def _reads(code: Code, function: Function, param: Param, path: list[str]) -> Iterator[Node]:
    """Where a path below a parameter is read, by members or by taking it apart; in functions that are called for this alone, too."""
    if ".".join(path) in param.demands():
        yield param
    for onward, starts in _frames(code, function, _starts(param, path)):
        yield from (each for each in onward.params if onward is not function and any(starts.get(local) == [] and key in each.demands() for local, key in each.binds.items()))
        yield from _follow(onward, starts, path)


def _frames(code: Code, function: Function, starts: dict[str, list[str]], depth: int = 0) -> Iterator[tuple[Function, dict[str, list[str]]]]:
    """A function with the names in it that lie on a path, and the functions that are called for this alone, and are given one of those."""
    yield function, starts
    for call in function.inside(Call) if depth < _DEEPEST else ():
        for given in call.args:
            left = _left(given, starts)
            for onward, taken in taking(code.origins, given) if left else ():
                if left and code.origins.calls_of(onward) == [call] and not taken.kind:
                    yield from _frames(code, onward, _starts(taken, left), depth + 1)


def _follow(scope: Node, starts: dict[str, list[str]], path: list[str]) -> Iterator[Node]:
    for assign in scope.inside(Assign):
        for target in assign.targets:
            left = _left(assign.value, starts)
            if left and isinstance(target, Object):
                for entry in target.entries:
                    if entry.key == left[0] and isinstance(entry.value, Name):
                        if len(left) == 1:
                            yield entry
                        starts[entry.value.id] = left[1:]
            elif left and isinstance(target, Name):
                starts[target.id] = left
    for member in scope.inside(Member):
        if member.name == path[-1] and _left(member, starts) == []:
            yield member


def _left(node: Node | None, starts: dict[str, list[str]]) -> list[str] | None:
    """What of a path is still to go once an expression is read; None if it does not lie on the path."""
    if isinstance(node, Name):
        return starts.get(node.id)
    if isinstance(node, Await):
        return _left(node.value, starts)
    if isinstance(node, Operation) and node.operator in ("??", "||"):
        return _left(node.operands[0], starts)
    if isinstance(node, Member):
        left = _left(node.object, starts)
        return left[1:] if left and left[0] in (node.name, "*") else None
    return None


PROBE = Shapes()
