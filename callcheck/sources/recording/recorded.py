"""What do the recordings of a target hold, and where in its files did it happen?"""

from __future__ import annotations

import functools
import os
from pathlib import Path

from callcheck.model.errors import SourceError
from callcheck.model.evidence import Location
from callcheck.model.printable import clean
from callcheck.model.recorded import Place, Recording
from callcheck.model.target import Target
from callcheck.sources.files import File, Tree, read_text
from callcheck.sources.languages import language_of
from callcheck.sources.recording.read import read
from callcheck.sources.recording.source_maps import map_of


class Recorded:
    """The recordings of one target."""

    def __init__(self, target: Target, tree: Tree) -> None:
        self._target = target
        self._tree = tree

    @functools.cached_property
    def all(self) -> tuple[Recording, ...]:
        """One for each folder, in the order they were named."""
        return tuple(map(read, self._target.recordings))

    def location(self, place: Place) -> Location:
        """Where a place is: in a file of the target if there is one at its path, or one alone that ends in the same folders, as where the app
        ran in a container; else as it was recorded. What was built from other source is followed to that by its source map."""
        place = self._written(place)
        return Location(clean(self._file(place.path) or place.path), place.line, place.column)

    def excerpt(self, place: Place) -> str:
        """The line itself, from a file below the folder that the command runs in; "" if there is none. A recording may come from anybody, so
        nothing but source code is read."""
        place = self._written(place)
        name = self._file(place.path)
        lines = self._lines(name) if language_of(name) else ()
        return clean(lines[place.line - 1].strip()) if len(lines) >= place.line else ""

    def _written(self, place: Place) -> Place:
        built = self._file(place.path)
        if not built.endswith((".js", ".cjs", ".mjs")):
            return place
        known = map_of(os.path.join(self._target.base, built))
        found = known.original(place.line, place.column) if known else None
        return Place(found.path, found.line, place.function, found.column) if found and self._file(found.path) else place

    @functools.lru_cache(maxsize=256)  # noqa: B019  (lives as long as one run)
    def _file(self, path: str) -> str:
        """The name of the target's file that a recorded path is, or ""."""
        base = str(self._target.base)
        inside = os.path.relpath(path, base) if os.path.isabs(path) and path.startswith(base + os.sep) else ""
        if inside and os.path.isfile(path):
            return inside.replace(os.sep, "/")
        parts = path.replace("\\", "/").split("/")
        found: list[str] = []
        for count in range(1, len(parts) + 1):
            tail = "/".join(parts[-count:])
            there = [file.name for file in self._tree.files if file.name == tail or file.name.endswith("/" + tail)]
            if not there:
                break
            found = there
        return found[0] if len(found) == 1 else ""

    @functools.lru_cache(maxsize=256)  # noqa: B019
    def _lines(self, name: str) -> tuple[str, ...]:
        path = Path(self._target.base) / name
        try:
            return tuple(read_text(File(path, name, path.stat().st_size)).split("\n"))
        except (OSError, SourceError):
            return ()
