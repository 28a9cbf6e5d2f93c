"""Is everything on disk that an earlier run rested on as it was?

A file whose size, times and inode are those of then was not changed. Of another one the content decides, so that a checkout to and fro, or a
fresh copy, changes nothing; so it does for a file that was young when it was looked at, since a change within one tick of the disk's clock
leaves no trace in its times (as in git's index).
"""

from __future__ import annotations

import os
import posixpath
import sys
from array import array
from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from callcheck.sources import noted
from callcheck.sources.files import LARGEST_BYTES, File, Tree, matches, relative
from callcheck.sources.languages import language_of
from callcheck.sources.noted import Notes, Stamp, stamp
from callcheck.sources.traces import GONE, content, end_of, entries, files_of, folders_of, stamps_of
from callcheck.sources.walk import BROUGHT, BUILT, CACHES, MANIFESTS, MOST_FILES

YOUNG_NS = 2_000_000_000
"""The coarsest clock of a file system that is in use."""
MOST_STRANGERS = 50
SMALL_BYTES = 100_000
"""A file up to this size is read by all who want to know it: none of them goes by its size."""
FOLDER, UNSEEN, UNREAD = -2, -1, 0
"""In the place of how much was read: it is a folder; it could not be read, or not be compared; nobody read it."""


class Ground:
    """Files, folders and missing files, as they were."""

    def __init__(
        self, base: str, names: list[str], folders: list[str], logs: frozenset[str], places: dict[str, Stamp | None], links: dict[str, str], sought: set[str]
    ) -> None:
        self.base = base
        self.names = names
        """The target's files, as the tree lists them."""
        self.folders = folders
        self.logs = logs
        """Paths of files that may grow: what stands in them is read in each run."""
        self.places = places
        """Path of what is not of the target, or not there -> its stamp."""
        self.links = links
        """Path of a link in the target, or of what need only be there -> where it leads, and to what."""
        self.sought = sought
        """As in `Notes`."""
        self.stamps = array("q")
        """Four figures for each file, then for each folder."""
        self.limits = array("q")
        self.digests: list[bytes] = []
        self.put_aside: set[str] = set()
        self.asked_git: dict[tuple[str, str], tuple[str, Stamp | None, frozenset[str]]] = {}
        """Both as in `Notes`."""
        self._by_folder: dict[str, set[str]] = {}
        self.renewed = False
        """Whether stamps were taken in that differ from those that are kept."""

    def state(self) -> tuple[Any, ...]:
        """As plain values, quickly packed."""
        names, folders = "\0".join(self.names), "\0".join(self.folders)
        return self.base, names, folders, tuple(self.logs), self.places, self.links, self.sought, self.put_aside, self.asked_git, *map(bytes, (self.stamps, self.limits, b"".join(self.digests)))

    @classmethod
    def of_state(cls, state: tuple[Any, ...]) -> Ground:
        """The ground that gave this state."""
        base, names, folders, logs, places, links, sought, put_aside, asked_git, stamps, limits, digests = state
        made = cls(base, names.split("\0") if names else [], folders.split("\0") if folders else [], frozenset(logs), places, links, sought)
        made.put_aside, made.asked_git = put_aside, asked_git
        made.stamps.frombytes(stamps)
        made.limits.frombytes(limits)
        made.digests = [digests[at : at + 16] for at in range(0, len(digests), 16)]
        return made

    @property
    def paths(self) -> list[str]:
        """Of all files, then of all folders."""
        return [*(f"{self.base}/{name}" for name in self.names), *self.folders]

    def changed(self, stamps: dict[str, array[int]]) -> frozenset[str] | None:
        """The names of the files in which another thing stands now; None if more has changed than that. What is so today is taken in.

        `stamps` holds those of the moment that another ground has asked for already.
        """
        young_ns = noted.now_ns() - YOUNG_NS
        found = set()
        paths = "\0".join(self.paths)
        now = stamps[paths] if paths in stamps else stamps.setdefault(paths, stamps_of(self.paths))
        if now != self.stamps:
            now = now[:]
            for number, path in enumerate(self.paths):
                at = slice(4 * number, 4 * number + 4)
                if now[at] == self.stamps[at] or self._same(number, path, now[at][2]):
                    continue
                if self._only_strangers(number, path, now[at][2]):
                    now[at] = self.stamps[at]  # to be asked again
                    continue
                if self.limits[number] <= 0 or not 0 < now[at][2] <= SMALL_BYTES or not 0 < self.stamps[at][2] <= SMALL_BYTES:
                    return None
                if posixpath.basename(path) == ".gitignore":
                    return None
                found.add(self.names[number])
                self.digests[number] = content(path, self.limits[number])
            now = _without_young(now, young_ns)
            self.renewed, self.stamps = now != self.stamps, now
        if any(stamp(path) != then for path, then in self.places.items()) or any(end_of(path) != end for path, end in self.links.items()):
            return None
        return frozenset(found) if all(self._ignored_as_then(*asked) for asked in self.asked_git) else None

    def _ignored_as_then(self, top: str, within: str) -> bool:
        """Whether git ignores what it did: it may not, once its index has changed."""
        index, then, ignored = self.asked_git[top, within]
        now = stamp(index)
        if now != then:
            from callcheck.sources.git import ignored as ask

            if ask(top, within) != ignored:
                return False
            young = now is not None and _since(noted.now_ns() - YOUNG_NS, now)
            self.asked_git[top, within], self.renewed = (index, None if young else now, ignored), True
        return True

    def extend(self, notes: Notes) -> bool:
        """Take in what else a run rested on that looked at some files anew; False if a file changed under its hands."""
        notes.digest_held()
        numbers = {path: number for number, path in enumerate(self.paths)}
        for path, (limit, known) in notes.read.items():
            number, then = numbers.get(path), stamp(path)
            if number is None or then is None or _since(notes.began_ns, then) or (limit == self.limits[number] and known != self.digests[number]):
                return False
            if limit > self.limits[number] or limit == UNSEEN:
                self.limits[number], self.digests[number] = limit, known or bytes(16)
        self.places |= dict(_places(notes))
        self.links |= {path: end_of(path) for path in notes.there}
        self.put_aside |= notes.put_aside
        self.sought |= notes.sought
        return not self._young(notes)

    def _young(self, notes: Notes) -> bool:
        """Whether something that was looked at beside the target's own was so young then that its stamp shows nothing."""
        return any(then and _since(notes.began_ns - YOUNG_NS, then) for then in self.places.values())

    def _same(self, number: int, path: str, size: int) -> bool:
        limit, was = self.limits[number], self.digests[number]
        if limit == FOLDER:
            held = entries(path)
            return folders_of(held) == was and files_of(held) == self._files_in(path)
        before = self.stamps[4 * number + 2]
        if limit == UNSEEN or (limit <= LARGEST_BYTES and size != before and not (path in self.logs and size > 0 < before)):
            return False
        return limit == UNREAD or content(path, limit) == was

    def _only_strangers(self, number: int, path: str, size: int) -> bool:
        """Whether a folder differs in files alone for which nobody asks, or a missing file is such a one."""
        if self.limits[number] != FOLDER:
            return size == GONE and self._stranger(self.names[number])
        held = entries(path)
        differing = files_of(held) ^ self._files_in(path)
        if folders_of(held) != self.digests[number] or len(differing) > MOST_STRANGERS or len(self.names) + MOST_STRANGERS > MOST_FILES:
            return False
        folder = relative(Path(path), Path(self.base))
        return all(self._stranger(posixpath.normpath(posixpath.join(folder, name))) for name in differing)

    def _stranger(self, name: str) -> bool:
        """Whether a file that is new, or gone, is one for which nobody asked, and neither source nor log."""
        base = posixpath.basename(name)
        if base in MANIFESTS or language_of(base) or not self.sought.isdisjoint((name, base)):
            return False
        if not (BROUGHT | BUILT).isdisjoint(name.split("/")[:-1]):
            return False  # With other files than those of configuration, such a folder is left out.
        if any(name.startswith(each) if each.endswith("/") else matches(each, name if "/" in each else base) for each in self.sought):
            return False
        from callcheck.sources.logs.recognise import PEEK, is_log

        path = Path(self.base, name)
        there = stamp(str(path))
        if there is None:
            return self.limits[self.names.index(name)] in (UNREAD, PEEK) and str(path) not in self.logs
        return name not in self.names and not (there[2] and is_log(File(path, name, there[2])))

    def _files_in(self, folder: str) -> frozenset[str]:
        """The base names of the regular files that a folder held."""
        if not self._by_folder:
            for name in (*(f"{self.base}/{name}" for name in self.names), *self.put_aside):
                above, base = os.path.split(os.path.normpath(name))
                if f"{above}/{base}" not in self.links:
                    self._by_folder.setdefault(above, set()).add(base)
        return frozenset(self._by_folder.get(folder, ()))

    def tree(self, names: Iterable[str]) -> Tree:
        """Those of the target's files that have one of these names."""
        sizes = dict(zip(self.names, self.stamps[2::4], strict=False))
        return Tree(tuple(File(Path(self.base, name), name, sizes[name]) for name in sorted(set(names)) if name in sizes))


