"""Which source files lie near others, by what they import of each other? Read off the raw text, so that no file is parsed for it."""

from __future__ import annotations

import functools
from collections.abc import Callable, Collection, Iterable, Mapping


class Near:
    """The import graph of a target's source files."""

    def __init__(self, imports: Mapping[str, Collection[str]], find: Callable[[str, str], str | None]) -> None:
        """`imports` holds the modules that each file may import, as written; `find` gives the source file that an import in a file names."""
        self._imports = imports
        self._find = find
        self._of: dict[str, frozenset[str]] = {}

    def imported(self, path: str) -> frozenset[str]:
        """The files that a file imports."""
        if path not in self._of:
            found = {other for each in self._imports.get(path, ()) if (other := self._find(path, each)) is not None}
            # What is not among the files (tests, what a machine wrote) is not followed.
            self._of[path] = frozenset(found & self._imports.keys() - {path})
        return self._of[path]

    def importers(self, path: str) -> frozenset[str]:
        """The files that import a file."""
        return frozenset(self._importers.get(path, ()))

    @functools.cached_property
    def _importers(self) -> dict[str, set[str]]:
        found: dict[str, set[str]] = {}
        for name in self._imports:
            for path in self.imported(name):
                found.setdefault(path, set()).add(name)
        return found

    def above(self, paths: Iterable[str], steps: int) -> set[str]:
        """These files and those that import them, by way of fewer than `steps` others."""
        return _spread(paths, lambda path: self._importers.get(path, ()), steps)

    def below(self, paths: Iterable[str], steps: int) -> set[str]:
        """These files and those that they import, by way of fewer than `steps` others."""
        return _spread(paths, self.imported, steps)

    def around(self, paths: Iterable[str]) -> set[str]:
        """The files that what these make may come to: what imports them, what imports that, and what any of these imports and hands it to."""
        found = set(paths)
        return self.below(self.above(found, 2), 1) | self.below(found, 2)


def _spread(paths: Iterable[str], following: Callable[[str], Iterable[str]], steps: int) -> set[str]:
    found = set(paths)
    edge = found
    for _ in range(steps):
        edge = set[str]().union(*map(following, edge)) - found
        if not edge:
            break
        found |= edge
    return found
