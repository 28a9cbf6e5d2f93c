"""How does one see that a file, a folder or a link is not what it was?"""

from __future__ import annotations

import os
from array import array
from collections.abc import Iterable

from callcheck.sources.noted import digest
from callcheck.sources.walk import CACHES

GONE = -1
"""In the place of a size."""


def stamps_of(paths: Iterable[str]) -> array[int]:
    """The four figures of each."""
    found, look = array("q"), os.stat
    for path in paths:
        try:
            status = look(path)
        except OSError:
            found.extend((0, 0, GONE, 0))
        else:
            found.extend((status.st_mtime_ns, status.st_ctime_ns, status.st_size, status.st_ino))
    return found


def end_of(path: str) -> str:
    """What a link leads to."""
    return f"{'folder' if os.path.isdir(path) else 'file' if os.path.isfile(path) else 'nothing'} {os.path.realpath(path)}"


def content(path: str, limit: int) -> bytes:
    """The digest of what stands in a file, b"" if it cannot be read."""
    try:
        with open(path, "rb", buffering=0) as stream:
            return digest(stream.read(limit))
    except OSError:
        return b""


def entries(path: str) -> list[os.DirEntry[str]]:
    """What a folder holds, as far as that is shown to us."""
    try:
        return list(os.scandir(path))
    except OSError:
        return []


def files_of(entries: Iterable[os.DirEntry[str]]) -> frozenset[str]:
    return frozenset(entry.name for entry in entries if entry.is_file(follow_symlinks=False))


def folders_of(entries: Iterable[os.DirEntry[str]]) -> bytes:
    """The digest of the folders and links that a folder holds."""
    folders = (f"d{e.name}" for e in entries if e.is_dir(follow_symlinks=False) and e.name not in CACHES)
    links = (f"l{e.name}" for e in entries if e.is_symlink())
    return digest("\0".join(sorted((*folders, *links))).encode("utf-8", "surrogateescape"))
