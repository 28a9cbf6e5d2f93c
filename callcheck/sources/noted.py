"""What does the run in progress rest on? The doors through which the eyes read note here what they look at.

Nothing is worked out while notes are taken: most runs are too small to be kept. `ground.py` makes of the notes what a later run checks.
"""

from __future__ import annotations

import os
import time
from _contextvars import ContextVar  # `contextvars` adds nothing but a module to load
from collections.abc import Iterable
from pathlib import Path
from typing import Any

ENOUGH_BYTES = 300_000
"""A run that read less is as fast again without being kept."""
Stamp = tuple[int, int, int, int]
"""Times of the last change of content and of state in ns, size, inode."""


class Notes:
    """The notes of one run, taken within `with Notes() as notes:`."""

    def __init__(self) -> None:
        self.began_ns = now_ns()
        self.bytes = 0
        self.read: dict[str, tuple[int, bytes]] = {}
        """Path of a file -> how many bytes were asked for at most, and the digest of what came; (-1, b"") if it could not be read."""
        self.folders: dict[str, list[os.DirEntry[str]]] = {}
        """Path of a folder -> what it held."""
        self.places: dict[str, Stamp | None] = {}
        """Path of anything else that was looked at or for -> its stamp; None if it is not there."""
        self.there: set[str] = set()
        """Path of what is there beside the target's own files; what stands in it is all the same."""
        self.put_aside: set[str] = set()
        """Path of each of the target's files that git ignores."""
        self.asked_git: dict[tuple[str, str], tuple[str, Stamp | None, frozenset[str]]] = {}
        """Top of a work tree, and where in it was looked -> the path and stamp of git's index, and what git ignores (`gitignore.listed`)."""
        self.sought: set[str] = set()
        """Globs, names, base names, and folders with a "/" at the end, by which files of the target were asked for."""
        self._held: dict[str, tuple[int, bytes]] = {}

    def __enter__(self) -> Notes:
        self._before = _notes.set(self)
        return self

    def __exit__(self, *_: object) -> None:
        _notes.reset(self._before)

    @property
    def enough(self) -> bool:
        """Whether so much was read that the run is worth keeping."""
        return self.bytes >= ENOUGH_BYTES

    def digest_held(self) -> None:
        """Put digests in the place of the contents that are still held."""
        for path, (limit, data) in self._held.items():
            self.read[path] = limit, digest(data)
        self._held.clear()

    def add(self, path: str, limit: int, data: bytes | None) -> None:
        """A file was read; of two readings the longer one counts."""
        known = self.read.get(path) or self._held.get(path)
        if known and (known[0] < 0 or known[0] >= limit):
            return
        if data is None:
            self._held.pop(path, None)
            self.read[path] = -1, b""
            return
        self.bytes += len(data)
        self._held[path] = limit, data
        if self.enough:
            self.digest_held()


    def state(self) -> tuple[Any, ...]:
        """All of it, to be sent to another process; of folders only where they are."""
        self.digest_held()
        return self.bytes, self.read, [*self.folders], self.places, self.there, self.put_aside, self.asked_git, self.sought

    def take_in(self, state: tuple[Any, ...]) -> None:
        """Add what another process noted that looked at the same in the same run."""
        self.digest_held()
        size, read, folders, places, there, put_aside, asked_git, sought = state
        self.bytes = max(self.bytes, size)
        for path, (limit, known) in read.items():
            held = self.read.get(path)
            if held is None or (0 <= held[0] < limit) or limit < 0:
                self.read[path] = limit, known
        for path in folders:
            if path not in self.folders:
                self.folders[path] = list(os.scandir(path))
        self.places = {**places, **self.places}
        self.asked_git = {**asked_git, **self.asked_git}
        self.there |= there
        self.put_aside |= put_aside
        self.sought |= sought


_notes: ContextVar[Notes | None] = ContextVar("notes", default=None)
"""Each thread has its own run."""


def read(path: Path, limit: int, data: bytes | None) -> None:
    """A file was read, up to a limit; None if it could not be."""
    if notes := _notes.get():
        notes.add(str(path), limit, data)


def folder(path: Path, entries: Iterable[os.DirEntry[str]]) -> None:
    """A folder of the target was listed."""
    if notes := _notes.get():
        notes.folders[str(path)] = list(entries)


def sought(*names: str) -> None:
    """Files of the target were asked for by globs, names, or a folder with a "/" at its end; sources and logs need not be told."""
    if notes := _notes.get():
        notes.sought.update(names)


def place(path: Path) -> Stamp | None:
    """A file or folder beside the target's own is about to be looked at; gives its stamp, None if it is not there."""
    notes = _notes.get()
    if notes is None:
        return stamp(str(path))
    if str(path) not in notes.places:
        notes.places[str(path)] = stamp(str(path))
    return notes.places[str(path)]


def is_there(path: Path) -> bool:
    """Whether a file or folder beside the target's own is there, of which nothing else is asked."""
    notes = _notes.get()
    there = stamp(str(path)) is not None
    if notes and there:
        notes.there.add(str(path))
    elif notes:
        notes.places.setdefault(str(path), None)
    return there


def aside(path: str) -> None:
    """A file of the target is not looked at, since git ignores it."""
    if notes := _notes.get():
        notes.put_aside.add(path)


def asked_git(top: str, within: str, index: str, then: Stamp | None, ignored: frozenset[str]) -> None:
    """Git was asked what it ignores; `then` is the stamp of its index at that time."""
    if notes := _notes.get():
        notes.asked_git[top, within] = index, then, ignored


def state() -> tuple[Any, ...] | None:
    """The notes in progress, to be sent to another process."""
    notes = _notes.get()
    return notes.state() if notes else None


def take_in(state: tuple[Any, ...] | None) -> None:
    """Add what another process noted."""
    notes = _notes.get()
    if notes and state:
        notes.take_in(state)


def now_ns() -> int:
    """The time, as the disk tells it."""
    return time.time_ns()


def stamp(path: str) -> Stamp | None:
    """What shows that a file or folder was changed; None if it is not there."""
    try:
        status = os.stat(path)
    except OSError:
        return None
    return status.st_mtime_ns, status.st_ctime_ns, status.st_size, status.st_ino


def digest(data: bytes) -> bytes:
    """16 bytes that tell contents from one another."""
    # Not hashlib, which loads OpenSSL to offer what Python has beside it.
    from _blake2 import blake2b

    return blake2b(data, digest_size=16).digest()
