"""Which tables in memory hold a waiter that one request parks and another is to wake?

    const waiting = new Map();                             pending: dict[str, asyncio.Future] = {}
    waiting.set(id, resolve);        // in one request     pending[job_id] = future
    waiting.get(id)?.(result);       // in another         pending.pop(job_id).set_result(body)

Also a single waiter kept for the whole process (`done = asyncio.Event()`, `let wake = resolve`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.facts.memory import StateInMemory
from callcheck.model.noun import dataclass, field
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.signs import Sign
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.code import Code
from callcheck.sources.code.function_roles import PER_CALL
from callcheck.sources.code.kept import made_on_demand
from callcheck.sources.code.kept_tables import kept_table
from callcheck.sources.code.origins import Origin
from callcheck.sources.code.outliving import TABLE, is_table, outlives, per_call
from callcheck.sources.code.scopes import enclosing, function_of, module_of
from callcheck.sources.code.seen import seen
from callcheck.sources.code.tree import (
    Assign,
    Call,
    ClassDef,
    Function,
    Loop,
    Member,
    Name,
    Node,
    Sequence,
    Spread,
    Subscript,
    dotted,
)
from callcheck.sources.code.waiters import CONSTRUCTORS, HOLDERS, Waiters

_REGISTRY = pattern(r"(?i)(?:watcher|listener|subscriber|subscription|observer|callback|webhook)s?(?:_?by_?\w+)?$")
"""Names of tables of those who are to be told, whatever stands for them: an address, an object of their own."""
_STORES = frozenset({"set", "add", "append", "push", "setdefault", "put", "unshift"})
_TAKES = frozenset({"get", "pop", "forEach", "values", "items", "entries", "shift", "find", "filter", "map", "popleft", "splice"})
_WAITS = frozenset({"wait", "get", "join", "subscribe", "receive", "pipe", "asObservable"})
_SIGNALS = frozenset({"set", "put", "put_nowait", "set_result", "notify_all", "notify", "next", "send"})
_CANCELS = frozenset({"cancel", "abort", "kill", "terminate", "send_signal"})
_STORED = r"\.(?:set|add|append|push|setdefault|put|unshift)\(|\][ \t]*=(?!=)"
_PAGE = pattern(
    r"(?<![\w.])window\.\w|(?<![\w.])navigator\.\w|(?<![\w.])(?:local|session)Storage\.|\bnew (?:window\.)?(?:AudioContext|AudioWorkletNode|MediaRecorder|IntersectionObserver|ResizeObserver)\("
    r"|(?<![\w.])document\.(?:createElement|querySelector\w*|getElementById|addEventListener|body|head|cookie)\b"
)
"""What a page alone has."""
_DRIVES = pattern(r"\.evaluate\w*\(|typeof (?:window|document|navigator)\b")
"""A program that has a browser do something, or one that may run in both."""


@dataclass(slots=True)
class _Table:
    """One table: what it holds, and where it is stored into and read from."""

    node: Node
    name: str
    identity: str
    stores: list[tuple[Node, str, Function | None]] = field(default_factory=list)
    takes: list[tuple[Node, Function | None]] = field(default_factory=list)


class SharedState:
    """Finds maps, dicts, sets and slots that outlive a request and hold futures, resolvers, queues, connections or transports."""

    name = "shared-state"
    looks_at = Sight.SOURCE
    signs = (
        Sign(words=CONSTRUCTORS, served=True),
        Sign(words=HOLDERS, pattern=rf"(?i)(?:{_STORED})[^;]{{0,120}}?\b(?:{'|'.join(HOLDERS)})\b", served=True),
        Sign(words=HOLDERS, pattern=rf"(?i)[^=!<>]=\s*(?:[\w.]+\.)?(?:{'|'.join(HOLDERS)})\s*[;\n,}})]", served=True),
    )
    answers = frozenset({StateInMemory})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        code, waiters = eyes.code, Waiters(eyes.code.idioms)
        tables: dict[str, _Table] = {}
        for module in code.project.chosen.values():
            calls = module.calls(*_STORES, *_TAKES, "from", "list", "sorted", "gather")
            for node in _in_order(calls, module.all(Assign), module.all(Subscript), module.all(Loop), module.all(Spread)):
                self._note(code, waiters, node, tables)
        for table in tables.values():
            yield from self._judge(code, table)
        yield from self._slots(code, waiters)
        yield from self._signals(code, waiters)

    def _note(self, code: Code, waiters: Waiters, node: Node, tables: dict[str, _Table]) -> None:
        if isinstance(node, Call) and isinstance(node.callee, Member) and node.callee.name in _STORES:
            table = self._table(code, node.callee.object, tables)
            if table and node.args:
                table.stores.append((node, self._held(code, waiters, node.args[-1]), function_of(node)))
                if node.callee.name == "setdefault":
                    table.takes.append((node, function_of(node)))
        elif isinstance(node, Assign):
            for target in node.targets:
                table = self._table(code, _owner(target), tables) if isinstance(target, (Subscript, Member)) and node.value else None
                if table and node.value is not None:
                    table.stores.append((node, self._held(code, waiters, node.value), function_of(node)))
        else:
            for read in _reads(node):
                table = self._table(code, read, tables)
                if table:
                    table.takes.append((node, function_of(node)))
                    made = made_on_demand(code, waiters, table.node)
                    if made and isinstance(node.parent, Member) and node.parent.name in _WAITS:
                        table.stores.append((node, made, function_of(node)))

    def _table(self, code: Code, node: Node, tables: dict[str, _Table]) -> _Table | None:
        kept = kept_table(code, node)
        return tables.setdefault(kept.identity, _Table(kept.node, kept.name, kept.identity)) if kept is not None else None

    def _held(self, code: Code, waiters: Waiters, value: Node) -> str:
        """What kind of waiter a stored value is, or what a local table that is stored holds."""
        if isinstance(value, Name) and is_table(code.origins.of(value)):
            function = function_of(value)
            for node in function.inside(Call) if function is not None else ():
                if isinstance(node.callee, Member) and node.callee.name in _STORES and node.args:
                    if isinstance(node.callee.object, Name) and node.callee.object.id == value.id:
                        held = waiters.kind(node.args[-1], 1)
                        if held:
                            return held
        filled = _filled(value)
        return waiters.kind(value) or (waiters.kind(filled, 1) if filled is not None else "")

    def _judge(self, code: Code, table: _Table) -> Iterator[Evidence]:
        stored = next(((n, held, f) for n, held, f in table.stores if held and per_call(code, f)), None)
        if stored is None and _REGISTRY.search(table.name):
            stored = next(((n, "subscriber", f) for n, _, f in table.stores if per_call(code, f)), None)
        if stored is None:
            return
        node, held, _ = stored
        takes = [(n, f) for n, f in table.takes if not (held in ("resolver", "future") and _takes_turns(n))]
        if held == "task":
            # To keep a task is usual, and to end all of them at the end of the process too.
            takes = [(n, f) for n, f in takes if code.lifetimes.role(f) in ("request", "connection", "message") and _ends(n)]
        other = _of_another_run(code, node, (n for n, f in takes if f is not None))
        if other is not None and not (_of_page(table.node) and not any(code.lifetimes.role(f) in PER_CALL for f in (function_of(node), function_of(other)))):
            yield self._parked(code, table.node, table.name, table.identity, held, node, other)

    def _parked(self, code: Code, made: Node, name: str, identity: str, held: str, parks: Node, wakes: Node) -> Evidence:
        roles = [code.lifetimes.role(function_of(parks)), _woken_by(code, wakes)]
        fact = StateInMemory(clean(name, 60), clean(identity, 120), held, module_of(made).language, *roles)
        because = [
            seen(fact, parks, self.name, label=f"one request parks its {held} here"),
            seen(fact, wakes, self.name, label="another one looks for it here"),
        ]
        job = code.lifetimes.call_from(function_of(wakes), "job") if roles[1] == "job" else None
        cls = enclosing(made, ClassDef)
        single = code.origins.calls_of(cls) if isinstance(cls, ClassDef) else []
        because += [seen(fact, job, self.name, label="a job calls it here")] if job is not None else []
        because += [seen(fact, single[0], self.name, label="one object in each process")] if len(single) == 1 else []
        return seen(fact, made, self.name, tuple(because))

    def _slots(self, code: Code, waiters: Waiters) -> Iterator[Evidence]:
        """`let wake;` of a module: one request keeps its resolver in it, another calls it."""
        for module in code.project.chosen.values():
            declared = {t.id: a for a in module.body if isinstance(a, Assign) for t in a.targets if isinstance(t, Name)}
            for assign in module.all(Assign):
                function = function_of(assign)
                name = assign.targets[0].id if isinstance(assign.targets[0], Name) else ""
                if function is None or assign.declared or name not in declared or assign.value is None or not per_call(code, function):
                    continue
                if _local(function, name, module.language) or waiters.kind(assign.value) not in ("resolver", "future", "connection"):
                    continue
                held = waiters.kind(assign.value)
                used = (n for n in module.all(Name) if n.id == name and isinstance(n.parent, (Call, Member)))
                other = _of_another_run(code, assign, (n for n in used if function_of(n) is not None))
                if other is not None:
                    yield self._parked(code, declared[name], name, f"{module.path}:{declared[name].line}", held, assign, other)
                    break

    def _signals(self, code: Code, waiters: Waiters) -> Iterator[Evidence]:
        """An event, condition or queue of the process that a request waits on, and another request sets."""
        waits: dict[str, tuple[Call, Origin]] = {}
        sets: dict[str, list[Node]] = {}
        waiting = (call for module in code.project.serving(*_WAITS) for call in module.calls(*_WAITS))
        for call, origin, identity in _on_waiters(code, waiters, waiting):
            if code.lifetimes.role(function_of(call)) in ("request", "connection"):
                waits.setdefault(identity, (call, origin))
        for call, _, identity in _on_waiters(code, waiters, code.project.calls(*_SIGNALS)) if waits else ():
            if per_call(code, function_of(call)):
                sets.setdefault(identity, []).append(call)
        for identity, (wait, origin) in waits.items():
            other = _of_another_run(code, wait, sets.get(identity, ()))
            if other is not None and origin.site is not None and isinstance(wait.callee, Member):
                held = waiters.kind(wait.callee.object)
                yield self._parked(code, origin.site, dotted(wait.callee.object), identity, held, wait, other)


def _of_another_run(code: Code, node: Node, others: Iterable[Node]) -> Node | None:
    from callcheck.sources.code.one_run import same_run

    return next((other for other in others if not same_run(code, other, node)), None)


def _on_waiters(code: Code, waiters: Waiters, calls: Iterable[Call]) -> Iterator[tuple[Call, Origin, str]]:
    """Those of the calls that are methods of a future or queue of the process, with the object and its identity."""
    for call in calls:
        if isinstance(call.callee, Member) and function_of(call) is not None:
            origin = code.origins.of(call.callee.object)
            if origin.kind == "made" and waiters.kind(call.callee.object) in ("future", "queue") and origin.site is not None and outlives(code, origin):
                if identity := code.lifetimes.identity(origin):
                    yield call, origin, identity


def _takes_turns(node: Node) -> bool:
    """Whether the next waiter of a queue is taken, whoever it is: a limit on how many work at once, which each process has for itself."""
    if not isinstance(node, Call) or not isinstance(node.callee, Member):
        return False
    return node.callee.name in ("shift", "popleft") or (node.callee.name == "pop" and not node.args)


def _ends(node: Node) -> bool:
    """Whether what is taken is ended by name: `running.get(id)?.abort()`, `task = running.pop(id); task.cancel()`."""
    function = function_of(node)
    return function is not None and any(isinstance(call.callee, Member) and call.callee.name in _CANCELS for call in function.inside(Call))


def _filled(value: Node) -> Node | None:
    """What is put into a table that a call gives: `sockets.add(socket)`, which gives the set itself back, and `new Set([socket])`."""
    if not isinstance(value, Call) or not value.args:
        return None
    if value.new:
        return value.args[0] if isinstance(value.args[0], Sequence) and TABLE.search(dotted(value.callee)) else None
    return value.args[-1] if isinstance(value.callee, Member) and value.callee.name in ("add", "set") else None


def _woken_by(code: Code, wakes: Node) -> str:
    """The role in which a waiter is woken: that of a job, where one of several that do it is one."""
    function = function_of(wakes)
    return "job" if "job" in code.lifetimes.roles(function) else code.lifetimes.role(function)


def _in_order(*lists: Iterable[Node]) -> list[Node]:
    return sorted((node for each in lists for node in each), key=lambda node: node.at)


def _owner(target: Node) -> Node:
    """What is stored into: `table` of `table[key] = x`."""
    return target.object if isinstance(target, Subscript) else target


def _reads(node: Node) -> Iterator[Node]:
    """The expressions whose items a node reads."""
    if isinstance(node, Call):
        if isinstance(node.callee, Member) and node.callee.name in _TAKES:
            yield node.callee.object
        else:
            yield from node.args[:1]
    elif isinstance(node, Loop) and node.over is not None:
        yield node.over
    elif isinstance(node, Spread):
        yield node.value
    elif isinstance(node, Subscript) and not (isinstance(node.parent, Assign) and node in node.parent.targets):
        yield node.object


def _local(function: Function, name: str, language: str) -> bool:
    """Whether a name that a Python function assigns is its own."""
    if language != "python":
        return any(p.name == name for p in function.params)
    return not any(name in str(getattr(n, "names", "")) for n in function.body) and not re.search(
        rf"\bglobal\b[^\n]*\b{re.escape(name)}\b", module_of(function).text
    )


def _of_page(node: Node) -> bool:
    """Whether a file is one of a page, of which each browser has its own."""
    text = module_of(node).text
    return _PAGE.search(text) is not None and _DRIVES.search(text) is None


PROBE = SharedState()
