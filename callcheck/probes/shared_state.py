"""Which tables in memory hold a waiter that one request parks and another is to wake?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.facts.delivery import StateInMemory
from callcheck.model.noun import dataclass, field
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.target import Target
from callcheck.model.words import Lifetime
from callcheck.sources import Eyes
from callcheck.sources.code import Code
from callcheck.sources.code.lifetimes import PER_CALL
from callcheck.sources.code.origins import Origin
from callcheck.sources.code.scopes import function_of, module_of
from callcheck.sources.code.seen import seen
from callcheck.sources.code.tree import (
    Assign,
    Call,
    Function,
    Member,
    Name,
    Node,
    Object,
    Param,
    Sequence,
    Subscript,
    dotted,
)

_TABLES = {"Map", "WeakMap", "dict", "collections.defaultdict", "defaultdict", "Set", "set", "list", "Array", "weakref.WeakValueDictionary"}
_STORES = {"set", "add", "append", "push", "setdefault", "put"}
_TAKES = {"get", "pop", "delete", "forEach", "values", "has", "items", "discard", "remove"}
_FUTURES = ("asyncio.Future", "concurrent.futures.Future", "create_future", "asyncio.Event", "threading.Event", "Promise", "Deferred")
_QUEUES = ("asyncio.Queue", "queue.Queue", "Subject", "rxjs.Subject", "asyncio.Queue", "anyio.create_memory_object_stream")
_TRANSPORTS = ("Transport",)
_CONNECTIONS = ("socket", "ws", "websocket", "res", "reply", "response", "client", "connection", "conn", "stream", "sse", "controller", "raw")
_RESOLVERS = ("resolve", "resolver", "reject", "callback", "cb", "done", "fulfil", "listener", "handler")


@dataclass(slots=True)
class _Table:
    """One table: what it holds, and where it is stored into and read from."""

    node: Node
    name: str
    identity: str
    stores: list[tuple[Node, str, Function | None]] = field(default_factory=list)
    takes: list[tuple[Node, Function | None]] = field(default_factory=list)


class SharedState:
    """Finds module-level maps, dicts and sets of futures, resolvers, queues, connections and transports."""

    name = "shared-state"
    looks_at = Sight.SOURCE
    answers = frozenset({StateInMemory})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        code = eyes.code
        tables: dict[str, _Table] = {}
        for module in code.project.modules.values():
            for node in _in_order(module.calls(*_STORES, *_TAKES), module.all(Assign), module.all(Subscript)):
                self._note(code, node, tables)
        for table in tables.values():
            yield from self._judge(code, table)

    def _note(self, code: Code, node: Node, tables: dict[str, _Table]) -> None:
        if isinstance(node, Call) and isinstance(node.callee, Member) and node.callee.name in _STORES | _TAKES:
            table = self._table(code, node.callee.object, tables)
            if table and node.callee.name in _STORES and node.args:
                table.stores.append((node, self._held(code, node.args[-1]), function_of(node)))
            elif table:
                table.takes.append((node, function_of(node)))
        elif isinstance(node, Assign) and any(isinstance(t, Subscript) for t in node.targets) and node.value is not None:
            for target in node.targets:
                table = self._table(code, target.object, tables) if isinstance(target, Subscript) else None
                if table:
                    table.stores.append((node, self._held(code, node.value), function_of(node)))
        elif isinstance(node, Subscript) and not (isinstance(node.parent, Assign) and node in node.parent.targets):
            table = self._table(code, node.object, tables)
            if table:
                table.takes.append((node, function_of(node)))

    def _table(self, code: Code, node: Node, tables: dict[str, _Table]) -> _Table | None:
        origin = code.origins.of(node)
        if not _is_table(origin) or code.lifetimes.lifetime(origin) is not Lifetime.PROCESS or origin.site is None:
            return None
        identity = code.lifetimes.identity(origin)
        name = dotted(node).rsplit(".", 1)[-1] or "a table"
        return tables.setdefault(identity, _Table(origin.site, name, identity)) if identity else None

    def _held(self, code: Code, value: Node, depth: int = 0) -> str:
        """What kind of waiter a stored value is, "" for none."""
        if depth > 3:
            return ""
        if isinstance(value, Object):
            return next((held for e in value.entries if (held := self._held(code, e.value, depth + 1))), "")
        if isinstance(value, Sequence):
            return next((held for i in value.items if (held := self._held(code, i, depth + 1))), "")
        if isinstance(value, Name) and _is_table(code.origins.of(value)):
            return self._held_by(code, value, depth)
        origin = code.origins.of(value)
        name = origin.qualified or (origin.cls.name if origin.cls is not None else "") or code.origins.type_name(origin)
        if origin.kind in ("made", "param") and name:
            for words, kind in ((_FUTURES, "future"), (_QUEUES, "queue"), (_TRANSPORTS, "transport")):
                if any(name == w or name.endswith(w) for w in words):
                    return kind
        last = dotted(value).rsplit(".", 1)[-1].lower()
        if any(origin.qualified.endswith(w) for w in ("ServerResponse", "WebSocket", "Response")) and origin.kind == "param":
            return "connection"
        if isinstance(origin.node, Param) and (last in _CONNECTIONS or code.idioms.kinds(origin)):
            return "connection" if last in _CONNECTIONS else "resolver" if last in _RESOLVERS else ""
        if last in _RESOLVERS and isinstance(value, (Name, Member)):
            return "resolver"
        if last in ("raw", "res", "websocket", "ws") and isinstance(value, (Name, Member)):
            return "connection"
        return ""

    def _held_by(self, code: Code, name: Name, depth: int) -> str:
        """What is put into a local set, list or map, found by its name in the same function."""
        function = function_of(name)
        for node in function.inside(Call) if function is not None else ():
            if isinstance(node.callee, Member) and node.callee.name in _STORES and node.args:
                if isinstance(node.callee.object, Name) and node.callee.object.id == name.id:
                    held = self._held(code, node.args[-1], depth + 1)
                    if held:
                        return held
        return ""

    def _judge(self, code: Code, table: _Table) -> Iterator[Evidence]:
        stored = next(((n, held, f) for n, held, f in table.stores if held and self._per_call(code, f)), None)
        if stored is None:
            return
        node, held, storing = stored
        other = next((n for n, f in table.takes if f is not None and f is not storing and _outer(f) is not _outer(storing)), None)
        if other is None:
            return
        fact = StateInMemory(clean(table.name, 60), clean(table.identity, 120), held, _language(node))
        because = (
            seen(fact, node, self.name, label=f"one request parks its {held} here"),
            seen(fact, other, self.name, label="another one looks for it here"),
        )
        yield seen(fact, table.node, self.name, because)

    def _per_call(self, code: Code, function: Function | None) -> bool:
        """Whether a function runs once per request, or is a method or helper that no start-up code runs."""
        return function is not None and code.lifetimes.role(function) in (*PER_CALL, "helper", "callback")


def _in_order(*lists: Iterable[Node]) -> list[Node]:
    return sorted((node for each in lists for node in each), key=lambda node: node.at)


def _is_table(origin: Origin) -> bool:
    if origin.kind == "value":
        return isinstance(origin.node, (Object, Sequence))
    return origin.kind == "made" and origin.qualified in _TABLES


def _outer(function: Function | None) -> Function | None:
    """The outermost function around one."""
    while function is not None:
        above = function_of(function)
        if above is None:
            return function
        function = above
    return None


def _language(node: Node) -> str:
    return module_of(node).language


PROBE = SharedState()
