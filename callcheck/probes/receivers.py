"""Which receivers are held by a weak reference only?"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.facts.delivery import ReceiverWeak
from callcheck.model.probe import Sight
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.code import Code
from callcheck.sources.code.idioms import Use
from callcheck.sources.code.imports import is_test
from callcheck.sources.code.scopes import function_of, module_of
from callcheck.sources.code.seen import seen
from callcheck.sources.code.tree import (
    Assign,
    Await,
    Call,
    ClassDef,
    Entry,
    Function,
    Keyword,
    Literal,
    Loop,
    Member,
    Name,
    Node,
    Object,
    Return,
    Sequence,
    Yield,
    last_name,
)  # fmt: skip


class Receivers:
    """Looks at what is connected to signals that keep their receivers weakly."""

    name = "receivers"
    looks_at = Sight.SOURCE
    about = ("weak",)
    marks = ("new WeakRef",)
    answers = frozenset({ReceiverWeak})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        code = eyes.code
        for use in code.idioms.of("register"):
            if not use.idiom.weak or _strong(use.call) or is_test(use.module.path):
                continue
            below = use.call.parent if use.call.parent is not use.call.callee else use.call.callee.parent
            decorated = isinstance(below, Function) and any(d is use.call or d is use.call.callee for d in below.decorators)
            if decorated and isinstance(below, Function):
                inside = function_of(below)
                if inside is not None and not inside.is_generator and not _kept(inside, below) and not _waits_for_it(inside, use.call, below):
                    yield seen(ReceiverWeak("nested function", use.framework.name, use.module.language), use.call, self.name)
                continue
            for node in code.idioms.placed(use.call, use.idiom.handler):
                form = self._form(code, use, node)
                if form:
                    yield seen(ReceiverWeak(form, use.framework.name, use.module.language), use.call, self.name)
        yield from self._own(code)

    def _own(self, code: Code) -> Iterator[Evidence]:
        """A function of the project that keeps what it is given in a `WeakRef`: nothing else holds a function that is made for the call."""
        for made in code.project.calls("WeakRef"):
            name, function = made.args[0] if made.args else None, function_of(made)
            names = [param.name for param in function.params] if function is not None else []
            if not isinstance(name, Name) or function is None or name.id not in names or module_of(made).language == "python":
                continue
            index = names.index(name.id)
            for call in code.origins.calls_of(function):
                given = call.args[index] if index < len(call.args) else None
                bound = isinstance(given, Call) and isinstance(given.callee, Member) and given.callee.name == "bind"
                if (isinstance(given, Function) or bound) and not is_test(module_of(call).path):
                    fact = ReceiverWeak("lambda" if not bound else "bound method", "", module_of(call).language)
                    yield seen(fact, call, self.name, (seen(fact, made, self.name, label="it is kept here by a weak reference alone"),))

    def _form(self, code: Code, use: Use, node: Node) -> str:
        """What the receiver is, if nothing else can hold it; "" if something may."""
        if isinstance(node, Function):
            return "lambda"
        origin = code.origins.of(node)
        if isinstance(node, Call) and origin.qualified == "functools.partial":
            return "partial"
        if isinstance(node, Name) and origin.kind == "made" and origin.qualified == "functools.partial" and _local(origin.site, use.call):
            return "partial"
        if isinstance(node, Name) and origin.kind == "function" and isinstance(origin.node, Function):
            inside = function_of(origin.node)
            if inside is not None and not _kept(inside, origin.node) and not (inside is function_of(use.call) and _waits_for_it(inside, use.call, origin.node)):
                return "nested function"
        method = origin.node if origin.kind == "function" and isinstance(origin.node, Function) else None
        if "by-ref" in use.idiom.traits and isinstance(node, Member) and method is not None and isinstance(method.parent, ClassDef):
            # `self._show = self.show`: what is kept under another name is one object, that stays.
            return "bound method" if node.name == method.name else ""
        if isinstance(node, Member) and isinstance(node.object, Call) and origin.kind == "function":
            return "temporary object's method"
        if isinstance(node, Member) and isinstance(node.object, Name):
            holder = code.origins.of(node.object)
            if holder.kind == "made" and holder.cls is not None and _local(holder.site, use.call) and not _keeps_itself(holder.cls):
                return "temporary object's method"
        return ""


def _local(made: Node | None, call: Call) -> bool:
    """Whether an object is made in the function that connects it, for a name that this function lets go."""
    function = function_of(call)
    if function is None or made is None or function_of(made) is not function or not isinstance(made.parent, Assign):
        return False
    target = made.parent.targets[0]
    if not isinstance(target, Name) or function.is_generator:
        return False
    for node in function.walk():
        if isinstance(node, Name) and node.id == target.id and node is not target:
            parent = node.parent
            if parent is call or isinstance(parent, Keyword) and parent.parent is call:
                continue
            if isinstance(parent, Member) and not (isinstance(parent.parent, Assign) and parent.parent.value is parent):
                continue
            if isinstance(parent, (Return, Assign, Keyword, Call, Yield, Sequence, Object, Entry)):
                return False
    # A program's main function keeps its names as long as the program runs.
    return not any(isinstance(n, (Loop, Await)) and n.line > call.line for n in function.walk()) and function.name not in ("main", "run")


def _keeps_itself(cls: ClassDef) -> bool:
    """Whether a constructor hands its object on."""
    return any(
        isinstance(n, Name) and n.id == "self" and isinstance(n.parent, (Call, Assign, Sequence, Keyword))
        for m in cls.body if isinstance(m, Function) for n in m.walk()
    )  # fmt: skip


def _strong(call: Call) -> bool:
    weak = call.keyword("weak")
    return isinstance(weak, Literal) and weak.value is False


def _waits_for_it(outer: Function, call: Call, nested: Function) -> bool:
    """Whether the function that connects a nested one goes on, and so holds it, until the event has come: it awaits, or takes it off again at its end."""
    later = (each for each in outer.inside(Await) if each.at >= call.end and function_of(each) is outer)
    taken_off = (arg for each in outer.inside(Call) if each.at > call.at and last_name(each.callee) in ("disconnect", "unsubscribe", "remove_listener") for arg in each.args)
    return any(True for _ in later) or any(isinstance(arg, Name) and arg.id == nested.name for arg in taken_off)


def _kept(outer: Function, nested: Function) -> bool:
    """Whether a nested function is returned, stored or handed on by the function around it."""
    for node in outer.inside(Name):
        if node.id == nested.name:
            parent = node.parent
            if isinstance(parent, (Return, Assign)):
                return True
            if isinstance(parent, Call) and isinstance(parent.callee, Member) and parent.callee.name in ("append", "add", "setdefault"):
                return True
    return False


PROBE = Receivers()
