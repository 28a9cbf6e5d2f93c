"""Which source files are worth parsing?

In a small project all of them. In a big one those with a call of a library that the project imports, or with a sign that a probe asked
for; the files that these import, and those that call what is in them, are parsed when somebody asks.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Collection, Iterable

from callcheck.model.knowledge import Framework
from callcheck.model.noun import dataclass
from callcheck.model.shelf import is_global, prefixes
from callcheck.model.signs import Sign
from callcheck.sources.code import present, raw
from callcheck.sources.files import Tree, read_bytes
from callcheck.sources.languages import language_of

SMALL_BYTES = 1_000_000
"""Source that is parsed whole: about 30,000 lines, half a second."""
KEPT_BYTES = 100_000_000
"""Source that is kept in memory between the two passes over it."""
COMMON = 0.1
"""Share of the files above which a method's name alone says nothing: then a file must also be near one that imports the library."""
COMMON_FILES = 40
MOST_USERS = 60
"""Files that are parsed to see who calls one function."""


@dataclass(slots=True)
class _Raw:
    """What the first pass found in a file."""

    python: bool
    imports: frozenset[str]
    deferred: frozenset[bytes]
    data: bytes | None


class Choice:
    """The source files of one target, and which of them to parse."""

    def __init__(self, tree: Tree, frameworks: Iterable[Framework], signs: tuple[Sign, ...], find: Callable[[str, str], str | None]) -> None:
        """`find` gives the source file that an import in another one names."""
        self.files = {file.name: file for file in tree.files if language_of(file.name)}
        self.names = list(self.files)
        self._frameworks = frameworks
        self._signs = signs
        self._find = find
        self._naming: dict[str, frozenset[str]] = {}

    @functools.cached_property
    def all(self) -> bool:
        """Whether every source file is parsed."""
        return sum(file.size for file in self.files.values()) <= SMALL_BYTES or any(sign.everywhere for sign in self._signs)

    @functools.cached_property
    def chosen(self) -> list[str]:
        """The files to parse before anything is asked, in order."""
        if self.all:
            return self.names
        found = self._by_sign() | self._by_library()
        return [name for name in self.names if name in found]

    def naming(self, words: Iterable[str]) -> list[str]:
        """The files in which one of these identifiers stands, in order."""
        found: set[str] = set()
        for word in words:
            if word not in self._naming:
                sought = word.encode()
                self._naming[word] = frozenset(name for name in self.names if _mentions(self._data(name), sought))
            found |= self._naming[word]
        return [name for name in self.names if name in found]

    @property
    def deferred(self) -> frozenset[str]:
        """The names of functions whose call only makes a promise, coroutine or generator; none if all files are parsed."""
        return frozenset() if self.all else frozenset(name.decode("utf-8", "replace") for each in self._raw.values() for name in each.deferred)

    @functools.cached_property
    def outside(self) -> frozenset[str]:
        """Every module that some file imports by a name without a leading dot."""
        return frozenset(name.removeprefix("node:") for scanned in self._raw.values() for name in scanned.imports if not name.startswith("."))

    @functools.cached_property
    def _raw(self) -> dict[str, _Raw]:
        """The first pass: what each file imports and declares as async."""
        found, kept = {}, 0
        for name, file in self.files.items():
            data = read_bytes(file)
            data = b"" if raw.by_machine(data) else data
            python = name.endswith(".py")
            kept += len(data)
            found[name] = _Raw(
                python, frozenset(raw.imports(data, python)), frozenset(raw.deferred(data, python)), data if kept <= KEPT_BYTES else None
            )
        return found

    def _data(self, name: str) -> bytes:
        held = self._raw[name].data
        return held if held is not None else read_bytes(self.files[name])

    def _by_sign(self) -> set[str]:
        """The files that show a sign of a probe."""
        signs = [_Compiled(sign) for sign in self._signs]
        later = frozenset(name for scanned in self._raw.values() for name in scanned.deferred)
        wanted = frozenset(word for sign in signs for part in sign.words for word in part)
        found = set()
        for name, scanned in self._raw.items():
            data = self._data(name)
            there = wanted.intersection(raw.words(data)) if wanted else frozenset()
            dropped = any(sign.dropped for sign in signs) and not later.isdisjoint(raw.statements(data, scanned.python))
            if any(sign.shown(name, data, there, dropped) for sign in signs):
                found.add(name)
        return found

    def _by_library(self) -> set[str]:
        """The files with a call of a library that the project imports."""
        found: set[str] = set()
        for python in (True, False):
            names = [name for name, scanned in self._raw.items() if scanned.python is python]
            known = [f for f in present.present(self._frameworks, self.outside) if ("python" in f.languages) is python]
            called = self._called(names, {method for f in known for idiom in f.idioms for method in idiom.methods})
            common = {m for m, files in called.items() if len(files) > max(COMMON_FILES, COMMON * len(names))}
            for framework in known:
                found |= self._with_calls(framework, names)
                if framework.hooks:
                    found.update(name for name in names if present.is_imported(framework, self._raw[name].imports))
                methods = {method for idiom in framework.idioms for method in idiom.methods}
                found.update(*(called[method] for method in methods - common if method in called))
                near = self._near(framework) if methods & common else set()
                found.update(*(called[method] & near for method in methods & common))
        return found

    def _called(self, names: Iterable[str], methods: set[str]) -> dict[str, set[str]]:
        """Each method with the files that mention it behind a dot, or as a key in brackets."""
        found: dict[str, set[str]] = {}
        if not methods:
            return found
        either = "|".join(sorted(map(re.escape, methods)))
        behind, quoted = (re.compile(each.encode()) for each in (rf"\.[ \t]*({either})\b", rf"\[[\"']({either})[\"']\]"))
        for name in names:
            data = self._data(name)
            for method in {*behind.findall(data), *quoted.findall(data)}:
                found.setdefault(method.decode(), set()).add(name)
        return found

    def _with_calls(self, framework: Framework, names: Iterable[str]) -> set[str]:
        """The files that import what a framework's functions are of, and name one."""
        wanted = {name: name.rsplit(".", 1)[-1].rsplit("/", 1)[-1].encode() for idiom in framework.idioms for name in idiom.calls}
        found = set()
        for name in names:
            imports = self._raw[name].imports
            for whole, last in wanted.items():
                brought = any(prefix in imports or f"node:{prefix}" in imports for prefix in prefixes(whole))
                if (brought or is_global(framework, whole)) and _mentions(self._data(name), last):
                    found.add(name)
                    break
        return found

    def _near(self, framework: Framework) -> set[str]:
        """The files that import a framework, those that import these, and those that these import."""
        near = {name for name, scanned in self._raw.items() if present.is_imported(framework, scanned.imports)}
        for _ in range(2):
            near |= {user for name in near for user in self.importers(name)}
        return near | {path for name in near for path in self._imported(name)}

    def _imported(self, name: str) -> set[str]:
        return {path for each in self._raw[name].imports if (path := self._find(name, each)) is not None}

    @functools.cached_property
    def _importers(self) -> dict[str, set[str]]:
        found: dict[str, set[str]] = {}
        for name in self.names:
            for path in self._imported(name):
                if path != name:
                    found.setdefault(path, set()).add(name)
        return found

    def importers(self, path: str) -> frozenset[str]:
        """The files that import a file, as far as their text shows."""
        return frozenset(self._importers.get(path, ()))

    def users(self, path: str, names: Collection[str], parsed: Collection[str], through: int = 0) -> list[str]:
        """The files not yet parsed that import a file, also by way of those that only pass it on, and mention one of these names.

        `through` is how many files may lie between, whatever they are; with it, those that such files import count too. None if all files are
        parsed.
        """
        if self.all:
            return []
        mentioned = [name.encode() for name in names]
        found: list[str] = []
        seen, pending = {path}, [(path, 0)]
        while pending and len(found) < MOST_USERS and len(seen) < 30 * MOST_USERS:
            at, steps = pending.pop(0)
            for user in sorted(self._importers.get(at, ())):
                if user not in seen:
                    seen.add(user)
                    if user not in parsed and not self._words(user).isdisjoint(mentioned):
                        found.append(user)
                    if steps < through or user.rsplit("/", 1)[-1].startswith(("__init__.", "index.")):
                        pending.append((user, steps + 1))
        if through:
            # A file that is handed the object as an argument need not import it: it is imported where that is done.
            handed = {path for user in seen for path in self._imported(user)} - seen
            found += sorted(path for path in handed if path not in parsed and not self._words(path).isdisjoint(mentioned))
        return found[: 2 * MOST_USERS]

    @functools.lru_cache(maxsize=2_000)  # noqa: B019  (one choice a run)
    def _words(self, name: str) -> frozenset[bytes]:
        return frozenset(raw.words(read_bytes(self.files[name])))


def _mentions(data: bytes, word: bytes) -> bool:
    return word in data and re.search(rb"(?<![\w$])" + re.escape(word) + rb"(?![\w$])", data) is not None


class _Compiled:
    """A sign, ready to be looked for."""

    def __init__(self, sign: Sign) -> None:
        self.words = [frozenset(word.encode() for word in part) for part in (sign.words, sign.also) if part]
        self.pattern = re.compile(sign.pattern.encode()) if sign.pattern else None
        self.path = re.compile(sign.path) if sign.path else None
        self.dropped = sign.dropped

    def shown(self, name: str, data: bytes, words: Collection[bytes], dropped: bool) -> bool:
        """Whether a file shows it; `words` are those of all signs that are in the file."""
        if self.dropped and not dropped or self.path and not self.path.search(name):
            return False
        return all(not part.isdisjoint(words) for part in self.words) and (self.pattern is None or bool(self.pattern.search(data)))
