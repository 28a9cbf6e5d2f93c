"""Which source files can have an object of a certain kind in hand?

Those that make one, and those near them by their imports. A method's name says nothing by itself, `.get(` least of all: in a big tree it
counts only where there can be an object that has the method.
"""

from __future__ import annotations

import builtins
import functools
from collections.abc import Callable, Collection, Iterable, Mapping

from callcheck.model.knowledge import Framework, Idiom
from callcheck.model.shelf import NODE, is_global, prefixes, spine
from callcheck.sources.code.near import Near
from callcheck.sources.code.words import Words


class Holders:
    """The files that may hold objects of the known kinds."""

    def __init__(
        self, frameworks: Iterable[Framework], imports: Mapping[str, Collection[str]], words: Words, near: Near, depends_on: Callable[[], Collection[str]], python: bool
    ) -> None:
        """`imports` holds what each file imports, `words` what is in all files. `depends_on` gives the packages that manifests name."""
        self._frameworks = tuple(frameworks)
        self._kinds = {f"{each.name}.{kind}": each for each in self._frameworks for kind in _kinds(each)}
        self.paths = tuple(imports)
        self._all = frozenset(imports)
        self._words = words
        self._near = near
        self._depends_on = depends_on
        self.python = python
        self._of: dict[str, frozenset[str]] = {}
        self._bringing: dict[str, frozenset[str]] = {}
        self._importing: dict[str, set[str]] = {}
        for path, modules in imports.items():
            for module in modules:
                self._importing.setdefault(module.removeprefix("node:"), set()).add(path)

    def of(self, kind: str) -> frozenset[str]:
        """The files that may hold an object of a kind, `framework.kind`."""
        if kind not in self._of:
            self._of[kind] = frozenset()  # a kind that is made of its own kind
            made = self._near.around(self._makers(kind))
            # What is made of an object in hand goes no further than that object does.
            self._of[kind] = frozenset(made.union(*(self.of(parent) for parent in self._parents(kind))))
        return self._of[kind]

    def _parents(self, kind: str) -> set[str]:
        """The kinds whose objects have a method or part that gives one of this kind, if that is named anywhere."""
        framework = self._kinds.get(kind)
        names = framework.objects.get(kind[len(framework.name) + 1 :], ()) if framework is not None else ()
        derived = ((parent, last) for parent, _, last in (name.rpartition(".") for name in names) if parent in self._kinds)
        return {parent for parent, last in derived if self.naming(self.of(parent), (last,))}

    def _makers(self, kind: str) -> set[str]:
        framework = self._kinds.get(kind)
        if framework is None:
            return set()
        found: set[str] = set()
        own = kind[len(framework.name) + 1 :]
        for name in framework.objects.get(own, ()):
            found |= self.bringing(framework, name)
        for idiom in framework.idioms:
            if idiom.makes == own or own in idiom.gives:
                found.update(*(self.making(framework, name) for name in idiom.calls))
                found |= self.naming(self.of(f"{framework.name}.{idiom.on}") if idiom.on else (), _members(idiom))
        for other in self._frameworks:
            for idiom in other.idioms:
                if kind in idiom.gives:
                    found.update(*(self.making(other, name) for name in idiom.calls), self.naming(self.of(f"{other.name}.{idiom.on}"), _members(idiom)))
        if own in framework.hands and not set(framework.packages).isdisjoint(self._depends_on()):
            found |= set(self.paths)
        return found

    def making(self, framework: Framework, name: str) -> frozenset[str]:
        """The files that may have what a framework calls by a name: a function or class to import, or a part of another kind."""
        parent, _, last = name.rpartition(".")
        if parent in self._kinds:
            # `redis` is a framework and a package.
            return frozenset(self.naming(self.of(parent), (last,))) | self.bringing(framework, name)
        return self.bringing(framework, name)

    def bringing(self, framework: Framework, name: str) -> frozenset[str]:
        """The files that import what this name stands for, or the module that has it, and name it."""
        if name not in self._bringing:
            brought = set().union(*(self._importing.get(prefix, ()) for prefix in prefixes(name)))
            last = last_word(name)
            # `fetch` is had without an import, but not in Python.
            bare = is_global(framework, name) and (not self.python or hasattr(builtins, name))
            files = self._all if bare else brought
            found = files & self._words.having(last) if last else set(files)
            root = name.split(".", 1)[0]
            if not self.python and "." in name and is_global(framework, root):
                # `process.on`: a method of a global.
                found |= self._all & self._words.having(last) & self._words.having(root)
            self._bringing[name] = frozenset(found)
        return self._bringing[name]

    def naming(self, paths: Iterable[str], words: Iterable[str]) -> set[str]:
        """Those of these files that have one of these words."""
        return {path for path in paths if path in self._all} & self._words.having_one(words)

    def importing(self, framework: Framework) -> set[str]:
        """The files that import a module of a framework, or a submodule of it alone."""
        known = spine(framework)
        names = (form for name in known.names for form in (name, NODE + name))
        return set().union(*(self._importing.get(name, ()) for name in names), *(self._below.get(package, ()) for package in known.packages))

    @functools.cached_property
    def _below(self) -> dict[str, set[str]]:
        """The files that import a dotted module, by each of the names that it begins with."""
        found: dict[str, set[str]] = {}
        for module, paths in self._importing.items():
            for prefix in prefixes(module) if "." in module else ():
                found.setdefault(prefix, set()).update(paths)
        return found


def _kinds(framework: Framework) -> set[str]:
    return {*framework.objects, *framework.hands, *(kind for idiom in framework.idioms for kind in (idiom.makes, *idiom.gives) if kind and "." not in kind)}


def _members(idiom: Idiom) -> tuple[str, ...]:
    """How a file names what an idiom is: a method, a field that is set (`client.on_connect = told`), a method that a class defines."""
    return (*idiom.methods, *idiom.fields, *idiom.defines)


def last_word(name: str) -> str:
    """The identifier that stands wherever something is used by its qualified name; empty if its import alone must do."""
    last = name.rsplit(".", 1)[-1].rsplit("/", 1)[-1]
    return last if last.isidentifier() else ""
