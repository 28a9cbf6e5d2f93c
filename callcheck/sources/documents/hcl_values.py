"""What does an expression of HCL hold, as plain values that know their lines?

    jsonencode([{ name = "api", environment = concat(local.common, [{ name = "PORT", value = "8000" }]) }])

Tables, lists, texts and references are read, with the functions that join or wrap these; anything else that is computed is None.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from callcheck.model.pattern import pattern
from callcheck.sources.documents.read_hcl import Block
from callcheck.sources.documents.shapes import DEEPEST, Rows, Table

Look = Callable[[str], Any]
"""What a reference (`local.common`, `var.image`) stands for, None if that is not known."""
Open = Callable[[str, list[Any]], Any]
"""What a function that reads a file gives: its name and arguments."""
OPEN = "*"
"""The key that stands for those of a table which is merged in and not known."""
_BLANK = pattern(r"(?:\s|#[^\n]*|//[^\n]*)*")
_TEXT = pattern(r"\"((?:[^\"\\$]|\\.|\$\{[^}]*\}|\$(?!\{[^}]*\}))*)\"", re.DOTALL)
_NUMBER = pattern(r"-?\d+(?:\.\d+)?")
_NAME = pattern(r"[A-Za-z_][\w-]*(?:\.[\w-]+|\[[^\]\[]*\])*")
_KEY = pattern(r"\"([^\"]*)\"|\(?([A-Za-z_][\w.-]*)\)?")
_LOOP = pattern(r"for\s+(\w+)(?:\s*,\s*(\w+))?\s+in\s")
_WRAPS = frozenset({"jsonencode", "yamlencode", "tolist", "toset", "tomap", "tostring", "nonsensitive", "sensitive"})
_MOST = 200
"""Rows that a loop goes through."""
_READS = frozenset({"file", "templatefile"})
_WHOLE = pattern(r"\$\{\s*([A-Za-z_][\w.-]*)\s*\}")
_WORDS = {"true": True, "false": False, "null": None}
_ENDS = frozenset(",}])\n")


def hcl_value(written: str, line: int, look: Look = lambda name: None, read: Open = lambda name, args: None) -> Any:
    """The expression's value; `line` is where it begins. A table or list in which a part is not known has None there (in a table under `OPEN`)."""
    return _Reader(written, line, look, read).value(0)


def table_of(block: Block, look: Look = lambda name: None) -> Table:
    """A block that is written as a value, `{ PORT = "8000" }`: `keys` and the tables below it."""
    made = Table(block.line)
    for name, (value, line) in block.keys.items():
        made.put(name, hcl_value(value, line, look), line)
    for inner in block.blocks:
        made.put(inner.kind, table_of(inner, look), inner.line)
    return made


