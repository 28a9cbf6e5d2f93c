"""Where is a function of the project called, or a class of it made?

Calls are looked up by the names that the function goes by, and only those are followed to what they call: to follow every call of a big
tree, for the few functions that are asked about, would cost more than all else.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator

from callcheck.sources.code.project import Project
from callcheck.sources.code.renames import WHOLE, Renames
from callcheck.sources.code.scopes import function_of, module_of, target_names
from callcheck.sources.code.tree import (
    Assign,
    Call,
    ClassDef,
    Entry,
    Export,
    Function,
    Literal,
    Node,
    Object,
    Param,
    Subscript,
    last_name,
)


class Callers:
    """The calls of functions and classes, found by name when asked for."""

    def __init__(self, project: Project, renames: Renames, callee: Callable[[Node], Node | None]) -> None:
        self.project = project
        self.renames = renames
        self._callee = callee
        self._names: dict[int, tuple[int, list[str]]] = {}
        """With the size of the ground, which may bring further names."""

    def of(self, target: Function | ClassDef) -> Iterator[Call]:
        """Every call of the target that names it, file by file."""
        yield from (call for call in self.project.users.calls(target, self.names(target)) if self._callee(call.callee) is target)
        if self._is_exported_whole(target):
            yield from self._called_as_loaded.get(module_of(target).path, ())

    def passing(self, target: Function | ClassDef) -> list[Call]:
        """Every call to which something of the target's names is passed, or the module whose whole it is: `app.register(require("./x"))`."""
        found = self.project.users.passing(target, self.names(target))
        return found + self._loading.get(module_of(target).path, []) if self._is_exported_whole(target) else found

    @functools.cached_property
    def _called_as_loaded(self) -> dict[str, list[Call]]:
        """By path of a module, the calls of what it exports right where it is loaded: `require("./routes")(app)`."""
        return self._around_loading(("require",), called=True)

    @functools.cached_property
    def _loading(self) -> dict[str, list[Call]]:
        """By path of a module, the calls to which it is passed as it is loaded."""
        return self._around_loading(("require", "import"), called=False)

    def _around_loading(self, by: tuple[str, ...], *, called: bool) -> dict[str, list[Call]]:
        """By path of a module, the calls right around those that load it: of what it gives, or with it as an argument."""
        found: dict[str, list[Call]] = {}
        for call in self.project.calls(*by):
            outer, named = call.parent, call.args[0] if call.args else None
            if isinstance(outer, Call) and (outer.callee is call) is called and isinstance(named, Literal) and isinstance(named.value, str):
                module = self.project.find(module_of(call), named.value)
                if module is not None:
                    found.setdefault(module.path, []).append(outer)
        return found

    def names(self, target: Function | ClassDef) -> list[str]:
        """The names by which a function or class may be called, its own first."""
        known = len(self.project.ground)
        kept = self._names.get(id(target))
        if kept is None or kept[0] != known:
            own = [name for name in _own_names(target) if name]
            if self._is_exported_whole(target):
                own += sorted(self.renames.of_module(module_of(target)))
            kept = self._names[id(target)] = known, list(self.renames.of(own))
        return kept[1]

    def _is_exported_whole(self, target: Function | ClassDef) -> bool:
        own = [name for name in _own_names(target) if name]
        return any(_is_whole(export, target, own) for export in module_of(target).all(Export))


def _own_names(target: Function | ClassDef) -> Iterator[str]:
    yield target.name
    parent = target.parent
    if isinstance(parent, Assign):
        for each in parent.targets:
            yield from target_names(each)
            yield last_name(each)
    elif isinstance(parent, Entry):
        yield parent.key or ""
    elif isinstance(parent, Param):
        yield parent.name
    for export in module_of(target).all(Export):
        yield from (name for name, given in export.names.items() if given is target and name not in WHOLE)


def _is_whole(export: Export, target: Node, names: list[str]) -> bool:
    """Whether an export gives the target as its module's default, or as the whole of it."""
    return any(given is target or (isinstance(given, str) and given in names) for name, given in export.names.items() if name in WHOLE)


def takers(function: Function) -> Iterator[Function]:
    """The functions that take one out of the table that this one is written into, by a computed key: `this.routes[path]` of `routes = { "/a": (x) => this.a(x) }`."""
    table = function.parent.parent if isinstance(function.parent, Entry) else None
    kept = table.parent if isinstance(table, Object) else None
    names = {last_name(each) for each in kept.targets} if isinstance(kept, Assign) and kept.value is table else set()
    for item in module_of(function).all(Subscript) if names else ():
        taker = function_of(item)
        if last_name(item.object) in names and taker is not None and taker is not function:
            yield taker