def ground(notes: Notes, tree: Tree, base: Path, logs: Collection[Path]) -> Ground | None:
    """What the run that took the notes rested on; None if it changed under the run's hands, so that nobody can say what was read."""
    notes.digest_held()
    links = {entry.path: end_of(entry.path) for held in notes.folders.values() for entry in held if entry.is_symlink()}
    made = Ground(str(base), [file.name for file in tree.files], list(notes.folders), frozenset(map(str, logs)), dict(_places(notes)), links, notes.sought)
    made.links |= {path: end_of(path) for path in notes.there}
    made.put_aside = notes.put_aside
    for asked, (index, then, ignored) in notes.asked_git.items():
        young = then is None or _since(notes.began_ns - YOUNG_NS, then)
        made.asked_git[asked] = index, None if young else then, ignored
    now = stamps_of(made.paths)
    if GONE in now[2::4]:
        return None
    made.stamps = _without_young(now, notes.began_ns - YOUNG_NS)
    for number, path in enumerate(made.paths):
        limit, known = _known(path, notes)
        made.limits.append(limit)
        made.digests.append(known or bytes(16))
        if limit not in (UNREAD, FOLDER) and _since(notes.began_ns, now[4 * number : 4 * number + 2]):
            return None
    return None if made._young(notes) else made


