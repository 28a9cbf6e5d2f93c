"""Does code that runs outside of every request ask for what a request put into its AsyncLocalStorage?

    setInterval(() => flush(), 250);                          // made when the module is loaded: no store was ever entered here
    function flush() { storage.getStore()?.progress("done"); }
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.facts.meeting import ContextDropped
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.code import Code
from callcheck.sources.code.idioms import Use
from callcheck.sources.code.repeats import Repeats
from callcheck.sources.code.scopes import function_of, module_of
from callcheck.sources.code.seen import seen
from callcheck.sources.code.tree import (
    Assign,
    Call,
    ClassDef,
    Function,
    If,
    Member,
    Name,
    Node,
    Object,
    Operation,
    Raise,
    Return,
    dotted,
    last_name,
)

if TYPE_CHECKING:
    from callcheck.sources.code.parked import Parked

_STORAGE, _NAMESPACE = "async-hooks.storage", "async-hooks.namespace"
"""Node's own, and those that give one value after the other (cls-hooked, nestjs-cls)."""
_LATER = frozenset({"setTimeout", "setImmediate", "nextTick", "queueMicrotask"})
_AT_START = ("module", "startup")
_FROM_OUTSIDE = ("message", "job")
_MOST_ACCESSORS = 3
"""Functions that may hand the store on from one to the other."""


class Stores:
    """Follows each timer, and each handler of what comes from outside, to where it calls something that it takes from the store."""

    name = "stores"
    looks_at = Sight.SOURCE
    about = ("async-hooks",)
    answers = frozenset({ContextDropped})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        code = eyes.code
        every = [read for call in code.project.calls("getStore") if _of_storage(code, call) for read in _reads(code, call, 0)]
        reads = [read for read in every if _needs(read)]
        wanted = [read for read in every if read in reads or _gives_up(read)]
        wanted += [call for call in code.project.calls("get") if call.args and function_of(call) is not None and _of_storage(code, call, _NAMESPACE)]
        if wanted:
            yield from self._handed(code, wanted)
        if not reads:
            return
        entering = [function for call in code.project.calls("run", "enterWith") if _of_storage(code, call) and (function := function_of(call)) is not None]
        for at, function, how in _detached(code):
            if any(code.flow.reaches(function, each) for each in entering):
                continue
            read = next((each for each in reads if (inside := function_of(each)) is not None and code.flow.reaches(function, inside)), None)
            if read is not None:
                fact = ContextDropped(clean(dotted(read.callee if isinstance(read, Call) else read) or "getStore", 60), "storage", "async-hooks", module_of(read).language)
                yield seen(fact, read, self.name, (seen(fact, at, self.name, label=f"{how}, where no store was entered"),))


    def _handed(self, code: Code, reads: list[Call | Member]) -> Iterator[Evidence]:
        """Callbacks of a request that something else calls: a timer or a message, by way of a list, or an emission that it makes."""
        from callcheck.sources.code.parked import parked

        runs = [(at, function, how) for at, function, how in _detached(code)]
        for each in parked(code.origins):
            how = next((how for _, function, how in runs if code.flow.reaches(function, each.caller)), "") or _put_off(each)
            for call in code.origins.calls_of(each.keeper) if how else ():
                given = call.args[each.index] if each.index < len(call.args) else None
                read = _read_by(code, given, reads)
                if read is not None and function_of(call) is not None:
                    yield self._lost(read, each.call, [(call, "handed over here, with the store of this request"), (each.at, "kept as it is, bound to no context")], how)
                    break
        for made in code.project.calls("DataLoader"):
            # A loader for all requests runs its batch once, in the context of the first of the calls that it answers.
            read = _read_by(code, made.args[0], reads) if made.new and made.args and function_of(made) is None else None
            if read is not None:
                yield self._lost(read, made, [], "in the context of the first call of a batch, for all requests that are in it")
        for use in code.idioms.of("register"):
            if use.function is None or use.idiom.on != "emitter" or use.module.language == "python":
                continue
            read = next((found for handler in code.idioms.handlers(use) if (found := _read_by(code, handler, reads)) is not None), None)
            sent = [s for name in code.idioms.events(use) for s in code.meetings.at("emit", code.lifetimes.identity(use.receiver), name)] if read is not None else []
            how = next((how for _, function, how in runs if sent and all(s.function is not None and code.flow.reaches(function, s.function) for s in sent)), "")
            if read is not None and how:
                yield self._lost(read, sent[0].call, [(use.call, "attached here, with the store of this request")], how)

    def _lost(self, read: Call | Member, called: Call, because: list[tuple[Node, str]], how: str) -> Evidence:
        name = clean(dotted(read.callee if isinstance(read, Call) else read) or "getStore", 60)
        fact = ContextDropped(name, "storage", "async-hooks", module_of(read).language)
        label = f"called here: {how}, with a store of its own or none"
        return seen(fact, called, self.name, (*(seen(fact, node, self.name, label=said) for node, said in because), seen(fact, read, self.name, label="it is read here")), label)


