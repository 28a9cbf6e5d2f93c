"""What does a TOML text say?

The values come from tomllib; it keeps no lines, so a second, simple pass finds where tables and keys stand.
"""

from __future__ import annotations

import sys
from typing import Any

from callcheck.model.errors import Malformed
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.sources.documents.shapes import DEEPEST, Rows, Table

_HEADER = pattern(r"\s*(\[\[?)\s*([^\]\n]{1,400})\]\]?")
_KEY = pattern(r"\s*([A-Za-z0-9_.\"' -]{1,200}?)\s*=")
_PART = pattern(r"\"([^\"\n]*)\"|'([^'\n]*)'|([A-Za-z0-9_-]+)")
_Path = tuple["str | int", ...]


def read_toml(text: str) -> Table:
    """The whole text as one table. Raises Malformed with the line."""
    if sys.version_info >= (3, 11):
        import tomllib
    else:
        import tomli as tomllib
    try:
        plain = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, ValueError, RecursionError) as error:
        raise Malformed(clean(f"no valid TOML: {error}")) from error
    found = _dress(plain, (), _lines(text), 1, 0)
    assert isinstance(found, Table)
    return found


def _lines(text: str) -> dict[_Path, int]:
    """Path of each table and key, with indexes for arrays of tables -> line."""
    found: dict[_Path, int] = {}
    counts: dict[_Path, int] = {}
    prefix: _Path = ()
    quotes = ""
    for number, line in enumerate(text.splitlines(), 1):
        if quotes:
            if quotes in line:
                quotes = ""
            continue
        if header := _HEADER.match(line):
            prefix = _place(_parts(header[2]), counts, header[1] == "[[")
            found.setdefault(prefix, number)
            if header[1] == "[[":
                found.setdefault(prefix[:-1], number)
            continue
        if key := _KEY.match(line):
            path = prefix
            for part in _parts(key[1]):
                path = (*path, part)
                found.setdefault(path, number)
        for mark in ('"""', "'''"):
            if line.count(mark) == 1:
                quotes = mark
    return found


def _parts(dotted: str) -> list[str]:
    return [double or single or bare for double, single, bare in _PART.findall(dotted)]


def _place(parts: list[str], counts: dict[_Path, int], is_item: bool) -> _Path:
    """The path of a header: the newest item of each array of tables on the way."""
    path: _Path = ()
    for index, part in enumerate(parts):
        path = (*path, part)
        if is_item and index == len(parts) - 1:
            counts[path] = counts.get(path, -1) + 1
        if path in counts:
            path = (*path, counts[path])
    return path


def _dress(value: Any, path: _Path, lines: dict[_Path, int], line: int, depth: int) -> Any:
    """The value with its lines; dates become their ISO text."""
    if depth > DEEPEST:
        raise Malformed(f"nested more than {DEEPEST} levels deep")
    if isinstance(value, dict):
        table = Table(lines.get(path, line))
        for key, item in value.items():
            here = lines.get((*path, key), table.line)
            table.put(key, _dress(item, (*path, key), lines, here, depth + 1), here)
        return table
    if isinstance(value, list):
        rows = Rows(lines.get(path, line))
        for index, item in enumerate(value):
            here = lines.get((*path, index), rows.line)
            rows.put(_dress(item, (*path, index), lines, here, depth + 1), here)
        return rows
    return value if isinstance(value, (str, int, float, bool)) else str(value)
