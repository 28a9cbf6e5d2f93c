"""Does anybody start, iterate or hand on an object that stands in a table, or that a function of the project is given?

    workers = {"mail": Worker(...), "report": Worker(...)}
    for worker in workers.values(): worker.start()          # all of them
    workers["mail"].start()                                 # one of them
"""

from __future__ import annotations

from collections.abc import Collection

from callcheck.sources.code import Code
from callcheck.sources.code.scopes import function_of, is_statement, module_of, target_names
from callcheck.sources.code.told_by import where
from callcheck.sources.code.tree import (
    Assign,
    Await,
    Call,
    Entry,
    Export,
    Function,
    Imported,
    Keyword,
    Loop,
    Member,
    Module,
    Name,
    Node,
    Object,
    Opaque,
    Return,
    Sequence,
    Spread,
    With,
    dotted,
    last_name,
)

_VIEWS = frozenset({"values", "items", "keys"})
_PAIRS = frozenset({"entries", "items"})
_LISTS = frozenset({"Object.values", "Object.entries"})
_KEYS = "Object.keys"
"""It gives the names alone: whoever takes an item by its name mentions the table once more."""
_COUNTS = frozenset({"length", "size"})
_ROUNDS = frozenset({"forEach", "map"})
SAYS = frozenset("debug info warning error exception critical log print len isinstance str repr".split())
"""Calls that only tell of what they are given."""
DEEPEST = 3


def in_table(code: Code, put: Node, starts: Collection[str]) -> bool | None:
    """Whether what is put into a dict or list, as it is made or by its name, is started or handed on from there.

    None if the table is neither kept under a plain name, of which each mention is known, nor gone over where it is written.
    """
    entry: Node | None = put.parent
    key = entry.key if isinstance(entry, Entry) else None
    table = entry.parent if isinstance(entry, Entry) else entry
    held = table.parent if isinstance(table, (Object, Sequence)) else None
    if isinstance(held, Loop) and held.target is table:
        return False  # it is only given its name here
    if isinstance(table, Sequence) and isinstance(held, (Loop, Member)):
        return _used(table, None, starts)
    if not isinstance(held, Assign) or held.value is not table or len(held.targets) != 1 or not isinstance(held.targets[0], Name):
        return None
    scope = function_of(held) or module_of(held)
    name = held.targets[0]
    inside = [each for each in scope.inside(Name) if each.id == name.id and each is not name]
    if isinstance(scope, Module) and scope.language == "python" and any(other is not scope for other in code.project.naming(name.id)):
        return None
    if isinstance(scope, Module) and table is not None and name.id in code.project.exports(scope).values():
        outside = _imported(code, scope, name.id, table)
        inside = [*(each for each in inside if not isinstance(each.parent, Entry) or not in_sight(code, each.parent)), *(outside or ())]
        if outside is None or not inside:
            return None  # what nobody here mentions is there for others
    return any(_used(each, key, starts) for each in inside)


def _imported(code: Code, module: Module, name: str, table: Node) -> list[Node] | None:
    """Where other modules mention a table that this one exports; None where it goes by other names, or what such a name is cannot be told."""
    if any(given != shown for shown, given in code.project.exports(module).items() if name in (given, shown)):
        return None
    found: list[Node] = []
    for other in code.project.naming(name):
        if any(each.imported == name != each.local for each in other.all(Imported)):
            return None
        mentions = (each for each in (*other.all(Name), *other.all(Member)) if last_name(each) == name) if other is not module else ()
        for each in mentions:
            origin = code.origins.of(each)
            if origin.kind == "unknown":
                return None
            if origin.node is table:
                found.append(each)
    return found


def _used(table: Node, key: str | None, starts: Collection[str]) -> bool:
    """Whether one mention of a table may start what stands under a key of it, or takes the table out of sight."""
    above = table.parent
    if isinstance(above, Member) and above.object is table:
        if above.name in _VIEWS and isinstance(above.parent, Call):
            return _goes_over(above.parent, starts)
        if above.name in _ROUNDS and isinstance(above.parent, Call) and above.parent.callee is above:
            return _goes_round(above.parent, starts)
        if above.name in _COUNTS and key is None:
            return False
        if above.name == key:
            return isinstance(above.parent, Member) and above.parent.name in starts
        return key is None or above.name in ("get", "pop", "setdefault", "update", "copy")
    return _goes_over(table, starts)


