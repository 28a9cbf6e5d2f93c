"""Does code that runs outside of every request ask for what a request put into its AsyncLocalStorage?

    setInterval(() => flush(), 250);                          // made when the module is loaded: no store was ever entered here
    function flush() { storage.getStore()?.progress("done"); }
"""

from __future__ import annotations

from collections.abc import Iterator

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
from callcheck.sources.code.tree import Assign, Call, ClassDef, Function, Member, Name, Node, Object, Return, dotted

_STORAGE = "async-hooks.storage"
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
        reads = [read for call in code.project.calls("getStore") if _of_storage(code, call) for read in _reads(code, call, 0) if _needs(read)]
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


def _of_storage(code: Code, call: Call) -> bool:
    return isinstance(call.callee, Member) and _STORAGE in code.idioms.kinds(code.origins.of(call.callee.object))


def _reads(code: Code, call: Call | Member, depth: int) -> Iterator[Call | Member]:
    """A call that gives the store, or, where its function only hands this on, the calls of that function."""
    function = function_of(call)
    if function is None:
        return
    if isinstance(_whole(call).parent, Return) and depth < _MOST_ACCESSORS:
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
    if isinstance(read, Call) and node is not read and any(f"{dotted(read.callee)}(){sign}" in module_of(read).line_of(read) for sign in (".", "!.")):
        return True
    if not isinstance(parent, Assign) or parent.value is not node:
        return False
    function = function_of(read)
    names = {each.id for target in parent.targets for each in ([target] if isinstance(target, Name) else target.inside(Name) if isinstance(target, Object) else [])}
    return function is not None and any(_root(each.callee) in names for each in function.inside(Call))


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