def _put_off(each: Parked) -> str:
    """How a function that keeps callbacks has them called: by a timer that it sets once for all of them."""
    timers = (call for call in each.keeper.inside(Call) if last_name(call.callee) in _LATER)
    named = {last_name(node) for call in timers for arg in call.args[:1] for node in (*arg.inside(Name), *arg.inside(Member))}
    return "the first caller's timer runs it for all" if each.caller.name and each.caller.name in named else ""


def _read_by(code: Code, given: Node | None, reads: list[Call | Member]) -> Call | Member | None:
    """Where a function that is handed over reads the store, itself or in what it calls."""
    function = given if isinstance(given, Function) else code.origins.of(given).node if isinstance(given, (Name, Member)) else None
    if not isinstance(function, Function):
        return None
    return next((read for read in reads if (inside := function_of(read)) is not None and code.flow.reaches(function, inside)), None)


def _gives_up(read: Call | Member) -> bool:
    """Whether a function returns at once where there is no store: `if (!store) return;`."""
    node = _whole(read)
    function, parent = function_of(read), node.parent
    if function is None or not isinstance(parent, Assign) or not isinstance(parent.targets[0], Name):
        return False
    name = parent.targets[0].id
    gives = (test for test in function.inside(If) if test.then and isinstance(test.then[0], (Return, Raise)) and isinstance(test.test, Operation))
    return any(test.test.operator in ("!", "==", "===") and any(each.id == name for each in test.test.inside(Name)) for test in gives if isinstance(test.test, Operation))


def _of_storage(code: Code, call: Call, kind: str = _STORAGE) -> bool:
    return isinstance(call.callee, Member) and kind in code.idioms.kinds(code.origins.of(call.callee.object))


def _reads(code: Code, call: Call | Member, depth: int) -> Iterator[Call | Member]:
    """A call that gives the store, or, where its function only hands this on, the calls of that function."""
    function = function_of(call)
    if function is None:
        return
    if isinstance(_whole(call).parent, Return) and depth < _MOST_ACCESSORS:
        if _granted(call):
            yield call
        for each in _got(code, function) if function.accessor == "get" else code.origins.calls_of(function):
            yield from _reads(code, each, depth + 1)
    else:
        yield call


def _got(code: Code, getter: Function) -> Iterator[Member]:
    """Where a getter of a class, or of an object of the project, is asked."""
    holder = getter.parent if isinstance(getter.parent, ClassDef) else None
    for member in (each for module in code.project.naming(getter.name) for each in module.all(Member)):
        if member.name == getter.name and holder is not None and code.origins.of(member.object).cls is holder:
            yield member


def _whole(call: Call | Member) -> Node:
    """`getStore()?.user.name`, of which the call is the beginning."""
    node: Node = call
    while isinstance(node.parent, Member) and node.parent.object is node:
        node = node.parent
    return node


def _needs(read: Call | Member) -> bool:
    """Whether something that is taken from the store is called, or the store is taken for granted: without it nothing is told, or all fails."""
    node = _whole(read)
    parent = node.parent
    if isinstance(parent, Call) and parent.callee is node:
        return True
    if _granted(read):
        return True
    if not isinstance(parent, Assign) or parent.value is not node:
        return False
    function = function_of(read)
    names = {each.id for target in parent.targets for each in ([target] if isinstance(target, Name) else target.inside(Name) if isinstance(target, Object) else [])}
    return function is not None and any(_root(each.callee) in names for each in function.inside(Call))


def _granted(read: Call | Member) -> bool:
    """Whether something is taken from the store without asking whether it is there: `getStore().user`."""
    return isinstance(read, Call) and _whole(read) is not read and any(f"{dotted(read.callee)}(){sign}" in module_of(read).line_of(read) for sign in (".", "!."))


def _root(node: Node) -> str:
    while isinstance(node, Member):
        node = node.object
    return node.id if isinstance(node, Name) else ""


def _detached(code: Code) -> Iterator[tuple[Node, Function, str]]:
    """Functions that run outside of every request, with the call that sees to it and how."""
    for call, function in Repeats(code.origins).timers:
        if code.lifetimes.role(function_of(call) if function_of(call) is not function else function) in _AT_START:
            yield call, function, "a timer that is set at the start runs it"
    for use in code.idioms.of("register", "serve", "subscribe"):
        if use.module.language != "python" and _comes_from_outside(use) and code.lifetimes.role(use.function) in _AT_START:
            yield from ((use.call, each, "what comes from outside runs it") for each in code.idioms.handlers(use) if isinstance(each, Function))


def _comes_from_outside(use: Use) -> bool:
    return use.idiom.role in _FROM_OUTSIDE or "transport" in use.idiom.traits


PROBE = Stores()
