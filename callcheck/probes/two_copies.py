"""Do two packages of one project ask for versions of a library that exclude each other, so that each has a copy with a state of its own?

    apps/api/package.json          "@brew/models": "1.3.0", "mongoose": "^8.9.2"        mongoose.connect(URL)
    packages/models/package.json   "name": "@brew/models", "mongoose": "^7.8.3"         mongoose.connection.on("connected", load)

npm installs one copy for each (docs.npmjs.com, npm install, "Algorithm"), and what is connected or listened to on the one is unknown to the other
(mongoosejs.com/docs/connections.html: the default connection; expressjs.com and passportjs.org: one instance for each copy).
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from callcheck.model.errors import SourceError
from callcheck.model.evidence import Evidence, Location, Lost
from callcheck.model.facts.traps import LibraryTrap
from callcheck.model.noun import dataclass
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.target import Target
from callcheck.model.words import Basis
from callcheck.sources import Eyes
from callcheck.sources.code.imports import is_test
from callcheck.sources.files import File
from callcheck.sources.packages.entries import Entry
from callcheck.sources.packages.package_json import read_brought, read_name
from callcheck.sources.packages.ranges import read_range

_STATEFUL = {
    "mongoose": (r"\b(?:mongoose\.)?connect\s*\(", r"\b(?:mongoose\.)?model\s*(?:<[^>\n]*>)?\(|\bmongoose\.connection\b"),
    "passport": (r"\bpassport\.(?:initialize|session|authenticate)\s*\(", r"\bpassport\.(?:use|serializeUser|deserializeUser)\s*\("),
    "pubsub-js": (r"\.publish(?:Sync)?\s*\(", r"\.subscribe(?:Once|All)?\s*\("),
}
"""Libraries whose module holds the one object that all use, with what sets it going and what is put there."""
_MARK = pattern(rf"[\"'](?:{'|'.join(_STATEFUL)})[\"']")


@dataclass(frozen=True, slots=True)
class _Package:
    """A package.json: its own name, and what it brings along, by name."""

    file: File
    name: str
    brings: dict[str, Entry]

    @property
    def folder(self) -> str:
        return posixpath.dirname(self.file.name)

    def at(self, library: str) -> Location:
        """The line that asks for a library."""
        return Location(clean(self.file.name), self.brings[library].line)


class TwoCopies:
    """Silent where one of the two is asked of whoever uses the package (`peerDependencies`), and where one version would suit both."""

    name = "two-copies"
    looks_at = Sight.SOURCE
    marks = tuple(_STATEFUL)
    answers = frozenset({LibraryTrap})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        packages = list(_packages(eyes))
        named = {package.name: package for package in packages if package.name}
        for user in packages:
            for used in (named[name] for name in user.brings if name in named and named[name] is not user):
                for library, (begins, puts) in _STATEFUL.items():
                    if library in user.brings and library in used.brings and _exclude(user.brings[library].spec, used.brings[library].spec):
                        yield from self._stated(eyes, packages, (user, used), library, (begins, puts))

    def _stated(self, eyes: Eyes, packages: list[_Package], pair: tuple[_Package, _Package], library: str, ways: tuple[str, str]) -> Iterator[Evidence]:
        (user, used), (begins, puts) = pair, ways
        begun, put = _place(eyes, packages, user, library, begins), _place(eyes, packages, used, library, puts)
        if begun is None or put is None or _place(eyes, packages, used, library, begins) is not None:
            return
        why = f"{clean(used.name, 40)} brings a copy of {library} of its own, as its version excludes the other one's, and what is set up on the one is unknown to the other; make it a peerDependency"
        fact = LibraryTrap("wrong-instance", "strong", why, library, library, "javascript")
        labels = (("the other copy is asked for here", user.at(library)), ("this stands on one copy", put), ("that is set going on the other", begun))
        because = tuple(Evidence(fact, Basis.INFERRED, self.name, where, label=label) for label, where in labels)
        yield Evidence(fact, Basis.DECLARED, self.name, used.at(library), because=because)


def _packages(eyes: Eyes) -> Iterator[_Package]:
    for file in eyes.tree.named("package.json"):
        try:
            text = eyes.text(file)
            if _MARK.search(text):
                yield _Package(file, read_name(text), {entry.name: entry for entry in read_brought(text)})
        except SourceError:
            continue


def _exclude(one: str, other: str) -> bool:
    """Whether no version suits two ranges, as the lowest of neither is within the other."""
    asked, wanted = read_range(one), read_range(other)
    return asked is not None and wanted is not None and not asked.allows(wanted.lowest) and not wanted.allows(asked.lowest)


def _place(eyes: Eyes, packages: list[_Package], package: _Package, library: str, way: str) -> Location | None:
    """The first line of a package's own sources that uses a library in a way; None if none does."""
    inner = [each.folder for each in packages if each is not package and each.folder.startswith(f"{package.folder}/" if package.folder else "")]
    for path in eyes.code.project.sources:
        if is_test(path) or not path.startswith(f"{package.folder}/" if package.folder else "") or any(path.startswith(f"{each}/") for each in inner if each):
            continue
        text = eyes.code.project.text(path)
        found = pattern(way).search(text) if library in text else None
        if found:
            return Location(clean(path), text.count("\n", 0, found.start()) + 1)
    return None


PROBE = TwoCopies()
