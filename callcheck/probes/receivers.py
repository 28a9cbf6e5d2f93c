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
from callcheck.sources.code.let_go import let_go, loses
from callcheck.sources.code.lifetimes import has_one_instance
from callcheck.sources.code.origin import keeps
from callcheck.sources.code.scopes import function_of, module_of
from callcheck.sources.code.seen import seen
from callcheck.sources.code.tree import (
    Assign,
    Await,
    Call,
    ClassDef,
    Function,
    Keyword,
    Literal,
    Member,
    Name,
    Node,
    Return,
    Sequence,
    last_name,
    unbound,
)  # fmt: skip

_OF_OBJECTS = ("temporary object", "temporary object's method")
"""What is lost, too, where the library holds plain functions, and weakly only the objects of methods (`weak-methods`)."""


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
            if not use.idiom.weak or _strong(code, use.call) or is_test(use.module.path):
                continue
            below = use.call.parent if use.call.parent is not use.call.callee else use.call.callee.parent
            decorated = isinstance(below, Function) and any(d is use.call or d is use.call.callee for d in below.decorators)
            methods_only = "weak-methods" in use.idiom.traits
            if decorated and isinstance(below, Function):
                if methods_only:
                    continue
                inside = function_of(below)
                if inside is not None and not inside.is_generator and not _kept(inside, below) and not _waits_for_it(inside, use.call, below):
                    yield seen(ReceiverWeak("nested function", use.framework.name, use.module.language), use.call, self.name)
                continue
            for node in code.idioms.placed(use.call, use.idiom.handler):
                form = self._form(code, use, node)
                if form and (not methods_only or form in _OF_OBJECTS):
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
                bound = given is not None and unbound(given) is not given
                if (isinstance(given, Function) or bound) and not is_test(module_of(call).path):
                    fact = ReceiverWeak("lambda" if not bound else "bound method", "", module_of(call).language)
                    yield seen(fact, call, self.name, (seen(fact, made, self.name, label="it is kept here by a weak reference alone"),))

    def _form(self, code: Code, use: Use, node: Node) -> str:
        """What the receiver is, if nothing else can hold it; "" if something may."""
        # A loop may connect what stands in a table, which holds it.
        here = module_of(node) is use.module and (use.call.at <= node.at < use.call.end or use.call.at < 0)
        if isinstance(node, Function):
            return "lambda" if here or _in_local_table(use.call, node) else ""
        origin = code.origins.of(node)
        made = _made_here(code, use.call, node) if here else node if isinstance(node, Call) and _in_local_table(use.call, node) else None
        if made is not None and origin.qualified == "functools.partial":
            return "partial"
        if isinstance(node, Name) and origin.kind == "function" and isinstance(origin.node, Function):
            inside = function_of(origin.node)
            declared = code.origins.binding_of(node) is origin.node
            if declared and inside is not None and not _kept(inside, origin.node) and not (inside is function_of(use.call) and _waits_for_it(inside, use.call, origin.node)):
                return "nested function"
        method = origin.node if origin.kind == "function" and isinstance(origin.node, Function) else None
        if made is not None and method is not None and _made_by_factory(code, made, method):
            return "nested function"
        if made is not None and origin.kind == "made" and origin.cls is not None and origin.base is None and _callable(origin.cls) and not _stays(origin.cls):
            return "temporary object"
        if "by-ref" in use.idiom.traits and isinstance(node, Member) and method is not None and isinstance(method.parent, ClassDef):
            # `self._show = self.show`: what is kept under another name is one object, that stays.
            return "bound method" if node.name == method.name else ""
        if isinstance(node, Member) and isinstance(node.object, Call) and origin.kind == "function":
            return "temporary object's method"
        if isinstance(node, Member) and isinstance(node.object, Name):
            holder = code.origins.of(node.object)
            lost = isinstance(holder.site, Call) and function_of(holder.site) is function_of(use.call) and loses(code, holder.site, _weakly_kept(code, use.call))
            if lost and holder.kind == "made" and holder.cls is not None and not _keeps_itself(holder.cls):
                return "temporary object's method"
            if holder.kind == "self" and holder.cls is not None and node.object.id == "self" and self._dropped(code, holder.cls, use):
                return "temporary object's method"
        return ""

    def _dropped(self, code: Code, cls: ClassDef, connects: Use) -> bool:
        """Whether the objects of a class are let go where they are made: `Audit()` and `Audit(log).attach()` as statements, a name in an app's factory. What `connects` keeps weakly."""
        sites = [site for site in code.lifetimes.made_at(cls) if not is_test(module_of(site).path)]
        below = (code.origins.of(site).cls for site in sites)
        if any(_keeps_itself(each) or _hands_out(each, last_name(connects.call.callee)) for each in (cls, *below) if each is not None):
            return False
        signal = code.lifetimes.identity(connects.receiver)
        sent = [use.function for use in code.idioms.of("emit") if use.function is not None and signal and code.lifetimes.identity(use.receiver) == signal]
        return bool(sites) and all(let_go(code, site, sent) for site in sites)


