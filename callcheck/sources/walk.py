"""Which files of a target are there to be looked at?

Regular files only, and no link out of the root. Build output, other people's code, caches and what git ignores are left out, but not what
of that is evidence: environment files, logs and local configuration are ignored by git because they tell about one machine.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from callcheck.model.evidence import Lost
from callcheck.model.printable import clean
from callcheck.model.target import Target
from callcheck.sources import noted
from callcheck.sources.files import File, Tree, relative

if TYPE_CHECKING:
    from callcheck.model.left_out import Reason
    from callcheck.sources.gitignore import Rules

MOST_FILES = 50_000
CACHES = frozenset(
    ".git .hg .svn __pycache__ .tox .nox .mypy_cache .pytest_cache .ruff_cache .next .nuxt .svelte-kit .turbo .cache .yarn .pnpm-store "
    "coverage htmlcov .terraform .gradle .idea .vscode .eggs .serverless .vercel .wrangler .parcel-cache .angular".split()
)
"""Folders that tools keep for themselves: nobody looks into them, and they come and go as an app runs."""
INSTALLED = frozenset({"node_modules", "bower_components", "site-packages"})
"""Folders of other people's code."""
BROUGHT = frozenset({"vendor", "third_party", "bundle"})
"""The same, where they hold any code."""
BUILT = frozenset({"dist", "build", "out"})
"""Build output, beside one of MANIFESTS, where they hold any code."""
MANIFESTS = frozenset({"package.json", "pyproject.toml", "tsconfig.json", "setup.py"})
ENVIRONMENTS = frozenset({"env", "venv", ".venv", "virtualenv"})
"""Names that a folder of configuration may have as well as a virtual environment of old, without `pyvenv.cfg`."""


def survey(target: Target) -> Tree:
    """List the target's files, and what was left out of them."""
    walk = _Walk(target)
    for path in target.files:
        walk.add(path)
    for folder in target.folders:
        walk.take(folder)
    named = {clean(relative(folder, target.base)) + "/" for folder in target.folders}
    left_out = sorted(each for each in walk.left_out if each[1] not in named)
    return Tree(tuple(walk.found[name] for name in sorted(walk.found)), tuple(left_out), tuple(walk.lost))


