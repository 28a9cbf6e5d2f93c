"""Does a program use what only another program puts into a module of theirs?

    let io;                                             // lib/realtime.js, which both load: each has a copy
    exports.attach = (server) => { io = new Server(server); };      called by app.js
    exports.publish = (room, body) => { io?.to(room).emit("x", body); };   called by workers/spectrum.js, where io is never set
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.facts.handlers import DeliveryAcross
from callcheck.model.noun import dataclass
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.code import Code
from callcheck.sources.code.imports import is_test
from callcheck.sources.code.scopes import function_of, module_of
from callcheck.sources.code.seen import seen
from callcheck.sources.code.tree import (
    Assign,
    Call,
    ClassDef,
    Function,
    Literal,
    Loop,
    Member,
    Module,
    Name,
    Node,
    last_name,
)
from callcheck.sources.code.waiters import Waiters

_FILLS = frozenset({"set", "add", "push", "unshift"})
_TABLES = frozenset({"Map", "Set", "WeakMap", "WeakSet", "Array"})
_MOST_UP = 3
"""Callers inside of the module that are followed."""


@dataclass(frozen=True, slots=True)
class _Slot:
    """A place of a module that is empty when the module is loaded: who fills it, and who uses what is in it."""

    name: str
    made: Node
    fills: tuple[tuple[Function, Node], ...]
    uses: tuple[tuple[Function, Node], ...]


class FilledApart:
    """Looks at variables, fields of single objects and tables of connections in modules that several programs load."""

    name = "filled-apart"
    looks_at = Sight.SOURCE
    about = ("programs",)
    answers = frozenset({DeliveryAcross})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        code = eyes.code
        entries = [path for path in code.programs.entries if not path.endswith(".py") and not is_test(path)]
        spawned = [path for path in entries if path in code.programs.spawned]
        if not spawned and len(entries) < 2:
            return
        waiters, told, slots = Waiters(code.idioms), set[int](), dict[str, list[_Slot]]()
        for entry in entries:
            for path in sorted(code.programs.loads(entry) - {entry}):
                if path not in slots:
                    module = code.project.chosen.get(path)
                    slots[path] = list(_slots(waiters, module)) if module is not None and not is_test(path) else []
                for slot in slots[path]:
                    found = _used_in_vain(code, slot, entry) if id(slot.made) not in told else None
                    if found is not None:
                        told.add(id(slot.made))
                        yield self._state(code, slot, entry, *found)

    def _state(self, code: Code, slot: _Slot, entry: str, use: Node, filled: Node) -> Evidence:
        fact = DeliveryAcross(clean(slot.name, 80), clean(entry, 40), "", module_of(use).language)
        started = code.programs.spawned.get(entry)
        because = [seen(fact, filled, self.name, label="put there by another program"), seen(fact, slot.made, self.name, label="each program has a copy of its own")]
        because += [seen(fact, slot.uses[0][1], self.name, label="here it is empty in this program")]
        because += [seen(fact, started, self.name, label="started here, with modules of its own")] if started is not None else []
        return seen(fact, use, self.name, tuple(because))


def _used_in_vain(code: Code, slot: _Slot, entry: str) -> tuple[Node, Node] | None:
    """Where a program has the slot used, and where another one fills it; None if it fills it itself, or that cannot be told."""
    filling = [site for function, _ in slot.fills for site in _calls(code, function, 0)]
    loaded = code.programs.loads(entry)
    if not filling or any(module_of(site).path in loaded or is_test(module_of(site).path) for site in filling):
        return None
    main = code.project.chosen.get(entry)
    using = [site for function, _ in slot.uses for site in _calls(code, function, 0) if module_of(site).path in loaded]
    run = [site for site in using if main is not None and _runs(code, main, site)]
    return (run[0], filling[0]) if run else None


def _calls(code: Code, function: Function, depth: int) -> Iterator[Node]:
    """Where other modules call a function, directly or through others of its own module; the function itself where its module runs it as it is loaded."""
    outer = function_of(function)
    calls = code.origins.calls_of(function)
    if not calls and not function.name and outer is not None and depth < _MOST_UP:
        yield from _calls(code, outer, depth + 1)  # a callback is handed over where the function around it runs
    for call in calls:
        around = function_of(call)
        if module_of(call) is not module_of(function) or around is None:
            yield call
        elif around is not function and depth < _MOST_UP:
            yield from _calls(code, around, depth + 1)


def _runs(code: Code, main: Module, site: Node) -> bool:
    """Whether a program runs a call: it is in its first file, or where a module is loaded, or is reached from there."""
    around = function_of(site)
    if module_of(site) is main or around is None:
        return True
    started = [origin.node for call in main.all(Call) for node in (call.callee, *call.args) if isinstance(node, (Name, Member)) and (origin := code.origins.of(node)).kind == "function"]
    return any(isinstance(each, Function) and (each is around or code.flow.reaches(each, around)) for each in started)


def _slots(waiters: Waiters, module: Module) -> Iterator[_Slot]:
    if module.language == "python":
        return
    for assign in module.body:
        target = assign.targets[0] if isinstance(assign, Assign) and len(assign.targets) == 1 else None
        if isinstance(assign, Assign) and assign.declared and isinstance(target, Name):
            if _empty(assign.value):
                yield from _slot(module, target.id, assign, [(f, a) for a in _set(module, target.id) if (f := function_of(a)) is not None], Name)
            elif _table(assign.value):
                yield from _slot(module, target.id, assign, list(_stored(waiters, module, target.id)), Name)
    for cls in module.all(ClassDef):
        if function_of(cls) is None:
            yield from _fields(waiters, module, cls)


def _slot(inside: Module | ClassDef, name: str, made: Node, fills: list[tuple[Function, Node]], kind: type[Node]) -> Iterator[_Slot]:
    """The slot, if something fills it and something else uses it."""
    filling = {id(function) for function, _ in fills}
    nodes: Iterator[Node] = (n for n in inside.inside(kind) if last_name(n) == name and (kind is Name or last_name(getattr(n, "object", n)) == "this"))
    uses = [(function, node) for node in nodes if (function := _outer(node, inside)) is not None and id(function) not in filling and _works_on(node)]
    if fills and uses:
        yield _Slot(name, made, tuple(fills), tuple(uses))


def _fields(waiters: Waiters, module: Module, cls: ClassDef) -> Iterator[_Slot]:
    """The fields of a class whose one instance is made in its module, that no constructor fills."""
    single = [call for call in module.calls(cls.name) if call.new and function_of(call) is None]
    if len(single) != 1:
        return
    methods = [node for node in cls.body if isinstance(node, Function)]
    assigned: dict[str, list[tuple[Function, Node]]] = {}
    for method in methods:
        for assign in method.inside(Assign):
            for target in assign.targets:
                if isinstance(target, Member) and last_name(target.object) == "this" and not assign.operator and not _empty(assign.value):
                    assigned.setdefault(target.name, []).append((method, assign))
    for name, fills in assigned.items():
        if not any(method.name == "constructor" for method, _ in fills) and not _initial(cls, name):
            yield from _slot(cls, name, single[0], fills, Member)


def _initial(cls: ClassDef, name: str) -> bool:
    """Whether a field has a value from the start."""
    return any(isinstance(part, Assign) and last_name(part.targets[0]) == name and not _empty(part.value) for part in cls.body)


def _outer(node: Node, inside: Module | ClassDef) -> Function | None:
    """The function of the module, or the method of the class, that a node stands in."""
    found = None
    for above in node.up():
        if above is inside:
            break
        found = above if isinstance(above, Function) else found
    return found


def _works_on(node: Node) -> bool:
    """Whether what is in the slot is called or gone over: `io.to(…)`, `send(…)`, `for (const client of clients)`."""
    above = node.parent
    if isinstance(above, Member) and above.object is node:
        return above.name not in _FILLS
    return (isinstance(above, Call) and above.callee is node) or (isinstance(above, Loop) and above.over is node)


def _set(module: Module, name: str) -> list[Assign]:
    """The assignments to a variable of a module; none if a function of the same name hides it."""
    found = [a for a in module.all(Assign) if not a.declared and not a.operator and any(isinstance(t, Name) and t.id == name for t in a.targets) and not _empty(a.value)]
    return [] if any(function_of(a) is None for a in found) else found


def _stored(waiters: Waiters, module: Module, name: str) -> Iterator[tuple[Function, Node]]:
    """Where a table is given somebody who waits: a connection, a resolver."""
    for call in module.calls(*_FILLS):
        if isinstance(call.callee, Member) and last_name(call.callee.object) == name and call.args and waiters.kind(call.args[-1]) not in ("", "task"):
            function = _outer(call, module)
            if function is not None:
                yield function, call


def _empty(value: Node | None) -> bool:
    return value is None or (isinstance(value, Literal) and value.value is None) or (isinstance(value, Name) and value.id == "undefined")


def _table(value: Node | None) -> bool:
    return isinstance(value, Call) and value.new and last_name(value.callee) in _TABLES and not value.args


PROBE = FilledApart()
