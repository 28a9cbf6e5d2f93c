"""Which source files are worth parsing?

In a small project all of them. In a big one those with a call of a library on an object that they can have in hand, or with a sign that a
probe asked for; the files that these import, and those that call what is in them, are parsed when somebody asks. Tests are left out.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Collection, Iterable
from typing import TYPE_CHECKING

from callcheck.model.knowledge import Framework, Idiom
from callcheck.model.signs import Sign
from callcheck.sources.code import present, raw
from callcheck.sources.files import LARGEST_BYTES, Tree
from callcheck.sources.languages import language_of

if TYPE_CHECKING:
    from callcheck.model.left_out import Reason
    from callcheck.sources.code.holders import Holders
    from callcheck.sources.code.shown import Shown
    from callcheck.sources.code.texts import Texts

SMALL_BYTES = 1_000_000
"""Source that is parsed whole: about 30,000 lines, half a second."""
MOST_USERS = 60
"""Files that are parsed to see who calls one function."""
HANDLERS_NAMED = ("serverless.y*ml", "template.y*ml", "sam.y*ml", "template.json", "*.template.json")
"""Files in which a platform is told which functions to call, whatever their names are."""
SERVED_STEPS = 3
"""Imports from a file that serves requests down to one that works for them."""
_PER_CALL = frozenset({"request", "job", "connection", "message"})


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
        self._imported_by: dict[tuple[str, int], list[list[str]]] = {}

    @functools.cached_property
    def number(self) -> dict[str, int]:
        """Where each source file stands in the order of all."""
        return {name: number for number, name in enumerate(self.names)}

    @functools.cached_property
    def all(self) -> bool:
        """Whether every source file is parsed."""
        return sum(file.size for file in self.files.values() if file.size <= LARGEST_BYTES) <= SMALL_BYTES or any(sign.everywhere for sign in self._signs)

    @functools.cached_property
    def chosen(self) -> list[str]:
        """The files to parse before anything is asked, in order."""
        if self.all:
            return self.names
        from callcheck.sources.code.libraries import Libraries

        found = Libraries(self.texts, self._shown, self._spoken, present.imported(self._present, self.outside)).using()
        found |= self._by_sign(found)
        return [name for name in self.names if name in found]

    def naming(self, words: Iterable[str]) -> list[str]:
        """The files in which one of these identifiers stands, in order."""
        found = self.texts.words.having_one(words)
        return [name for name in self.names if name in found]

    @functools.cached_property
    def deferred(self) -> frozenset[str]:
        """The names of functions whose call only makes a promise, coroutine or generator; none if all files are parsed."""
        return frozenset() if self.all else frozenset(name.decode("utf-8", "replace") for path in self.texts.paths for name in self.texts.deferred(path))

    @property
    def outside(self) -> frozenset[str]:
        """Every module that some file imports by a name without a leading dot."""
        return self.texts.outside

    @property
    def left_out(self) -> dict[Reason, list[str]]:
        """Source files that are not read in a big tree."""
        return {} if self.all else self.texts.left_out

    @functools.cached_property
    def texts(self) -> Texts:
        """The files, unparsed."""
        from callcheck.sources.code.texts import Texts

        return Texts(self.files, self._find)

    @functools.cached_property
    def _shown(self) -> Shown:
        from callcheck.sources.code.shown import Shown

        return Shown(self.texts)

    @functools.cached_property
    def _present(self) -> tuple[Framework, ...]:
        return present.present(self._frameworks, self.outside)

    def _by_sign(self, used: Collection[str]) -> set[str]:
        """The files that show a sign of a probe; those that use a library are known already."""
        left = {path for path in self.texts.paths if path not in used}
        found: set[str] = set()
        # What takes long to see is asked last, of what is left by then.
        for sign in sorted(self._signs, key=lambda sign: (bool(sign.dropped), bool(sign.pattern))):
            within = left & self.served if sign.served else left
            shown = self._shown.by(sign, within)
            if sign.dropped:
                kinds = frozenset(sign.dropped)
                shown = {path for path in shown if self.texts.drops(path, kinds)}
            found |= shown
            left -= shown
        return found

    @functools.cached_property
    def served(self) -> set[str]:
        """The files that serve requests, and those that work for them."""
        if self._tree.named(*HANDLERS_NAMED):
            return set(self.texts.paths)
        serving = set(self._shown.serving)
        for holders, languages in self._spoken:
            for framework in languages:
                for idiom in framework.idioms:
                    if idiom.role in _PER_CALL:
                        serving.update(*(holders.making(framework, name) for name in idiom.calls))
                        serving |= holders.naming(holders.of(f"{framework.name}.{idiom.on}"), idiom.methods)
        return self.texts.near.below(serving, SERVED_STEPS)

    @functools.cached_property
    def _spoken(self) -> list[tuple[Holders, tuple[Framework, ...]]]:
        """The frameworks of each language, with the files that hold their objects."""
        from callcheck.sources.code.holders import Holders

        found = []
        for python in (True, False):
            names = [name for name in self.texts.paths if self.texts.is_python(name) is python]
            known = tuple(f for f in self._present if (("python" in f.languages) is python) or (not python and set(f.languages) - {"python"}))
            imports = {name: self.texts.imports(name) for name in names}
            found.append((Holders(known, imports, self.texts.words, self.texts.near, self._depends_on, python), known))
        return found

    def showing(self, sign: Sign, names: Collection[str] | None = None) -> set[str]:
        """Those of these files, or of all, that show a sign by their own text."""
        return self._shown.by(sign, names)

    def may_hold(self, path: str, framework: Framework, idiom: Idiom) -> bool:
        """Whether a file can have the object in hand that an idiom is a method or field of; also yes where files are not chosen."""
        if self.all or idiom.on in ("", "any") or path not in self.texts:
            return True
        kind = f"{framework.name}.{idiom.on}"
        return any(path in holders.of(kind) for holders, _ in self._spoken)

    def may_call(self, path: str, last: str) -> bool:
        """Whether a file can call a function of a library by a name that ends in this word; also yes where files are not chosen, or it is no such word."""
        if self.all or path not in self.texts or last not in self._callable:
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
        return {last: self.texts.near.above(files, 2) for last, files in found.items()}

    def importers(self, path: str) -> frozenset[str]:
        """The files that import a file, as far as their text shows."""
        return self.texts.near.importers(path)

    def users(self, path: str, names: Collection[str], parsed: Collection[str], through: int = 0, most: int = MOST_USERS) -> list[str]:
        """The files not yet parsed that import a file, also by way of those that only pass it on, and mention one of these names.

        `through` is how many files may lie between, whatever they are; with it, those that such files import count too. None if all files are
        parsed.
        """
        if self.all:
            return []
        having = [self.texts.words.having(name) for name in names]
        found: list[str] = []
        seen = {path}
        for batch in self._importing(path, through):
            if len(found) >= most or len(seen) >= 30 * most:
                break
            seen.update(batch)
            naming = _among(batch, having)
            found += [user for user in batch if user in naming and user not in parsed]
        if through:
            # A file that is handed the object as an argument need not import it: it is imported where that is done.
            handed = {path for user in seen for path in self.texts.near.imported(user)} - seen
            found += sorted(path for path in _among(handed, having) if path in self.texts and path not in parsed)
        return found[: 2 * most]

    def _importing(self, path: str, through: int) -> list[list[str]]:
        """The files that import a file, for each of those that its contents may come through."""
        from callcheck.sources.code.texts import passes_on

        if (path, through) not in self._imported_by:
            batches = self._imported_by[path, through] = list[list[str]]()
            seen, pending = {path}, [(path, 0)]
            for at, steps in pending:
                batch = [user for user in sorted(self.texts.near.importers(at)) if user not in seen]
                seen.update(batch)
                batches.append(batch)
                pending += [(user, steps + 1) for user in batch if steps < through or passes_on(user)]
        return self._imported_by[path, through]

    def calling(self, paths: Iterable[str], names: Collection[str]) -> list[str]:
        """Those of these files in which a call by one of these names may stand, and not only an import or an annotation."""
        sought = [name.encode() for name in names]
        return [path for path in paths if any(raw.calls(self.texts.data(path), name, self.texts.is_python(path)) for name in sought)]


def _among(paths: Iterable[str], having: Iterable[frozenset[str]]) -> set[str]:
    """Those of these files that are in one of the sets."""
    asked = set(paths)
    return set().union(*(asked & files for files in having))
