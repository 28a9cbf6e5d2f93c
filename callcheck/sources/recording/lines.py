"""Which lines does one file of a recording have?"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from callcheck.model.recorded import Place

LONGEST = 1 << 20
"""Bytes of a line; an agent's have a few hundred."""
Line = dict[str, Any]


class Lines:
    """The lines of one file, as objects; how many there are, and how many could not be read, show in `count` and `broken` when they have been gone through."""

    def __init__(self, path: Path, most: int) -> None:
        """At most so many lines are read."""
        self.path = path
        self.most = most
        self.count = 0
        self.broken = 0
        self.cut = False
        """There are more lines than may be read."""
        self.torn = False
        """The last line has no end: nothing more could be written."""

    def __iter__(self) -> Iterator[Line]:
        """Raises OSError if the file cannot be read. A last line without an end is left out."""
        with open(self.path, "rb") as stream:
            for _ in range(self.most):
                raw = stream.readline(LONGEST)
                self.count += 1
                if not raw.endswith(b"\n"):
                    if len(raw) == LONGEST:
                        self.broken += 1
                        self._skip(stream)
                        continue
                    self.torn = bool(raw)
                    return
                line = self._read(raw)
                if line is None:
                    self.broken += 1
                else:
                    yield line
            self.cut = bool(stream.read(1))

    def _read(self, raw: bytes) -> Line | None:
        try:
            line = json.loads(raw)
        except (ValueError, RecursionError):
            return None
        if not isinstance(line, dict) or not isinstance(line.get("fact"), str) or not isinstance(line.get("ts"), int):
            return None
        return line

    def _skip(self, stream: Any) -> None:
        while (more := stream.readline(LONGEST)) and not more.endswith(b"\n"):
            pass


def text(line: Line, key: str) -> str:
    """A text of a line; "" for what is absent or none."""
    value = line.get(key)
    return value if isinstance(value, str) else ""


def number(line: Line, key: str) -> int:
    """A whole number of a line; 0 for what is absent or none."""
    value = line.get(key)
    return value if isinstance(value, int) and not isinstance(value, bool) else 0


def place(line: Line) -> Place | None:
    """The place in the code that a line names."""
    path, at = line.get("code.file.path"), line.get("code.line.number")
    if not isinstance(path, str) or not isinstance(at, int) or at < 1:
        return None
    return Place(path, at, text(line, "code.function.name"), number(line, "code.column.number") or None)
