"""Which results run only once somebody asks for them, and are never asked?

    streamText({ model, onFinish });            // nothing reads the stream
    this.client.send("report.build", order);    // an observable that nobody subscribes to
    Order.updateOne({ _id }, { paid: true });   // a query that is neither awaited nor executed
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.facts.execution import ResultUnused
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.code import Code
from callcheck.sources.code.idioms import Use
from callcheck.sources.code.left_alone import only_looks
from callcheck.sources.code.scopes import function_of, is_statement, module_of
from callcheck.sources.code.seen import seen
from callcheck.sources.code.tree import (
    Assign,
    Await,
    Call,
    Member,
    Name,
    Node,
    Operation,
    Return,
    last_name,
)

_DEEPEST = 3
"""How many functions of the project may hand the result on."""
_DROPS = frozenset({"setInterval", "setTimeout", "setImmediate", "forEach", "addEventListener", "on", "once", "subscribe"})
"""What calls the function that it is given, and does nothing with what this gives back."""


class Lazy:
    """Follows each lazy call to where its value ends: dropped, or kept under a name that nothing mentions again."""

    name = "lazy"
    looks_at = Sight.SOURCE
    about = ("lazy",)
    answers = frozenset({ResultUnused})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        for use in eyes.code.idioms.uses:
            if "lazy" not in use.idiom.traits:
                continue
            if unused(use, use.call):
                yield self._state(use, use.call)
            else:
                made = self._state(use, use.call, label="made here, and given to the caller")
                yield from (self._state(use, call, (made,)) for call in _dropped_by_callers(eyes.code, use, use.call, 0))

    def _state(self, use: Use, call: Call, because: tuple[Evidence, ...] = (), label: str = "") -> Evidence:
        method = clean(last_name(call.callee), 60) or "it"
        form = next((word for word in ("query", "observable", "job") if word in use.idiom.traits), "stream")
        return seen(ResultUnused(form, method, use.framework.name, use.module.language), call, self.name, because, label)


def _dropped_by_callers(code: Code, use: Use, call: Call, depth: int) -> Iterator[Call]:
    """Where functions of the project give the result to their callers, and one of these drops it."""
    end = _end(use, call)
    function = function_of(call)
    if end is None or not (isinstance(end.parent, Return) or _only_returned(end)) or function is None or function.decorators or depth > _DEEPEST:
        return
    if function.is_async and "await" in use.idiom.consumed:
        return  # a promise that is settled with something that has a then() calls it
    if isinstance(function.parent, Call) and last_name(function.parent.callee) in _DROPS:
        yield call
    for each in code.origins.calls_of(function):
        if unused(use, each):
            yield each
        else:
            yield from _dropped_by_callers(code, use, each, depth + 1)


def unused(use: Use, call: Call) -> bool:
    """Whether nothing makes the result of a lazy call run, here where it is called or handed on to."""
    node = _end(use, call)
    if node is None:
        return False
    if isinstance(node.parent, Assign) and node.parent.value is node:
        return _never_mentioned(node.parent, use)
    return is_statement(node)


def _end(use: Use, call: Call) -> Node | None:
    """The last of the calls that are chained to a lazy one; None if one of them makes its result run."""
    node: Node = call
    while True:
        parent = node.parent
        if isinstance(parent, Member) and isinstance(parent.parent, Call) and parent.parent.callee is parent:
            if not use.idiom.consumed or parent.name in use.idiom.consumed:
                return None
            node = parent.parent
        elif isinstance(parent, Await):
            if "await" in use.idiom.consumed:
                return None
            node = parent
        elif isinstance(parent, Operation) and parent.operator == "void":
            node = parent
        else:
            return node


def _only_returned(node: Node) -> bool:
    """Whether a result is kept under one name, and all that is done with this is to return it."""
    assign, function = node.parent, function_of(node)
    if not isinstance(assign, Assign) or assign.value is not node or len(assign.targets) != 1 or function is None:
        return False
    name = assign.targets[0]
    mentions = [each for each in function.inside(Name) if isinstance(name, Name) and each.id == name.id and each is not name]
    return bool(mentions) and all(isinstance(each.parent, Return) for each in mentions)


def _never_mentioned(assign: Assign, use: Use) -> bool:
    """Whether the one plain name that an assignment declares is mentioned nowhere else."""
    if len(assign.targets) != 1 or not isinstance(assign.targets[0], Name) or assign.declared not in ("const", "let", "var", ""):
        return False
    name = assign.targets[0]
    scope = function_of(assign) or module_of(assign)
    if module_of(assign) is scope and _exported(name, scope):
        return False
    return all(only_looks(n) or _only_reads(n, use) for n in scope.inside(Name) if n.id == name.id and n is not name)


def _only_reads(name: Name, use: Use) -> bool:
    """Whether a use of a name reads an attribute that does not make the result run: `result.final_output`."""
    member = name.parent
    return isinstance(member, Member) and bool(use.idiom.consumed) and member.name not in use.idiom.consumed


def _exported(name: Name, module: Node) -> bool:
    return any(name.id in getattr(node, "names", ()) for node in module.children())


PROBE = Lazy()
