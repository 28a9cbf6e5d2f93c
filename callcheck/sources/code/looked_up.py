"""Which objects does a function look up in a table that outlives it, and make only where they are missing?

    kettle = self.kettles.get(serial)                      if serial not in rooms: rooms[serial] = Room()
    if kettle is None:                                     room = rooms[serial]
        kettle = self.kettles[serial] = Kettle(serial)     room = rooms.setdefault(serial, Room())

Behind such lines the object may have been there before, with all that an earlier call has attached to it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from callcheck.model.noun import dataclass
from callcheck.sources.code import Code
from callcheck.sources.code.scopes import FILLS, function_of, own_nodes, returned, target_names
from callcheck.sources.code.tree import (
    Assign,
    Await,
    Call,
    Function,
    If,
    Loop,
    Member,
    Name,
    Node,
    Opaque,
    Operation,
    Raise,
    Return,
    Subscript,
    Try,
    dotted,
    last_name,
)

_OWN = frozenset({"self", "this"})
_PUTS = frozenset({"set", "setdefault", "__setitem__"})
_LEAVES = frozenset({"continue", "break"})


@dataclass(frozen=True, slots=True)
class Lookup:
    """An object that a function has looked up or made."""

    name: str
    """What it is called there; "" where it is asked for by its place."""
    table: Node | None
    """The table; None if another function of the project has it."""
    key: Node
    since: int
    """The offset from which it is there."""


class LookedUp:
    """Answers for one project."""

    def __init__(self, code: Code) -> None:
        self._code = code
        self._known: dict[int, list[Lookup]] = {}

    def behind(self, call: Call) -> Lookup | None:
        """What a method is called on, if that was looked up or made before the call, and the call is made in either case; None for anything else."""
        function = function_of(call)
        if function is None or not isinstance(call.callee, Member):
            return None
        held = call.callee.object
        for each in (*self._of(function), *self._on_demand(held, function)):
            if (isinstance(held, Name) and held.id == each.name or _is_in(held, each)) and each.since <= call.at and not _in_some_cases(call, function, each):
                return each
        found = self._by_function(held, function) if isinstance(held, Name) else None
        return found if found is not None and found.since <= call.at and not _in_some_cases(call, function, found) else None

    def _of(self, function: Function) -> list[Lookup]:
        if id(function) not in self._known:
            self._known[id(function)] = []
            self._known[id(function)] = list(self._found(function))
        return self._known[id(function)]

    def _found(self, function: Function) -> Iterator[Lookup]:
        assigns, bound = list(own_nodes(function, Assign)), self._bound(function)
        for table, key, since in (*_in_branches(function, assigns), *_at_once(assigns)):
            if _root(table) not in bound - _OWN and _is_of_call(key, bound):
                yield Lookup("", table, key, since)
                yield from (Lookup(name, table, key, since) for name in _names(assigns, dotted(table)))

    def _by_function(self, held: Name, function: Function) -> Lookup | None:
        """The object that a function of the project gives, which looks it up or makes it: `room = self.room_of(key)`."""
        assigns = [each for each in own_nodes(function, Assign) if any(held.id in target_names(target) for target in each.targets)]
        call = assigns[0].value.value if len(assigns) == 1 and isinstance(assigns[0].value, Await) else assigns[0].value if len(assigns) == 1 else None
        if not isinstance(call, Call) or not call.args or not _is_of_call(call.args[0], self._bound(function)):
            return None
        maker = self._code.origins.of(call.callee).node
        if not isinstance(maker, Function) or maker is function:
            return None
        gives = any(isinstance(each, Name) and each.id == one.name or _is_in(each, one) for each in returned(maker) for one in self._of(maker))
        return Lookup(held.id, None, call.args[0], assigns[0].end) if gives else None

    def _on_demand(self, held: Node, function: Function) -> Iterator[Lookup]:
        """What a `defaultdict` gives, which makes what is missing by itself."""
        place = _place(held) if isinstance(held, Subscript) else None
        if place is not None and self._code.origins.of(place[0]).qualified.endswith("defaultdict") and _is_of_call(place[1], self._bound(function)):
            yield Lookup("", *place, held.at)

    def _bound(self, function: Function) -> set[str]:
        """The names of a function's own that stand for values."""
        return {name for name, known in self._code.project.scope(function).items() if not all(isinstance(each, Function) for each in known)}


def emptied(code: Code, table: Node) -> bool:
    """Whether something takes objects out of a table, or puts an empty one in its place a second time, after which the next one is made anew."""
    name = re.escape(last_name(table))
    taken = re.compile(rf"\bdel(?:ete)?\s+[\w.]*\b{name}\s*\[|\b{name}\s*\.(?:pop|popitem|delete|clear|remove)\(|\b{name}\s*=\s*(?:\{{\}}|dict\(\)|new Map\()")
    made = re.compile(rf"(?m)^[ \t]*(?:(?:self|this)\.)?#?{name}(?:\s*:[^=\n]+)?\s*=\s*(?:\{{\}}|dict\(\)|new Map\()|\b(?:const|let|var)\s+{name}\s*=")
    return any(len(taken.findall(text)) > len(made.findall(text)) for text in (module.text for module in code.project.naming(last_name(table))))