def _made_here(code: Code, call: Call, node: Node) -> Call | None:
    """The call that makes what is connected: in its place, or above for a name that the function around it lets go."""
    if isinstance(node, Call):
        return node
    declared = code.origins.binding_of(node)
    value = declared.value if isinstance(declared, Assign) else None
    return value if isinstance(value, Call) and loses(code, value, _weakly_kept(code, call)) else None


def _weakly_kept(code: Code, call: Call) -> list[Call]:
    """A registration, and the others of its function that keep what they are given weakly."""
    function = function_of(call)
    return [call, *(use.call for use in code.idioms.of("register") if use.idiom.weak and use.function is function and not _strong(code, use.call))]


def _in_local_table(call: Call, node: Node) -> bool:
    """Whether what a loop connects stands in a table that the function around the loop makes: it goes with it."""
    function = function_of(call)
    return function is not None and function_of(node) is function and not function.is_generator and function.name not in ("main", "run")


def _made_by_factory(code: Code, made: Call, nested: Function) -> bool:
    """Whether a call gives a function that stands in the one called, which keeps it nowhere."""
    factory = function_of(nested)
    if factory is None or code.origins.of(made.callee).node is not factory or any(keeps(each) for each in factory.decorators):
        return False
    return all(last_name(each.callee if isinstance(each, Call) else each) == "wraps" for each in nested.decorators) and not _kept(factory, nested, returns=False)


def _callable(cls: ClassDef) -> bool:
    return any(isinstance(each, Function) and each.name == "__call__" for each in cls.body)


def _keeps_itself(cls: ClassDef) -> bool:
    """Whether a constructor hands its object on."""
    return any(
        isinstance(n, Name) and n.id == "self" and isinstance(n.parent, (Call, Assign, Sequence, Keyword))
        for m in cls.body if isinstance(m, Function) for n in m.walk()
    )  # fmt: skip


def _stays(cls: ClassDef) -> bool:
    """Whether an object outlives the place that makes it: its constructor hands on the object or a method of it (to a thread), or its class keeps the only one."""
    makes = next((each for each in cls.body if isinstance(each, Function) and each.name == "__init__"), None)
    return _keeps_itself(cls) or has_one_instance(cls) or (makes is not None and _hands_out(cls, "connect", makes))


def _hands_out(cls: ClassDef, connects: str, within: Function | None = None) -> bool:
    """Whether something else than a method that keeps weakly may hold a method of an object: it is given to another call, or a function inside uses the object."""
    methods = {each.name for each in cls.body if isinstance(each, Function)}
    for method in (each for each in cls.body if isinstance(each, Function) and within in (None, each)):
        for name in (each for each in method.inside(Name) if each.id == "self"):
            member = name.parent
            place = member.parent if isinstance(member, Member) else None
            call = place.parent if isinstance(place, Keyword) else place
            given = isinstance(call, Call) and member is not call.callee and last_name(call.callee) not in ("connect", connects)
            if given and isinstance(member, Member) and member.name in methods or function_of(name) is not method:
                return True
    return False


def _strong(code: Code, call: Call) -> bool:
    """Whether a call says `weak=False`, itself or by options that it is given with `**`."""
    given = code.idioms.option(call, "weak")
    weak = code.origins.of(given).node if isinstance(given, (Name, Member)) else given
    return isinstance(weak, Literal) and weak.value is False or given is not None and not isinstance(weak, Literal)


def _waits_for_it(outer: Function, call: Call, nested: Function) -> bool:
    """Whether the function that connects a nested one goes on, and so holds it, until the event has come: it awaits, or takes it off again at its end."""
    later = (each for each in outer.inside(Await) if each.at >= call.end and function_of(each) is outer)
    taken_off = (arg for each in outer.inside(Call) if each.at > call.at and last_name(each.callee) in ("disconnect", "unsubscribe", "remove_listener") for arg in each.args)
    return any(True for _ in later) or any(isinstance(arg, Name) and arg.id == nested.name for arg in taken_off)


def _kept(outer: Function, nested: Function, returns: bool = True) -> bool:
    """Whether a nested function is stored or handed on by the function around it, or returned, if that counts."""
    for node in outer.inside(Name):
        if node.id == nested.name:
            parent = node.parent
            if isinstance(parent, Assign) or isinstance(parent, Return) and returns:
                return True
            if isinstance(parent, Call) and isinstance(parent.callee, Member) and parent.callee.name in ("append", "add", "setdefault"):
                return True
    return False


PROBE = Receivers()
