"""Is a folder watched for new files alone, into which they come under another name first?

    rsync -a out/ printer@press:/srv/inbox/            # .A-1042.xml.Xk3f9a is written, and renamed to A-1042.xml
    observer.schedule(Orders(), "/srv/inbox")          # patterns=["*.xml"], and on_created() without on_moved()

What is renamed within a watched folder is moved, and not created; what is moved into it from outside is created. Sources: watchdog 6.0, observers/inotify.py (queue_events) and
events.py (PatternMatchingEventHandler.dispatch); rsync(1) of 3.4, --inplace, --temp-dir and --delay-updates.
"""

from __future__ import annotations

import fnmatch
import posixpath
from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Location, Lost
from callcheck.model.facts.traps import LibraryTrap
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.signs import Sign
from callcheck.model.target import Target
from callcheck.model.words import Basis
from callcheck.sources import Eyes
from callcheck.sources.code.imports import is_test
from callcheck.sources.code.scopes import module_of
from callcheck.sources.code.seen import seen
from callcheck.sources.code.tree import Call, ClassDef, Function, Literal
from callcheck.sources.environment.told import Told

_FILES = ("*.sh", "*.bash", "*cron*", "Makefile", "justfile", "*.y*ml", "*.service", "*.timer", "*.toml")
_COPIES = pattern(r"(?m)(?:^|[\s;&|(\"'=/])rsync[ \t]([^\n;&|>#\"']{3,600})")
_IN_PLACE = pattern(r"(?:^|\s)(?:--inplace|--append(?:-verify)?|--temp-dir|--delay-updates|-[a-zA-Z]{0,12}T)(?=[\s=]|$)")
"""With these nothing is renamed within the folder itself."""
_MOVES = pattern(r"(?m)(?:^|[\s;&|(])mv[ \t]+(?:-\w{1,4}[ \t]+){0,3}[\"']?(/[^\s\"';&|]{1,300})[\"']?[ \t]+[\"']?(/[^\s\"';&|]{1,300})")
_PLACE = pattern(r"(?:^|[ \t])(?:[\w.@-]{1,100}::?)?(/[\w./-]{1,200}|[\w-]+)/?[ \t]*$")
_NEW = ("on_created", "on_closed")
_ALL = frozenset(("on_moved", "on_any_event", "on_modified", "dispatch"))
_BY_NAME = pattern(r"\.endswith\(|\.suffix(?:es)?\b|\bfnmatch\b|\.match\(|\bsplitext\(")
_WHY = "files come here under a passing name and are renamed, which is a move and no creation: on_moved() is not defined, so they are not seen"


class RenamedFiles:
    """Silent where the folder is not known, where the handler takes any name, and where it hears of what is moved or changed too."""

    name = "renamed-files"
    looks_at = Sight.SOURCE
    marks = ("watchdog",)
    signs = (Sign(words=("watchdog",)),)
    answers = frozenset({LibraryTrap})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        told = Told(eyes)
        renamed: list[tuple[str, Location]] | None = None
        for call in eyes.code.project.calls("schedule"):
            if len(call.args) < 2 or "watchdog" not in module_of(call).text or is_test(module_of(call).path):
                continue
            handler = _handler(eyes, call)
            folder = told.text(call.args[1])
            if handler is None or not folder.startswith("/"):
                continue
            renamed = list(_renamed(eyes)) if renamed is None else renamed
            folder = posixpath.normpath(folder)
            where = next((where for place, where in renamed if place == folder), None)
            if where is not None:
                fact = LibraryTrap("event-name-mismatch", "strong", _WHY, handler.name, "watchdog", "python")
                because = Evidence(fact, Basis.DECLARED, self.name, where, label="this writes under another name, and renames")
                yield seen(fact, handler, self.name, (because, seen(fact, call, self.name, label=f"{clean(folder, 60)} is watched here")))


def _handler(eyes: Eyes, call: Call) -> Function | None:
    """The method that hears of new files by their names, of a handler that hears of nothing else by which they may come."""
    cls = eyes.code.origins.of(call.args[0]).cls
    bases = eyes.code.origins.bases(cls)
    if cls is None or not any(base.startswith("watchdog.events.") for base in bases):
        return None
    methods = {each.name: each for each in _methods(eyes, cls)}
    new = next((methods[name] for name in _NEW if name in methods), None)
    if new is None or not _ALL.isdisjoint(methods):
        return None
    patterns = [each.value for each in module_of(cls).all(Literal) if isinstance(each.value, str) and "*" in each.value and _within(each, cls)]
    if any(base.endswith("PatternMatchingEventHandler") for base in bases):
        return new if patterns and not any(fnmatch.fnmatch(f".{each.replace('*', 'A')}.Xk3f9a", each) for each in patterns) else None
    lines = module_of(new).text.splitlines()
    return new if _BY_NAME.search("\n".join(lines[new.line - 1 : new.end_line])) else None


def _methods(eyes: Eyes, cls: ClassDef) -> Iterator[Function]:
    for each in cls.body:
        if isinstance(each, Function):
            yield each
    for base in cls.bases:
        above = eyes.code.origins.of(base).cls
        if above is not None and above is not cls:
            yield from (each for each in above.body if isinstance(each, Function))


def _within(node: Literal, cls: ClassDef) -> bool:
    return cls.line <= node.line <= cls.end_line


def _renamed(eyes: Eyes) -> Iterator[tuple[str, Location]]:
    """Folders in which files get their names by renaming."""
    for file in eyes.tree.named(*_FILES):
        text = eyes.readable(file, 200_000)
        if "rsync" not in text and "mv " not in text:
            continue
        lines, text = text, text.replace("\\\n", "  ")
        for found in _COPIES.finditer(text):
            place = _PLACE.search(found[1])
            if place and place[1].startswith("/") and not _IN_PLACE.search(found[1]):
                yield posixpath.normpath(place[1]), Location(clean(file.name), lines.count("\n", 0, found.start(1)) + 1)
        for found in _MOVES.finditer(text):
            if posixpath.dirname(found[1]) == posixpath.dirname(found[2]):
                yield posixpath.normpath(posixpath.dirname(found[2])), Location(clean(file.name), lines.count("\n", 0, found.start(1)) + 1)


PROBE = RenamedFiles()
