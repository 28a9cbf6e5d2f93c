"""In which order do the lines run that stand outside of all functions, as a program loads its modules?

    from shop import bus          # worker.py: all of bus.py runs here,
    configure()                   # then this,
    from shop import jobs         # then all of jobs.py, unless something has loaded it by then

Python runs an import where it stands, JavaScript's `import` comes first wherever it stands, and a `require()` in its place.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from callcheck.model.aside import is_only_test
from callcheck.model.noun import dataclass
from callcheck.sources.code.project import Project
from callcheck.sources.code.scopes import function_of, module_of
from callcheck.sources.code.tree import Import, Module, Node

MOST_LEADING = 500
"""Modules that are read to tell in which order two are loaded."""
_END = 10**9

Imports = dict[str, list[tuple[int, str]]]
"""By the path of a module what it imports, and where: a place in the file, -1 for ahead of all."""


@dataclass(frozen=True, slots=True)
class Place:
    """A line outside of all functions."""

    path: str
    at: int
    brings: tuple[str, ...] = ()
    """Files that are loaded right before it runs, by imports inside of the functions that it leads to."""

    @classmethod
    def of(cls, node: Node, brings: tuple[str, ...] = ()) -> Place:
        """Where a node stands in its file."""
        return cls(module_of(node).path, node.at, brings)

    @classmethod
    def after(cls, node: Node, brings: tuple[str, ...] = ()) -> Place:
        """When the file of a node has run to its end."""
        return cls(module_of(node).path, _END, brings)


class Loading:
    """The order in which the programs of one project load its modules."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._known: dict[frozenset[str], tuple[list[str], Imports]] = {}

    def orders(self, *places: Place) -> list[tuple[int | None, ...]]:
        """For each module that no other one imports, at which turn each of these places runs; None for one that it does not come to."""
        roots, imports = self._leading_to(frozenset(path for place in places for path in (place.path, *place.brings)))
        found = []
        for root in roots:
            turns: dict[Place, int] = {}
            self._run(root, places, imports, turns, set())
            found.append(tuple(turns.get(place) for place in places))
        return found

    def _run(self, path: str, places: tuple[Place, ...], imports: Imports, turns: dict[Place, int], begun: set[str]) -> None:
        if path in begun or path not in imports:
            return
        for package in _packages(path):
            self._run(package, places, imports, turns, begun)
        if path in begun:
            return  # the package has loaded it
        begun.add(path)
        steps: list[tuple[int, str | Place]] = [*imports[path], *((place.at, place) for place in places if place.path == path)]
        for _, step in sorted(steps, key=lambda step: step[0]):
            if isinstance(step, str):
                self._run(step, places, imports, turns, begun)
                continue
            for brought in step.brings:
                self._run(brought, places, imports, turns, begun)
            turns.setdefault(step, len(turns))

    def _leading_to(self, goals: frozenset[str]) -> tuple[list[str], Imports]:
        """The modules that import one of these, directly or through others, and these, with their imports of one another; and those of them that none imports."""
        if goals not in self._known:
            leading = self._leading(goals)
            imports = {m.path: [(at, target) for i in m.all(Import) if function_of(i) is None and not i.type_only for at, target in self._brought(m, i) if target in leading] for m in leading.values()}
            imported = {target for path, found in imports.items() for _, target in found if target not in (path, *_packages(path))}
            self._known[goals] = [path for path in imports if path not in imported and not (is_only_test(path) and path not in goals)], imports
        return self._known[goals]

    def _leading(self, goals: frozenset[str]) -> dict[str, Module]:
        """The modules that import one of these, directly or through others, and these; none if that is too many to read."""
        project = self._project
        found, pending = set(goals), list(goals)
        while pending and len(found) <= MOST_LEADING:
            new = self._importers(pending.pop()) - found
            found |= new
            pending += new
        names = [name for name in project.sources if name in found] if len(found) <= MOST_LEADING else []
        return {name: module for name in names if (module := project.module(name)) is not None}

    def _importers(self, path: str) -> set[str]:
        """The files that import a file; for a package's own, those outside of it that import what lies in it, too."""
        folder, found = posixpath.dirname(path), set(self._project.importers(path))
        if folder and path.endswith("/__init__.py"):
            inside = [name for name in self._project.sources if name.startswith(f"{folder}/")]
            found |= {name for each in inside for name in self._project.importers(each) if not name.startswith(f"{folder}/")}
        return found

    def _brought(self, module: Module, statement: Import) -> Iterator[tuple[int, str]]:
        """The modules that an import runs, in order, and where: `from shop import bus` runs shop, then shop.bus."""
        find = self._project.find
        at = statement.at if module.language == "python" or "require" in module.line_of(statement) else -1
        whole = find(module, statement.module)
        if whole is not None:
            yield from ((at, package) for package in _packages(whole.path))
            yield at, whole.path
        if module.language == "python":
            stem = statement.module if not statement.module.strip(".") else f"{statement.module}."
            yield from ((at, inner.path) for each in statement.names if (inner := find(module, stem + each.imported)) is not None)


def _packages(path: str) -> list[str]:
    """The files of the packages that a module of Python lies in, outermost first."""
    found: list[str] = []
    folder = posixpath.dirname(path)
    while folder and path.endswith(".py"):
        found.insert(0, posixpath.join(folder, "__init__.py"))
        folder = posixpath.dirname(folder)
    return [each for each in found if each != path]
