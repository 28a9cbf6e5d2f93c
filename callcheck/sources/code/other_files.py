"""What do the files of a target tell that are no source files: manifests of packages, and what describes a deployment?"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from typing import Any

from callcheck.model.errors import SourceError
from callcheck.model.evidence import Lost
from callcheck.model.printable import clean
from callcheck.sources.documents.remarks import without_remarks
from callcheck.sources.files import File, Tree

Derive = Callable[[str, str], frozenset[str]]
"""Takes a file's name and its text."""


class OtherFiles:
    """Those of one target; what cannot be read goes to `lost`."""

    def __init__(self, tree: Tree, text: Callable[[File], str], lost: list[Lost]) -> None:
        self._tree, self._text, self._lost = tree, text, lost
        self._bare: dict[str, str] = {}

    def named(self, *globs: str) -> Iterator[File]:
        """The target's files of these names, sources or not."""
        yield from self._tree.named(*globs)

    def text_of(self, file: File) -> str:
        """The text of a file that is no source file, without remarks; "" if it cannot be read."""
        if file.name not in self._bare:
            try:
                self._bare[file.name] = without_remarks(self._text(file), file.base)
            except SourceError as error:
                self._lost.append(Lost(clean(file.name), error.message))
                self._bare[file.name] = ""
        return self._bare[file.name]

    def derived(self, file: File, derive: Derive) -> frozenset[str]:
        """What a function of a module gives for a file, which may change as long as this stays."""
        own = getattr(self._text, "derived", None)
        try:
            return own(file, derive) if own else derive(file.name, self._text(file))
        except SourceError:
            return derive(file.name, self.text_of(file))

    def json(self, file: File) -> dict[str, Any]:
        """A JSON file that holds one object; {} for another, or if it cannot be read."""
        from callcheck.sources import documents

        try:
            loaded = documents.load_all(self._text(file), file.name)
        except SourceError as error:
            self._lost.append(Lost(clean(file.name), error.message))
            return {}
        return loaded[0] if loaded and isinstance(loaded[0], dict) else {}

    @functools.cached_property
    def dependencies(self) -> frozenset[str]:
        """The packages that any package.json of the project names."""
        named = [self.json(file).get(key) for file in self._tree.named("package.json") for key in ("dependencies", "devDependencies")]
        return frozenset(str(name) for table in named if isinstance(table, dict) for name in table)

    @functools.cached_property
    def depends_on(self) -> frozenset[str]:
        """The packages that the project's manifests name."""
        found: set[str] = set()
        for file in self._tree.named("package.json"):
            data = self.json(file)
            for key in ("dependencies", "devDependencies", "peerDependencies", "optionalDependencies"):
                named = data.get(key)
                found |= set(named) if isinstance(named, dict) else set()
        return frozenset(found)
