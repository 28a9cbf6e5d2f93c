"""Which distributions, and which Python, do pyproject.toml and Pipfile ask for?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from callcheck.sources.documents import Rows, Table, line_at, load
from callcheck.sources.packages.entries import Entry, plain
from callcheck.sources.packages.requirements import read_requirement


def read_pyproject(text: str) -> Iterator[Entry]:
    """The ranges of PEP 621, of dependency groups, Poetry and PDM; the runtime's as `python`. Raises Malformed."""
    data = load(text, "pyproject.toml")
    project = _table(data, "project")
    if isinstance(wanted := project.get("requires-python"), str):
        yield Entry("python", wanted, line_at(project, "requires-python"))
    lists = [project.get("dependencies")]
    for groups in (project.get("optional-dependencies"), data.get("dependency-groups"), _table(data, "tool", "pdm").get("dev-dependencies")):
        lists += list(groups.values()) if isinstance(groups, Table) else []
    lines = text.splitlines()
    for each in lists:
        yield from _listed(each, lines)
    poetry = _table(data, "tool", "poetry")
    groups = _table(poetry, "group")
    for held in (poetry, *(_table(groups, name) for name in groups)):
        for kind in ("dependencies", "dev-dependencies"):
            yield from _keyed(_table(held, kind))


def read_pipfile(text: str) -> Iterator[Entry]:
    """The ranges of a Pipfile. Raises Malformed."""
    data = load(text, "Pipfile.toml")
    for kind in ("packages", "dev-packages"):
        yield from _keyed(_table(data, kind))
    requires = _table(data, "requires")
    for name in ("python_full_version", "python_version"):
        if isinstance(wanted := requires.get(name), str):
            yield Entry("python", f"=={wanted}", line_at(requires, name))


def _listed(rows: Any, lines: list[str]) -> Iterator[Entry]:
    for each in rows if isinstance(rows, Rows) else ():
        if isinstance(each, str):
            # TOML's reader knows where the list begins, not where its items stand.
            line = next((n for n in range(rows.line, len(lines) + 1) if each in lines[n - 1]), rows.line)
            entry = read_requirement(each, line)
            if entry is not None:
                yield entry


def _keyed(table: Table) -> Iterator[Entry]:
    for name, wanted in table.items():
        spec = wanted.get("version", "") if isinstance(wanted, Table) else wanted
        if isinstance(spec, str):
            # A bare version is an exact one for Poetry.
            yield Entry(plain(name), f"=={spec}" if spec[:1].isdigit() else spec, line_at(table, name))


def _table(data: Any, *path: str) -> Table:
    for step in path:
        data = data.get(step) if isinstance(data, Table) else None
    return data if isinstance(data, Table) else Table()
