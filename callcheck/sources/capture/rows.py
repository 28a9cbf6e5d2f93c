"""How do the plain values of a capture become evidence and looks again, when anybody may have written them?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar, get_args

from callcheck.model.captured import MOST_DEPTH, MOST_SPREAD, MOST_SPREADS, MOST_TEXT
from callcheck.model.errors import Malformed
from callcheck.model.evidence import Evidence, Location, Looked, Lost
from callcheck.model.fact import Fact, kinds, names, types
from callcheck.model.ignore import Ignore
from callcheck.model.left_out import LeftOut, Reason
from callcheck.model.printable import clean
from callcheck.model.words import Basis, Outcome, Word

_MOST_NUMBER = 10**15
_MOST_LIST = 10_000
_REASONS: tuple[Reason, ...] = get_args(Reason)
WordT = TypeVar("WordT", bound=Word)


class Wrong(Exception):
    """A value is not as it should be; says which."""


def text(held: Any, what: str) -> str:
    """A text, printable and of bounded length. Raises Wrong."""
    if not isinstance(held, str):
        raise Wrong(f"{what} is no text")
    return clean(held, MOST_TEXT)


def number(held: Any, what: str, least: int = 0) -> int:
    """A whole number of a size that counts and lines have. Raises Wrong."""
    if not isinstance(held, int) or isinstance(held, bool) or not least <= held <= _MOST_NUMBER:
        raise Wrong(f"{what} is no number from {least} on")
    return held


def listed(held: Any, what: str) -> list[Any]:
    """A list of bounded length. Raises Wrong."""
    if not isinstance(held, list) or len(held) > _MOST_LIST:
        raise Wrong(f"{what} is no list of at most {_MOST_LIST}")
    return held


def table(held: Any, what: str) -> dict[str, Any]:
    """An object. Raises Wrong."""
    if not isinstance(held, dict):
        raise Wrong(f"{what} is no object")
    return held


def word(held: Any, of: type[WordT], what: str) -> WordT:
    """One of a closed set of words. Raises Wrong."""
    try:
        return of(held)
    except ValueError:
        raise Wrong(f"{what} is none of {', '.join(of)}") from None


def flag(held: Any, what: str) -> bool:
    """True or false. Raises Wrong."""
    if not isinstance(held, bool):
        raise Wrong(f"{what} is neither true nor false")
    return held


def fact(row: dict[str, Any]) -> Fact | None:
    """The fact of a line; None if this callcheck knows no such kind, or it has attributes that the line has not. Raises Wrong."""
    kind = kinds().get(text(row.get("kind"), "kind"))
    if kind is None:
        return None
    held, wanted = table(row.get("attributes", {}), "attributes"), types(kind)
    if any(name not in held for name in wanted):
        return None
    return kind(**{field: _value(held[name], wanted[name], name) for field, name in names(kind).items()})


def _value(held: Any, wanted: type, name: str) -> Any:
    if issubclass(wanted, Word):
        return word(held, wanted, name)
    if wanted is str:
        return text(held, name)
    if wanted is bool:
        return flag(held, name)
    if wanted is int:
        return number(held, name, -_MOST_NUMBER)
    if held in ("inf", "-inf", "nan"):
        return float(held)
    if not isinstance(held, (int, float)) or isinstance(held, bool) or not abs(held) <= _MOST_NUMBER:
        raise Wrong(f"{name} is no number")
    return held


def location(row: dict[str, Any]) -> Location | None:
    """The place of a line, or of what printed it. Raises Wrong."""
    if not row.get("file"):
        return None
    line, column, end = (None if row.get(name) is None else number(row[name], name, 1) for name in ("line", "column", "end_line"))
    return Location(text(row["file"], "file"), line, column, end)


def evidence(rows: Sequence[dict[str, Any]]) -> list[Evidence | None]:
    """All lines, each with what it rests on; None for a fact that is not known here. Raises Wrong."""
    made: dict[int, Evidence | None] = {}
    spread: dict[int, int] = {}

    def build(index: int, depth: int) -> Evidence | None:
        if index in made:
            return made[index]
        if depth > MOST_DEPTH:
            raise Wrong(f"facts rest on one another more than {MOST_DEPTH} deep, or in a circle")
        row = rows[index]
        below = [number(each, "because") for each in listed(row.get("because", []), "because")]
        if any(each >= len(rows) for each in below):
            raise Wrong("because names a line that is not there")
        held = [one for each in below if (one := build(each, depth + 1)) is not None]
        spread[index] = 1 + sum(spread.get(each, 0) for each in below)
        if spread[index] > MOST_SPREAD:
            raise Wrong(f"a fact rests on over {MOST_SPREAD} others")
        made[index] = _one(row, tuple(held))
        return made[index]

    found = [build(index, 0) for index in range(len(rows))]
    if sum(spread.values()) > MOST_SPREADS:
        raise Wrong(f"facts rest on over {MOST_SPREADS} others")
    return found


def _one(row: dict[str, Any], because: tuple[Evidence, ...]) -> Evidence | None:
    stated = fact(row)
    if stated is None:
        return None
    said = {name: text(row.get(name, ""), name) for name in ("probe", "excerpt", "service", "label")}
    printed = location(table(row["printed_by"], "printed_by")) if row.get("printed_by") else None
    return Evidence(stated, word(row.get("basis"), Basis, "basis"), where=location(row), because=because, printed=printed, **said)


def look(row: Any) -> Looked:
    """One of `looks.json`. Raises Wrong."""
    held = table(row, "a look")
    lost = (table(each, "lost") for each in listed(held.get("lost", []), "lost"))
    return Looked(
        text(held.get("name"), "name"),
        frozenset(text(each, "kinds") for each in listed(held.get("kinds"), "kinds")),
        word(held.get("outcome"), Outcome, "outcome"),
        text(held.get("why", ""), "why"),
        tuple(Lost(text(each.get("what"), "what"), text(each.get("why"), "why")) for each in lost),
        flag(held.get("joins", False), "joins"),
    )


def ignore(row: Any) -> Ignore:
    """One comment of `context.json`. Raises Wrong."""
    held = table(row, "an ignore")
    covers = tuple(number(each, "covers") for each in listed(held.get("covers"), "covers"))
    causes = tuple(text(each, "causes") for each in listed(held.get("causes"), "causes"))
    return Ignore(text(held.get("file"), "file"), number(held.get("line"), "line"), covers, causes, text(held.get("reason", ""), "reason"))


def left_out(row: Any) -> LeftOut:
    """What no probe was shown. Raises Wrong."""
    held = table(row, "left_out")
    reason = next((each for each in _REASONS if each == held.get("reason")), None)
    if reason is None:
        raise Wrong("the reason of what was left out is not known")
    files, folders, functions = (number(held.get(name, 0), name) for name in ("files", "folders", "functions"))
    few = tuple(text(each, "names") for each in listed(held.get("names", []), "names")[:20])
    return LeftOut(reason, text(held.get("why"), "why"), files, folders, functions, few, flag(held.get("expected", False), "expected"))


def malformed(name: str, member: str, error: Exception) -> Malformed:
    """The error that a reader is told."""
    return Malformed(f"{clean(name)} cannot be read: {member}: {clean(str(error), 160)}", "have it written anew")
