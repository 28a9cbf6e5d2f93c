"""Which lines of a file are part of a credential that only the lines around them give away?

    - name: DB_PASSWORD        key: |                          const token =
      value: horsebattery7       -----BEGIN PRIVATE KEY-----     "s3cr3t-of-mine-7";
                                 MIIEvQIBADANBgkqhkiG9w0B
"""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterator

from callcheck.model.pattern import pattern
from callcheck.model.secrets import CODE, GONE, PLACEHOLDER, QUALIFIED, WORD, lowered

_PEM = pattern(r"(?s)-----BEGIN [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----(?![^\n]*-----END)[^\n]*\n(.*?)(?:-----END [A-Z0-9 ]*PRIVATE KEY|$)")
_AFTER = 12
"""Characters at most between a name and the end of its line."""
_OPENS = pattern(r"[\"'`]?[ \t]*:?[:=][ \t]*\(?[ \t]*\r?$")
_BLOCK = pattern(r"[\"']?:[ \t]*[|>][+-]?\d?[ \t]*\r?$")
_ENDS = pattern(r"[\"']?,?[ \t]*\r?$")
_NAMES = pattern(r"[ \t]*(?:- *)?[\"']?name[\"']?[ \t]*[:=][ \t]*[\"']?[\w.-]*$")
_QUOTED = pattern(rf"[ \t]*[\"'`](?!{PLACEHOLDER})([^\"'`\r\n]{{6,}})[\"'`]")
_VALUE = pattern(rf"[ \t]*[\"']?value[\"']?[ \t]*[:=][ \t]*(?:[\"'](?!{PLACEHOLDER})([^\"'\r\n]+)|(?!{PLACEHOLDER})(?!{CODE})(?![\w$]*\()([^\s\"'][^\r\n]*))")


def spread(text: str) -> dict[int, str]:
    """Those lines, by their numbers from 1, as they may be shown; {} for most files."""
    found: dict[int, str] = {}
    begins: list[int] = []
    for begin, end in _spans(text):
        begins = begins or [0, *(hit.end() for hit in re.finditer("\n", text))]
        found.update(_masked(text, begin, end, bisect.bisect_right(begins, begin)))
    return found


def _spans(text: str) -> Iterator[tuple[int, int]]:
    if "PRIVATE KEY" in text:
        yield from (hit.span(1) for hit in _PEM.finditer(text))
    for word in WORD.finditer(lowered(text)):
        after = text.find("\n", word.end())
        if 0 <= after <= word.end() + _AFTER and (span := _span(text, word, after)) and span[0] < span[1]:
            yield span


def _span(text: str, word: re.Match[str], after: int) -> tuple[int, int] | None:
    """From where to where a credential goes on the lines behind its name, which ends at `word`, and whose line ends at `after`."""
    if word[0] == "key" and not QUALIFIED.search(text[max(0, word.start() - 20) : word.start()]):
        return None
    rest = text[word.end() : after]
    if _OPENS.match(rest):
        hit = _QUOTED.match(text, after + 1)
        return hit.span(1) if hit else None
    line = text.rfind("\n", 0, word.start()) + 1
    if _BLOCK.match(rest):
        return after + 1, _below(text, after + 1, _indent(text, line))
    if _ENDS.match(rest) and after - line < 200 and _NAMES.match(text[line : word.start()]):
        hit = _VALUE.match(text, after + 1)
        return hit.span(hit.lastindex or 0) if hit else None
    return None


def _indent(text: str, line: int) -> int:
    end = line
    while text[end : end + 1] in (" ", "\t", "-") and end - line < 200:
        end += 1
    return end - line


def _below(text: str, line: int, indent: int) -> int:
    """Where the lines end that stand further in."""
    while line < len(text):
        after = text.find("\n", line)
        after = len(text) if after < 0 else after
        if text[line:after].strip() and _indent(text, line) <= indent:
            return line
        line = after + 1
    return len(text)


def _masked(text: str, begin: int, end: int, number: int) -> Iterator[tuple[int, str]]:
    """The lines from `begin`, which is on the line of that number, to `end`."""
    line = text.rfind("\n", 0, begin) + 1
    while line < end:
        after = text.find("\n", line)
        after = len(text) if after < 0 else after
        first, last = max(begin, line), min(end, after)
        first += len(text[first:last]) - len(text[first:last].lstrip())
        if last > first:
            yield number, text[line:first] + GONE + text[last:after]
        line, number = after + 1, number + 1
