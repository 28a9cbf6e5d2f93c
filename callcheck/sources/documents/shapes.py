"""How do mappings and lists keep the lines they were written on?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

DEEPEST = 100
"""Levels of nesting; more is an attack or a dump, and would break whoever walks it."""


class Table(dict[str, Any]):
    """A mapping; `line` is where it begins, `lines[key]` where the key stands (from 1)."""

    def __init__(self, line: int = 0) -> None:
        super().__init__()
        self.line = line
        self.lines: dict[str, int] = {}

    def put(self, key: str, value: Any, line: int) -> None:
        """Set a key; the last one wins."""
        self[key] = value
        self.lines[key] = line


class Rows(list[Any]):
    """A list; `line` is where it begins, `lines[i]` where the item stands (from 1)."""

    def __init__(self, line: int = 0) -> None:
        super().__init__()
        self.line = line
        self.lines: list[int] = []

    def put(self, value: Any, line: int) -> None:
        """Add an item."""
        self.append(value)
        self.lines.append(line)


def value_at(document: Any, *path: str | int) -> Any:
    """`document[path[0]][path[1]]...`, None if any part of the path is not there."""
    for step in path:
        if isinstance(document, dict) and step in document:
            document = document[str(step)]
        elif isinstance(document, list) and isinstance(step, int) and -len(document) <= step < len(document):
            document = document[step]
        else:
            return None
    return document


def tables(value: Any) -> list[Table]:
    """The mappings of a list; none for anything that is no list."""
    return [item for item in value if isinstance(item, Table)] if isinstance(value, list) else []


def each_of(value: Any) -> list[tuple[int, Table]]:
    """The mappings of a list, each with its place in it; none for anything that is no list."""
    return [(at, item) for at, item in enumerate(value) if isinstance(item, Table)] if isinstance(value, list) else []


def line_at(document: Any, *path: str | int) -> int:
    """The line of `document[path[0]][path[1]]...`, or of the deepest part of the path that is there; 0 if nothing is known."""
    line = getattr(document, "line", 0)
    for step in path:
        if isinstance(document, Table) and step in document.lines:
            line = document.lines[str(step)]
            document = document[str(step)]
        elif isinstance(document, Rows) and isinstance(step, int) and -len(document) <= step < len(document):
            line = document.lines[step]
            document = document[step]
        else:
            break
    return int(line)


def texts_in(value: Any) -> Iterator[str]:
    """All texts in a value, however deep, without the keys."""
    if isinstance(value, str):
        yield value
    for each in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from texts_in(each)