class _Walk:
    """One walk through all folders of a target."""

    def __init__(self, target: Target) -> None:
        self.found: dict[str, File] = {}
        self.left_out: set[tuple[Reason, str]] = set()
        self.lost: list[Lost] = []
        self._base = target.base
        self._rules: dict[Path, Rules] = {}
        """For the folder that is being walked: the top of a work tree, or itself if it is in none -> what is ignored; only where a `.gitignore` was met."""
        self._ignored: list[Path] = []

    def add(self, path: Path) -> None:
        """Add a file, whatever its name is."""
        try:
            self._put(path, relative(path, self._base), path.stat())
        except OSError as error:
            self._lose(path, error)

    def _put(self, path: Path, name: str, status: os.stat_result) -> None:
        if stat.S_ISREG(status.st_mode):
            self.found[name] = File(path, name, status.st_size)

    def take(self, folder: Path) -> None:
        """Add the files of a folder, and of those below it."""
        noted.sought("pyvenv.cfg", ".gitignore")
        self._rules.clear()
        pending = [(folder, self._top(folder))]
        while pending:
            if len(self.found) >= MOST_FILES:
                self.lost.append(Lost(clean(str(folder)), f"only the first {MOST_FILES:,} files were listed"))
                return
            here, top = pending.pop()
            pending.extend(self._listed(here, top, folder))
        if self._ignored:
            from callcheck.sources.aside import evidence

            for path in evidence(self._ignored):
                self.add(path)
            self._ignored.clear()

    def _top(self, folder: Path) -> Path:
        """The top of the work tree that a folder is in, the folder itself if it is in none."""
        above: list[Path] = []
        for top in (folder, *folder.parents):
            if noted.is_there(top / ".git"):
                exclude = top / ".git/info/exclude"
                if noted.place(exclude) and _says_anything(exclude) or any(noted.is_there(here / ".gitignore") for here in above):
                    rules = self._rules_of(top, folder)
                    for here in above:
                        rules.read(here)
                return top
            above.append(top.parent)
        return folder

    def _rules_of(self, top: Path, root: Path) -> Rules:
        if top not in self._rules:
            from callcheck.sources.gitignore import Rules

            self._rules[top] = Rules(top, root if top in root.parents else top)
        return self._rules[top]

    def _listed(self, here: Path, top: Path, root: Path) -> Iterator[tuple[Path, Path]]:
        """Add the files of one folder, and give the folders in it to look into, the last one first, each with the top of its work tree."""
        try:
            entries = sorted(os.scandir(here), key=lambda entry: entry.name, reverse=True)
        except OSError as error:
            noted.place(here)
            self._lose(here, error)
            return
        names = {entry.name for entry in entries}
        if here != root and self._is_environment(here, names):
            self._leave("installed", f"{here}/")
            return
        if here != root and _is_recording(names):
            self._leave("recording", f"{here}/")
            return
        noted.folder(here, entries)
        if ".git" in names:
            top = here
        if ".gitignore" in names:
            self._rules_of(top, root).read(here)
        rules, beside = self._rules.get(top), not MANIFESTS.isdisjoint(names)
        within = relative(here, self._base)
        within = "" if within == "." else f"{within}/"
        for entry in entries:
            try:
                if entry.is_dir(follow_symlinks=False):
                    if entry.name not in CACHES and not self._passed(entry, beside, rules):
                        yield Path(entry.path), top
                elif entry.is_file() and _inside(entry, root):
                    if rules and rules.leaves_out(entry.path):
                        noted.aside(entry.path)
                        self._leave("ignored", entry.path)
                    else:
                        self._put(Path(entry.path), within + entry.name, entry.stat())
            except OSError as error:
                self._lose(Path(entry.path), error)

    def _passed(self, entry: os.DirEntry[str], beside: bool, rules: Rules | None) -> bool:
        """Whether a folder is left out; `beside` is whether a manifest stands beside it."""
        reason: Reason | None = "installed" if entry.name in INSTALLED else None
        if entry.name in BROUGHT or (beside and entry.name in BUILT):
            from callcheck.sources.aside import holds_code

            if holds_code(entry.path):
                reason = "vendored" if entry.name in BROUGHT else "built"
        if reason is None and rules and rules.ignores(entry.path, folder=True):
            reason = "ignored"
            self._ignored.append(Path(entry.path))
        if reason:
            self._leave(reason, f"{entry.path}/")
        return reason is not None

    def _is_environment(self, here: Path, names: set[str]) -> bool:
        """Whether a folder is a virtual environment of Python, or one that pip has put packages into: `pip install --target layer/python`."""
        if "pyvenv.cfg" in names:
            return noted.is_there(here / "pyvenv.cfg")
        if any(name.endswith(".dist-info") for name in names):
            return True
        if here.name not in ENVIRONMENTS or names.isdisjoint(("lib", "Lib", "conda-meta")):
            return False
        return any(noted.is_there(here / sign) for sign in ("bin/activate", "Scripts/activate", "conda-meta"))

    def _leave(self, reason: Reason, path: str) -> None:
        name = relative(Path(path), self._base)
        self.left_out.add((reason, clean(name) + "/" * path.endswith("/")))

    def _lose(self, path: Path, error: OSError) -> None:
        self.lost.append(Lost(clean(relative(path, self._base)), error.strerror or "cannot be read"))


def _inside(entry: os.DirEntry[str], root: Path) -> bool:
    """Whether a link stays within the root."""
    return not entry.is_symlink() or root.resolve() in Path(entry.path).resolve().parents


def _says_anything(exclude: Path) -> bool:
    """Whether a list of patterns holds more than comments, as it does when git has made it."""
    try:
        return any(line.strip() and line[:1] != b"#" for line in exclude.read_bytes().split(b"\n"))
    except OSError:
        return False


def _is_recording(names: set[str]) -> bool:
    """Whether a folder with these names in it was written by `callcheck observe`."""
    if "recording.json" not in names and not any(name.endswith(".jsonl") for name in names):
        return False
    from callcheck.sources.recording import is_trace

    return any(map(is_trace, names))
