"""Which version of a package, and of Python or Node.js, does a source file run with?

Believed in this order, from the file's folder upwards: what is installed beside the code, then a lock file or a pin, then a declared range,
of which the lowest version counts. The nearest wins; a lock file above gives way to a nearer range that its version does not satisfy.
"""

from __future__ import annotations

import functools
import posixpath
from collections.abc import Callable, Iterator
from pathlib import Path

from callcheck.model.errors import SourceError
from callcheck.model.evidence import Lost
from callcheck.model.printable import clean
from callcheck.sources.files import LARGEST_BYTES, File, Tree, read_text
from callcheck.sources.packages.entries import Entry, Resolved, plain
from callcheck.sources.packages.formats import FORMATS, GLOBS, Format, format_of, reader_of
from callcheck.sources.packages.installed import in_environment, in_node_modules, node_folder
from callcheck.sources.packages.ranges import Asked, read_range

LARGEST_LOCK_BYTES = 30_000_000
RUNTIMES = ("python", "node")
_Stated = tuple[File, Format, Entry]


class Packages:
    """The manifests and lock files of one tree, read when somebody asks, each once."""

    def __init__(self, tree: Tree, text: Callable[[File], str], base: Path) -> None:
        self.lost: list[Lost] = []
        self._tree = tree
        self._text = text
        self._base = base
        self._entries: dict[str, dict[str, list[Entry]]] = {}
        self._answers: dict[tuple[str, str, str], Resolved | None] = {}
        self._environments: dict[str, dict[str, Resolved]] = {}

    @functools.cached_property
    def files(self) -> dict[str, list[tuple[File, Format]]]:
        """The files that say something of versions by the folder they speak for, the most trusted format first."""
        found: dict[str, list[tuple[File, Format]]] = {}
        for file in self._tree.named(*GLOBS):
            if form := format_of(file.name):
                found.setdefault(_folder(file), []).append((file, form))
        for listed in found.values():
            listed.sort(key=lambda pair: FORMATS.index(pair[1]))
        return found

    def version(self, package: str, near: str = "") -> Resolved | None:
        """The version of a package for a source file; its name says the ecosystem, Python for `.py`, Node.js otherwise."""
        if package in RUNTIMES:
            return self.runtime(package, near)
        ecosystem = "python" if near.endswith((".py", ".pyi")) else "node"
        name = plain(package) if ecosystem == "python" else package
        asked = (ecosystem, posixpath.dirname(near), name)
        if asked not in self._answers:
            self._answers[asked] = self._resolve(*asked)
        return self._answers[asked]

    def runtime(self, name: str, near: str = "") -> Resolved | None:
        """The version of `python` or `node` for a source file: what an image or a version file says, then what a manifest allows."""
        asked = ("runtime", posixpath.dirname(near), name)
        if asked not in self._answers:
            self._answers[asked] = self._resolve(*asked)
        return self._answers[asked]

    def folder(self, package: str, near: str = "") -> Path | None:
        """Where Node.js finds an installed package from a source file; None if it is not installed."""
        return next((place for here in _up(posixpath.dirname(near)) if (place := node_folder(self._base, here, package))), None)

    def names(self, ecosystem: str) -> Iterator[tuple[str, str]]:
        """Every package that a file of an ecosystem speaks of, with that file's folder."""
        for folder, listed in self.files.items():
            for file, form in listed:
                if form.ecosystem == ecosystem:
                    yield from ((name, folder) for name in self._read(file, form))

    def _resolve(self, ecosystem: str, folder: str, name: str) -> Resolved | None:
        above = list(_up(folder))
        declared = next((found for here in above for found in self._stated(ecosystem, here, name) if not _exact(found)), None)
        asked = read_range(declared[2].spec) if declared else None
        for here in above:
            found = self._installed(ecosystem, here, name) or self._locked(ecosystem, here, name, folder, asked)
            if found is None:
                continue
            beyond = declared is not None and here != _folder(declared[0]) and here in _up(_folder(declared[0]))
            if found.how == "installed" or not (beyond and asked and not asked.allows(found.version)):
                return found
        elsewhere = self._elsewhere(ecosystem, name) if ecosystem != "node" else None
        if declared is None or (ecosystem == "runtime" and elsewhere and elsewhere.how == "pinned"):
            return elsewhere
        return _declared(declared, asked)

    def _installed(self, ecosystem: str, folder: str, name: str) -> Resolved | None:
        if ecosystem == "node":
            return in_node_modules(self._base, folder, name)
        if ecosystem == "python":
            if folder not in self._environments:
                self._environments[folder] = in_environment(self._base, folder)
            return self._environments[folder].get(name)
        return None

    def _locked(self, ecosystem: str, here: str, name: str, near: str, asked: Asked | None) -> Resolved | None:
        for file, form, entry in self._stated(ecosystem, here, name):
            if _exact((file, form, entry)):
                choice = self._choice(self._read(file, form)[name], here, near, asked) if form.locks else entry
                version = choice.spec if form.locks else (read_range(choice.spec) or _NOTHING).lowest
                how = "locked" if form.locks and form.ecosystem != "runtime" else "pinned"
                return Resolved(name, version, how, file.name, choice.line)
        return None

    def _choice(self, entries: list[Entry], here: str, near: str, asked: Asked | None) -> Entry:
        """Of several versions in one lock file, the one that a folder sees."""
        if len(entries) == 1:
            return entries[0]
        for folder in _up(near):
            inside = posixpath.relpath(folder or ".", here or ".")
            owner = f"name:{self._name_of(folder)}"
            for entry in entries:
                if entry.at and entry.at in (inside, owner):
                    return entry
        shared = [entry for entry in entries if not entry.at or entry.at == "."] or entries
        fitting = [entry for entry in shared if asked and asked.allows(entry.spec)]
        return (fitting or shared)[-1]

    def _name_of(self, folder: str) -> str:
        from callcheck.sources.packages.package_json import read_name

        file = self._tree.get(posixpath.join(folder, "package.json"))
        try:
            return read_name(self._text(file)) if file else ""
        except SourceError:
            return ""

    def _elsewhere(self, ecosystem: str, name: str) -> Resolved | None:
        """What files that are not above say, if they agree: a Dockerfile in `docker/`, requirements in `deploy/`."""
        stated = [found for folder in self.files for found in self._stated(ecosystem, folder, name)]
        answers = [a for a in (_declared(each, read_range(each[2].spec)) for each in stated) if a]
        exact = [a for a in answers if a.how == "pinned"] or answers
        return exact[0] if len({a.version for a in exact}) == 1 else None

    def _stated(self, ecosystem: str, folder: str, name: str) -> Iterator[_Stated]:
        for file, form in self.files.get(folder, ()):
            if form.ecosystem == ecosystem or (ecosystem == "runtime" and not form.locks):
                yield from ((file, form, entry) for entry in self._read(file, form).get(name, ())[:1])

    def _read(self, file: File, form: Format) -> dict[str, list[Entry]]:
        if file.name not in self._entries:
            held: dict[str, list[Entry]] = {}
            self._entries[file.name] = held
            try:
                text = self._text(file) if file.size <= LARGEST_BYTES else read_text(file, LARGEST_LOCK_BYTES)
                for entry in reader_of(form)(text):
                    held.setdefault(entry.name, []).append(entry)
            except SourceError as error:
                self.lost.append(Lost(clean(file.name), error.message))
        return self._entries[file.name]


_NOTHING = Asked("", False, False, "")


def _exact(stated: _Stated) -> bool:
    if stated[1].locks:
        return True
    asked = read_range(stated[2].spec)
    return asked is not None and asked.exact


def _declared(stated: _Stated, asked: Asked | None) -> Resolved | None:
    file, form, entry = stated
    if form.locks:
        return Resolved(entry.name, entry.spec, "pinned" if form.ecosystem == "runtime" else "locked", file.name, entry.line)
    if asked is None:
        return None
    return Resolved(entry.name, asked.lowest, "pinned" if asked.exact else "declared", file.name, entry.line, asked.open_ended)


def _up(folder: str) -> Iterator[str]:
    """A folder and those above, to the base."""
    yield folder
    while folder and (above := posixpath.dirname(folder)) != folder:
        folder = above
        yield folder


def _folder(file: File) -> str:
    """The folder for which a file speaks; `requirements/base.txt` does for the one above."""
    folder = posixpath.dirname(file.name)
    return posixpath.dirname(folder) if posixpath.basename(folder) == "requirements" else folder
