"""What does a JSON text say, comments and trailing commas forgiven?

As in tsconfig.json, wrangler.jsonc and .json5 files: `//` and `/* */` comments, trailing commas, single quotes and bare keys.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import Any

from callcheck.model.errors import Malformed
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.sources.documents.shapes import DEEPEST, Rows, Table

_SPACE = pattern(r"[ \t\r\n]+")
_STRANGE_SPACE = ("\ufeff", "\xa0")
"""Left out of the pattern, which they would make three times as slow to compile."""
_STRING = pattern(r'"(?:[^"\\\n]|\\.)*"', re.DOTALL)
_SINGLE = pattern(r"'(?:[^'\\\n]|\\.)*'", re.DOTALL)
_BARE = pattern(r"[A-Za-z0-9_$+.\-]{1,400}")
_INT = pattern(r"-?[0-9]{1,18}$")
_WORDS: dict[str, Any] = {"true": True, "false": False, "null": None, "undefined": None}


def read_json(text: str) -> Any:
    """The one value of the text. Raises Malformed with the line."""
    return _Reader(text).whole()


class _Reader:
    """A cursor over the text."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._starts = [0, *(found.end() for found in re.finditer("\n", text))]

    def whole(self) -> Any:
        self._skip()
        if self._at >= len(self._text):
            raise Malformed("empty, no JSON")
        value = self._value(0)
        self._skip()
        if self._at < len(self._text):
            raise self._wrong("something follows the value")
        return value

    def _line(self) -> int:
        return bisect_right(self._starts, self._at)

    def _wrong(self, what: str) -> Malformed:
        return Malformed(clean(f"line {self._line()}: no valid JSON: {what}"))

    def _peek(self) -> str:
        return self._text[self._at : self._at + 1]

    def _skip(self) -> None:
        """Pass blanks and comments."""
        while True:
            if found := _SPACE.match(self._text, self._at):
                self._at = found.end()
            elif self._text.startswith(_STRANGE_SPACE, self._at):
                self._at += 1
            elif self._text.startswith("//", self._at):
                end = self._text.find("\n", self._at)
                self._at = len(self._text) if end < 0 else end
            elif self._text.startswith("/*", self._at):
                end = self._text.find("*/", self._at + 2)
                if end < 0:
                    raise self._wrong("a comment is not closed")
                self._at = end + 2
            else:
                return

    def _value(self, depth: int) -> Any:
        if depth > DEEPEST:
            raise self._wrong(f"nested more than {DEEPEST} levels deep")
        mark = self._peek()
        if mark == "{":
            return self._table(depth)
        if mark == "[":
            return self._rows(depth)
        if mark and mark in "\"'":
            return self._string()
        return self._bare()

    def _string(self) -> str:
        found = (_STRING if self._peek() == '"' else _SINGLE).match(self._text, self._at)
        if not found:
            raise self._wrong("a string is not closed")
        self._at = found.end()
        if "\\" not in found[0]:
            return found[0][1:-1]
        import json

        raw = found[0] if found[0][0] == '"' else '"' + found[0][1:-1].replace("\\'", "'").replace('"', '\\"') + '"'
        try:
            return str(json.loads(raw, strict=False))
        except ValueError:
            return found[0][1:-1]

    def _bare(self) -> Any:
        found = _BARE.match(self._text, self._at)
        if not found:
            raise self._wrong(f"{self._peek()!r} where a value should be" if self._peek() else "it ends too early")
        self._at = found.end()
        word = found[0]
        if word in _WORDS:
            return _WORDS[word]
        if _INT.match(word):
            return int(word)
        try:
            return float(word)
        except ValueError:
            raise self._wrong(f"the word {word}") from None

    def _table(self, depth: int) -> Table:
        table = Table(self._line())
        self._at += 1
        while True:
            self._skip()
            mark, line = self._peek(), self._line()
            if mark == "}":
                self._at += 1
                return table
            if mark and mark in "\"'":
                key = self._string()
            elif found := _BARE.match(self._text, self._at):
                key, self._at = found[0], found.end()
            else:
                raise self._wrong("a key should be here")
            self._skip()
            if self._peek() != ":":
                raise self._wrong("':' is missing")
            self._at += 1
            self._skip()
            table.put(key, self._value(depth + 1), line)
            self._comma("}")

    def _rows(self, depth: int) -> Rows:
        rows = Rows(self._line())
        self._at += 1
        while True:
            self._skip()
            if self._peek() == "]":
                self._at += 1
                return rows
            line = self._line()
            rows.put(self._value(depth + 1), line)
            self._comma("]")

    def _comma(self, closing: str) -> None:
        self._skip()
        if self._peek() == ",":
            self._at += 1
        elif self._peek() != closing:
            raise self._wrong(f"',' or '{closing}' is missing")
