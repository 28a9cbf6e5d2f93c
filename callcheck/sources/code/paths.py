"""Which source file does an import name?"""

from __future__ import annotations

import functools
import posixpath
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from callcheck.model.pattern import pattern
from callcheck.sources.documents.shapes import texts_in
from callcheck.sources.files import File, Tree

_JS_ENDINGS = (".ts", ".tsx", ".mts", ".cts", ".js", ".jsx", ".mjs", ".cjs")
_TS_FOR = {".js": (".ts", ".tsx"), ".jsx": (".tsx",), ".mjs": (".mts",), ".cjs": (".cts",)}
_BEGINS = pattern(r"(?:^|/)(?:manage|wsgi|asgi|main|app|celery|conftest|settings[^/]*|settings/[^/]+|config/[^/]+)\.py$")
"""What runs before the rest is imported."""
_ON_PATH = pattern(r"\bsys\.path\.(?:insert\(\s*\d+\s*,|append\()([^\n]{1,200})")
_QUOTED = pattern(r"[\"']([\w./-]+)[\"']")


class Paths:
    """The names of a project's source files, as imports know them."""

    def __init__(self, paths: Iterable[str], tree: Tree, load: Callable[[File], dict[str, Any]], text: Callable[[str], str]) -> None:
        """`load` gives a JSON file's object, {} if there is none, `text` that of a source file, "" if it cannot be read."""
        self.paths = frozenset(paths)
        self._tree = tree
        self._json = load
        self._text = text
        self._known: dict[tuple[str, str], str | None] = {}

    def find(self, importer: str, name: str) -> str | None:
        """The file that an import in another file names; None for a package from outside."""
        python = importer.endswith(".py")
        # A Python module never imports itself, so that the answer is its own where the name may be its own.
        own = python and name.rpartition(".")[2] == posixpath.basename(importer).removesuffix(".py")
        key = (importer if own else posixpath.dirname(importer) + "/*.py" * python, name)
        if key not in self._known:
            self._known[key] = self._find_python(importer, name) if python else self._find_js(importer, name)
        return self._known[key]

    def _find_js(self, importer: str, name: str) -> str | None:
        if name.startswith("."):
            return self._js_file(posixpath.normpath(posixpath.join(posixpath.dirname(importer), name)))
        for alias, targets, base in self._aliases:
            if name == alias or (alias.endswith("*") and name.startswith(alias[:-1])):
                rest = name[len(alias) - 1 :] if alias.endswith("*") else ""
                for target in targets:
                    found = self._js_file(posixpath.normpath(posixpath.join(base, target.replace("*", rest))))
                    if found:
                        return found
        return self._packages.get(name) or (self._from_a_root(importer, name[2:]) if name.startswith(("@/", "~/")) else None)

    def _from_a_root(self, importer: str, rest: str) -> str | None:
        """`@/lib/x` where no configuration says what `@` is: what lies below `src/`, or beside it, in a folder above the importer."""
        folder = posixpath.dirname(importer)
        while True:
            for base in (posixpath.join(folder, "src"), folder):
                if found := self._js_file(posixpath.normpath(posixpath.join(base, rest))):
                    return found
            if not folder:
                return None
            folder = posixpath.dirname(folder)

    def _js_file(self, path: str) -> str | None:
        path = "" if path == "." else path
        if path in self.paths:
            return path
        stem, dot, ending = path.rpartition(".")
        tried = [stem + other for other in _TS_FOR.get(dot + ending, ())] if dot else []
        tried += [path + other for other in _JS_ENDINGS] + [posixpath.join(path, f"index{other}") for other in _JS_ENDINGS]
        return next((each for each in tried if each in self.paths), None)

    def _find_python(self, importer: str, name: str) -> str | None:
        dots = len(name) - len(name.lstrip("."))
        parts = [part for part in name[dots:].split(".") if part]
        if dots:
            folder = posixpath.dirname(importer)
            for _ in range(dots - 1):
                folder = posixpath.dirname(folder)
            return self.py_file(posixpath.join(folder, *parts))
        if not parts:
            return None
        folder = posixpath.dirname(importer)
        # An absolute import never looks into the package that it stands in: paper/celery.py may import celery.
        while folder and posixpath.join(folder, "__init__.py") in self.paths:
            folder = posixpath.dirname(folder)
        while True:
            found = self.py_file(posixpath.join(folder, *parts)) or self.py_file(posixpath.join(folder, "src", *parts))
            if found and "." not in name and self._names_itself(found, name):
                found = None
            if found and found != importer:
                return found
            if not folder:
                break
            folder = posixpath.dirname(folder)
        # Nor does a module import itself, in a package without __init__.py.
        told = (self.py_file(posixpath.join(root, *parts)) for root in self._told_roots)
        return next((each for each in told if each and each != importer), None)

    @functools.cached_property
    def _told_roots(self) -> list[str]:
        """The folders that what a program begins with puts on Python's path: `sys.path.insert(0, str(BASE_DIR / "apps"))`."""
        found: dict[str, None] = {}
        for path in sorted(self.paths):
            text = self._text(path) if _BEGINS.search(path) else ""
            for told in _ON_PATH.finditer(text) if "sys.path" in text else ():
                parts = [part for each in _QUOTED.findall(told[1]) for part in each.split("/") if part not in ("", ".", "..")]
                root = self._folder(posixpath.dirname(path), parts) if parts else None
                if root:
                    found[root] = None
        return list(found)

    def _folder(self, start: str, parts: list[str]) -> str | None:
        """The folder of sources of this name nearest to a file: beside it, or beside a folder above it."""
        while True:
            root = posixpath.join(start, *parts)
            if any(path.startswith(f"{root}/") for path in self.paths):
                return root
            if not start:
                return None
            start = posixpath.dirname(start)

    def _names_itself(self, path: str, name: str) -> bool:
        """Whether a file imports the very name that it has itself: paper/celery.py means the library, and so do its neighbours."""
        return path.endswith(f"/{name}.py") and re.search(rf"^[ \t]*(?:from|import)[ \t]+{name}\b", self._text(path), re.MULTILINE) is not None

    def py_file(self, path: str) -> str | None:
        tried = (f"{path}.py", f"{path}/__init__.py" if path else "__init__.py")
        return next((each for each in tried if each in self.paths), None)

    @functools.cached_property
    def _aliases(self) -> list[tuple[str, list[str], str]]:
        """The `paths` of every tsconfig and jsconfig, and the `imports` of every package.json: alias, targets, folder they start from."""
        found = [each for file in self._tree.named("package.json") for each in _subpaths(self._json(file).get("imports"), posixpath.dirname(file.name))]
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
    def _packages(self) -> dict[str, str]:
        """The workspace packages of the project by their name, each with its main module."""
        found: dict[str, str] = {}
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


def _subpaths(imports: object, base: str) -> Iterator[tuple[str, list[str], str]]:
    """Node's own aliases, all of which begin with `#`: `"#engine": "./engine/index.js"`, `"#lib/*.js": {"types": "./src/*.ts", "default": "./dist/*.js"}`."""
    for alias, target in imports.items() if isinstance(imports, dict) else ():
        named = [each for each in texts_in(target) if each.startswith("./")]
        sources = [re.sub(r"^\./(?:dist|build|out|lib)/", "./src/", each) for each in named]
        ending = re.search(r"(?<=\*)\.\w+$", str(alias))
        shorter = [each.removesuffix(ending[0]) if ending else each for each in dict.fromkeys([*named, *sources])]
        yield str(alias).removesuffix(ending[0] if ending else ""), shorter, base