def _in_branches(function: Function, assigns: list[Assign]) -> Iterator[tuple[Node, Node, int]]:
    """The tables into which a function puts what it did not find there, with the key, and where that is done."""
    for branch in own_nodes(function, If):
        yield from ((*place, branch.end) for place in _filled([*branch.then, *branch.orelse]) if _asks(branch, dotted(place[0]), assigns))
    for attempt in own_nodes(function, Try):
        asked = {dotted(place[0]) for node in attempt.body for each in node.inside(Subscript) if (place := _place(each)) is not None}
        yield from ((*place, attempt.end) for catch in attempt.catches for place in _filled(catch.body) if dotted(place[0]) in asked)


def _filled(body: list[Node]) -> Iterator[tuple[Node, Node]]:
    """The tables into which some statements put something, with the key."""
    for node in body:
        for assign in node.inside(Assign):
            yield from (place for target in assign.targets if isinstance(target, Subscript) and (place := _place(target)) is not None)
        for call in node.inside(Call):
            if isinstance(call.callee, Member) and call.callee.name in _PUTS and len(call.args) > 1 and dotted(call.callee.object):
                yield call.callee.object, call.args[0]


def _at_once(assigns: list[Assign]) -> Iterator[tuple[Node, Node, int]]:
    """The same where one line does it: `rooms.setdefault(key, Room())`, `rooms[key] ??= new Room()`, `rooms.get(key) or make(key)`."""
    for assign in assigns:
        if assign.operator in FILLS:
            yield from ((*place, assign.end) for target in assign.targets if (place := _place(target)) is not None)
        elif (place := _place(assign.value)) is not None and not isinstance(assign.value, Subscript):
            yield from [(*place, assign.end)] if _has_default(assign.value) else []


def _place(node: Node | None) -> tuple[Node, Node] | None:
    """The table and key of `table[key]`, `table.get(key)` and `table.setdefault(key, …)`, also where something stands in for what is missing."""
    if isinstance(node, Operation) and node.operator in FILLS:
        node = node.operands[0]
    if isinstance(node, Subscript) and dotted(node.object):
        return node.object, node.key
    if isinstance(node, Call) and isinstance(node.callee, Member) and node.callee.name in ("get", "setdefault") and node.args and dotted(node.callee.object):
        return node.callee.object, node.args[0]
    return None


def _has_default(value: Node | None) -> bool:
    """Whether a look into a table gives something that is made, if it is missing there."""
    made = value.operands[-1] if isinstance(value, Operation) else value.args[-1] if isinstance(value, Call) and last_name(value.callee) == "setdefault" else None
    return isinstance(made, (Call, Await))


def _is_in(node: Node | None, lookup: Lookup) -> bool:
    """Whether an expression takes what is in the table of a lookup."""
    place = _place(node)
    return place is not None and lookup.table is not None and dotted(place[0]) == dotted(lookup.table)


def _root(table: Node) -> str:
    return dotted(table).split(".")[0]


def _names(assigns: list[Assign], table: str) -> set[str]:
    """The names under which what a table has is kept."""
    from_table = (each for each in assigns if (place := _place(each.value)) is not None and dotted(place[0]) == table)
    return {name for each in from_table for target in each.targets for name in target_names(target)}


def _asks(branch: If, table: str, assigns: list[Assign]) -> bool:
    """Whether a branch asks for what is in a table: `key not in table`, or by the name of what was looked up there."""
    asked = _named(branch.test)
    return table in asked or not asked.isdisjoint(_names([each for each in assigns if each.at < branch.end], table))


def _named(node: Node) -> set[str]:
    """What an expression names: `self.rooms`, `key`."""
    return {dotted(each) for each in (*node.inside(Name), *node.inside(Member))}


def _is_of_call(key: Node, bound: set[str]) -> bool:
    """Whether a key is another one from call to call: one of the function's own names is in it."""
    return any(each.id in bound - _OWN for each in key.inside(Name))


def _in_some_cases(call: Call, function: Function, lookup: Lookup) -> bool:
    """Whether a call is made in some cases only: in a branch, or behind one that is left where the object was there."""
    for above in call.up():
        if above is function:
            break
        if isinstance(above, If):
            return True
    about = {lookup.name, dotted(lookup.table)} - {""}
    for kind in (Return, Raise, Opaque):
        for leaves in own_nodes(function, kind):
            if leaves.at < call.at and (not isinstance(leaves, Opaque) or leaves.kind in _LEAVES):
                tests = [above.test for above in leaves.up() if isinstance(above, If) and function_of(above) is function]
                if any(not about.isdisjoint(_named(test)) for test in tests):
                    return True
    return any(isinstance(above, Loop) and above.at > lookup.since for above in call.up() if above is not function)
