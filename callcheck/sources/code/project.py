"""Which source files are there, and what does an import bring from one to another?"""

from __future__ import annotations

import functools
import posixpath
from collections.abc import Callable, Collection, Iterator
from typing import Any

from callcheck.model.errors import SourceError
from callcheck.model.evidence import Lost
from callcheck.model.knowledge import Framework
from callcheck.model.printable import clean
from callcheck.sources.code import languages
from callcheck.sources.code.scopes import Binding, Scope, bindings, fields, import_of, module_of, passed_names, returned
from callcheck.sources.code.tree import (
    Assign,
    Call,
    ClassDef,
    Export,
    Function,
    Import,
    Imported,
    Module,
    Node,
    NodeT,
    Param,
)
from callcheck.sources.files import File, Tree

_JS_ENDINGS = (".ts", ".tsx", ".mts", ".cts", ".js", ".jsx", ".mjs", ".cjs")
_TS_FOR = {".js": (".ts", ".tsx"), ".jsx": (".tsx",), ".mjs": (".mts",), ".cjs": (".cts",)}
MINIFIED_LINE = 5_000
"""A source file with a line this long was written by a machine."""


class Project:
    """The parsed sources of a target, joined by their imports."""

    def __init__(self, tree: Tree, text: Callable[[File], str], frameworks: tuple[Framework, ...] = ()) -> None:
        self.frameworks = frameworks
        self.lost: list[Lost] = []
        self._tree = tree
        self._text = text
        self._scopes: dict[int, dict[str, list[Binding]]] = {}
        self._fields: dict[int, dict[str, list[Function | Param | Assign]]] = {}
        self._returned: dict[int, list[Node]] = {}
        self._exports: dict[str, dict[str, str | Node]] = {}

    @functools.cached_property
    def modules(self) -> dict[str, Module]:
        """Every source file by its name; what cannot be read, or was not written by hand, goes to `lost`."""
        found: dict[str, Module] = {}
        for file in self._tree.files:
            if not languages.language_of(file.name):
                continue
            try:
                text = self._text(file)
            except SourceError as error:
                self.lost.append(Lost(clean(file.name), error.message))
                continue
            if max(map(len, text.split("\n", 200)[:200]), default=0) > MINIFIED_LINE:
                self.lost.append(Lost(clean(file.name), "minified: left out"))
                continue
            module = languages.read(text, file.name)
            if module.broken:
                self.lost.append(Lost(clean(f"{file.name}:{module.broken[0]}"), "syntax error: the rest of the file was read"))
            found[file.name] = module
        return found

    def all(self, kind: type[NodeT]) -> Iterator[NodeT]:
        """Every node of a class, file by file, in source order."""
        for module in self.modules.values():
            yield from module.all(kind)

    def calls(self, *names: str) -> Iterator[Call]:
        """Every call whose callee's last name is one of these, file by file, in source order."""
        for module in self.modules.values():
            yield from module.calls(*names)

    @property
    def read(self) -> dict[str, Module]:
        """The files that were parsed so far, by name."""
        return self.modules

    def imported(self, name: Imported) -> Module | None:
        """The project's module that an imported name comes from."""
        return self.find(module_of(name), import_of(name).module)

    def statement(self, name: Imported) -> Import:
        """The import statement of an imported name."""
        return import_of(name)

    def calls_in_users(self, target: Node, names: Collection[str]) -> list[Call]:
        """The calls by one of these names, file by file, in the modules in which the target may be used."""
        return self._looked_up(self._called, names)

    def passing_in_users(self, target: Node, names: Collection[str]) -> list[Call]:
        """The calls to which something of one of these names is passed, file by file, in the modules in which the target may be used."""
        return self._looked_up(self._passed, names)

    def _looked_up(self, table: dict[str, list[Call]], names: Collection[str]) -> list[Call]:
        if len(names) == 1:
            return list(table.get(next(iter(names)), ()))
        found = {id(call): call for name in names for call in table.get(name, ())}
        return sorted(found.values(), key=lambda call: (self._order[module_of(call).path], call.at))

    @functools.cached_property
    def outside(self) -> frozenset[str]:
        """Every module that is imported by a name without a leading dot."""
        return frozenset(each.module.removeprefix("node:") for each in self.all(Import) if not each.module.startswith("."))

    @functools.cached_property
    def _called(self) -> dict[str, list[Call]]:
        """The calls of all modules by the last name of their callee."""
        found: dict[str, list[Call]] = {}
        for module in self.read.values():
            for name, calls in module.named_calls.items():
                found.setdefault(name, []).extend(calls)
        return found

    @functools.cached_property
    def _passed(self) -> dict[str, list[Call]]:
        """The calls of all modules by the last names of what is passed to them."""
        found: dict[str, list[Call]] = {}
        for module in self.read.values():
            for call in module.all(Call):
                for name in passed_names(call):
                    found.setdefault(name, []).append(call)
        return found

    @functools.cached_property
    def _order(self) -> dict[str, int]:
        return {name: number for number, name in enumerate(self.read)}

    def scope(self, node: Scope) -> dict[str, list[Binding]]:
        """The names that a module, function or class declares."""
        if id(node) not in self._scopes:
            self._scopes[id(node)] = bindings(node)
        return self._scopes[id(node)]

    def fields(self, cls: ClassDef) -> dict[str, list[Function | Param | Assign]]:
        """The members of a class by name, as `scopes.fields` gives them."""
        if id(cls) not in self._fields:
            self._fields[id(cls)] = fields(cls)
        return self._fields[id(cls)]

    def returned(self, function: Function) -> list[Node]:
        """What a function returns, as `scopes.returned` gives it."""
        if id(function) not in self._returned:
            self._returned[id(function)] = returned(function)
        return self._returned[id(function)]

    def exports(self, module: Module) -> dict[str, str | Node]:
        """What a JavaScript module exports by name; "*" is the whole of a CommonJS module."""
        if module.path not in self._exports:
            found: dict[str, str | Node] = {}
            for node in module.all(Export):
                found.update(node.names)
            self._exports[module.path] = found
        return self._exports[module.path]

    def imports(self, module: Module) -> Iterator[Import]:
        """Every import of a module, wherever it stands."""
        return iter(module.all(Import))

    def find(self, importer: Module, name: str) -> Module | None:
        """The project's module that an import names; None for a package from outside."""
        if importer.language == "python":
            return self._find_python(importer, name)
        return self._find_js(importer, name)

    def _find_js(self, importer: Module, name: str) -> Module | None:
        if name.startswith("."):
            return self._js_file(posixpath.normpath(posixpath.join(posixpath.dirname(importer.path), name)))
        for alias, targets, base in self._aliases:
            if name == alias or (alias.endswith("*") and name.startswith(alias[:-1])):
                rest = name[len(alias) - 1 :] if alias.endswith("*") else ""
                for target in targets:
                    found = self._js_file(posixpath.normpath(posixpath.join(base, target.replace("*", rest))))
                    if found:
                        return found
        return self._packages.get(name)

    def _js_file(self, path: str) -> Module | None:
        path = "" if path == "." else path
        if path in self.modules:
            return self.modules[path]
        stem, dot, ending = path.rpartition(".")
        tried = [stem + other for other in _TS_FOR.get(dot + ending, ())] if dot else []
        tried += [path + other for other in _JS_ENDINGS] + [posixpath.join(path, f"index{other}") for other in _JS_ENDINGS]
        return next((self.modules[each] for each in tried if each in self.modules), None)

    def _find_python(self, importer: Module, name: str) -> Module | None:
        dots = len(name) - len(name.lstrip("."))
        parts = [part for part in name[dots:].split(".") if part]
        if dots:
            folder = posixpath.dirname(importer.path)
            for _ in range(dots - 1):
                folder = posixpath.dirname(folder)
            return self._py_file(posixpath.join(folder, *parts))
        if not parts:
            return None
        folder = posixpath.dirname(importer.path)
        # An absolute import never looks into the package that it stands in: paper/celery.py may import celery.
        while folder and posixpath.join(folder, "__init__.py") in self.modules:
            folder = posixpath.dirname(folder)
        while True:
            found = self._py_file(posixpath.join(folder, *parts)) or self._py_file(posixpath.join(folder, "src", *parts))
            if found or not folder:
                return found
            folder = posixpath.dirname(folder)

    def _py_file(self, path: str) -> Module | None:
        return self.modules.get(f"{path}.py") or self.modules.get(posixpath.join(path, "__init__.py"))

    @functools.cached_property
    def _aliases(self) -> list[tuple[str, list[str], str]]:
        """The `paths` of every tsconfig and jsconfig: alias, targets, folder they start from."""
        found = []
        for file in self._tree.named("tsconfig*.json", "jsconfig.json"):
            options = self._json(file).get("compilerOptions")
            if not isinstance(options, dict):
                continue
            base = posixpath.join(posixpath.dirname(file.name), str(options.get("baseUrl", ".")))
            paths = options.get("paths")
            for alias, targets in (paths.items() if isinstance(paths, dict) else ()):
                if isinstance(targets, list):
                    found.append((str(alias), [str(t) for t in targets], base))
            if "baseUrl" in options:
                found.append(("*", ["*"], base))
        return found

    @functools.cached_property
    def dependencies(self) -> frozenset[str]:
        """The packages that any package.json of the project names."""
        named = [self._json(file).get(key) for file in self._tree.named("package.json") for key in ("dependencies", "devDependencies")]
        return frozenset(str(name) for table in named if isinstance(table, dict) for name in table)

    @functools.cached_property
    def depends_on(self) -> frozenset[str]:
        """The packages that the project's manifests name."""
        found: set[str] = set()
        for file in self._tree.named("package.json"):
            data = self._json(file)
            for key in ("dependencies", "devDependencies", "peerDependencies", "optionalDependencies"):
                named = data.get(key)
                found |= set(named) if isinstance(named, dict) else set()
        return frozenset(found)

    @functools.cached_property
    def _packages(self) -> dict[str, Module]:
        """The workspace packages of the project by their name, each with its main module."""
        found: dict[str, Module] = {}
        for file in self._tree.named("package.json"):
            data = self._json(file)
            name, folder = data.get("name"), posixpath.dirname(file.name)
            mains = [data.get("source"), data.get("main"), "src/index", "index"]
            for main in mains:
                module = self._js_file(posixpath.normpath(posixpath.join(folder, main))) if isinstance(main, str) else None
                if module and isinstance(name, str):
                    found[name] = module
                    break
        return found

    def files_named(self, *globs: str) -> Iterator[File]:
        """The target's files of these names, sources or not."""
        yield from self._tree.named(*globs)

    def text_of(self, file: File) -> str:
        """A file's text, "" if it cannot be read."""
        try:
            return self._text(file)
        except SourceError as error:
            self.lost.append(Lost(clean(file.name), error.message))
            return ""

    def _json(self, file: File) -> dict[str, Any]:
        from callcheck.sources import documents

        try:
            loaded = documents.load_all(self._text(file), file.name)
        except SourceError as error:
            self.lost.append(Lost(clean(file.name), error.message))
            return {}
        return loaded[0] if loaded and isinstance(loaded[0], dict) else {}

    def exported(self, module: Module, name: str, depth: int = 0) -> tuple[Module, str | Node | Binding] | None:
        """What a module gives under a name, followed through re-exports: the module it stands in, and a local name or node."""
        if depth > 12:
            return None
        if module.language == "python":
            held = self.scope(module).get(name)
            if held:
                last = held[-1]
                return module, last
            return self._starred(module, name, depth)
        exports = self.exports(module)
        if name in exports:
            return module, exports[name]
        if name == "default" and "*" in exports:
            return module, exports["*"]
        for statement in self.imports(module):
            if statement.reexport:
                for each in statement.names:
                    if each.local == name or (each.local == "*" and each.imported == "*"):
                        target = self.find(module, statement.module)
                        inner = name if each.local == "*" else each.imported
                        if target:
                            found = self.exported(target, inner, depth + 1)
                            if found:
                                return found
        return None

    def _starred(self, module: Module, name: str, depth: int) -> tuple[Module, str | Node | Binding] | None:
        for statement in self.imports(module):
            if any(isinstance(each, Imported) and each.imported == "*" and each.local == "*" for each in statement.names):
                target = self.find(module, statement.module)
                found = self.exported(target, name, depth + 1) if target else None
                if found:
                    return found
        submodule = self._py_file(posixpath.join(posixpath.dirname(module.path), name)) if module.path.endswith("__init__.py") else None
        return (submodule, submodule) if submodule else None
