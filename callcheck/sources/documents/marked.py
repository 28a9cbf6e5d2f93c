"""Where exactly in a YAML text does each key and value stand?

For files that a person writes for callcheck and that are answered with line and column when they are wrong. A key that is written twice is
an error here, where elsewhere the last one wins.
"""

from __future__ import annotations

from typing import Any

from callcheck.model.errors import Malformed
from callcheck.model.noun import dataclass, field
from callcheck.model.printable import clean
from callcheck.sources.documents.read_yaml import Builder, parse
from callcheck.sources.documents.shapes import Rows, Table

Place = tuple[int, int]
"""Line and column, both from 1."""
Path = tuple["str | int", ...]


@dataclass(slots=True)
class Marked:
    """A document and the places in it."""

    document: Any
    keys: dict[tuple[int, str], Place] = field(default_factory=dict)
    values: dict[tuple[int, str | int], Place] = field(default_factory=dict)
    """By the identity of the mapping or list, and the key or index in it."""

    def place(self, path: Path, of_key: bool = False) -> Place:
        """Of the value at `path`, or of its key; of the deepest part of the path that is there."""
        node, found = self.document, (1, 1)
        for number, step in enumerate(path):
            last = of_key and number == len(path) - 1
            here = self.keys.get((id(node), str(step))) if last else self.values.get((id(node), step))
            if here is None:
                break
            found = here
            node = node[step]
        return found


def read_marked(text: str) -> Marked:
    """The only document of a YAML text. Raises Malformed with line and column."""
    builder = _Marking()
    parse(text, builder)
    if len(builder.documents) != 1:
        raise Malformed(f"{len(builder.documents)} YAML documents where there must be one")
    return Marked(builder.documents[0], builder.keys, builder.values)


class _Marking(Builder):
    """Remembers the places, which the ordinary reader has no use for."""

    def __init__(self) -> None:
        super().__init__()
        self.keys: dict[tuple[int, str], Place] = {}
        self.values: dict[tuple[int, str | int], Place] = {}
        self._begun: list[Place] = []

    def take(self, event: Any) -> None:
        if type(event).__name__ in ("MappingStartEvent", "SequenceStartEvent"):
            self._begun.append(_place(event))
        super().take(event)

    def _put(self, value: Any, size: int, event: Any, line: int = 0) -> None:
        place = self._begun.pop() if type(event).__name__ in ("MappingEndEvent", "SequenceEndEvent") else _place(event)
        if self._stack:
            top = self._stack[-1]
            if isinstance(top.value, Rows):
                self.values[id(top.value), len(top.value)] = place
            elif top.waits:
                self.values[id(top.value), top.key] = place
            elif isinstance(value, (str, int, float)) or value is None:
                key = event.value if type(event).__name__ == "ScalarEvent" else str(value)
                if key in top.value and key != "<<":
                    first = self.keys.get((id(top.value), key), (0, 0))
                    raise Malformed(f"line {place[0]}, column {place[1]}: `{clean(key, 60)}` is said twice, first on line {first[0]}")
                self.keys[id(top.value), key] = place
        super()._put(value, size, event, line)


def _place(event: Any) -> Place:
    return int(event.start_mark.line) + 1, int(event.start_mark.column) + 1


__all__ = ["Marked", "Place", "Rows", "Table", "read_marked"]
