"""By which other names does something of the project go?

`const g = f`, `import { f as g }`, `{ g: f }`, `export { f as g }`, `def run(g=f)`: each gives f the name g.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from callcheck.sources.code.project import Project
from callcheck.sources.code.tree import (
    Assign,
    Await,
    Conditional,
    Entry,
    Export,
    Imported,
    Member,
    Module,
    Node,
    Object,
    Operation,
    Param,
    Sequence,
    last_name,
)

MOST_NAMES = 200
"""Names that one question follows."""
WHOLE = ("default", "*")
"""What an import calls a module's default and the whole of it."""


class Renames:
    """The names that the modules of the ground give to what has a name already."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self._renamed: dict[str, set[str]] = {}
        self._inside: dict[str, set[str]] = {}
        self._outside: dict[str, set[str]] = {}
        self._taken_in = 0

    def of(self, names: Iterable[str]) -> dict[str, None]:
        """These names and those they are given on the way, in a fixed order."""
        self._update()
        found = dict.fromkeys(name for name in names if name)
        pending = list(found)
        most = MOST_NAMES + 2 * len(found)
        while pending and len(found) < most:
            name = pending.pop()
            new = sorted(other for other in self._renamed.get(name, ()) if other not in found)
            found.update(dict.fromkeys(new))
            pending += new
        return found

    def of_module(self, module: Module) -> set[str]:
        """The local names that stand for a module of the project, or for its default export."""
        self._update()
        return self._inside.get(module.path, set())

    def packages(self) -> Collection[str]:
        """The packages from outside that have local names."""
        self._update()
        return self._outside.keys()

    def of_package(self, name: str) -> set[str]:
        """The local names that stand for a package from outside, or for its default export."""
        self._update()
        return self._outside.get(name, set())

    def _update(self) -> None:
        """Take in the modules that came to the ground since the last question."""
        ground = self.project.ground
        if len(ground) == self._taken_in:
            return
        for module in list(ground.values())[self._taken_in :]:
            for old, new in _renames(module):
                if old and new and old != new:
                    self._renamed.setdefault(old, set()).add(new)
            for imported in module.all(Imported):
                if imported.imported in WHOLE:
                    self._whole(module, imported)
        self._taken_in = len(ground)

    def _whole(self, module: Module, imported: Imported) -> None:
        named = self.project.statement(imported).module
        path = self.project.paths.find(module.path, named)
        if path is not None:
            self._inside.setdefault(path, set()).add(imported.local)
        else:
            self._outside.setdefault(named.removeprefix("node:"), set()).add(imported.local)


def _renames(module: Module) -> Iterator[tuple[str, str]]:
    """The names of a module that are given to what has a name already: old, new."""
    for imported in module.all(Imported):
        if imported.imported not in WHOLE:
            yield imported.imported, imported.alias or imported.local
    for assign in module.all(Assign):
        for target in assign.targets:
            for old in _values(assign.value):
                yield old, last_name(target)
            yield from _unpacked(target, assign.value)
    for entry in module.all(Entry):
        if entry.key:
            yield last_name(entry.value), entry.key
    for param in module.all(Param):
        yield last_name(param.default), param.name
    for export in module.all(Export):
        yield from ((last_name(given) if isinstance(given, Node) else given, name) for name, given in export.names.items() if name not in WHOLE)


def _values(value: Node | None) -> Iterator[str]:
    if isinstance(value, Await):
        yield from _values(value.value)
    elif isinstance(value, Conditional):
        yield from (last_name(each) for each in (value.then, value.orelse))
    elif isinstance(value, Operation):
        yield from (last_name(each) for each in value.operands)
    elif isinstance(value, Member) or value is not None:
        yield last_name(value)


def _unpacked(target: Node, value: Node | None) -> Iterator[tuple[str, str]]:
    if isinstance(target, Object):
        yield from ((entry.key or "", last_name(entry.value)) for entry in target.entries)
    elif isinstance(target, Sequence) and isinstance(value, Sequence):
        yield from ((last_name(old), last_name(new)) for old, new in zip(value.items, target.items, strict=False))
