"""Which source files are worth parsing?

In a small project all of them. In a big one those with a call of a library on an object that they can have in hand, or with a sign that a
probe asked for; the files that these import, and those that call what is in them, are parsed when somebody asks. Tests are left out.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Collection, Iterable
from typing import TYPE_CHECKING

from callcheck.model.knowledge import Framework, Idiom
from callcheck.model.noun import dataclass
from callcheck.model.pattern import pattern
from callcheck.model.signs import Sign
from callcheck.sources.code import present, raw
from callcheck.sources.code.asides import is_only_test
from callcheck.sources.code.holders import Holders, wanted
from callcheck.sources.code.near import Near
from callcheck.sources.files import LARGEST_BYTES, Tree, read_bytes
from callcheck.sources.languages import language_of

if TYPE_CHECKING:
    from callcheck.model.left_out import Reason

SMALL_BYTES = 1_000_000
"""Source that is parsed whole: about 30,000 lines, half a second."""
KEPT_BYTES = 64_000_000
"""Source that is kept in memory between the passes over it."""
COMMON = 0.1
"""Share of the files above which a method that any object may have says nothing: then a file must also be near one that imports the library."""
COMMON_FILES = 40
MOST_USERS = 60
"""Files that are parsed to see who calls one function."""
HANDLERS_NAMED = ("serverless.y*ml", "template.y*ml", "sam.y*ml", "template.json", "*.template.json")
"""Files in which a platform is told which functions to call, whatever their names are."""
SERVED_STEPS = 3
"""Imports from a file that serves requests down to one that works for them."""
_PER_CALL = frozenset({"request", "job", "connection", "message"})
_SERVES = pattern(
    rb"\b(?:req|request)\b[^()]{0,80},\s*(?:res|reply|response|rep)\b|\b(?:handler|lambda_handler)\b|\bfetch\b[^()]{0,20}\([^()]{0,80}\b_?env\b"
    rb"|\b(?:scheduled|queue)\b[^()\n]{0,20}\(|\b(?:Next|Http|WSGI|Fastify|Vercel|NextApi)?Request\b|\bAPIGatewayProxyEvent|@(?:Get|Post|Put|Patch|Delete|All|Sse)\("
)
_ROUTE = pattern(r"(?:^|/)(?:route\.[a-z]+|pages/api/.+|api/.+|functions/.+)$")
"""What tells that functions of a file answer requests, besides the uses of a library."""


@dataclass(slots=True)
class _Raw:
    """What the first pass found in a file."""

    python: bool
    imports: frozenset[str]
    data: bytes | None


class Choice:
    """The source files of one target, and which of them to parse."""

    def __init__(
        self,
        tree: Tree,
        frameworks: Iterable[Framework],
        signs: tuple[Sign, ...],
        find: Callable[[str, str], str | None],
        depends_on: Callable[[], Collection[str]] = frozenset,
    ) -> None:
        """`find` gives the source file that an import in another one names, `depends_on` the packages that manifests name."""
        self.files = {file.name: file for file in tree.files if language_of(file.name)}
        self.names = list(self.files)
        self._frameworks = frameworks
        self._signs = signs
        self._tree = tree
        self._find = find
        self._depends_on = depends_on
        self._naming: dict[str, frozenset[str]] = {}
        self.left_out: dict[Reason, list[str]] = {}
        """Source files that are not read in a big tree."""
        self._deferred: dict[tuple[str, frozenset[str]], frozenset[bytes]] = {}

    @functools.cached_property
    def all(self) -> bool:
        """Whether every source file is parsed."""
        return sum(file.size for file in self.files.values()) <= SMALL_BYTES or any(sign.everywhere for sign in self._signs)

    @functools.cached_property
    def chosen(self) -> list[str]:
        """The files to parse before anything is asked, in order."""
        if self.all:
            return self.names
        found = self._by_library()
        found |= self._by_sign(found)
        return [name for name in self.names if name in found]

    def naming(self, words: Iterable[str]) -> list[str]:
        """The files in which one of these identifiers stands, in order."""
        found: set[str] = set()
        for word in words:
            if word not in self._naming:
                sought = word.encode()
                self._naming[word] = frozenset(name for name in self._raw if _mentions(self._data(name), sought))
            found |= self._naming[word]
        return [name for name in self.names if name in found]

    @property
    def deferred(self) -> frozenset[str]:
        """The names of functions whose call only makes a promise, coroutine or generator; none if all files are parsed."""
        return frozenset() if self.all else frozenset(name.decode("utf-8", "replace") for path in self._raw for name in self._later(path))

    @functools.cached_property
    def outside(self) -> frozenset[str]:
        """Every module that some file imports by a name without a leading dot."""
        return frozenset(name.removeprefix("node:") for scanned in self._raw.values() for name in scanned.imports if not name.startswith("."))

    @functools.cached_property
    def _raw(self) -> dict[str, _Raw]:
        """The first pass: what each file imports; files that no person wrote, and tests, are left out."""
        found, kept = {}, 0
        for name, file in self.files.items():
            if is_only_test(name):
                self._leave("tests", name)
                continue
            data = read_bytes(file)
            if raw.by_machine(data):
                self._leave("machine", name)
                continue
            if file.size > LARGEST_BYTES or b"\0" in data[:8192]:
                self._leave("large" if file.size > LARGEST_BYTES else "binary", name)
            python = name.endswith(".py")
            kept += len(data)
            found[name] = _Raw(python, frozenset(raw.imports(data, python)), data if kept <= KEPT_BYTES else None)
        return found

    def _leave(self, reason: Reason, name: str) -> None:
        self.left_out.setdefault(reason, []).append(name)

    def _data(self, name: str) -> bytes:
        held = self._raw[name].data if name in self._raw else None
        return held if held is not None else read_bytes(self.files[name])

    @functools.cached_property
    def _near(self) -> Near:
        return Near({name: scanned.imports for name, scanned in self._raw.items()}, self._find)

    @functools.cached_property
    def _present(self) -> tuple[Framework, ...]:
        return present.present(self._frameworks, self.outside)

    @functools.cached_property
    def _compiled(self) -> list[_Compiled]:
        return [_Compiled(sign) for sign in self._signs]

    @functools.cached_property
    def _there(self) -> dict[str, frozenset[bytes]]:
        """The second pass: which of the words that say anything are in each file."""
        vocabulary = frozenset(wanted(self._present).union(*(part for sign in self._compiled for part in sign.words)))
        return {name: vocabulary.intersection(raw.words(self._data(name))) for name in self._raw}

    def _by_sign(self, used: Collection[str]) -> set[str]:
        """The files that show a sign of a probe; those that use a library are known already."""
        served = self._served if any(sign.served for sign in self._compiled) else set()
        found = set()
        for name, there in self._there.items():
            if name not in used:
                signs = [sign for sign in self._compiled if sign.may(name, there) and (not sign.served or name in served)]
                if signs:
                    data = self._data(name)
                    if any(sign.shown(data) and (not sign.dropped or self._drops(name, sign.dropped)) for sign in signs):
                        found.add(name)
        return found

    @functools.cached_property
    def _served(self) -> set[str]:
        """The files that serve requests, and those that work for them."""
        if self._tree.named(*HANDLERS_NAMED):
            return set(self._raw)
        serving = {name for name in self._raw if _ROUTE.search(name) or _SERVES.search(self._data(name))}
        for holders, languages in self._spoken:
            for framework in languages:
                for idiom in framework.idioms:
                    if idiom.role in _PER_CALL:
                        serving.update(*(holders.making(framework, name) for name in idiom.calls))
                        serving |= holders.naming(holders.of(f"{framework.name}.{idiom.on}"), idiom.methods)
        return self._near.below(serving, SERVED_STEPS)

    def _drops(self, name: str, kinds: frozenset[str]) -> bool:
        """Whether a statement of a file may be nothing but a call of one of the deferred functions in its sight: its own, or imported ones."""
        scanned = self._raw[name]
        called = raw.statements(self._data(name), scanned.python)
        if not {each.removeprefix(b".") for each in called}.isdisjoint(self._later(name, kinds)):
            return True
        if scanned.python:
            # A plain name that is not the file's own is imported by it, or a variable.
            brought = {module.rsplit(".", 1)[-1].encode() for module in scanned.imports}
            called = {each for each in called if each[:1] == b"." or each in brought}
        called = {each.removeprefix(b".") for each in called}
        sight = self._near.imported(name)
        sight |= {path for each in sight if _passes_on(each) for path in self._near.imported(each)}
        return any(not called.isdisjoint(self._later(path, kinds)) for path in sight if path in self._raw and self._raw[path].python is scanned.python)

    def _later(self, name: str, kinds: frozenset[str] = raw.DEFERRED) -> frozenset[bytes]:
        """The deferred functions of a file, of these kinds."""
        if (name, kinds) not in self._deferred:
            self._deferred[name, kinds] = frozenset(raw.deferred(self._data(name), self._raw[name].python, kinds))
        return self._deferred[name, kinds]

    @functools.cached_property
    def _spoken(self) -> list[tuple[Holders, tuple[Framework, ...]]]:
        """The frameworks of each language, with the files that hold their objects."""
        found = []
        for python in (True, False):
            names = [name for name, scanned in self._raw.items() if scanned.python is python]
            known = tuple(f for f in self._present if (("python" in f.languages) is python) or (not python and set(f.languages) - {"python"}))
            imports = {name: self._raw[name].imports for name in names}
            found.append((Holders(known, imports, {name: self._there[name] for name in names}, self._near, self._depends_on, python), known))
        return found

    def _by_library(self) -> set[str]:
        """The files with a use of a library that the project imports: a function of it, or a method of an object that the file can have in hand."""
        found: set[str] = set()
        for holders, known in self._spoken:
            at_hand: dict[str, set[str]] = {}
            for framework in known:
                for idiom in framework.idioms:
                    found.update(*(holders.making(framework, name) for name in idiom.calls if name != "*"))
                    for method in (*idiom.methods, *idiom.fields):
                        at_hand.setdefault(method, set()).add(f"{framework.name}.{idiom.on}" if idiom.on not in ("", "any") else framework.name)
                    if idiom.defines and idiom.on == "any":
                        found |= holders.naming(holders.paths, idiom.defines)
                for kind in {*framework.hooks, *(idiom.on for idiom in framework.idioms if idiom.defines)}:
                    found.update(*(holders.making(framework, name) for name in framework.objects.get(kind, ())))
            found |= self._with_methods(holders, known, at_hand)
        return found

    def _with_methods(self, holders: Holders, known: Iterable[Framework], at_hand: dict[str, set[str]]) -> set[str]:
        """The files that mention one of these methods behind a dot, or as a key in brackets, and may hold an object of one of its kinds."""
        named: dict[bytes, list[str]] = {method.encode(): [] for method in at_hand}
        for name in holders.paths:
            for word in self._there[name] & named.keys():
                named[word].append(name)
        loose = {framework.name: framework for framework in known}
        found: set[str] = set()
        for method, kinds in at_hand.items():
            word = method.encode()
            names = set(named[word]) - found
            allowed = set().union(*(self._loose(loose[kind], holders, named[word]) if kind in loose else holders.of(kind) for kind in kinds)) if names else names
            shown = re.compile(rb"\.[ \t]*" + re.escape(word) + rb"\b|\[[\"']" + re.escape(word) + rb"[\"']\]") if names & allowed else None
            found.update(name for name in names & allowed if shown and shown.search(self._data(name)))
        return found

    def _loose(self, framework: Framework, holders: Holders, naming: Collection[str]) -> Collection[str]:
        """Where a method that any object may have says something: everywhere, unless many files name it; then near the framework."""
        importing = [name for name in holders.paths if present.is_imported(framework, self._raw[name].imports)]
        if not importing or len(naming) <= max(COMMON_FILES, COMMON * len(holders.paths)):
            return naming if importing else ()
        return self._near.around(importing)

    def showing(self, sign: Sign, names: Iterable[str] | None = None) -> set[str]:
        """Those of these files, or of all, that show a sign by their own text."""
        compiled = _Compiled(sign)
        within = self._raw if names is None else [name for name in names if name in self._raw]
        return {name for name in within if compiled.may(name, self._words(name)) and compiled.shown(self._data(name))}

    def may_hold(self, path: str, framework: Framework, idiom: Idiom) -> bool:
        """Whether a file can have the object in hand that an idiom is a method or field of; also yes where files are not chosen."""
        if self.all or idiom.on in ("", "any") or path not in self._raw:
            return True
        kind = f"{framework.name}.{idiom.on}"
        return any(path in holders.of(kind) for holders, _ in self._spoken)

    def may_call(self, path: str, last: str) -> bool:
        """Whether a file can call a function of a library by a name that ends in this word; also yes where files are not chosen, or it is no such word."""
        if self.all or path not in self._raw or last not in self._callable:
            return True
        return path in self._callable[last] or path in self._callable[""]

    @functools.cached_property
    def _callable(self) -> dict[str, set[str]]:
        """The last words of the known functions, with the files that import one, or import it from a file that does; "" for packages that are functions."""
        found: dict[str, set[str]] = {"": set()}
        for holders, known in self._spoken:
            for framework in known:
                for name in (name for idiom in framework.idioms for name in idiom.calls):
                    last = name.rsplit(".", 1)[-1]
                    found.setdefault("" if name in framework.packages or last == "default" else last, set()).update(holders.making(framework, name))
        return {last: self._near.above(files, 2) for last, files in found.items()}

    def importers(self, path: str) -> frozenset[str]:
        """The files that import a file, as far as their text shows."""
        return self._near.importers(path)

    def users(self, path: str, names: Collection[str], parsed: Collection[str], through: int = 0, most: int = MOST_USERS) -> list[str]:
        """The files not yet parsed that import a file, also by way of those that only pass it on, and mention one of these names.

        `through` is how many files may lie between, whatever they are; with it, those that such files import count too. None if all files are
        parsed.
        """
        if self.all:
            return []
        mentioned = [name.encode() for name in names]
        found: list[str] = []
        seen, pending = {path}, [(path, 0)]
        while pending and len(found) < most and len(seen) < 30 * most:
            at, steps = pending.pop(0)
            for user in sorted(self._near.importers(at)):
                if user not in seen:
                    seen.add(user)
                    if user not in parsed and self._names_one(user, mentioned):
                        found.append(user)
                    if steps < through or _passes_on(user):
                        pending.append((user, steps + 1))
        if through:
            # A file that is handed the object as an argument need not import it: it is imported where that is done.
            handed = {path for user in seen for path in self._near.imported(user)} - seen
            found += sorted(path for path in handed if path in self._raw and path not in parsed and self._names_one(path, mentioned))
        return found[: 2 * most]

    def _names_one(self, name: str, words: Iterable[bytes]) -> bool:
        data = self._data(name)
        return any(_mentions(data, word) for word in words)

    def _words(self, name: str) -> frozenset[bytes]:
        return frozenset(raw.words(self._data(name)))


def _mentions(data: bytes, word: bytes) -> bool:
    return word in data and re.search(rb"(?<![\w$])" + re.escape(word) + rb"(?![\w$])", data) is not None


def _passes_on(path: str) -> bool:
    """Whether a file may be there only to pass on what is in others."""
    return path.rsplit("/", 1)[-1].startswith(("__init__.", "index."))


class _Compiled:
    """A sign, ready to be looked for."""

    def __init__(self, sign: Sign) -> None:
        self.words = [frozenset(word.encode() for word in part) for part in (sign.words, sign.also) if part]
        self.patterns = [re.compile(each.encode()) for each in (sign.pattern, sign.beside) if each]
        self.path = re.compile(sign.path) if sign.path else None
        self.dropped = frozenset(sign.dropped)
        self.served = sign.served

    def may(self, name: str, words: Collection[bytes]) -> bool:
        """Whether a file's name and its words allow it; `words` are those of all signs that are in the file."""
        return (self.path is None or bool(self.path.search(name))) and all(not part.isdisjoint(words) for part in self.words)

    def shown(self, data: bytes) -> bool:
        """Whether its patterns are in the file."""
        return all(each.search(data) for each in self.patterns)
