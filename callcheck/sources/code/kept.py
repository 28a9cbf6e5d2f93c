"""Which tables are kept on an application object, or make their items on demand?

    app.state.pending = {}              request.app.state.pending[id] = future
    app["sockets"] = set()              request.app["sockets"].add(socket)
    queues = defaultdict(asyncio.Queue)
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from callcheck.model.signs import Sign
from callcheck.sources.code.project import Project
from callcheck.sources.code.scopes import function_of, module_of
from callcheck.sources.code.tree import (
    Assign,
    Call,
    Function,
    Literal,
    Member,
    Name,
    Node,
    Object,
    Sequence,
    Subscript,
    last_name,
)
from callcheck.sources.code.waiters import Waiters

if TYPE_CHECKING:
    from callcheck.sources.code import Code

_TABLES = frozenset({"dict", "set", "list", "defaultdict", "deque", "WeakSet", "WeakValueDictionary", "OrderedDict"})
_APPS = ("app", "application", "_app", "current_app")
_STATES = ("state", "ctx")
"""What Starlette and Sanic keep for the app's own things: `app.state.waiting`, `app.ctx.waiting`."""
_KEYED = (*_APPS, "config", "extensions")


class Apps:
    """The tables that a project keeps on its application objects, for Python."""

    def __init__(self, project: Project) -> None:
        self._project = project

    def table(self, node: Node) -> Assign | None:
        """Where the table that an expression names is put on an application; None for anything else."""
        if not isinstance(node, (Member, Subscript)) or module_of(node).language != "python":
            return None
        owner = last_name(node.object)
        if isinstance(node, Member):
            # `app["sockets"]` is read as a member too.
            return self._on_state.get(node.name) if owner in _STATES else self._members.get(node.name) if owner in _KEYED else None
        return self._keyed.get(_key(node)) if owner in _KEYED else None

    @functools.cached_property
    def _on_state(self) -> dict[str, Assign]:
        return _first((target.name, assign) for target, assign in self._puts(_STATES) if isinstance(target, Member))

    @functools.cached_property
    def _members(self) -> dict[str, Assign]:
        return _first((target.name, assign) for target, assign in self._puts(_KEYED) if isinstance(target, Member))

    @functools.cached_property
    def _keyed(self) -> dict[str, Assign]:
        return _first((key, assign) for target, assign in self._puts(_KEYED) if isinstance(target, Subscript) and (key := _key(target)))

    def _puts(self, owners: tuple[str, ...]) -> Iterator[tuple[Node, Assign]]:
        """Where a table is put on an object of one of these names, file by file."""
        for module in self._project.showing(Sign(words=owners, pattern=rf"\b(?:{'|'.join(owners)})\s*[.\[][^=]{{1,200}}=")):
            for assign in module.all(Assign):
                if _is_table(assign.value):
                    yield from ((t, assign) for t in assign.targets if isinstance(t, (Member, Subscript)) and last_name(t.object) in owners)


def _first(puts: Iterable[tuple[str, Assign]]) -> dict[str, Assign]:
    """By each name what was put there first."""
    found: dict[str, Assign] = {}
    for name, assign in puts:
        found.setdefault(name, assign)
    return found


def place(node: Node) -> str:
    """A text for a place, the same for the same place."""
    return f"{module_of(node).path}:{node.line}"


def made_on_demand(code: Code, waiters: Waiters, made: Node) -> str:
    """What kind of waiter a `defaultdict` makes when it is asked for a key it has not; "" for other tables."""
    call = made.value if isinstance(made, Assign) else made
    if not isinstance(call, Call) or last_name(call.callee) != "defaultdict" or not call.args:
        return ""
    factory = call.args[0]
    if isinstance(factory, Function):
        return next((held for inner in factory.inside(Call) if (held := waiters.kind(inner))), "")
    made_by = Call(factory, [], line=call.line, column=call.column, end_line=call.end_line, parent=call)
    return waiters.kind(made_by)


def _key(node: Subscript) -> str:
    """The key of `app[KEY]`: its text, or the name of the constant."""
    key = node.key
    if isinstance(key, Literal):
        return str(key.value)
    around = function_of(key) if isinstance(key, Name) else None
    given = around is not None and isinstance(key, Name) and any(param.name == key.id for param in around.params)
    return "" if given else last_name(key)


def _is_table(value: Node | None) -> bool:
    return isinstance(value, (Object, Sequence)) or (isinstance(value, Call) and last_name(value.callee) in _TABLES)
