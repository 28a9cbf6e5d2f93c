"""Which files are programs of their own, and which modules does each of them load?

Two programs share source files, never memory: a module that both import exists once in each.
"""

from __future__ import annotations

import functools
import posixpath
import re
from collections.abc import Callable

from callcheck.model.pattern import pattern
from callcheck.sources.code.idioms import Idioms
from callcheck.sources.code.reach import Reach
from callcheck.sources.code.scopes import module_of
from callcheck.sources.code.tree import Call, Function, Literal, Module, Name, Node

_OUTPUTS = ("src/", "dist/", "build/", "lib/", "out/", "./", ".next/")
_STARTS = ("package.json", "Procfile*", "Dockerfile*", "*.Dockerfile", "*.yml", "*.yaml", "ecosystem.config.*", "pm2.*", "processes.json", "*.toml", "*.sh", "*.service", "*.conf", "*.ini", "*.tf", "*.hcl", "*.nomad", "*.bicep", "Makefile", "justfile", "*.json")
_ROOTS = ("Dockerfile*", "*.Dockerfile", "requirements*.txt", "pyproject.toml", "package.json")
"""What stands in the folder that an image is built of, below which a unit of another folder names its program."""
_LISTS = pattern(r"\"(?:containerDefinitions|TaskGroups|apps|scripts|deploy|functions)\"\s*:")
"""What a JSON file holds that starts programs; others name files for other ends."""
_LARGEST = 300_000
_SUFFIX = pattern(r"\.(?:[cm]?[jt]sx?|py)$")
_MODULE = pattern(r"\bpython[\d.]{0,5}[\"',\]\[ \t]{1,6}(?:-[uOB][\"', \t]{1,5})?-m[\"', \t]{1,5}([A-Za-z_][\w.]{0,100})")
"""`python -m shop.worker`, also as a list of words."""
_BUNDLERS = ("vite.config.*", "rollup.config.*", "webpack.config.*")
_LIBRARY = pattern(r"\blib\s*:\s*\{|\blibraryTarget\b|\blibrary\s*:\s*[{'\"]")
_LEFT = pattern(r"\bexternals?\s*:\s*[\[{(]")
_WORD = pattern(r"[\w@./\\-]+")
_SERVED = pattern(r"\b(?:uvicorn|gunicorn|hypercorn|granian|daphne|waitress-serve)\b.{1,200}?(?<![\w./:-])([A-Za-z_]\w*(?:\.\w+)*)(?::[A-Za-z_]\w*|(?<=\.[aw]sgi)\b)", re.DOTALL)
"""`uvicorn shop.api:app`, `gunicorn -w 4 shop.wsgi`, also as a list of words."""


