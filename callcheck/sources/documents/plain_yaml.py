"""What does a YAML text say that uses the plainest of YAML?

    services:
      api:
        command: uvicorn app:app --workers 4
        ports: ["8000:8000"]

Block mappings and lists, scalars on one line, lists and mappings of scalars in brackets on one line, comments and `---`: so most
configuration is written, and importing PyYAML takes longer than all else that a small project asks of us. Whatever else is in a text (block
scalars, anchors, tags, escapes, brackets in brackets, text that goes on on the next line, any error) leaves the whole of it to PyYAML.
Values and lines are those of `read_yaml`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from callcheck.model.pattern import pattern
from callcheck.sources.documents.scalars import plain_value
from callcheck.sources.documents.shapes import Rows, Table

_DEEPEST = 40
"""Columns of indentation."""
_KEY = pattern(r"(?:([\w$./][\w$./-]*)|\"([^\"\\]*)\"):(?: +(.*))?$")
_QUOTED = pattern(r"(?:\"([^\"\\]*)\"|'([^']*)')(?: +#.*)?$")
_PLAIN = pattern(r"(?:[\w./$+(~=<^;\\]|-(?=[\w./$-])(?!--)).*$")
_BRACKETS = pattern(r"(?:\[ *(?P<list>(?:[^ ].*?)??) *\]|\{ *(?P<table>(?:[^ ].*?)??) *\})(?: +#.*)?$")
_ITEM = (
    r"(?:\"(?P<double>[^\"\\]*)\"|'(?P<single>[^']*)'|(?P<plain>(?:[\w./$=+]|-(?=[\w-]))(?:[\w./$=+@%~^() -]*[\w./$=+@%~^()-])?))"
    r" *(?:, *(?=.)|$)"
)
_LISTED = pattern(_ITEM)
_ENTERED = pattern(r"(?P<key>[\w$./][\w$./-]*): +" + _ITEM)


class _Unusual(Exception):
    """The text is left to PyYAML."""


class _Line:
    """A line with something on it: its columns of indentation, the rest, and its number from 1."""

    __slots__ = ("indent", "number", "text")

    def __init__(self, indent: int, text: str, number: int) -> None:
        self.indent = indent
        self.text = text
        self.number = number

    @property
    def dashed(self) -> bool:
        """Whether a list's item begins here."""
        return self.text.startswith("- ")


def read_plain(text: str) -> list[Any] | None:
    """All documents of the text, or None where it is not plain."""
    if not text.replace("\n", "").isprintable():
        return None
    documents: list[Any] = []
    try:
        for lines in _documents(text):
            block = _Block(lines)
            documents.append(block.read(0))
            if block.at < len(lines):
                return None
    except _Unusual:
        return None
    return documents


def _documents(text: str) -> list[list[_Line]]:
    """The lines of each document."""
    found: list[list[_Line]] = [[]]
    marked = False
    for number, line in enumerate(text.split("\n"), 1):
        content = line.strip(" ")
        if not content or content.startswith("#"):
            continue
        indent = len(line) - len(line.lstrip(" "))
        if indent == 0 and content.startswith(("---", "...", "%")):
            if content != "---" or (marked and not found[-1]):
                raise _Unusual
            if found[-1]:
                found.append([])
            marked = True
            continue
        if indent > _DEEPEST:
            raise _Unusual
        found[-1].append(_Line(indent, content, number))
    if not found[-1]:
        if marked:
            raise _Unusual
        found.pop()
    return found


class _Block:
    """Reads the lines of one document from `at` on."""

    def __init__(self, lines: list[_Line]) -> None:
        self.lines = lines
        self.at = 0

    @property
    def next(self) -> _Line | None:
        """The line that is to be read."""
        return self.lines[self.at] if self.at < len(self.lines) else None

    def read(self, indent: int) -> Any:
        """The mapping or list that begins here."""
        line = self.next
        if line is None or line.indent != indent:
            raise _Unusual
        value = self._rows(line) if line.dashed else self._table(line)
        after = self.next
        if after is not None and after.indent > indent:
            raise _Unusual
        return value

    def _table(self, first: _Line) -> Table:
        made = Table(first.number)
        line: _Line | None = first
        while line is not None and line.indent == first.indent and not line.dashed:
            found = _KEY.match(line.text)
            if not found:
                raise _Unusual
            self.at += 1
            key = found[1] if found[1] is not None else found[2]
            made.put(key, self._value(found[3] or "", line), line.number)
            line = self.next
        return made

    def _value(self, rest: str, line: _Line) -> Any:
        """What a key holds: a scalar beside it, or a block below."""
        after = self.next
        deeper = after is not None and after.indent > line.indent
        if rest and not rest.startswith("#"):
            if deeper:
                raise _Unusual
            return _inline(rest, line.number)
        if after is not None and (deeper or (after.indent == line.indent and after.dashed)):
            return self.read(after.indent)
        return None

    def _rows(self, first: _Line) -> Rows:
        made = Rows(first.number)
        line: _Line | None = first
        while line is not None and line.indent == first.indent and line.dashed:
            item = line.text[2:].lstrip(" ")
            if _KEY.match(item):
                # `- name: web` begins a mapping at the column of `name`.
                column = line.indent + len(line.text) - len(item)
                self.lines[self.at] = _Line(column, item, line.number)
                made.put(self.read(column), line.number)
            else:
                self.at += 1
                after = self.next
                if after is not None and after.indent > line.indent:
                    raise _Unusual
                made.put(_inline(item, line.number), line.number)
            line = self.next
        return made


def _inline(text: str, number: int) -> Any:
    """A scalar, or scalars in brackets."""
    quoted = _QUOTED.match(text)
    if quoted:
        return quoted[1] if quoted[1] is not None else quoted[2]
    if text.startswith(("[", "{")):
        return _bracketed(text, number)
    if not _PLAIN.match(text):
        raise _Unusual
    plain = text.split(" #", 1)[0].rstrip(" ")
    if ": " in plain or plain.endswith(":"):
        raise _Unusual
    return plain_value(plain)


def _bracketed(text: str, number: int) -> Table | Rows:
    found = _BRACKETS.match(text)
    if not found:
        raise _Unusual
    if found["list"] is not None:
        rows = Rows(number)
        for item in _items(_LISTED, found["list"]):
            rows.put(_scalar(item), number)
        return rows
    table = Table(number)
    for item in _items(_ENTERED, found["table"]):
        table.put(item["key"], _scalar(item), number)
    return table


def _items(each: re.Pattern[str], text: str) -> Iterator[re.Match[str]]:
    at = 0
    while at < len(text):
        item = each.match(text, at)
        if not item:
            raise _Unusual
        yield item
        at = item.end()


def _scalar(item: re.Match[str]) -> Any:
    if item["plain"] is not None:
        return plain_value(item["plain"])
    return item["double"] if item["double"] is not None else item["single"]
