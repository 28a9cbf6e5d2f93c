"""Which files may change without a change of what is joined out of many, the code and the packages?"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterable

from callcheck.model.errors import SourceError
from callcheck.sources.files import File, read_text
from callcheck.sources.languages import language_of
from callcheck.sources.noted import digest

SHARED = "/"
"""Stands, where files are named, for all out of which code and packages are joined."""
Derive = Callable[[str, str], frozenset[str]]


class SharedTexts:
    """The texts out of which code and packages are joined. What is kept of it are names and digests."""

    def __init__(self, text: Callable[[File], str]) -> None:
        self._text = text
        self._names: set[str] = set()
        self._taken: list[tuple[str, Derive, frozenset[str]]] = []
        self._digests: dict[tuple[str, str], bytes] = {}
        """A file's name and a function -> the digest of what the function gave for it."""

    def __call__(self, file: File) -> str:
        """The file's text. Raises SourceError."""
        self._names.add(file.name)
        return self._text(file)

    def derived(self, file: File, derive: Derive) -> frozenset[str]:
        """What a function of a module gives for the file's name and text, of which nothing else is asked. Raises SourceError."""
        made = derive(file.name, self._text(file))
        self._taken.append((file.name, derive, made))
        return made

    def add(self, other: SharedTexts) -> None:
        """Take in the texts of another run."""
        self._names |= other._names
        self._digests |= other._digests

    def bear(self, files: Iterable[File]) -> bool:
        """Whether what is joined would be the same now that these files have changed."""
        for file in files:
            if language_of(file.name) or file.name in self._names:
                return False
            for (name, function), was in self._digests.items():
                if name == file.name and _digest(_derive(function, file)) != was:
                    return False
        return True

    def __getstate__(self) -> tuple[set[str], dict[tuple[str, str], bytes]]:
        taken = {(name, f"{derive.__module__}:{derive.__name__}"): _digest(made) for name, derive, made in self._taken}
        return self._names, self._digests | taken

    def __setstate__(self, state: tuple[set[str], dict[tuple[str, str], bytes]]) -> None:
        self._names, self._digests = state
        self._taken = []


def _derive(function: str, file: File) -> frozenset[str]:
    module, _, name = function.partition(":")
    try:
        made: frozenset[str] = getattr(importlib.import_module(module), name)(file.name, read_text(file))
    except SourceError:
        return frozenset("\0")
    return made


def _digest(made: Iterable[str]) -> bytes:
    return digest("\0".join(sorted(made)).encode("utf-8", "surrogatepass"))
