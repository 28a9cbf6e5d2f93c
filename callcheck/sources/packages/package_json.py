"""Which packages, and which Node.js, does a package.json ask for?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from callcheck.sources.documents import Table, line_at, load
from callcheck.sources.packages.entries import Entry

_KINDS = ("dependencies", "devDependencies", "optionalDependencies", "peerDependencies")


def read_package_json(text: str) -> Iterator[Entry]:
    """The declared ranges, and that of the runtime as `node`. Raises Malformed."""
    data = load(text, "package.json")
    if not isinstance(data, Table):
        return
    for kind in _KINDS:
        yield from _below(data, kind)
    for kind in ("volta", "engines"):
        yield from (entry for entry in _below(data, kind) if entry.name == "node")


def read_brought(text: str) -> Iterator[Entry]:
    """What the package brings along, and does not ask its user for. Raises Malformed."""
    data = load(text, "package.json")
    yield from _below(data, "dependencies") if isinstance(data, Table) else ()


def read_name(text: str) -> str:
    """The package's own name. Raises Malformed."""
    data: Any = load(text, "package.json")
    return str(data.get("name", "")) if isinstance(data, Table) else ""


def _below(data: Table, kind: str) -> Iterator[Entry]:
    held = data.get(kind)
    for name, spec in held.items() if isinstance(held, Table) else ():
        if isinstance(spec, str):
            yield Entry(name, spec, line_at(data, kind, name))
