"""Which of the project's own functions emit an event only while they stream, though another one of the same object, that gives the result whole, is called?

    async ask(q) { return (await step(q)).content }            called, and emits nothing
    async *askLive(q) { this.emit("said", …); yield … }        called by nobody
    async ask(q, { stream = false }) { if (stream) this.emit("said", …) }      called without the option
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from callcheck.model.pattern import pattern
from callcheck.sources.code.kept_as import name_of
from callcheck.sources.code.scopes import enclosing, function_of, module_of
from callcheck.sources.code.tree import (
    Call,
    ClassDef,
    Entry,
    Function,
    If,
    Literal,
    Member,
    Module,
    Name,
    Node,
    Operation,
    Param,
)

if TYPE_CHECKING:
    from callcheck.sources.code import Code
    from callcheck.sources.code.idioms import Use

_STREAMS = pattern(r"(?i)stream|live|iter|events|progress|chunks?|incremental|tokens?|delta")
_RUNS = pattern(r"^_?(?:run|ask|answer|invoke|generate|complete|chat|reply|respond|execute|process|send|call|predict|query|prompt|summari[sz]e|translate|write|draft|analy[sz]e|solve|create|think|kickoff|handle)(?![a-z])")
_NEVER = frozenset({"constructor", "__init__", "on", "once", "off", "emit", "close", "stop"})


def whole_calls(code: Code, heard: Use, event: str) -> Iterator[Call]:
    """The calls that give the result whole, where what is listened to goes out of a streaming sibling alone, which nobody calls."""
    if not event or not heard.idiom.on:
        return
    emitters = _emitters(code, heard, event)
    if not emitters or not all(_streams(each) for each in emitters) or any(True for each in emitters for _ in _asked_for(code, each)):
        return
    for sibling in dict.fromkeys(each for emitter in emitters for each in _siblings(code, emitter)):
        if sibling in emitters or name_of(sibling) in _NEVER or not any(_pair(sibling, each) for each in emitters):
            continue
        if any(code.flow.reaches(sibling, each) for each in emitters):
            continue
        yield from (call for call in _asked_for(code, sibling) if _same_object(code, call, heard))


def unasked_streams(code: Code, heard: Use, event: str) -> Iterator[Call]:
    """The calls of what emits the event only where an option turns streaming on, if none of them gives it."""
    sent = _sent(code, heard, event)
    asked = [_option(each) for each in sent]
    if not sent or not all(asked):
        return
    for function, param, key in dict.fromkeys(each for each in asked if each is not None):
        calls = code.origins.calls_of(function)
        if not calls or any(_gives(code, call, function, param, key) for call in calls):
            return
    yield from (call for function in dict.fromkeys(each[0] for each in asked if each is not None) for call in code.origins.calls_of(function))


def _sent(code: Code, heard: Use, event: str) -> list[Use]:
    identity = code.lifetimes.identity(heard.receiver)
    return list(code.meetings.at("emit", identity, event)) if identity and event else []


def _emitters(code: Code, heard: Use, event: str) -> list[Function]:
    """The functions that others call to have the event emitted; [] if something else may emit it."""
    identity = code.lifetimes.identity(heard.receiver)
    found = [_entry(use.call, heard) for use in _sent(code, heard, event)]
    for _, use in code.meetings.unclear("emit", identity):
        # `publish(event) { this.emit(event.type, event) }`: who calls it and writes the name.
        helper = _entry(use.call, heard)
        calls = code.origins.calls_of(helper) if helper is not None else []
        naming = [caller for call in calls if (caller := _entry(call, heard)) is not None and _names(caller, event)]
        if not calls:
            return []
        found += naming
    return [] if None in found else list(dict.fromkeys(each for each in found if each is not None))


def _entry(node: Node, heard: Use) -> Function | None:
    """The outermost function around a node, inside the one that makes the object which is listened to."""
    function = function_of(node)
    while function is not None and (above := function_of(function)) is not None and not _holds(above, heard.receiver.site):
        function = above
    return function


def _names(function: Function, event: str) -> bool:
    return any(node.value == event for node in function.inside(Literal))


def _holds(function: Function, site: Node | None) -> bool:
    return site is not None and site.top is function.top and function.at <= site.at < function.end


def _streams(function: Function) -> bool:
    return function.is_generator or bool(_STREAMS.search(name_of(function)))


def _pair(whole: Function, streaming: Function) -> bool:
    """`run` and `runStream`, `ask` and `streamAnswer`: by their names they do the same."""
    one, other = name_of(whole).lower().lstrip("_"), name_of(streaming).lower().lstrip("_")
    if not one or one == other:
        return False
    return one in other or other in one or bool(_RUNS.match(name_of(whole)) and _STREAMS.search(other) and not _STREAMS.search(one))


def _siblings(code: Code, function: Function) -> Iterator[Function]:
    """The functions beside one: of its class and those above it, or in the same function or module around."""
    cls = enclosing(function, ClassDef) if isinstance(function.parent, ClassDef) else None
    if isinstance(cls, ClassDef):
        classes: list[ClassDef] = [cls]
        for held in classes:
            yield from (member for member in held.body if isinstance(member, Function))
            classes += [above for base in held.bases if (above := code.origins.of(base).cls) is not None and above not in classes]
        return
    around = function_of(function)
    outer: Node = around if around is not None else module_of(function)
    for each in outer.inside(Function) if around is not None else module_of(function).all(Function):
        handed = isinstance(each.parent, Call) and not isinstance(outer, Module)
        if each is not around and function_of(each) is around and not handed and not isinstance(each.parent, ClassDef):
            yield each


def _asked_for(code: Code, function: Function) -> Iterator[Call]:
    """The calls of a function, but for those in functions beside it that nobody asks for."""
    for call in code.origins.calls_of(function):
        if not (function.at <= call.at < function.end and call.top is function.top):
            yield call
    if isinstance(function.parent, Entry) or not code.origins.calls_of(function):
        yield from (call for call in code.origins.callers.passing(function) if any(code.origins.of(arg).node is function for arg in call.args))


def _same_object(code: Code, call: Call, heard: Use) -> bool:
    """Whether a method is called on the object that is listened to; what is no method of it belongs to it by where it stands."""
    if heard.receiver.cls is None or not isinstance(call.callee, Member):
        return True
    return code.lifetimes.identity(code.origins.of(call.callee.object)) == code.lifetimes.identity(heard.receiver)


def _option(sent: Use) -> tuple[Function, Param, str] | None:
    """The option of a function below whose test an emission stands: its parameter, and its key in an options object."""
    for above in sent.call.up():
        if not isinstance(above, If) or sent.call.at < above.test.end or any(each.at <= sent.call.at < each.end for each in above.orelse):
            continue
        tested = above.test.operands if isinstance(above.test, Operation) and above.test.operator == "&&" else [above.test]
        for test in tested:
            named = test.name if isinstance(test, Member) else test.id if isinstance(test, Name) else ""
            root = test.object.id if isinstance(test, Member) and isinstance(test.object, Name) else named
            if not named or not _STREAMS.search(named):
                continue
            function = function_of(above)
            while function is not None:
                for param in function.params:
                    if root == param.name or root in param.binds:
                        default = param.default
                        off = isinstance(test, Member) or root in param.binds or default is None or (isinstance(default, Literal) and not default.value)
                        return (function, param, param.binds.get(root, named if isinstance(test, Member) else "")) if off else None
                function = function_of(function)
    return None


def _gives(code: Code, call: Call, function: Function, param: Param, key: str) -> bool:
    """Whether a call gives the option, or may give it."""
    if any(not keyword.name for keyword in call.keywords):
        return True
    value = code.idioms.option(call, key or param.name)
    index = function.params.index(param) - (bool(function.params) and function.params[0].name == "self")
    if value is None and 0 <= index < len(call.args):
        if not key:
            value = call.args[index]
        elif code.origins.of(call.args[index]).kind != "value":
            return True
    return value is not None and not (isinstance(value, Literal) and not value.value)
