"""On which lines of the user's own files does each key of a built object stand?

A tool that builds manifests writes its keys in an order of its own. Keys are found again by their paths: in the object that was built upon, else,
where the value is another one, in whatever a layer (a patch, a count, a generator) says at that path.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from callcheck.model.noun import dataclass
from callcheck.sources.documents import Rows, Table
from callcheck.sources.files import File

ELSEWHERE = 10_000_000
"""Lines from here on stand for places in other files than the object's own."""


@dataclass(frozen=True, slots=True)
class Layer:
    """What changes an object: `value` is laid over what stands at `path`. Its lines count from 1 + `above` in `file`."""

    kind: str
    name: str
    """Both "" for any object."""
    path: tuple[str, ...]
    value: Any
    file: File
    line: int
    """Where the value begins, for one that knows no lines itself."""
    above: int = 0

    def fits(self, kind: str, name: str) -> bool:
        """Whether it is about an object; the name may have got a prefix and a suffix."""
        return self.kind in ("", kind) and self.name in name


class Places:
    """Gives out line numbers for places in several files."""

    def __init__(self, file: File) -> None:
        self.file = file
        self.others: dict[int, tuple[File, int]] = {}
        self._given: dict[tuple[str, int], int] = {}

    def at(self, file: File, line: int) -> int:
        """The number that stands for this line."""
        if file.name == self.file.name:
            return line
        number = self._given.setdefault((file.name, line), ELSEWHERE + len(self._given))
        self.others[number] = file, line
        return number


@dataclass(frozen=True, slots=True)
class _Step:
    """A row of a list: rows are told apart by their names, else by what they are, else by their numbers."""

    index: int
    row: Any

    def find(self, rows: Any) -> int | None:
        if not isinstance(rows, list):
            return None
        name = _name(self.row)
        for index, other in enumerate(rows):
            if (name is not None and _name(other) == name) or other == self.row:
                return index
        return self.index if name is None and self.index < len(rows) and isinstance(self.row, Table) else None


Path = tuple["str | _Step", ...]


def relined(built: Table, source: Table | None, layers: Sequence[Layer], places: Places) -> Table:
    """The built object with lines as `places` gives them out; without a source they are those of the layers alone."""
    return _Liner(layers, places).table(built, source, (), source.line if source is not None else 1)


class _Liner:
    def __init__(self, layers: Sequence[Layer], places: Places) -> None:
        self._layers = layers
        self._places = places

    def table(self, built: Table, source: Any, path: Path, line: int) -> Table:
        source = source if isinstance(source, Table) else None
        made = Table(source.line if source is not None and path else line)
        for key, value in built.items():
            known = source is not None and key in source
            below = source[key] if source is not None and known else None
            own = source.lines[key] if source is not None and known else line
            if not known or (below != value and not isinstance(below, (dict, list))):
                own = self._layered(value, (*path, key)) or own
            made.put(key, self._value(value, below, (*path, key), own), own)
        return made

    def _rows(self, built: Rows, source: Any, path: Path, line: int) -> Rows:
        made = Rows(getattr(source, "line", 0) or line)
        for index, value in enumerate(built):
            step = _Step(index, value)
            at = step.find(source)
            below = source[at] if at is not None else None
            own = source.lines[at] if at is not None and isinstance(source, Rows) else 0
            own = own or self._layered(value, (*path, step)) or line
            made.put(self._value(value, below, (*path, step), own), own)
        return made

    def _value(self, value: Any, source: Any, path: Path, line: int) -> Any:
        if isinstance(value, Table):
            return self.table(value, source, path, line)
        return self._rows(value, source, path, line) if isinstance(value, Rows) else value

    def _layered(self, value: Any, path: Path) -> int:
        """The line of a layer that says this value at this path; one that says the key with another value, if none does; 0 without."""
        second = 0
        for layer in self._layers:
            for said, line in _said(layer, path):
                number = self._places.at(layer.file, line + layer.above)
                if said == value or (isinstance(value, (dict, list)) and isinstance(said, type(value))):
                    return number
                second = second or number
        return second


def _said(layer: Layer, path: Path) -> Iterator[tuple[Any, int]]:
    """What a layer says at a path, and on which line."""
    rest: list[str | _Step] = list(path)
    value, line = layer.value, layer.line
    for step in layer.path:
        if not rest:
            return
        wanted = rest.pop(0)
        if isinstance(wanted, _Step):
            if not (step == "-" or step.isdigit()):
                return
            if not rest and step == "-" and _name(wanted.row) != _name(value):
                return
        elif step != wanted:
            return
    for wanted in rest:
        if isinstance(wanted, _Step):
            at = wanted.find(value)
            if at is None:
                return
            line = value.lines[at] if isinstance(value, Rows) else line
            value = value[at]
        elif isinstance(value, Table) and wanted in value:
            line, value = value.lines[wanted], value[wanted]
        else:
            return
    yield value, line


def _name(row: Any) -> Any:
    return row.get("name") if isinstance(row, Table) else None
