"""Which entries does the journal hold, as `journalctl -o export` and `-o verbose` write it?

__CURSOR=s=8a1;i=1                             Sat 2026-03-07 06:00:03.123456 UTC [s=8a1;i=1;b=2;m=3;t=4;x=5]
__REALTIME_TIMESTAMP=1772863203123456              PRIORITY=3
MESSAGE=up                                         _PID=812
                                                   MESSAGE=boom
__CURSOR=s=8a1;i=2

In an export a field of several lines, such as a traceback, is its name alone, eight bytes of length (the lowest first), and the value
(systemd's JOURNAL_EXPORT_FORMATS, systemd 257). In the verbose form further lines of a value stand below the first, without a name.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from callcheck.model.pattern import pattern
from callcheck.sources.logs.lines import Line
from callcheck.sources.logs.times import seconds

Entry = tuple[int, int, int, dict[str, Any]]
"""First line, last line, the line with the message, and the fields."""
_FIELD = pattern(r" {0,8}([A-Z_][A-Z0-9_]{0,63})=(.*)")
_BARE = pattern(r"[A-Z_][A-Z0-9_]{0,63}$")
_VERBOSE = pattern(
    r"[A-Z][a-z]{2} (?P<time>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d{1,6})?(?: (?:UTC|[+-]\d\d:?\d\d))?)(?: [A-Z]{2,5})? \[s=[0-9a-f]+;i="
)
_MOST = 200
"""Fields of one entry."""
_MOST_LINES = 200
"""Lines of one value; of more some from its middle are left out."""
_LONGEST = 100_000
"""Characters of one value."""


def is_journal(first: list[str]) -> bool:
    """Whether a log begins so."""
    text = next((line for line in first if line.strip()), "")
    return text.startswith("__REALTIME_TIMESTAMP=") or begins(text)


def begins(line: str) -> bool:
    """Whether an entry begins with a line."""
    return line.startswith("__CURSOR=") or bool(_VERBOSE.match(line))


def entries(lines: Iterable[Line]) -> Iterator[Entry]:
    """One at a time, with bounded memory."""
    held: dict[str, Any] = {}
    begun = last = telling = 0
    name = ""
    source = _Lines(lines)
    for number, line in source:
        head = _VERBOSE.match(line)
        if head or not line.strip() or line.startswith("__CURSOR="):
            if "MESSAGE" in held:
                yield begun, last, telling, held
            held, begun, name = {}, 0, ""
            if not line.strip():
                continue
        begun, last = begun or number, number
        found = _FIELD.match(line)
        if head:
            held["__REALTIME_TIMESTAMP"] = str(round((seconds(head["time"]) or 0) * 1e6))
        elif found:
            name = found[1]
            telling = number if name == "MESSAGE" else telling
            _keep(held, name, found[2])
        elif _BARE.match(line):
            telling = number + 1 if line == "MESSAGE" else telling
            last, value = _value(source, number)
            _keep(held, line, value)
        elif name in held:
            held[name] = f"{held[name]}\n{line.strip()}"[:_LONGEST]
    if "MESSAGE" in held:
        yield begun, last, telling, held


def _keep(held: dict[str, Any], name: str, value: str) -> None:
    if len(held) < _MOST:
        held.setdefault(name, value)


class _Lines:
    """Lines of which the last one can be given back."""

    def __init__(self, lines: Iterable[Line]) -> None:
        self._lines = iter(lines)
        self.back: Line | None = None

    def __iter__(self) -> Iterator[Line]:
        return self

    def __next__(self) -> Line:
        line, self.back = self.back, None
        return line or next(self._lines)


def _value(source: _Lines, number: int) -> tuple[int, str]:
    """The last line and the text of a value that begins with its length in the next line.

    A byte of the length that is no ASCII cannot be told from others once the line is text: then the value ends where a field begins.
    """
    parts: list[str] = []
    size = done = -1
    exact = True
    for last, line in source:
        if size >= 0 and not exact and done >= size and (not line.strip() or _FIELD.match(line) or _BARE.match(line)):
            source.back = last, line
            break
        number = last
        parts.append(line)
        if size < 0:
            raw = "\n".join(parts)
            if len(raw) < 8:  # one byte of the length is that of a line end
                continue
            exact = raw[:8].isascii()
            size = sum(min(ord(char), 0x80) << (8 * at) for at, char in enumerate(raw[:8]))
            parts = [raw[8:]]
        done += len(parts[-1].encode("utf-8", "replace")) + 1
        if exact and done >= size:
            break
        if len(parts) > _MOST_LINES:
            del parts[_MOST_LINES // 2]
    return number, "\n".join(parts)[:_LONGEST]