class Programs:
    """The entry files of one project and what they load."""

    def __init__(self, idioms: Idioms, reach: Callable[[], Reach]) -> None:
        self.idioms = idioms
        self.project = idioms.project
        self._reach = reach

    @functools.cached_property
    def spawned(self) -> dict[str, Node]:
        """Files that are started as a thread or process of their own, with the call that does it."""
        found: dict[str, Node] = {}
        for use in self.idioms.of("spawn"):
            target = self._file_in(use.module, use.call)
            if target is not None:
                found.setdefault(target.path, use.call)
            for call in self._told(use.call) if target is None else ():
                target = self._file_in(use.module, call) or self._file_in(module_of(call), call)
                if target is not None:
                    found.setdefault(target.path, use.call)
        return found

    def _told(self, spawn: Call) -> list[Call]:
        """The calls of a function that is told which file to start: `run(file) { new Worker(new URL(file, import.meta.url)) }`."""
        names = {name.id for arg in spawn.args[:1] for name in arg.inside(Name)}
        around = (above for above in spawn.up() if isinstance(above, Function) and any(param.name in names for param in above.params))
        function = next(around, None)
        return self.idioms.origins.calls_of(function) if function is not None else []

    def _file_in(self, module: Module, call: Call) -> Module | None:
        """The project's file that a call names: a literal anywhere in its first arguments, relative to the calling file or to the root."""
        for arg in (each for each in call.args[:2] if not isinstance(each, Function)):
            for node in arg.inside(Literal):
                if not (isinstance(node.value, str) and _SUFFIX.search(node.value)):
                    continue
                name = node.value.lstrip("/")
                beside = self.project.find(module, name if name.startswith(".") else f"./{name}")
                if beside is not None:
                    return beside
                stem = _plain(name)
                matching = [path for path in self.project.sources if _plain(path) == stem or _plain(path).endswith(f"/{stem}")]
                if len(matching) == 1:
                    return self.project.module(matching[0])
        return None

    @functools.cached_property
    def entries(self) -> tuple[str, ...]:
        """The files that something starts by name, or as a thread or process of their own."""
        named = self._started_names
        boots = {use.module.path for use in self.idioms.of("boot")} | {module_of(call).path for call in self.spawned.values()}
        return tuple(path for path in self.project.sources if path in self.spawned or ((path in boots or self._is_named(path, named)) and not self._imported(path)))

    @functools.cached_property
    def parts(self) -> frozenset[str]:
        """Entries that are built as libraries and leave packages to their host: parts of the page that loads them, with its modules, and no programs."""
        built = (file for file in self.project.files_named(*_BUNDLERS) if _LIBRARY.search(text := self.project.text_of(file)) and _LEFT.search(text))
        folders = [f"{folder}/" for file in built if (folder := posixpath.dirname(file.name))]
        return frozenset(path for path in self.entries if path.startswith(tuple(folders)))

    def _is_named(self, path: str, named: frozenset[str]) -> bool:
        if _SUFFIX.sub("", path).endswith((".config", ".test", ".spec")):
            return False
        below = (path[at + 1 :] for at, sign in enumerate(path) if sign == "/" and path[:at] in self._roots)
        return any(_plain(each) in named or _plain(each).removesuffix("/index") in named for each in (path, *below))

    @functools.cached_property
    def _roots(self) -> frozenset[str]:
        """The folders below the top in which parts of the project are built."""
        return frozenset(folder for file in self.project.files_named(*_ROOTS) if (folder := posixpath.dirname(file.name)))

    def _imported(self, path: str) -> bool:
        return bool(self.project.importers(path))

    @functools.cached_property
    def _started_names(self) -> frozenset[str]:
        """Every word of the deployment files and scripts that may name a file, without output folder and suffix."""
        found: set[str] = set()
        for file in self.project.files_named(*_STARTS):
            if file.suffix != ".json" or (file.size < _LARGEST and _LISTS.search(self.project.text_of(file))):
                found |= self.project.derived(file, names_in)
        return frozenset(found)

    def loads(self, entry: str) -> frozenset[str]:
        """All modules that a program loads, itself included."""
        if entry not in self._loads:
            self._loads[entry] = self._reach().loads(entry)
        return self._loads[entry]

    @functools.cached_property
    def _loads(self) -> dict[str, frozenset[str]]:
        return {}

    def of(self, module: Module) -> frozenset[str]:
        """The programs that load a module."""
        return frozenset(entry for entry in self.entries if module.path in self.loads(entry))


def names_in(name: str, text: str) -> frozenset[str]:
    """What of a deployment file or script may name source files."""
    found: set[str] = set()
    folder = posixpath.dirname(name)
    for dotted in _MODULE.findall(text) if "python" in text else ():
        for place in {path := dotted.replace(".", "/"), posixpath.join(folder, path)}:
            found |= {_plain(place), _plain(place) + "/__main__"}
    for served in _SERVED.findall(text):
        path = served.replace(".", "/")
        found |= {_plain(path), _plain(posixpath.join(folder, path))}
    for word in _WORD.findall(text):
        if "/" in word or _SUFFIX.search(word):
            found.add(_plain(word))
            if folder:
                found.add(_plain(posixpath.normpath(posixpath.join(folder, word))))
    return frozenset(found)


def _plain(path: str) -> str:
    """A file's name without output folders and suffix: `packages/api/dist/main.js` and `packages/api/src/main.ts` are one."""
    parts = [part for part in posixpath.normpath(path.replace("\\", "/")).split("/") if f"{part}/" not in _OUTPUTS and part not in (".", "app", "usr", "workspace", "")]
    return _SUFFIX.sub("", "/".join(parts))
