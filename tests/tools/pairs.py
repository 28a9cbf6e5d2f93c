"""Reads pairs of small apps that are written beside one another in one text.

    === name :: cause[, other cause that is as right]
    --- path of a file
    lines of both; those that end in `#-` (`//-`) stand in the broken one alone, in `#+` (`//+`) in the fixed one
    --- path of a file of the broken one -
    --- path of a file of the fixed one +
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

_MARK = re.compile(r"\s*(?://|#)([-+])\s*$")
_FILE = re.compile(r"--- (\S+)(?: ([-+]))?\s*$")


@dataclass(frozen=True)
class Pair:
    """One mechanism: what breaks, and the same app mended."""

    name: str
    causes: frozenset[str]
    broken: dict[str, str]
    fixed: dict[str, str]


def pairs(text: str) -> list[Pair]:
    """All pairs of a text, in order."""
    found = []
    for part in re.split(r"(?m)^=== ", text)[1:]:
        head, _, body = part.partition("\n")
        name, _, causes = head.partition("::")
        found.append(Pair(name.strip(), frozenset(map(str.strip, causes.split(","))), _side(body, "+"), _side(body, "-")))
    return found


def _side(body: str, other: str) -> dict[str, str]:
    """The files of one side by their paths, without the lines and files of the other."""
    files: dict[str, list[str]] = {}
    lines: list[str] = []
    for line in body.split("\n"):
        begins = _FILE.match(line)
        if begins:
            lines = []
            if begins[2] != other:
                files[begins[1]] = lines
            continue
        mark = _MARK.search(line)
        if mark is None or mark[1] != other:
            lines.append(line[: mark.start()] if mark else line)
    return {path: "\n".join(lines).rstrip("\n") + "\n" for path, lines in files.items()}


def write(files: dict[str, str], folder: Path) -> None:
    """Lay out one side."""
    for path, text in files.items():
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, encoding="utf-8")
