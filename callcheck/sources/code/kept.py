"""Which tables are kept on an application object, or make their items on demand?

    app.state.pending = {}              request.app.state.pending[id] = future
    app["sockets"] = set()              request.app["sockets"].add(socket)
    queues = defaultdict(asyncio.Queue)
"""

from __future__ import annotations

from callcheck.sources.code import Code
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

_TABLES = frozenset({"dict", "set", "list", "defaultdict", "deque", "WeakSet", "WeakValueDictionary", "OrderedDict"})
_APPS = frozenset({"app", "application", "_app"})


def on_app(code: Code, node: Node) -> Assign | None:
    """Where the table that an expression names is put on an application, for Python; None for anything else."""
    if module_of(node).language != "python":
        return None
    if isinstance(node, Member) and last_name(node.object) in {"state", *_APPS}:
        # `app["sockets"]` is read as a member too.
        found = (a for module in code.project.naming(last_name(node.object), *_APPS) for a in module.all(Assign) for t in a.targets if _same_member(t, node))
    elif isinstance(node, Subscript) and last_name(node.object) in _APPS and (key := _key(code, node)):
        found = (a for module in code.project.naming(*_APPS) for a in module.all(Assign) for t in a.targets if isinstance(t, Subscript) and last_name(t.object) in _APPS and _key(code, t) == key)
    else:
        return None
    return next((assign for assign in found if _is_table(assign.value)), None)


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


def _same_member(target: Node, node: Member) -> bool:
    owner = last_name(node.object)
    return isinstance(target, Member) and target.name == node.name and (last_name(target.object) == owner or {last_name(target.object), owner} <= _APPS)


def _key(code: Code, node: Subscript) -> str:
    """The key of `app[KEY]`: its text, or the name of the constant."""
    key = node.key
    if isinstance(key, Literal):
        return str(key.value)
    around = function_of(key) if isinstance(key, Name) else None
    given = around is not None and isinstance(key, Name) and any(param.name == key.id for param in around.params)
    return "" if given else last_name(key)


def _is_table(value: Node | None) -> bool:
    return isinstance(value, (Object, Sequence)) or (isinstance(value, Call) and last_name(value.callee) in _TABLES)
