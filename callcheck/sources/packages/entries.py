"""What one line of a manifest or lock file says about a package."""

from __future__ import annotations

import re
from bisect import bisect_right

from callcheck.model.noun import dataclass


@dataclass(frozen=True, slots=True)
class Entry:
    """A package and what a file says of its version; `line` counts from 1."""

    name: str
    spec: str
    """The version in a lock file, the range in a manifest, as written."""
    line: int
    at: str = ""
    """Whose it is, in a lock file of several: the folder of a workspace, or `name:` and the name of one; "" for everyone's."""
    wanted: str = ""
    """The range that this version answers, in lock files that go by it (yarn)."""


@dataclass(frozen=True, slots=True)
class Resolved:
    """The version of a package, or of a runtime (`python`, `node`), and where it stands."""

    package: str
    version: str
    how: str
    """installed, locked, pinned; `declared` for the lowest version of a range."""
    path: str
    """Relative to the target's base, as file names are."""
    line: int
    open_ended: bool = False
    """Declared without an upper bound: any newer version may be what runs."""


def plain(name: str) -> str:
    """A Python distribution's name as registries compare it (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


class Lines:
    """Line numbers of offsets in a text."""

    def __init__(self, text: str) -> None:
        self._starts = [0, *(found.end() for found in re.finditer("\n", text))]

    def of(self, offset: int) -> int:
        """The line, from 1, in which an offset lies."""
        return bisect_right(self._starts, offset)
