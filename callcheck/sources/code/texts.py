"""What do the source files of a big tree hold, as far as their bytes tell it without parsing?"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from callcheck.model.aside import is_only_test
from callcheck.model.noun import dataclass
from callcheck.sources.code import raw
from callcheck.sources.code.near import Near
from callcheck.sources.code.words import Words
from callcheck.sources.files import LARGEST_BYTES, File, read_bytes

if TYPE_CHECKING:
    from callcheck.model.left_out import Reason

KEPT_BYTES = 64_000_000
"""Source that is kept in memory between the passes over it."""


@dataclass(slots=True)
class _Text:
    """One file as the first pass found it."""

    python: bool
    imports: frozenset[str]
    data: bytes | None


class Texts:
    """The files that somebody may have to read: those that no person wrote, and tests, are left out."""

    def __init__(self, files: Mapping[str, File], find: Callable[[str, str], str | None]) -> None:
        """`find` gives the source file that an import in another one names."""
        self._files = files
        self._find = find
        self._texts: dict[str, _Text] = {}
        self.left_out: dict[Reason, list[str]] = {}
        """Source files that are not read, by the reason."""
        self._deferred: dict[str, dict[str, frozenset[bytes]]] = {}
        kept = 0
        for name, file in files.items():
            if is_only_test(name):
                self._leave("tests", name)
                continue
            data = read_bytes(file)
            if raw.by_machine(data, name):
                self._leave("machine", name)
                continue
            if file.size > LARGEST_BYTES or b"\0" in data[:8192]:
                self._leave("large" if file.size > LARGEST_BYTES else "binary", name)
            python = name.endswith(".py")
            kept += len(data)
            self._texts[name] = _Text(python, frozenset(raw.imports(data, python)), data if kept <= KEPT_BYTES else None)

    def _leave(self, reason: Reason, name: str) -> None:
        self.left_out.setdefault(reason, []).append(name)

    def __contains__(self, path: str) -> bool:
        return path in self._texts

    @functools.cached_property
    def paths(self) -> tuple[str, ...]:
        """All of them, in order."""
        return tuple(self._texts)

    def data(self, path: str) -> bytes:
        """A file's bytes, also of one that is left out."""
        held = self._texts[path].data if path in self._texts else None
        return held if held is not None else read_bytes(self._files[path])

    def is_python(self, path: str) -> bool:
        """Whether a file is written in Python."""
        return self._texts[path].python

    def imports(self, path: str) -> frozenset[str]:
        """The modules that a file may import, as written."""
        return self._texts[path].imports

    @functools.cached_property
    def outside(self) -> frozenset[str]:
        """Every module that some file imports by a name without a leading dot."""
        return frozenset(name.removeprefix("node:") for text in self._texts.values() for name in text.imports if not name.startswith("."))

    @functools.cached_property
    def near(self) -> Near:
        """Which files import which."""
        return Near({path: text.imports for path, text in self._texts.items()}, self._find)

    @functools.cached_property
    def words(self) -> Words:
        """The identifiers of all of them."""
        return Words(self._texts, self.data)

    def deferred(self, path: str, kinds: frozenset[str] = raw.DEFERRED) -> frozenset[bytes]:
        """The functions of a file whose call only makes one of these: coroutine, promise, generator."""
        if path not in self._deferred:
            data, python = self.data(path), self.is_python(path)
            self._deferred[path] = {kind: frozenset(raw.deferred(data, python, (kind,))) for kind in raw.DEFERRED}
        known = self._deferred[path]
        return frozenset().union(*(known[kind] for kind in kinds))

    def drops(self, path: str, kinds: frozenset[str]) -> bool:
        """Whether a statement of a file may be nothing but a call of one of the deferred functions in its sight: its own, or imported ones."""
        text = self._texts[path]
        called = raw.statements(self.data(path), text.python)
        if not {each.removeprefix(b".") for each in called}.isdisjoint(self.deferred(path, kinds)):
            return True
        if text.python:
            # A plain name that is not the file's own is imported by it, or a variable.
            brought = {module.rsplit(".", 1)[-1].encode() for module in text.imports}
            called = {each for each in called if each[:1] == b"." or each in brought}
        called = {each.removeprefix(b".") for each in called}
        sight = self.near.imported(path)
        sight |= {other for each in sight if passes_on(each) for other in self.near.imported(each)}
        return any(not called.isdisjoint(self.deferred(each, kinds)) for each in sight if each in self._texts and self.is_python(each) is text.python)


def passes_on(path: str) -> bool:
    """Whether a file may be there only to pass on what is in others."""
    return path.rsplit("/", 1)[-1].startswith(("__init__.", "index."))