def _since(then_ns: int, stamp: Sequence[int]) -> bool:
    """Whether something was changed after a time; a time to come was set by hand."""
    now_ns = noted.now_ns()
    return any(then_ns <= time_ns <= now_ns for time_ns in stamp[:2])


def _known(path: str, notes: Notes) -> tuple[int, bytes]:
    if path in notes.folders:
        return FOLDER, folders_of(notes.folders[path])
    known = notes.read.get(path)
    if known is None and language_of(path):
        # Whoever read it may have done so in another process.
        known = LARGEST_BYTES + 1, content(path, LARGEST_BYTES + 1)
    return known or (UNREAD, b"")


def _places(notes: Notes) -> Iterator[tuple[str, Stamp | None]]:
    """What was looked at or for beside the target's own, and the libraries that looked."""
    yield from ((path, then) for path, then in notes.places.items() if then or not _shown_absent(path, notes))
    yield from ((path, stamp(path)) for path in _libraries())


def _libraries() -> set[str]:
    """The files of other people's modules that are loaded: a parser of another version reads otherwise."""
    files = {file for module in list(sys.modules.values()) if (file := getattr(module, "__file__", None))}
    return {file for file in files if "-packages" in file and f"{os.sep}callcheck{os.sep}" not in file}


def _shown_absent(path: str, notes: Notes) -> bool:
    """Whether the listing of one of the target's folders shows that there is no such place."""
    above, name = os.path.split(path)
    while name and name != os.pardir:
        if above in notes.folders:
            return name not in CACHES and all(entry.name != name for entry in notes.folders[above])
        above, name = os.path.split(above)
    return False


def _without_young(stamps: array[int], young_ns: int) -> array[int]:
    """The figures, but no times where they show nothing."""
    kept = stamps[:]
    for at in range(0, len(kept), 4):
        if kept[at] >= young_ns or kept[at + 1] >= young_ns:
            kept[at] = kept[at + 1] = 0
    return kept
