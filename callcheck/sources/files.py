"""Which files are there, and what is in them?"""

from __future__ import annotations

import fnmatch
import functools
import os
from pathlib import Path
from typing import TYPE_CHECKING

from callcheck.model.errors import Malformed, NotFound, NotPermitted, SourceError
from callcheck.model.evidence import Lost
from callcheck.model.noun import dataclass, field
from callcheck.sources import noted

if TYPE_CHECKING:
    from callcheck.model.left_out import Reason

LARGEST_BYTES = 1_000_000
"""A bigger file is no hand-written source or configuration."""
_MAGIC = frozenset("*?[")


@dataclass(frozen=True, slots=True)
class File:
    """A regular file; `name` is relative to the base, with "/", as it is (not yet printable)."""

    path: Path
    name: str
    size: int

    @property
    def base(self) -> str:
        """The last part of the name."""
        return self.name.rsplit("/", 1)[-1]

    @property
    def suffix(self) -> str:
        """The lower-case suffix with its dot, or ""."""
        dot = self.base.rfind(".")
        return self.base[dot:].lower() if dot > 0 else ""


@dataclass(slots=True)
class Tree:
    """The regular files of a target, sorted by name."""

    files: tuple[File, ...] = ()
    left_out: tuple[tuple[Reason, str], ...] = ()
    """Folders, named with a "/" at the end, and files that were not looked at, and why; printable."""
    lost: tuple[Lost, ...] = ()
    _by_name: dict[str, File] = field(default_factory=dict)
    _by_base: dict[str, list[str]] = field(default_factory=dict)
    _by_ending: dict[str, list[File]] = field(default_factory=dict)
    """By what stands from the last dot of the name on."""
    _asked: dict[tuple[str, ...], list[File]] = field(default_factory=dict)

    def named(self, *globs: str) -> list[File]:
        """Files whose base name, or whose whole name where the glob has a "/", matches one of the globs."""
        if globs not in self._asked:
            noted.sought(*globs)
            names = self._matching(globs)
            self._asked[globs] = [f for f in self.files if f.name in names] if names else []
        return list(self._asked[globs])

    def called(self, base: str) -> list[File]:
        """Files of that base name."""
        noted.sought(base)
        return [file for file in self.files if file.base == base]

    def any_below(self, folder: str) -> bool:
        """Whether a folder, named with a "/" at its end, holds a file."""
        noted.sought(folder)
        return any(file.name.startswith(folder) for file in self.files)

    def _matching(self, globs: tuple[str, ...]) -> set[str]:
        # Most globs match no file at all, which the end of their names tells.
        if not self._by_base:
            for file in self.files:
                self._by_base.setdefault(file.base, []).append(file.name)
                self._by_ending.setdefault(file.name[file.name.rfind(".") :], []).append(file)
        exact, wild = _sorted(globs)
        found = {name for base in self._by_base.keys() & exact for name in self._by_base[base]}
        for glob, first, last, ending in wild:
            if ending and ending not in self._by_ending:
                continue
            if "/" in glob or ending:
                named = ((f.name if "/" in glob else f.base, f.name) for f in (self._by_ending[ending] if ending else self.files))
                found.update(name for told, name in named if told.startswith(first) and told.endswith(last) and matches(glob, told))
            else:
                bases = (base for base in self._by_base if base.startswith(first) and base.endswith(last) and matches(glob, base))
                found.update(name for base in bases for name in self._by_base[base])
        return found

    def get(self, name: str) -> File | None:
        """The file of that relative name."""
        noted.sought(name)
        if not self._by_name:
            self._by_name = {f.name: f for f in self.files}
        return self._by_name.get(name)


@functools.cache
def _sorted(globs: tuple[str, ...]) -> tuple[frozenset[str], tuple[tuple[str, str, str, str], ...]]:
    """Those that are the base name of a file as they stand; each of the others, with what its files begin and end with, and that from its last dot on."""
    exact = frozenset(glob for glob in globs if "/" not in glob and _MAGIC.isdisjoint(glob))
    return exact, tuple((glob, *_ends(glob)) for glob in globs if glob not in exact)


def _ends(glob: str) -> tuple[str, str, str]:
    first, last = ("", "") if "?" in glob or "[" in glob else (glob.partition("*")[0], glob.rpartition("*")[2])
    return first, last, last[last.rfind(".") :] if "." in last else ""


def matches(glob: str, name: str) -> bool:
    """As `fnmatch.fnmatchcase`, without the regular expressions, whose making takes longer than to look through a small folder."""
    if "?" in glob or "[" in glob:
        return fnmatch.fnmatchcase(name, glob)
    if "*" not in glob:
        return name == glob
    first, *inner, last = glob.split("*")
    at, end = len(first), len(name) - len(last)
    if at > end or not name.startswith(first) or not name.endswith(last):
        return False
    for part in inner:
        at = name.find(part, at, end) + len(part)
        if at < len(part):
            return False
    return True


def relative(path: Path, base: Path) -> str:
    """`path` as the user would write it from `base`, with "/"."""
    try:
        return Path(os.path.relpath(path, base)).as_posix()
    except ValueError:
        return path.as_posix()


def read_bytes(file: File) -> bytes:
    """The file's bytes; none of it if it is over 1 MB or cannot be read."""
    if file.size > LARGEST_BYTES:
        return b""
    try:
        with open(file.path, "rb", buffering=0) as stream:
            data = stream.read(LARGEST_BYTES + 1)
    except OSError:
        noted.read(file.path, LARGEST_BYTES + 1, None)
        return b""
    noted.read(file.path, LARGEST_BYTES + 1, data)
    return data


def read_text(file: File, largest: int = LARGEST_BYTES) -> str:
    """The file as text: UTF-8 (invalid bytes replaced) or UTF-16 with its mark. Raises NotPermitted, NotFound, Malformed."""
    if file.size > largest:
        raise Malformed(f"{file.size:,} bytes, more than {largest:,}: left out")
    try:
        # Non-blocking, so that a pipe put in the file's place meanwhile cannot hang us.
        handle = os.open(file.path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
        with os.fdopen(handle, "rb") as stream:
            data = stream.read(largest + 1)
    except OSError as error:
        noted.read(file.path, largest + 1, None)
        if isinstance(error, PermissionError):
            raise NotPermitted("no permission to read it") from error
        if isinstance(error, FileNotFoundError):
            raise NotFound("it is gone") from error
        raise SourceError(error.strerror or "cannot be read") from error
    noted.read(file.path, largest + 1, data)
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", errors="replace")
    if b"\0" in data[:8192]:
        raise Malformed("binary")
    return data.decode("utf-8", errors="replace").removeprefix("\ufeff")