def _goes_over(over: Node, starts: Collection[str]) -> bool:
    """Whether a loop over a table starts or hands on its items; anything but a loop takes the table out of sight."""
    above = over.parent
    if isinstance(above, Call) and (last_name(above.callee) in SAYS or dotted(above.callee) == _KEYS):
        return False
    if isinstance(above, Call) and dotted(above.callee) in _LISTS:
        return _used(above, None, starts)
    if not isinstance(above, Loop) or above.over is not over or above.target is None:
        return True
    targets = above.target.items[1:] if _paired(over) and isinstance(above.target, Sequence) else [above.target]
    names = {name for target in targets for name in target_names(target)}
    within: list[Node] = list(above.body)
    if isinstance(above.parent, Opaque):
        within.append(above.parent)
    return any(_item(each, starts) for part in within for each in part.inside(Name) if each.id in names and not above.target.at <= each.at < above.target.end)


def _paired(over: Node) -> bool:
    """Whether each item comes after its key: `Object.entries(jobs)`, `jobs.items()`."""
    return isinstance(over, Call) and last_name(over.callee) in _PAIRS


def _goes_round(call: Call, starts: Collection[str]) -> bool:
    """Whether the function that is called for each item, `jobs.forEach((job) => job.stop())`, starts or hands it on; so does one that is not written there."""
    function = call.args[0] if call.args else None
    if not isinstance(function, Function) or not function.params:
        return True
    taken = function.params[0]
    names = {name for name, place in taken.binds.items() if place != "0" or not (isinstance(call.callee, Member) and _paired(call.callee.object))} or {taken.name}
    items = [each for each in function.inside(Name) if each.id in names]
    # What a method of an item gives is no item: `await Promise.all(workers.map((worker) => worker.close()))`.
    parts = not is_statement(call) and any(isinstance(each.parent, Member) and not (isinstance(each.parent.parent, Call) and each.parent.parent.callee is each.parent) for each in items)
    return parts or any(_item(each, starts) for each in items)


def _item(name: Name, starts: Collection[str]) -> bool:
    """Whether a mention of an item starts it, or gives it to somebody else."""
    above = name.parent
    if isinstance(above, Member):
        return above.name in starts
    if isinstance(above, Call):
        return above.callee is not name and last_name(above.callee) not in SAYS
    return isinstance(above, (Sequence, Object, Entry, Assign, Keyword, Spread, Return, Await, With, Loop))


def in_sight(code: Code, entry: Node) -> bool:
    """Whether what stands under a key stays in sight: in what a module exports or is taken apart into, or in what a function gives back to callers that take it apart.

    module.exports = { agenda };   return { agenda, ready };   const { agenda } = createAgenda();
    """
    table = entry.parent
    if not isinstance(entry, Entry) or not isinstance(table, Object):
        return False
    holder = table.parent
    if isinstance(holder, Export):
        return True
    if isinstance(holder, Assign):
        return any(target is table or dotted(target).split(".")[0] in ("module", "exports") for target in holder.targets)
    function = function_of(table)
    if function is None or not (isinstance(holder, Return) or function.body == [table]):
        return False
    calls = code.origins.calls_of(function)
    return bool(calls) and all(map(_taken_apart, calls))


def _taken_apart(call: Call) -> bool:
    """Whether whoever calls a function takes what it gives apart at once: `const { agenda, ready } = createAgenda()`."""
    above = call.parent.parent if isinstance(call.parent, Await) else call.parent
    if isinstance(above, Member):
        return True
    target = above.targets[0] if isinstance(above, Assign) and len(above.targets) == 1 else None
    return isinstance(target, Object) and all(isinstance(each, Entry) for each in target.children())


def takes_up(code: Code, call: Call, given: Node, starts: Collection[str], depth: int = 0) -> bool:
    """Whether the project's function that a call is of starts, iterates, keeps or hands on what it is given there."""
    function = code.origins.of(call.callee).node
    if not isinstance(function, Function) or depth > DEEPEST:
        return True
    name = next((k.name for k in call.keywords if k.value is given), "")
    place = next((i for i, each in enumerate(call.args) if each is given), -1)
    for node in function.inside(Name):
        found = where(node, function)
        if not found or not (found.split("|")[-1] == name or found.split("|")[0] == str(place)):
            continue
        above = node.parent
        if isinstance(above, Member):
            if above.name in starts:
                return True
        elif isinstance(above, Call) and above.callee is not node:
            if last_name(above.callee) not in SAYS and takes_up(code, above, node, starts, depth + 1):
                return True
        elif isinstance(above, (Loop, With, Assign, Sequence, Entry, Keyword, Return, Spread)):
            return True
    return False
