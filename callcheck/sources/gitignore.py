"""What does git ignore?

Git itself says so where it can, since what was added to it is not ignored, whatever the patterns say; elsewhere, `.gitignore` files are read
here. Neither is asked before a folder or source file is met whose name one of the patterns can stand for, so that in most small projects,
where only logs, environment files and installed packages are ignored, it costs nothing.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path

from callcheck.sources import ignore_patterns, noted
from callcheck.sources.aside import is_local
from callcheck.sources.files import LARGEST_BYTES
from callcheck.sources.git import exclude_file, ignored, matched
from callcheck.sources.ignore_patterns import Pattern


class Rules:
    """What git ignores in one work tree, or what `.gitignore` files in a folder outside of any say."""

    def __init__(self, top: Path, start: Path) -> None:
        """`start` is the folder in it from which on files are looked at."""
        self._top, self._start = str(top), str(start)
        self._patterns: dict[str, list[Pattern]] = {}
        """Folder -> what its `.gitignore` says."""
        self._asked = False
        self._listed: frozenset[str] | None = None
        """What git lists, if it does; of the folders among it, those that are ignored are in `_folders`."""
        self._folders: frozenset[str] = frozenset()
        self._emptied: set[str] = set()
        """Those in which everything is ignored, but not they themselves."""
        self._void = False
        """Whether the start is ignored itself: whoever names it wants it read."""
        self._excluded = _patterns_in(Path(exclude_file(self._top)), own=False)

    def read(self, folder: Path) -> None:
        """Take in the `.gitignore` of a folder, if there is one."""
        own = str(folder) == self._start or str(folder).startswith(os.path.join(self._start, ""))
        self._patterns[str(folder)] = _patterns_in(folder / ".gitignore", own)

    def leaves_out(self, path: str) -> bool:
        """Whether a file is ignored, and nothing that tells about this machine."""
        return not is_local(os.path.basename(path)) and self.ignores(path)

    def ignores(self, path: str, folder: bool = False) -> bool:
        """Whether a file or folder is ignored that is in no ignored folder."""
        if not self._asked:
            if not self._may_be(os.path.basename(path)):
                return False
            self._ask()
        if self._void:
            return False
        return self._by_patterns(path, folder) if self._listed is None else self._by_git(path, folder)

    def _may_be(self, base: str) -> bool:
        return any(each.may_be(base) for patterns in (self._excluded, *self._patterns.values()) for each in patterns)

    def _ask(self) -> None:
        self._asked = True
        within = self._below(self._start)
        self._listed = ignored(self._top, within or ".") if os.path.lexists(os.path.join(self._top, ".git")) else None
        above = [Path(self._start), *Path(self._start).parents]
        above = above[: above.index(Path(self._top))]
        if self._listed is None:
            self._void = any(self._by_patterns(str(folder), True) for folder in reversed(above))
            return
        self._folders = matched(self._top, [name[:-1] for name in self._listed if name.endswith("/")])
        self._void = any(self._by_git(str(folder), True) for folder in reversed(above))

    def _below(self, path: str) -> str:
        return path[len(os.path.join(self._top, "")) :].replace(os.sep, "/")

    def _by_git(self, path: str, folder: bool) -> bool:
        name = self._below(path)
        emptied = name.rpartition("/")[0] in self._emptied
        if not folder or not (emptied or f"{name}/" in (self._listed or ())):
            return emptied or name in (self._listed or ())
        if name in self._folders or (emptied and matched(self._top, [name])):
            return True
        self._emptied.add(name)
        return False

    def _by_patterns(self, path: str, folder: bool) -> bool:
        """What the patterns say; of several files the nearest one that says anything counts."""
        here = path
        while here != self._top:
            here = os.path.dirname(here)
            name = path[len(os.path.join(here, "")) :].replace(os.sep, "/")
            said = ignore_patterns.said(self._patterns.get(here, ()), name, folder)
            if said is not None:
                return said
        return bool(ignore_patterns.said(self._excluded, self._below(path), folder))


def _patterns_in(path: Path, own: bool) -> list[Pattern]:
    """What a file of patterns says, if it is there; `own` is whether it is one of the target's files."""
    if not own and noted.place(path) is None:
        return []
    try:
        # No link, as git has it, and no pipe, which would hold us up.
        status = path.lstat()
        data = path.read_bytes() if stat.S_ISREG(status.st_mode) and status.st_size <= LARGEST_BYTES else None
    except OSError:
        data = None
    if own:
        noted.read(path, LARGEST_BYTES + 1, data)
    text = os.fsdecode((data or b"").removeprefix(b"\xef\xbb\xbf"))
    return list(ignore_patterns.read(line.removesuffix("\r") for line in text.split("\n")))
