"""Which line of the app's own code does a traceback or a stack end in?

    File "/usr/lib/python3.11/threading.py", line 982, in run        a library's
    File "/srv/notes/live.py", line 28, in on_note                   the app's own
      db.session.add(note)

    at Notes.add (/srv/src/notes.ts:14:9)
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from callcheck.model.errors import SourceError
from callcheck.model.evidence import Location
from callcheck.model.noun import dataclass
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean

if TYPE_CHECKING:
    from callcheck.sources import Eyes

_PYTHON = pattern(r'^[ \t|]{0,40}File "([^"\n]{1,400})", line (\d{1,7}), in ([^\n]{1,120})(?:\n[ \t|]{1,60}([^\n]{1,300}))?', re.M)
_JAVASCRIPT = pattern(r"^[ \t]{0,12}at (?:(?:async )?([^\n(]{1,160}) \()?((?:file://)?[^\s():]{1,400}):(\d{1,7}):\d{1,7}\)?", re.M)
_HEADS = ("\nTraceback (most", "Exception Group Traceback (most")
_THROWN = pattern(r"(?:^|\n)(?:node:internal/[\w/]{1,80}|(?:file://)?/[^\s():]{1,400}):\d{1,7}\n[^\n]{0,400}\n[ \t]{0,400}\^|(?:^|\n)error: Uncaught ")
_NOT_OWN = ("site-packages/", "dist-packages/", "node_modules/", "lib/python3", "<frozen", "<string>", "node:", "internal/")
_LIKELY = 2
"""A file of this many common folders and a name is the same one; with fewer the line must be the same too."""


@dataclass(frozen=True, slots=True)
class Frame:
    """A call in the app's own code; `path` as it is called where the app runs."""

    path: str
    line: int
    function: str
    code: str = ""
    """The line itself, where the traceback shows it."""
    handler: str = ""
    """The function of the app's own that a library called on the way here, "" if none did."""


def own_frame(full: str) -> Frame | None:
    """The innermost call in the app's own code, None where a text shows none."""
    if 'File "' in full:
        calls = calls_in_python(full)
    elif "\n" in full and "at " in full:
        calls = [Frame(path.removeprefix("file://"), int(line), function.strip()) for function, path, line in _JAVASCRIPT.findall(full)][::-1]
    else:
        return None
    found: Frame | None = None
    handler, within = "", True
    for call in calls:
        if own(call):
            handler = handler if within else call.function
            found = call
        within = own(call)
    return Frame(found.path, found.line, found.function, found.code, handler) if found else None


def calls_in_python(full: str) -> list[Frame]:
    """All calls of a traceback, the outermost first."""
    return [Frame(path, int(line), function.strip(), code.strip()) for path, line, function, code in _PYTHON.findall(full)]


def ends_program(full: str) -> bool:
    """Whether nobody caught an error: its traceback begins in the script that was started, or Node.js shows the line that threw before the stack."""
    if 'File "' in full:
        calls = calls_in_python(full[max(0, *map(full.rfind, _HEADS)) :])
        return bool(calls) and (calls[0].function == "<module>" or calls[0].path.startswith("<frozen runpy"))
    return _THROWN.search(full) is not None


def own(call: Frame) -> bool:
    """Whether the line stands in no library."""
    return not any(part in call.path for part in _NOT_OWN)


def in_source(frame: Frame, eyes: Eyes) -> Location | None:
    """The line in the target's own files; None where no file is surely the same, or its line is another one now."""
    parts = frame.path.replace("\\", "/").strip("/").split("/")
    same: list[tuple[int, str]] = []
    for file in eyes.tree.named(parts[-1]):
        common = _common(parts, file.name.split("/"))
        if common == file.name.count("/") + 1 or common > _LIKELY:
            same.append((common, file.name))
    same.sort(reverse=True)
    if not same or (len(same) > 1 and same[0][0] == same[1][0]):
        return None
    found = eyes.tree.get(same[0][1])
    try:
        lines = eyes.text(found).split("\n") if found else []
    except SourceError:
        return None
    text = lines[frame.line - 1].strip() if frame.line <= len(lines) else ""
    if not text or (frame.code and frame.code not in text and text not in frame.code):
        return None
    return Location(clean(same[0][1]), frame.line)


def _common(one: list[str], other: list[str]) -> int:
    """How many parts, from the last, are the same."""
    count = 0
    while count < min(len(one), len(other)) and one[-1 - count] == other[-1 - count]:
        count += 1
    return count
