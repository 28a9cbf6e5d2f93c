"""Which tables does a module keep for its whole process, and which functions fill and read them?

    _screens: dict[str, list] = {}
    def join(station, box): _screens.setdefault(station, []).append(box)       # fills
    def deliver(change): return _screens.get(change["station"], ())            # reads
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from callcheck.model.words import Lifetime
from callcheck.sources.code import Code
from callcheck.sources.code.imports import is_test
from callcheck.sources.code.scopes import function_of
from callcheck.sources.code.tree import (
    Assign,
    Call,
    Function,
    Loop,
    Member,
    Module,
    Name,
    Node,
    Object,
    Return,
    Sequence,
    Subscript,
)

_TABLES = frozenset({"dict", "set", "list", "collections.defaultdict", "collections.deque", "weakref.WeakSet", "weakref.WeakValueDictionary"})
_FILLS = frozenset({"append", "appendleft", "add", "setdefault", "update", "extend", "put", "put_nowait"})
_READS = frozenset({"get", "pop", "items", "values", "keys", "copy", "discard", "remove", "get_nowait", "set_result", "set", "put_nowait", "put"})


def touches(code: Code, modules: Iterable[Module]) -> Iterator[tuple[Node, Function, bool]]:
    """Each use of a table of a module of Python's inside a function: the table, the function, and whether it is filled."""
    for module in modules:
        if module.language != "python" or is_test(module.path):
            continue
        for call in module.calls(*(_FILLS | _READS)):
            function = function_of(call)
            if isinstance(call.callee, Member) and function is not None and _table(code, call.callee.object):
                yield call.callee.object, function, call.callee.name in _FILLS
        for item in module.all(Subscript):
            function = function_of(item)
            if function is not None and _table(code, item.object):
                yield item.object, function, isinstance(item.parent, Assign) and item in item.parent.targets
        # Read as a whole: `return latest`, `for each in latest`, `jsonify(latest)`.
        whole = [*(each.value for each in module.all(Return)), *(each.over for each in module.all(Loop))]
        for call in module.all(Call):
            whole += [*call.args, *(each.value for each in call.keywords)]
        for node in whole:
            function = function_of(node) if node is not None else None
            if node is not None and function is not None and _table(code, node):
                yield node, function, False


def _table(code: Code, node: Node) -> bool:
    if not isinstance(node, (Name, Member)):
        return False
    origin = code.origins.of(node)
    table = origin.kind == "value" and isinstance(origin.node, (Object, Sequence)) and not (origin.node.entries if isinstance(origin.node, Object) else origin.node.items)
    table = table or (origin.kind == "made" and origin.qualified in _TABLES)
    return table and code.lifetimes.lifetime(origin) is Lifetime.PROCESS


def while_loading(code: Code, function: Function, depth: int = 0) -> bool:
    """Whether a function is called while modules are loaded, at their top or by a decorator: then each process that loads them has done what it does."""
    for call in code.origins.calls_of(function):
        caller = function_of(call)
        if caller is None or _decorates(caller):
            return True
        if depth < 3 and while_loading(code, caller, depth + 1):
            return True
    return False


def _decorates(function: Function) -> bool:
    """Whether a function gives back this one, which stands in it: `def task(name): def decorator(f): …; return decorator`."""
    outer = function_of(function)
    return outer is not None and any(isinstance(each.value, Name) and each.value.id == function.name for each in outer.inside(Return))
