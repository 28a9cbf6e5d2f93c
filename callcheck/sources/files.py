"""Which files are there, and what is in them?"""

from __future__ import annotations

import fnmatch
import os
import re
import stat
from collections.abc import Iterator
from pathlib import Path

from callcheck.model.errors import Malformed, NotFound, NotPermitted, SourceError
from callcheck.model.evidence import Lost
from callcheck.model.noun import dataclass, field
from callcheck.model.printable import clean
from callcheck.model.target import Target

LARGEST_BYTES = 1_000_000
"""A bigger file is no hand-written source or configuration."""
MOST_FILES = 50_000
LEFT_OUT = frozenset(
    "node_modules bower_components .git .hg .svn .venv venv env virtualenv site-packages __pycache__ .tox .nox .mypy_cache .pytest_cache "
    ".ruff_cache .next .nuxt .svelte-kit .turbo .cache .yarn .pnpm-store vendor third_party coverage htmlcov .terraform .gradle "
    ".idea .vscode .eggs bundle .serverless .vercel .wrangler .parcel-cache .angular".split()
)
"""Folders of other people's code, build output and caches."""
_MAYBE_OUTPUT = frozenset({"dist", "build", "out", "target", "lib"})


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
    """The regular files of a target, sorted by name; what was left out is in `left_out` and `lost`."""

    files: tuple[File, ...] = ()
    left_out: tuple[str, ...] = ()
    lost: tuple[Lost, ...] = ()
    _by_name: dict[str, File] = field(default_factory=dict)
    _asked: dict[tuple[str, ...], list[File]] = field(default_factory=dict)

    def named(self, *globs: str) -> list[File]:
        """Files whose base name, or whose whole name where the glob has a "/", matches one of the globs."""
        if globs not in self._asked:
            bases, names = (re.compile("|".join(map(fnmatch.translate, some)) or r"(?!)").match for some in _split(globs))
            self._asked[globs] = [f for f in self.files if bases(f.base) or names(f.name)]
        return list(self._asked[globs])

    def get(self, name: str) -> File | None:
        """The file of that relative name."""
        if not self._by_name:
            self._by_name = {f.name: f for f in self.files}
        return self._by_name.get(name)


def _split(globs: tuple[str, ...]) -> tuple[list[str], list[str]]:
    """Globs for base names, globs for whole names."""
    return [g for g in globs if "/" not in g], [g for g in globs if "/" in g]


def survey(target: Target) -> Tree:
    """List the target's folders and files: regular ones only, no link out of the root, build output and other people's code left out."""
    found: dict[str, File] = {}
    left_out: list[str] = []
    lost: list[Lost] = []
    for path in target.files:
        _add(path, target.base, found, lost)
    for folder in target.folders:
        for file in _walk(folder, target.base, left_out, lost):
            found[file.name] = file
            if len(found) >= MOST_FILES:
                lost.append(Lost(clean(str(folder)), f"only the first {MOST_FILES:,} files were listed"))
                break
    return Tree(tuple(found[name] for name in sorted(found)), tuple(sorted(left_out)), tuple(lost))


def relative(path: Path, base: Path) -> str:
    """`path` as the user would write it from `base`, with "/"."""
    try:
        return Path(os.path.relpath(path, base)).as_posix()
    except ValueError:
        return path.as_posix()


def _add(path: Path, base: Path, found: dict[str, File], lost: list[Lost]) -> None:
    try:
        status = path.stat()
    except OSError as error:
        lost.append(Lost(clean(str(path)), error.strerror or "cannot be read"))
        return
    name = relative(path, base)
    found[name] = File(path, name, status.st_size)


def _walk(folder: Path, base: Path, left_out: list[str], lost: list[Lost]) -> Iterator[File]:
    pending = [folder]
    while pending:
        here = pending.pop()
        try:
            entries = sorted(os.scandir(here), key=lambda entry: entry.name, reverse=True)
        except OSError as error:
            lost.append(Lost(clean(relative(here, base)), error.strerror or "cannot be read"))
            continue
        sources_beside = any(e.name in ("package.json", "pyproject.toml", "tsconfig.json", "setup.py") for e in entries)
        for entry in entries:
            path = Path(entry.path)
            try:
                if entry.is_dir(follow_symlinks=False):
                    if entry.name in LEFT_OUT or (entry.name in _MAYBE_OUTPUT and sources_beside and entry.name in ("dist", "build", "out")):
                        left_out.append(clean(relative(path, base)) + "/")
                    else:
                        pending.append(path)
                elif entry.is_file() and _inside(entry, folder):
                    status = entry.stat()
                    if stat.S_ISREG(status.st_mode):
                        yield File(path, relative(path, base), status.st_size)
            except OSError as error:
                lost.append(Lost(clean(relative(path, base)), error.strerror or "cannot be read"))


def _inside(entry: os.DirEntry[str], root: Path) -> bool:
    """Whether a link stays within the root."""
    return not entry.is_symlink() or root.resolve() in Path(entry.path).resolve().parents


def read_text(file: File, largest: int = LARGEST_BYTES) -> str:
    """The file as text: UTF-8 (invalid bytes replaced) or UTF-16 with its mark. Raises NotPermitted, NotFound, Malformed."""
    if file.size > largest:
        raise Malformed(f"{file.size:,} bytes, more than {largest:,}: left out")
    try:
        # Non-blocking, so that a pipe put in the file's place meanwhile cannot hang us.
        handle = os.open(file.path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
        with os.fdopen(handle, "rb") as stream:
            data = stream.read(largest + 1)
    except PermissionError as error:
        raise NotPermitted("no permission to read it") from error
    except FileNotFoundError as error:
        raise NotFound("it is gone") from error
    except OSError as error:
        raise SourceError(error.strerror or "cannot be read") from error
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", errors="replace")
    if b"\0" in data[:8192]:
        raise Malformed("binary")
    return data.decode("utf-8-sig", errors="replace")
