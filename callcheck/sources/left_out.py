"""What of the files was not looked at, in few words?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from callcheck.model.left_out import LeftOut, Reason
from callcheck.model.printable import clean
from callcheck.sources.files import Tree
from callcheck.sources.languages import language_of

if TYPE_CHECKING:
    from callcheck.sources.code.project import Project

FEW = 5
_WORDS: dict[Reason, str] = {
    "unlisted": "could not be listed",
    "ignored": "ignored by git",
    "vendored": "other people's code",
    "built": "build output",
    "installed": "installed packages",
    "machine": "minified or generated",
    "large": "over 1 MB",
    "binary": "not text",
    "tests": "tests, not read in trees with over 1 MB of source",
    "recording": "recordings of callcheck observe; name one to have it read",
    "callers": "used by so many files that their callers were not looked for (there may be more of them)",
}
"""In the order in which they are told."""
_CODE: tuple[Reason, ...] = ("ignored", "vendored", "built")


def left_out(tree: Tree, project: Project | None) -> tuple[LeftOut, ...]:
    """What was left out of a target, of its source as far as somebody asked for that."""
    names: dict[Reason, list[str]] = {"unlisted": [f"{lost.what}: {lost.why}" for lost in tree.lost]}
    for reason, name in tree.left_out:
        names.setdefault(reason, []).append(name)
    told = dict.fromkeys(_WORDS, False)
    if project is not None:
        for reason in ("machine", "large", "binary", "tests"):
            lost, unseen = project.unread.get(reason, []), project.choice.left_out.get(reason, [])
            names[reason] = sorted(clean(name) for name in {*lost, *unseen})
            told[reason] = set(unseen) <= set(lost)
        names["callers"] = [clean(f"{name} ({path}:{line})") for path, line, name in sorted(project.users.unfollowed)]
    bare = not any(language_of(file.name) for file in tree.files)
    return tuple(_summed(reason, names[reason], told[reason] or reason == "installed", bare) for reason in _WORDS if names.get(reason))


def _summed(reason: Reason, names: Sequence[str], expected: bool, bare: bool) -> LeftOut:
    """`bare` is whether no source file was found."""
    why = _WORDS[reason] + ("; there is no other source here: name it to have it read" if bare and reason in _CODE and _may_be_source(names) else "")
    folders = sum(name.endswith("/") for name in names)
    functions = len(names) if reason == "callers" else 0
    return LeftOut(reason, why, len(names) - folders - functions, folders, functions, tuple(sorted(names, key=lambda name: not name.endswith("/"))[:FEW]), expected)


def _may_be_source(names: Iterable[str]) -> bool:
    return any(name.endswith("/") or language_of(name) for name in names)
