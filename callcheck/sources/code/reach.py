"""Which source files does each process load, from its entry point on?

`uvicorn api.main:app` loads api/__init__.py, api/main.py and whatever these import. Imports are read off the raw text, so that
no file is parsed for it; an import inside a function counts too, since it is loaded sooner or later.
"""

from __future__ import annotations

import functools
import posixpath
import re
from collections.abc import Callable, Iterable, Iterator, Mapping

from callcheck.model.pattern import pattern

_JS_IMPORT = pattern(r"""(?:\bfrom\s*|\bimport\s*\(?\s*|\brequire\s*\(\s*)(["'])([^"'\n]{1,300})\1""")
_PY_FROM = pattern(r"^[ \t]*from[ \t]+([.\w]+)[ \t]+import[ \t]+(\([^)]*\)|[^\n]*)", re.MULTILINE)
_PY_IMPORT = pattern(r"^[ \t]*import[ \t]+([^\n#;]+)", re.MULTILINE)
_PY_LINE = pattern(r"^[ \t]+(?:from[ \t]+[.\w]+[ \t]+import[ \t]+(?:\([^)]*\)|[^\n]*)|import[ \t]+[^\n#;]+)", re.MULTILINE)
_PY_NAMED = pattern(r"""["']([a-z_]\w*(?:\.\w+)+)["']""", re.IGNORECASE)
_JS_ENDINGS = (".ts", ".tsx", ".mts", ".cts", ".js", ".jsx", ".mjs", ".cjs")
_BUILT = ("dist/", "build/", "out/", ".next/")
"""Folders of build output, whose files have their source beside them or below `src/`."""
_DISCOVERY = pattern(r"\bimport_module\(|\bpkgutil\.|\brequire\.context\b|\bimport\.meta\.glob\b|\bglob(?:Sync)?\(|\*\*/\*")
_TYPE = pattern(r"\bexport\s+(?:declare\s+)?(?:interface|type)\s+([\w$]+)")
_DJANGO = pattern(r"\bINSTALLED_APPS\b|\bautodiscover_tasks\(")
_DJANGO_LOADS = pattern(r"(?:^|/)(?:(?:apps|models|admin|tasks|urls)\.py|models/__init__\.py)$")
"""What Django and Celery load of every app by its name."""

_ROLE_SIGNS = ("argv", "env", "parse_args", "command", "environ", "getenv")
"""What a file must hold for its imports to be a matter of roles."""
Given = Callable[[], frozenset[str]]


class Reach:
    """What a set of source files load of each other; paths are relative, with "/"."""

    def __init__(self, paths: Iterable[str], text: Callable[[str], str], find: Callable[[str, str], str | None]) -> None:
        """`text` gives a file's text ("" if unreadable), `find` the path that an import of a path names."""
        self._paths = frozenset(paths)
        self._text = text
        self._find = find
        self._direct: dict[str, frozenset[str]] = {}
        self._keyed: dict[str, list[tuple[str, str]]] = {}

    def entry(self, written: str, near: str = "") -> str | None:
        """The file that an entry point means, as a command writes it: `app.main:app`, `dist/server.js`, `worker`; or `/srv/shop/jobs.js`, the longest end of which is here."""
        written = written.strip()
        for place in _places(written):
            found = [path for path in self._paths if path == place or path.endswith("/" + place)]
            if found:
                return min(found, key=lambda path: (not path.startswith(near), path.count("/"), path))
        below = written[1:].partition("/")[2] if written.startswith("/") else ""
        return self.entry(("/" if "/" in below else "") + below, near) if below else None

    def loads(self, entry: str, given: Given | None = None) -> frozenset[str]:
        """Every file that a process which starts at `entry` loads, itself included; `given` tells the words that may name its role."""
        seen = {entry}
        waiting = [entry]
        while waiting:
            file = waiting.pop()
            loaded = self._loaded_by(file)
            for path in loaded - self._of_other_roles(file, given) if given and loaded else loaded:
                if path not in seen:
                    seen.add(path)
                    waiting.append(path)
        return frozenset(seen)

    def erased(self, path: str) -> frozenset[str]:
        """The files of which a TypeScript file imports nothing but types: the compiler drops such an import, and the file with it."""
        text, kept, dropped = self._text(path), set[str](), set[str]()
        for match in _JS_IMPORT.finditer(text):
            place = self._find(path, match[2])
            if place:
                (dropped if self._only_types(text[: match.start()], match[0], place) else kept).add(place)
        return frozenset(dropped - kept)

    def _only_types(self, before: str, said: str, place: str) -> bool:
        begins = max(before.rfind("import"), before.rfind("export"))
        clause = before[begins + 6 :].strip() if begins >= 0 and said.startswith("from") else ""
        if clause.startswith("type") and re.match(r"type(?:\s*[{*]|\s+\w)", clause):
            return True
        if not clause.startswith("{") or clause.find("}") != len(clause) - 1 or "{" in clause[1:]:
            return False
        names = [name.split(" as ")[0].strip() for name in clause[1:-1].split(",") if name.strip()]
        target = self._text(place)
        types = frozenset(_TYPE.findall(target)) if "type" in target or "interface" in target else ()
        return bool(names) and all(name.startswith("type ") or name in types for name in names)

    def _of_other_roles(self, path: str, given: Given) -> frozenset[str]:
        """What a file loads only in roles that these words do not name."""
        if path not in self._keyed:
            text = self._text(path)
            self._keyed[path] = self._by_role(path, text) if any(sign in text for sign in _ROLE_SIGNS) else []
        if not self._keyed[path]:
            return frozenset()
        from callcheck.sources.code import roles

        return roles.left_out(self._keyed[path], given(), roles.told(self._text(path)))

    def _by_role(self, path: str, text: str) -> list[tuple[str, str]]:
        from callcheck.sources.code import roles

        if path.endswith((".py", ".pyi")):
            rows = roles.roles_py(text, ((m.start(), name) for m in _PY_LINE.finditer(text) for name in _python_imports(m[0].strip())))
        else:
            rows = roles.roles_js(text, _JS_IMPORT.finditer(text))
        return [(key, place) for key, name in rows if (place := self._find(path, name))]

    def by_unit(
        self, entries: Iterable[tuple[str, str]], given: Callable[[str], Given] | None = None, images: Mapping[str, str] | None = None
    ) -> dict[str, frozenset[str]]:
        """Path -> the units that load it, from each unit's name and entry point as written; `given` says the words that may name a unit's role.

        A unit whose entry point is not found, or whose files find others by a pattern, may load any file; but not the program of units that run other `images`.
        """
        loaded: dict[str, set[str]] = {}
        anything: set[str] = set()
        starts: dict[str, set[str]] = {}
        for unit, written in entries:
            entry = self.entry(written)
            if entry:
                starts.setdefault(entry, set()).add(unit)
            files = self.loads(entry, given(unit) if given else None) if entry else frozenset()
            if not files or any(_DISCOVERY.search(self._text(path)) for path in files):
                anything.add(unit)
            loaded.setdefault(unit, set()).update(files)
        found: dict[str, set[str]] = {}
        for unit, paths in loaded.items():
            for path in paths:
                found.setdefault(path, anything - _of_other_images(anything, starts.get(path, ()), images or {})).add(unit)
        return {path: frozenset(units) for path, units in found.items()}

    def closed(self, entries: Iterable[str]) -> bool:
        """Whether every one of these entry points is found, and none of them loads files by a pattern."""
        found = [self.entry(written) for written in entries]
        return bool(found) and all(entry and not any(_DISCOVERY.search(self._text(path)) for path in self.loads(entry)) for entry in found)

    def _loaded_by(self, path: str) -> frozenset[str]:
        if path not in self._direct:
            text = self._text(path)
            python = path.endswith((".py", ".pyi"))
            names = _python_imports(text) if python else (m[2] for m in _JS_IMPORT.finditer(text))
            found = {place for name in names if (place := self._find(path, name))}
            if path.endswith((".ts", ".tsx", ".mts", ".cts")):
                found -= self.erased(path)
            if path.endswith(".py") and _DJANGO.search(text):
                found |= self._django
            self._direct[path] = frozenset(found | set(self._packages(found | {path})))
        return self._direct[path]

    @functools.cached_property
    def _django(self) -> frozenset[str]:
        """What Django loads by its name."""
        return frozenset(other for other in self._paths if _DJANGO_LOADS.search(other))

    def _packages(self, paths: Iterable[str]) -> Iterator[str]:
        """The `__init__.py` files that Python runs on the way to a module."""
        for path in paths:
            folder = posixpath.dirname(path)
            while path.endswith(".py") and folder and posixpath.join(folder, "__init__.py") in self._paths:
                yield posixpath.join(folder, "__init__.py")
                folder = posixpath.dirname(folder)


