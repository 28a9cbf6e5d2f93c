"""Which entries does a JSON document hold that is written over many lines, or another form that is no log of lines: the journal's, a table?

{
    "events": [
        {
            "logStreamName": "...",
            "message": "START ...\\n"
        },
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterable, Iterator
from typing import Any

from callcheck.model.pattern import pattern
from callcheck.sources.logs.journal import entries as of_journal
from callcheck.sources.logs.journal import is_journal
from callcheck.sources.logs.lines import Line
from callcheck.sources.logs.tables import entries as of_table
from callcheck.sources.logs.tables import is_table

_STRING = pattern(r'"(?:[^"\\]|\\.)*"')
_TELLING = pattern(r'\s*"(?:@?message|textPayload|jsonPayload|log|msg|MESSAGE)"\s*:')
_ONE_BY_ONE = ('"__', '"resourceSpans"', '"resourceLogs"')
"""Keys of objects that stand one after the other, each over several lines: the journal's, and OpenTelemetry's batches."""
_MOST = 1_000_000
"""Characters of one entry; a longer one is left out."""

Entry = tuple[int, int, int, dict[str, Any]]
"""First line, last line, the line with the message, and the object."""


def is_export(first: list[str]) -> bool:
    """Whether a file that starts with these lines is one JSON document with entries, not JSON lines, or an export of the journal, or a table."""
    if is_journal(first) or is_table(first):
        return True
    text = [line.strip() for line in first if line.strip()]
    if not text or text[0][0] not in "{[":
        return False
    try:
        whole = json.loads(text[0])
    except (ValueError, RecursionError):
        return text[0] in ("{", "[", "[{") or text[0].startswith(('{"events"', '{ "events"', "[{"))
    return isinstance(whole, list) or (isinstance(whole, dict) and isinstance(whole.get("events"), list))


def goes_on(first: list[str]) -> bool:
    """Whether further entries can be added to an export that starts so: one of the journal, and no document that ends."""
    return is_journal(first) or bool(first) and first[0].strip() == "{" and any(name in text for text in first for name in _ONE_BY_ONE)


def entries(lines: Iterable[Line]) -> Iterator[Entry]:
    """The objects of the outermost list, or the journal's entries, one at a time; the document itself is never held."""
    lines = iter(lines)
    first = list(itertools.islice(lines, 3))
    lines = itertools.chain(first, lines)
    if is_journal([text for _, text in first]):
        yield from of_journal(lines)
        return
    if is_table([text for _, text in first]):
        yield from of_table(lines)
        return
    if goes_on([text for _, text in first]):
        yield from _one_after_another(lines)
        return
    depth = base = 0
    held: list[str] = []
    size = begun = telling = 0
    for number, line in lines:
        bare = _STRING.sub('""', line)
        if not base:
            base = 1 if bare.lstrip()[:1] == "[" else 2 if bare.strip() else 0
        opened = bare.count("{") + bare.count("[")
        closed = bare.count("}") + bare.count("]")
        if (begun == 0 and opened and closed and depth <= base and bare.count("{") > 1) or (
            depth < base and opened > 1 and closed > 1
        ):
            yield from _compact(line, number)
            depth += opened - closed
            continue
        if not begun and depth == base and "{" in bare:
            begun, telling, held, size = number, 0, [], 0
        depth += opened - closed
        if not begun and depth > base and "{" in bare:
            begun, telling, held, size = number, 0, [], 0
            line = line[line.rindex("{") :]
        if begun:
            size += len(line)
            if size < _MOST:
                held.append(line)
            if not telling and _TELLING.match(line):
                telling = number
            if depth <= base:
                value = _load("\n".join(held)) if size < _MOST else None
                if value is not None:
                    yield begun, number, telling or begun, value
                begun = 0


def _one_after_another(lines: Iterable[Line]) -> Iterator[Entry]:
    """Objects without a list around them, each over several lines, as `journalctl -o json-pretty` writes them."""
    held: list[str] = []
    size = begun = telling = 0
    for number, line in lines:
        begun = begun if held else number
        held.append(line if size < _MOST else "")
        size += len(line)
        telling = number if _TELLING.match(line) else telling
        if line.rstrip() == "}":
            value = _load("\n".join(held)) if size < _MOST else None
            if value is not None:
                yield begun, number, telling or begun, value
            held, size, telling = [], 0, 0


def _compact(line: str, number: int) -> Iterator[Entry]:
    try:
        whole = json.loads(line.rstrip(", "))
    except (ValueError, RecursionError):
        return
    items = whole if isinstance(whole, list) else whole.get("events", [whole])
    for item in items if isinstance(items, list) else ():
        if isinstance(item, dict):
            yield number, number, number, item


def _load(text: str) -> dict[str, Any] | None:
    try:
        value = json.loads(text[: text.rindex("}") + 1])
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None
