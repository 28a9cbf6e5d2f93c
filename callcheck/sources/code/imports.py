"""Which modules does a Python module load, directly and in the end?"""

from __future__ import annotations

import functools
import posixpath
from collections.abc import Iterable

from callcheck.model.aside import is_test as is_test
from callcheck.sources.code.origins import Origins
from callcheck.sources.code.project import Project
from callcheck.sources.code.scopes import function_of, module_of
from callcheck.sources.code.tree import ClassDef, Import, Literal, Module


class Imports:
    """The import graph of a project's Python modules; what an import names is loaded with the packages above it."""

    def __init__(self, project: Project, origins: Origins) -> None:
        self.project = project
        self.origins = origins
        self._of: dict[str, set[str]] = {}

    def of(self, module: Module) -> set[str]:
        """The paths of the modules that a module imports anywhere in it."""
        if module.path not in self._of:
            found: set[str] = set()
            for statement in self.project.imports(module):
                if not statement.type_only:
                    found |= self.named(module, statement)
            for node in module.calls("import_module", "load_extension", "__import__"):
                if node.args:
                    if isinstance(node.args[0], Literal) and isinstance(node.args[0].value, str):
                        target = self.project.find(module, node.args[0].value)
                        found |= self.with_packages(target) if target else set()
            self._of[module.path] = found - {module.path}
        return self._of[module.path]

    def named(self, module: Module, statement: Import) -> set[str]:
        found: set[str] = set()
        target = self.project.find(module, statement.module)
        if target is not None:
            found |= self.with_packages(target)
        for each in statement.names:
            inner = statement.module + ("" if statement.module.endswith(".") else ".") + each.imported
            below = self.project.find(module, inner) if each.imported != "*" else None
            if below is not None:
                found |= self.with_packages(below)
        return found

    def with_packages(self, module: Module) -> set[str]:
        found = {module.path}
        folder = posixpath.dirname(module.path)
        while folder:
            package = self.project.module(posixpath.join(folder, "__init__.py"))
            if package is not None:
                found.add(package.path)
            folder = posixpath.dirname(folder)
        return found

    def closure(self, starts: Iterable[str]) -> set[str]:
        """Everything that is loaded once these modules are."""
        found: set[str] = set()
        waiting = [path for start in starts if (module := self.project.module(start)) for path in self.with_packages(module)]
        while waiting:
            path = waiting.pop()
            if path not in found:
                found.add(path)
                module = self.project.module(path)
                waiting += self.of(module) - found if module is not None else ()
        return found

    def importers(self, path: str) -> list[tuple[Module, Import]] | None:
        """The import statements that load a module; those of test files are left out. None if nothing loads it."""
        found: list[tuple[Module, Import]] = []
        loaded = False
        for module in self._may_import(path):
            if module.language != "python" or is_test(module.path) or module.path == path:
                continue
            found += [(module, statement) for statement in self.project.imports(module) if path in self.named(module, statement)]
            loaded = loaded or path in self.of(module)
        return found if found or loaded else None

    def loaders(self, path: str) -> list[Module]:
        """The modules that import another one, by a statement or by a call; those of test files are left out."""
        return [each for each in self._may_import(path) if each.language == "python" and each.path != path and not is_test(each.path) and path in self.of(each)]

    def _may_import(self, path: str) -> list[Module]:
        """The modules that import a file, or anything below a package, and those that import what a call names, in order."""
        folder = posixpath.dirname(path)
        below = [each for each in self.project.sources if each.startswith(f"{folder}/")] if path.endswith("/__init__.py") else [path]
        names = {name for each in below for name in self.project.importers(each)}
        names |= {module.path for module in self.project.naming("import_module", "load_extension", "__import__")}
        return [module for name in self.project.sources if name in names and (module := self.project.module(name)) is not None]

    @functools.cached_property
    def dynamic(self) -> bool:
        """Whether some module imports what only the run can tell."""
        names = ("import_module", "walk_packages", "iter_modules", "__import__", "autodiscover_modules", "find_modules", "import_string")
        for node in self.project.calls(*names):
            module = module_of(node)
            if module.language == "python" and not is_test(module.path):
                known = node.args and isinstance(node.args[0], Literal) and isinstance(node.args[0].value, str)
                if not known and self.origins.of(node.callee).kind in ("external", "unknown"):
                    return True
        return False

    def name(self, module: Module) -> str:
        """`boats.receivers` for boats/receivers.py, from the topmost package or folder on."""
        stem = module.path.removesuffix(".py").removesuffix("/__init__").removeprefix("src/")
        return stem.replace("/", ".")


def ready_of(statement: Import) -> ClassDef | None:
    """The class in whose `ready` method an import stands (Django's AppConfig), if any."""
    function = function_of(statement)
    if function is not None and function.name == "ready" and isinstance(function.parent, ClassDef):
        return function.parent
    return None