def _of_other_images(units: Iterable[str], starting: Iterable[str], images: Mapping[str, str]) -> set[str]:
    """Which of these units run an image that none of those has which start a program; a unit of no known image may have any."""
    theirs = {images.get(unit, "") for unit in starting}
    return set() if not theirs or "" in theirs else {unit for unit in units if images.get(unit) and images[unit] not in theirs}


def _places(written: str) -> Iterator[str]:
    """The paths that an entry may stand at, likeliest first."""
    word = written.split(":")[0].removeprefix("./").lstrip("/")
    if not word:
        return
    if not word.endswith((".py", *_JS_ENDINGS)) and re.fullmatch(r"[\w.]+", word):
        parts = word.split(".")
        while parts:
            stem = "/".join(parts)
            # `python -m donor` runs donor/__main__.py; `uvicorn donor:app` takes app from donor/__init__.py.
            run = () if ":" in written else (f"{stem}/__main__.py",)
            yield from (f"{stem}.py", *run, f"{stem}/__init__.py", f"{stem}/__main__.py", f"{stem}/celery.py")
            parts.pop()
    stem, dot, ending = word.rpartition(".")
    if not dot or f".{ending}" not in (*_JS_ENDINGS, ".py"):
        stem = word
    yield word
    yield from _with_endings(stem)
    for folder in _BUILT:
        # Below a package of its own in a workspace: `mailer/dist/main.js`.
        before, found, rest = f"/{stem}".partition(f"/{folder}")
        if found:
            yield from _with_endings(*(f"{before}/{place}{rest}".lstrip("/") for place in ("src/", "")))


def _with_endings(*stems: str) -> Iterator[str]:
    yield from (stem + ending for stem in stems for ending in _JS_ENDINGS)
    yield from (f"{stem}/index{ending}" for stem in stems for ending in _JS_ENDINGS)


def _python_imports(text: str) -> Iterator[str]:
    """Every module that a Python text may import: `from a import b` may mean a, or a.b."""
    for match in _PY_FROM.finditer(text):
        base = match[1]
        yield base
        for name in re.sub(r"#[^\n]*|[()\\]", " ", match[2]).split(","):
            word = name.split()[0] if name.split() else ""
            if word and word != "*":
                yield f"{base}{word}" if base.endswith(".") else f"{base}.{word}"
    for match in _PY_IMPORT.finditer(text):
        yield from (part.split()[0] for part in match[1].split(",") if part.split())
    # Celery's `include`, Django's INSTALLED_APPS and `import_string` name modules in strings.
    yield from (match[1] for match in _PY_NAMED.finditer(text))
