"""What is one variable of one unit, and how are values filled in?"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from callcheck.model.evidence import Location
from callcheck.model.noun import dataclass, replace
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.sources.documents import Table, line_at, value_at
from callcheck.sources.files import File

if TYPE_CHECKING:
    from callcheck.sources import Eyes

OPEN = "*"
"""The name of a setting that stands for variables which cannot be seen: a secret, or a file that is not there."""
_LINE = pattern(r"^[ \t]*(?:export[ \t]+)?([A-Za-z_]\w{0,99})[ \t]*=[ \t]*(.*)$")
_HOLE = pattern(r"\$\{(\w{1,100})(?::?([-?+])([^}]{0,500}))?\}|\$(\w{1,100})")


@dataclass(frozen=True, slots=True)
class Setting:
    """One variable. `unit` is "" for what every unit gets; `value` is "" where it is not written out."""

    unit: str
    name: str
    value: str
    file: File
    line: int
    system: str
    runs: str = ""
    """The command of the unit, where the same file says it."""
    secret: str = ""
    """Where the value is kept, or what fills it in, if it is not written out."""
    empty: bool = False
    """Whether the unit surely gets it without a value."""
    over: str = ""
    """The file that gives it a value, which an empty one here takes the place of."""
    promised: frozenset[str] = frozenset()
    """Of what cannot be seen: the names that an example of it lists."""
    foreign: bool = False
    """Whether the unit runs an image that comes from elsewhere, where others are built from what is here: no program of these sources."""

    @property
    def where(self) -> Location:
        """The place that sets it, to be shown."""
        return Location(clean(self.file.name), self.line or 1)


def winners(found: Iterable[Setting], runs: str = "") -> Iterator[Setting]:
    """Of several values for a variable of a unit the last one, as it has the last word; each with the unit's command, if given."""
    held: dict[tuple[str, str], Setting] = {}
    for each in found:
        if each.name == OPEN:
            # It may give what was empty so far.
            held = {key: replace(below, over="") if below.over and below.unit == each.unit else below for key, below in held.items()}
        below = held.pop((each.unit, each.name), None)
        each = replace(each, over=_emptied(each, below, held.get((each.unit, OPEN)))) if each.empty else each
        held[each.unit, each.name] = replace(each, runs=runs) if runs else each
    yield from held.values()


def _emptied(blank: Setting, below: Setting | None, unseen: Setting | None) -> str:
    """The file whose value an empty one takes the place of: one that says it, or one that cannot be seen; of the latter a hole is taken for empty only if its name is listed."""
    if below is not None:
        return below.over if below.empty else below.file.name
    if unseen is None or (blank.secret and blank.name not in unseen.promised):
        return ""
    return unseen.value or unseen.file.name


def command(*parts: object) -> str:
    """A command that is written as text, or as lists of words."""
    return " ".join(" ".join(map(str, part)) if isinstance(part, list) else str(part) for part in parts if part)


def dotenv(eyes: Eyes, file: File) -> Iterator[tuple[str, str, int]]:
    """Name, value and line of each assignment of an env file; nothing if it cannot be read."""
    for number, line in enumerate(eyes.readable(file).splitlines(), 1):
        found = _LINE.match(line[:2000])
        if found:
            yield found[1], found[2].split(" #")[0].strip().strip("\"'"), number


def filled(value: object, known: Mapping[str, str]) -> str:
    """A value with its `${HOLES}` filled from what is known or from their defaults; "" if one stays open."""
    text = "" if value is None else str(value)
    missing = False

    def fill(hole: re.Match[str]) -> str:
        nonlocal missing
        name = hole[1] or hole[4]
        if known.get(name):
            return known[name]
        if hole[2] == "-":
            return hole[3]
        missing = True
        return ""

    text = _HOLE.sub(fill, text)
    return "" if missing or "{{" in text else text


def pairs(document: Any, *path: str | int) -> Iterator[tuple[str, Any, int]]:
    """Name, value and line of what stands at a path as a table, as `NAME=value` rows, or as rows of `{name|key, value}`."""
    held = value_at(document, *path)
    if isinstance(held, Table):
        yield from ((key, value, held.lines[key]) for key, value in held.items())
    for index, row in enumerate(held if isinstance(held, list) else ()):
        if isinstance(row, Table):
            name = next((row[k] for k in ("name", "key", "Name", "Key") if k in row), None)
            if isinstance(name, str):
                yield name, next((row[k] for k in ("value", "Value") if k in row), None), row.line
        elif isinstance(row, str):
            name, _, value = row.partition("=")
            yield name, value if "=" in row else None, line_at(document, *path, index)


def kept(document: Any, *path: str | int) -> dict[str, str]:
    """Where the values of rows are kept that do not say them: the keys of `valueFrom`, or the variable that a hole names."""
    found: dict[str, str] = {}
    rows = value_at(document, *path)
    for name, value, _ in pairs(document, *path):
        if isinstance(value, str) and "$" in value:
            found[name] = value
    for row in rows if isinstance(rows, list) else ():
        source = (row.get("valueFrom") or row.get("ValueFrom")) if isinstance(row, Table) else None
        if source:
            found[str(row.get("name") or row.get("Name"))] = str(source)
    return found


def beside(eyes: Eyes, file: File, path: str) -> File | None:
    """The file that a path means, seen from another one."""
    return eyes.tree.get(posixpath.normpath(posixpath.join(posixpath.dirname(file.name), path)))
