"""Which line of the written source is a line of the built one?

    dist/server.js      ends in  //# sourceMappingURL=server.js.map
    server.js.map       {"version": 3, "sources": ["../src/server.ts"], "mappings": "AAAA,SAAS;..."}

Source Map v3 (ECMA-426), index maps with `sections` and maps written into the file as data: URLs included.
"""

from __future__ import annotations

import base64
import binascii
import bisect
import functools
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from callcheck.model.noun import dataclass

_MARK = b"//# sourceMappingURL="
_LARGEST = 20_000_000
_DIGITS = {letter: number for number, letter in enumerate("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")}


@dataclass(frozen=True, slots=True)
class Original:
    """A place in a written source; lines and columns count from 1."""

    path: str
    """Absolute, or as the map has it where that is no path (`webpack://app/src/x.ts` becomes `src/x.ts` below the map's folder)."""
    line: int
    column: int


class SourceMap:
    """One map: (line, column) of the built file, from 0, -> the written one."""

    def __init__(self, folder: str) -> None:
        self._folder = folder
        self._rows: dict[int, list[tuple[int, str, int, int]]] = {}

    def add(self, data: Any, line: int = 0, column: int = 0) -> None:
        """Take in a map, or a section of one that begins there. Raises ValueError for what is none."""
        if not isinstance(data, dict):
            raise ValueError("no source map")
        for section in data.get("sections") or ():
            offset = section.get("offset", {}) if isinstance(section, dict) else {}
            self.add(section.get("map"), line + int(offset.get("line", 0)), column + int(offset.get("column", 0)) if not offset.get("line") else int(offset.get("column", 0)))
        sources = [self._path(str(data.get("sourceRoot") or ""), str(source or "")) for source in data.get("sources") or ()]
        for row, place, source, at, over in _segments(str(data.get("mappings") or "")):
            if 0 <= source < len(sources):
                shifted = place + column if row == 0 else place
                self._rows.setdefault(line + row, []).append((shifted, sources[source], at, over))

    def original(self, line: int, column: int | None) -> Original | None:
        """The written place of a built one; lines and columns count from 1. Without a column, the first of the line."""
        row = self._rows.get(line - 1)
        if not row:
            return None
        row.sort()
        at = bisect.bisect_right(row, column - 1, key=lambda segment: segment[0]) - 1 if column else 0
        _, path, written, over = row[max(at, 0)]
        return Original(path, written + 1, over + 1)

    def _path(self, root: str, source: str) -> str:
        name = f"{root.rstrip('/')}/{source}" if root else source
        scheme, mark, rest = name.partition("://")
        if mark:
            name = "/" + rest.lstrip("/") if scheme == "file" else rest.partition("/")[2].removeprefix("./")
        return os.path.normpath(os.path.join(self._folder, unquote(name)))


def _segments(mappings: str) -> Iterator[tuple[int, int, int, int, int]]:
    """Row, column, source, written line and column of each segment that has a source, all from 0."""
    source = line = column = 0
    for row, group in enumerate(mappings.split(";")):
        place = 0
        for segment in group.split(",") if group else ():
            values = _numbers(segment)
            if not values:
                continue
            place += values[0]
            if len(values) >= 4:
                source, line, column = source + values[1], line + values[2], column + values[3]
                yield row, place, source, line, column


def _numbers(segment: str) -> list[int]:
    """Base64 VLQ. Raises ValueError."""
    found, value, shift = [], 0, 0
    for letter in segment:
        digit = _DIGITS.get(letter)
        if digit is None:
            raise ValueError("no source map")
        value |= (digit & 31) << shift
        if digit & 32:
            shift += 5
            continue
        found.append(-(value >> 1) if value & 1 else value >> 1)
        value = shift = 0
    return found


@functools.lru_cache(maxsize=64)
def map_of(built: str) -> SourceMap | None:
    """The map of a built file that is named at its end or lies beside it; None if there is none that can be read."""
    try:
        data, folder = _data(Path(built))
        if data is None:
            return None
        found = SourceMap(folder)
        found.add(json.loads(data))
        return found
    except (OSError, ValueError, TypeError, AttributeError, RecursionError, binascii.Error):
        return None


def _data(built: Path) -> tuple[bytes | None, str]:
    with open(built, "rb") as stream:
        stream.seek(max(0, os.fstat(stream.fileno()).st_size - _LARGEST))
        text = stream.read(_LARGEST)
    _, mark, named = text.rpartition(_MARK)
    url = named.split(b"\n", 1)[0].strip().decode("utf-8", "replace") if mark else ""
    if url.startswith("data:"):
        return base64.b64decode(url.partition("base64,")[2]), str(built.parent)
    beside = built.with_name(built.name + ".map")
    path = Path(os.path.normpath(built.parent / unquote(url))) if url and "://" not in url else beside
    if path.parent != built.parent and built.parent not in path.parents:
        path = beside
    if not path.is_file() or path.stat().st_size > _LARGEST:
        return None, ""
    return path.read_bytes(), str(path.parent)
