"""Where does a function turn away what it does not find in a table, and which table is that?

    if (!tickets.has(id)) return res.sendStatus(404);          if state not in states: abort(400)
    const job = jobs.get(id); if (!job) throw new NotFound();  try: job = jobs[id] / except KeyError: raise HTTPException(404)
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.noun import dataclass
from callcheck.model.pattern import pattern
from callcheck.sources.code import Code
from callcheck.sources.code.kept_tables import Kept, kept_table
from callcheck.sources.code.scopes import function_of
from callcheck.sources.code.spelt import given_once
from callcheck.sources.code.tree import (
    Assign,
    Await,
    Call,
    Function,
    If,
    Literal,
    Member,
    Module,
    Name,
    Node,
    Operation,
    Raise,
    Return,
    Subscript,
    Try,
    last_name,
)

_GETS = frozenset({"get", "pop", "find", "peek", "take"})
_HAS = frozenset({"has", "includes", "delete"})
_NONE = frozenset({"is", "===", "=="})
_MISSES = frozenset({"KeyError", "LookupError", "ValueError"})
_ABORTS = frozenset({"abort", "sendStatus", "notFound", "createError", "badRequest"})
_REFUSALS = pattern(r"^(?:HttpResponse(?:BadRequest|NotFound|Forbidden|Gone)|HTTP(?:BadRequest|NotFound|Forbidden|Gone))$")
_DEEPEST = 3


@dataclass(frozen=True, slots=True, eq=False)
class Absence:
    """A test by which a function ends where a table has no such item."""

    table: Kept
    node: Node
    refuses: bool
    """Whether the caller is told: an error of 4xx, an exception."""


def absences(code: Code, module: Module) -> Iterator[Absence]:
    """Those of a file, in order."""
    for test in module.all(If):
        if function_of(test) is None or not _ends(test.then):
            continue
        table = next((found for part in _ways(test.test) if (found := _asked(code, part)) is not None), None)
        if table is not None:
            yield Absence(table, test, _tells(test.then))
    for each in module.all(Try):
        missed = next((catch for catch in each.catches if _MISSES & {name.rsplit(".", 1)[-1] for name in catch.types}), None)
        if missed is None or function_of(each) is None or not _ends(missed.body):
            continue
        for read in (node for part in each.body for node in part.inside(Subscript)):
            table = kept_table(code, read.object)
            if table is not None:
                yield Absence(table, missed, _tells(missed.body))
                break


def _ways(test: Node) -> list[Node]:
    return test.operands if isinstance(test, Operation) and test.operator == "||" else [test]


def _asked(code: Code, test: Node) -> Kept | None:
    """The table that a test finds something absent in."""
    if not isinstance(test, Operation):
        return None
    if test.operator == "not in":
        return kept_table(code, test.operands[1])
    if test.operator in ("not", "!"):
        inner = test.operands[0]
        if isinstance(inner, Operation) and inner.operator == "in":
            return kept_table(code, inner.operands[1])
        if isinstance(inner, Call) and isinstance(inner.callee, Member) and inner.callee.name in _HAS and inner.args:
            return kept_table(code, inner.callee.object)
        return item_of(code, inner)
    if test.operator in _NONE and len(test.operands) == 2 and isinstance(test.operands[1], Literal) and test.operands[1].value is None:
        return item_of(code, test.operands[0])
    return None


def item_of(code: Code, node: Node, depth: int = 0) -> Kept | None:
    """The table that an expression is an item of: `jobs[id]`, `jobs.get(id)`, a name that is given one, a function of the project that gives one."""
    if depth > _DEEPEST:
        return None
    if isinstance(node, Await):
        node = node.value
    if isinstance(node, Assign):  # `(job := jobs.get(id))`
        return item_of(code, node.value, depth + 1) if node.value is not None else None
    if isinstance(node, Subscript):
        return kept_table(code, node.object)
    if isinstance(node, Name):
        held = given_once(code.origins, node)
        return item_of(code, held.value, depth + 1) if held is not None and held.value is not None and function_of(held) is function_of(node) else None
    if isinstance(node, Call):
        if isinstance(node.callee, Member) and node.callee.name in _GETS and node.args:
            found = kept_table(code, node.callee.object)
            if found is not None:
                return found
        function = code.origins.of(node.callee).node
        given = [each.value for each in function.inside(Return) if each.value is not None and function_of(each) is function] if isinstance(function, Function) else []
        return next((found for value in given if (found := item_of(code, value, depth + 1)) is not None), None)
    return None


def _ends(body: list[Node]) -> bool:
    """Whether a branch is the end of its function."""
    last = body[-1] if body else None
    return isinstance(last, (Return, Raise)) or isinstance(last, Call) and last_name(last.callee) in _ABORTS


def _tells(body: list[Node]) -> bool:
    for part in body:
        if any(isinstance(n.value, int) and (400 <= n.value < 500 or 4000 <= n.value < 5000) for n in part.inside(Literal)):
            return True
        if isinstance(part, Raise) or any(last_name(call.callee) in _ABORTS or _REFUSALS.match(last_name(call.callee)) for call in part.inside(Call)):
            return True
    return False
