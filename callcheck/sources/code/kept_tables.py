"""Which table in memory does an expression name, and does it live on from one request to the next?

    rooms[id].add(queue)     rooms.setdefault(id, set()).add(queue)     (rooms[id] ||= new Set()).add(queue)     the table `rooms`
    waiting = request.app["waiting"]; waiting[key] = future             the one that is kept on the application
"""

from __future__ import annotations

from callcheck.model.noun import dataclass
from callcheck.sources.code import Code
from callcheck.sources.code.kept import place
from callcheck.sources.code.outliving import is_table, outlives
from callcheck.sources.code.process_caches import process_cache
from callcheck.sources.code.scopes import module_of
from callcheck.sources.code.spelt import given_once
from callcheck.sources.code.tree import (
    Assign,
    Call,
    Member,
    Module,
    Name,
    Node,
    Object,
    Operation,
    Sequence,
    Subscript,
    dotted,
    last_name,
)

_FILLS = frozenset({"||", "??"})
"""Operators that make what is not there yet: `rooms[id] ?? new Set()`."""


@dataclass(frozen=True, slots=True, eq=False)
class Kept:
    """A table that outlives a request: where it is made, what it is called, and what is the same text for the same table."""

    node: Node
    name: str
    identity: str
    set_up: bool = False
    """Whether the node is where a framework's cache is set up, and not the table itself."""


def kept_table(code: Code, node: Node) -> Kept | None:
    """The table that an expression names, or of which it names an item that is a table itself; None for what does not outlive a request."""
    if isinstance(node, Assign) or isinstance(node, Operation) and node.operator in _FILLS:
        node = node.targets[0] if isinstance(node, Assign) else node.operands[0]  # `(rooms[id] ||= new Set()).add(queue)`
    if isinstance(node, Subscript):
        on_app = code.apps.table(node)
        if on_app is not None:
            return Kept(on_app, "the application's state", place(on_app))
        node = node.object
    if isinstance(node, Call) and isinstance(node.callee, Member) and node.callee.name in ("setdefault", "get") and node.args:
        node = node.callee.object
    got = isinstance(node, Call) and code.origins.of(node).kept  # `getRooms().set(id, socket)`
    if not got and not isinstance(node, (Name, Member)):
        return None
    held = given_once(code.origins, node) if isinstance(node, Name) else None
    for each in (node, held.value if held is not None else None):
        on_app = code.apps.table(each) if each is not None else None
        if on_app is not None:
            return Kept(on_app, dotted(node).rsplit(".", 1)[-1], place(on_app))
    if held is not None and isinstance(held.value, Name):
        return kept_table(code, held.value)  # `const all = waiters; waiters = [];`
    emptied = _declared_around(code, node) if isinstance(node, Name) else None
    origin = code.origins.of(emptied.value if emptied is not None else node)
    library = process_cache(code, origin)
    if library is not None:
        return Kept(library, last_name(node), place(library), set_up=True)
    if not is_table(origin) or origin.site is None or not outlives(code, origin):
        return None
    identity = code.lifetimes.identity(origin)
    name = last_name(node.callee if isinstance(node, Call) else node) or "a table"
    return Kept(origin.site, name, identity) if identity else None


def _declared_around(code: Code, name: Name) -> Assign | None:
    """Where a JavaScript file declares a variable that the function of this name gives another value: `let waiters = []` of `waiters = []`."""
    if module_of(name).language == "python":
        return None
    for scope in code.origins.scopes_of(name):
        declared = [each for each in code.project.scope(scope).get(name.id, []) if not isinstance(each, Assign) or each.declared]
        if declared:
            first = declared[0]
            return first if isinstance(scope, Module) and isinstance(first, Assign) and isinstance(first.value, (Object, Sequence, Call)) else None
    return None
