"""Which modules may be imported by a name that is put together when the program runs?

    import_module(f"{self.name}.receivers")          any module called receivers; in an AppConfig's ready(), those of the applications it serves
    for found in pkgutil.iter_modules(__path__): …   any module of that folder
"""

from __future__ import annotations

import functools
import posixpath
from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from callcheck.sources.code.django_apps import configs_with, is_config, used_config
from callcheck.sources.code.imports import Imports, is_test
from callcheck.sources.code.scopes import function_of, module_of
from callcheck.sources.code.tree import Call, ClassDef, Literal, Member, Module, Name, Node, Param, last_name

if TYPE_CHECKING:
    from callcheck.sources.code import Code

_BY_NAME = ("import_module", "__import__", "import_string", "load_extension")
_BY_FOLDER = ("walk_packages", "iter_modules", "find_modules")
_BY_APP = ("autodiscover_modules",)
_ANY = ("*",)


class Dynamic:
    """The imports of one project's Python sources that only a run completes, each as patterns of the names that it may load."""

    def __init__(self, code: Code, imports: Imports) -> None:
        self.code = code
        self.imports = imports

    def may_load(self, module: Module) -> bool:
        """Whether one of them may load a module."""
        name = self.imports.name(module)
        return any(fnmatchcase(name, pattern) or fnmatchcase(name, f"*.{pattern}") for pattern in self.patterns)

    @functools.cached_property
    def patterns(self) -> frozenset[str]:
        """`shop.receivers`, `*.receivers`, `plugins.*`; `*` for an import that may load anything."""
        found: set[str] = set()
        for call in self.code.project.calls(*_BY_NAME, *_BY_FOLDER, *_BY_APP):
            module = module_of(call)
            if module.language == "python" and not is_test(module.path) and self.code.origins.of(call.callee).kind in ("external", "unknown", "part", "made"):
                found.update(self._of(call))
        return frozenset(found)

    def _of(self, call: Call) -> tuple[str, ...]:
        given = next(iter(call.args), None)
        name = last_name(call.callee)
        if name in _BY_FOLDER:
            return self._folder(call)
        if name in _BY_APP:
            return tuple(f"*.{text}" for arg in call.args if (text := self.code.idioms.text(arg))) or _ANY
        if given is None or isinstance(given, Literal):
            return ()  # a plain import by another word, which the import graph has
        function = function_of(call)
        owner = function.parent if function is not None and function.name == "ready" and isinstance(function.parent, ClassDef) else None
        if isinstance(owner, ClassDef) and is_config(self.code, owner):
            return tuple(self._for_apps(given, owner))
        return tuple(self._texts(given, 0))

    def _for_apps(self, given: Node, owner: ClassDef) -> Iterator[str]:
        """What the ready() of a configuration imports for each application whose configuration it is."""
        written = next(iter(self._texts(given, 0)), "*")
        for cls in configs_with(self.code, owner):
            if used_config(self.code, cls):
                name = self.code.idioms.text(self.code.origins.member(self.code.origins.of(cls), "name").node)
                yield written.replace("*", name, 1) if name and written.startswith("*") else written

    def _texts(self, given: Node, depth: int) -> Iterator[str]:
        """The names that an expression may be, with `*` for what is not known of them."""
        looped = self.code.origins.looped(given)
        if looped and depth < 3:
            yield from (text for each in looped for text in self._texts(each, depth + 1))
            return
        text = self.code.idioms.text(given)
        if text and text.strip("*."):
            yield f"*{text}" if text.startswith(".") else text
            return
        yield from self._given(given, depth) if isinstance(given, Name) and depth < 3 else _ANY

    def _given(self, given: Name, depth: int) -> Iterator[str]:
        """What the callers of a function hand over as its parameter; nothing if nobody calls it."""
        function = function_of(given)
        index = next((n for n, param in enumerate(function.params) if param.name == given.id), None) if function is not None else None
        if function is None or index is None or not isinstance(function.params[index], Param) or isinstance(function.parent, ClassDef):
            yield from _ANY
            return
        if not any(True for _ in self.code.project.calls(*self.code.origins.names_of(function))) and not self.code.origins.callers.passing(function):
            return
        for call in self.code.origins.calls_of(function):
            value = call.keyword(given.id) or next(iter(call.args[index:]), None)
            yield from self._texts(value, depth + 1) if value is not None else _ANY

    def _folder(self, call: Call) -> tuple[str, ...]:
        """The folder whose modules a walk goes over: that of its own package, or of the one that it names."""
        module = module_of(call)
        names = [node for arg in call.args for kind in (Name, Member) for node in arg.inside(kind)]
        for node in names:
            if isinstance(node, Member) and node.name == "__path__" and isinstance(node.object, (Name, Member)):
                package = self.code.origins.of(node.object)
                if package.kind == "module" and isinstance(package.node, Module):
                    return (f"{self._dotted(package.node)}.*",)
                return _ANY
        if any(isinstance(node, Name) and node.id in ("__path__", "__file__", "__name__") for node in names):
            folder = self._dotted(module)
            return (f"{folder}.*",) if folder else _ANY
        return _ANY

    def _dotted(self, module: Module) -> str:
        return posixpath.dirname(module.path).removeprefix("src/").replace("/", ".")
