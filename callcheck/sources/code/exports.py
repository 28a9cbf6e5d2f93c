"""What does a module give under a name, followed through re-exports?

    export { bus } from "./events.js"          from .events import bus          from .events import *
"""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from callcheck.sources.code.index import once
from callcheck.sources.code.scopes import Binding
from callcheck.sources.code.tree import Export, Import, Imported, Module, Node

if TYPE_CHECKING:
    from callcheck.sources.code.project import Project

_DEEPEST = 12
"""Re-exports that are followed one after the other."""


class Exports:
    """Those of one project."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._known: dict[str, dict[str, str | Node]] = {}

    def of(self, module: Module) -> dict[str, str | Node]:
        """What a JavaScript module exports by name; "*" is the whole of a CommonJS module."""
        if module.path not in self._known:
            found: dict[str, str | Node] = {}
            for node in module.all(Export):
                found.update(node.names)
            self._known[module.path] = found
        return self._known[module.path]

    def exported(self, module: Module, name: str, depth: int = 0) -> tuple[Module, str | Node | Binding] | None:
        """What a module gives under a name, followed through re-exports: the module it stands in, and a local name or node."""
        if depth > _DEEPEST:
            return None
        if module.language == "python":
            held = self._project.scope(module).get(name)
            return (module, held[-1]) if held else self._starred(module, name, depth)
        exports = self.of(module)
        if name in exports:
            return module, exports[name]
        if name == "default" and "*" in exports:
            return module, exports["*"]
        for statement in self._project.imports(module):
            if statement.reexport:
                for each in statement.names:
                    if each.local == name or (each.local == "*" and each.imported == "*"):
                        target = self._project.find(module, statement.module)
                        inner = name if each.local == "*" else each.imported
                        if target:
                            found = self.exported(target, inner, depth + 1)
                            if found:
                                return found
        return None

    def _starred(self, module: Module, name: str, depth: int) -> tuple[Module, str | Node | Binding] | None:
        """What Python finds under a name that the module does not bind itself: by an import of all names, or as a module of the package."""
        for statement in _of_all(module):
            target = self._project.find(module, statement.module)
            found = self.exported(target, name, depth + 1) if target else None
            if found:
                return found
        path = self._project.paths.py_file(posixpath.join(posixpath.dirname(module.path), name)) if module.path.endswith("__init__.py") else None
        submodule = self._project.module(path) if path else None
        return (submodule, submodule) if submodule else None


@once
def _of_all(module: Module) -> list[Import]:
    """The imports of all names: `from .models import *`."""
    return [each for each in module.all(Import) if any(isinstance(name, Imported) and name.imported == "*" and name.local == "*" for name in each.names)]