class _Reader:
    def __init__(self, text: str, line: int, look: Look, read: Open) -> None:
        self._text, self._line, self._look, self._read = text, line, look, read
        self._at = 0

    def _here(self) -> int:
        return self._line + self._text.count("\n", 0, self._at)

    def _peek(self) -> str:
        self._at = (_BLANK.match(self._text, self._at) or re.match("", "")).end()  # type: ignore[union-attr]
        return self._text[self._at : self._at + 1]

    def value(self, depth: int) -> Any:
        """One value; where more stands behind it than an end (`a ? b : c`, `x + 1`), it is computed, and None."""
        found = self._one(depth) if depth < DEEPEST else None
        at = self._at
        while self._text[at : at + 1] in (" ", "\t"):
            at += 1
        if at >= len(self._text) or self._text[at] in _ENDS or self._text.startswith((":", "=>"), at):
            return found
        self._pass()
        return None

    def _one(self, depth: int) -> Any:
        mark = self._peek()
        if mark == "[":
            return self._rows(depth)
        if mark == "{":
            return self._table(depth)
        if found := _TEXT.match(self._text, self._at):
            self._at = found.end()
            return self._filled(found[1])
        if found := _NUMBER.match(self._text, self._at):
            self._at = found.end()
            return int(found[0]) if found[0].lstrip("-").isdigit() else float(found[0])
        if found := _NAME.match(self._text, self._at):
            self._at = found.end()
            if self._text[self._at : self._at + 1] == "(":
                return self._call(found[0], depth)
            return _WORDS[found[0]] if found[0] in _WORDS else self._look(found[0])
        self._at += 1
        return None

    def _filled(self, text: str) -> Any:
        """A text with the references in it that are known; the others stay as they stand."""
        if whole := _WHOLE.fullmatch(text):
            return self._look(whole[1])

        def known(hole: re.Match[str]) -> str:
            value = self._look(hole[1])
            return hole[0] if value is None or isinstance(value, (Table, Rows)) else str(value)

        return _WHOLE.sub(known, re.sub(r"\\(.)", lambda found: {"n": "\n", "t": "\t"}.get(found[1], found[1]), text))

    def _pass(self) -> None:
        """Go on to the end of an expression that is computed."""
        deep = 0
        while self._at < len(self._text):
            if found := _TEXT.match(self._text, self._at):
                self._at = found.end()
                continue
            mark = self._text[self._at]
            if deep == 0 and mark in _ENDS:
                return
            deep += (mark in "([{") - (mark in ")]}")
            self._at += 1

    def _listed(self, closes: str, depth: int) -> Rows:
        rows = Rows(self._here())
        self._at += 1
        while (mark := self._peek()) not in ("", closes):
            line, at = self._here(), self._at
            rows.put(self.value(depth + 1), line)
            if self._peek() == ",":
                self._at += 1
            elif self._at == at or mark in ")]}":
                break
        self._at += 1
        return rows

    def _rows(self, depth: int) -> Any:
        start = self._at
        self._at += 1
        if self._peek() and (loop := _LOOP.match(self._text, self._at)):
            return self._loop(loop, depth, "]")
        self._at = start
        return self._listed("]", depth)

    def _table(self, depth: int) -> Any:
        table = Table(self._here())
        self._at += 1
        if self._peek() and (loop := _LOOP.match(self._text, self._at)):
            return self._loop(loop, depth, "}")
        while self._peek() not in ("", "}"):
            key, line = _KEY.match(self._text, self._at), self._here()
            if key is None:
                break
            self._at = key.end()
            if self._peek() not in ("=", ":"):
                break
            self._at += 1
            table.put(str(self._filled(key[1])) if key[1] is not None else key[2], self.value(depth + 1), line)
            if self._peek() == ",":
                self._at += 1
        self._at += 1
        return table

    def _loop(self, loop: re.Match[str], depth: int, closes: str) -> Any:
        """`[for name, value in local.env : { name = name, value = value }]`; what a condition picks is not worked out."""
        self._at = loop.end()
        over = self.value(depth + 1)
        self._peek()
        body = self._at + 1
        rows, table = Rows(self._here()), Table(self._here())
        pairs: list[tuple[str | int, Any, int]] = []
        if isinstance(over, Table):
            pairs = [(key, value, over.lines[key]) for key, value in over.items()]
        elif isinstance(over, Rows):
            pairs = [(at, value, over.lines[at]) for at, value in enumerate(over)]
        outer, plain = self._look, True
        for key, value, line in pairs[:_MOST]:
            told = {loop[1]: key, loop[2]: value} if loop[2] else {loop[1]: value}
            self._look = lambda name, told=told: told[name] if name in told else _below(told, name) if name.partition(".")[0] in told else outer(name)  # type: ignore[misc]
            self._at = body
            made = self.value(depth + 1)
            self._peek()
            if self._text.startswith("=>", self._at):
                self._at += 2
                table.put(str(made), self.value(depth + 1), line)
            else:
                if isinstance(made, Table):
                    made.line = line
                rows.put(made, line)
            plain = self._peek() == closes
        self._look = outer
        self._pass()
        self._at += 1
        if not pairs or not plain:
            return None
        return table if closes == "}" else rows

    def _call(self, name: str, depth: int) -> Any:
        args = self._listed(")", depth)
        if name in _WRAPS:
            return args[0] if args else None
        if name in _READS:
            return self._read(name, list(args))
        if name in ("concat", "flatten"):
            return _joined(args if name == "concat" else args[0] if args else None)
        if name == "merge":
            made = Table(args.line)
            for arg in args:
                for key, value in arg.items() if isinstance(arg, Table) else [(OPEN, None)]:
                    made.put(key, value, arg.lines[key] if isinstance(arg, Table) else args.line)
            return made
        return None


def _joined(lists: Any) -> Rows | None:
    if not isinstance(lists, Rows):
        return None
    made = Rows(lists.line)
    for each, line in zip(lists, lists.lines, strict=True):
        if isinstance(each, Rows):
            for value, at in zip(each, each.lines, strict=True):
                made.put(value, at)
        else:
            made.put(each, line)
    return made


def _below(told: dict[str, Any], name: str) -> Any:
    """`each.value` of what a loop goes through."""
    first, *steps = name.split(".")
    value = told[first]
    for step in steps:
        value = value.get(step) if isinstance(value, Table) else None
    return value
