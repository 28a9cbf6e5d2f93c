"""What does a YAML text say?

Built from the parser's events, with a stack of our own: composing recurses in C, and 100,000 opening brackets would end the process.
Custom tags (`!Ref`, `!Sub`) are dropped and their plain values kept.
"""

from __future__ import annotations

from typing import Any

from callcheck.model.errors import Malformed
from callcheck.model.printable import clean
from callcheck.sources.documents.scalars import plain_value
from callcheck.sources.documents.shapes import DEEPEST, Rows, Table

_MOST_FROM_ALIASES = 10_000
"""Nodes that aliases may add in all; a billion-laughs text asks for far more."""
_LARGEST_IN_PYTHON = 200_000
"""Characters that PyYAML's own scanner reads in about two seconds, where libyaml is missing."""


def read_yaml(text: str) -> list[Any]:
    """All documents of the text. Raises Malformed with the line."""
    builder = Builder()
    parse(text, builder)
    return builder.documents


def parse(text: str, builder: Builder) -> None:
    """Hands the text to a builder, event by event. Raises Malformed with the line."""
    import yaml

    loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    if loader is yaml.SafeLoader and len(text) > _LARGEST_IN_PYTHON:
        raise Malformed(f"{len(text):,} characters of YAML and no libyaml to read them: left out")
    try:
        for event in yaml.parse(text, Loader=loader):
            builder.take(event)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = f"line {mark.line + 1}: " if mark else ""
        raise Malformed(clean(f"{where}no valid YAML: {error.problem or error.context}")) from error
    except (yaml.YAMLError, ValueError, OverflowError) as error:
        raise Malformed(clean(f"no valid YAML: {error}")) from error


class _Open:
    """A mapping or list that is not closed yet."""

    __slots__ = ("anchor", "key", "key_line", "merges", "size", "value", "waits")

    def __init__(self, value: Table | Rows, anchor: str | None) -> None:
        self.value = value
        self.anchor = anchor
        self.key = ""
        self.key_line = 0
        self.waits = False
        self.size = 1
        self.merges: list[Table] = []


class Builder:
    """Turns events into documents."""

    def __init__(self) -> None:
        self.documents: list[Any] = []
        self._stack: list[_Open] = []
        self._anchors: dict[str, tuple[Any, int]] = {}
        self._borrowed = 0

    def take(self, event: Any) -> None:
        """One event of yaml.parse."""
        name = type(event).__name__
        if name == "DocumentStartEvent":
            self._anchors.clear()
        elif name == "ScalarEvent":
            value = _scalar(event)
            if event.anchor:
                self._anchors[event.anchor] = (value, 1)
            self._put(value, 1, event)
        elif name == "AliasEvent":
            self._alias(event)
        elif name in ("MappingStartEvent", "SequenceStartEvent"):
            if len(self._stack) >= DEEPEST:
                raise Malformed(f"line {_line(event)}: nested more than {DEEPEST} levels deep")
            value = Table(_line(event)) if name == "MappingStartEvent" else Rows(_line(event))
            self._stack.append(_Open(value, event.anchor))
        elif name in ("MappingEndEvent", "SequenceEndEvent"):
            self._close(event)

    def _alias(self, event: Any) -> None:
        if event.anchor not in self._anchors:
            raise Malformed(clean(f"line {_line(event)}: alias *{event.anchor} names nothing that is complete"))
        value, size = self._anchors[event.anchor]
        self._borrowed += size
        if self._borrowed > _MOST_FROM_ALIASES:
            raise Malformed(f"line {_line(event)}: aliases expand to more than {_MOST_FROM_ALIASES:,} nodes")
        self._put(value, size, event)

    def _close(self, event: Any) -> None:
        done = self._stack.pop()
        if isinstance(done.value, Table):
            for merged in done.merges:
                for key, value in merged.items():
                    if key not in done.value:
                        done.value.put(key, value, merged.lines.get(key, merged.line))
        if done.anchor:
            self._anchors[done.anchor] = (done.value, done.size)
        self._put(done.value, done.size, event, line=done.value.line)

    def _put(self, value: Any, size: int, event: Any, line: int = 0) -> None:
        line = line or _line(event)
        if not self._stack:
            self.documents.append(value)
            return
        top = self._stack[-1]
        top.size += size
        if isinstance(top.value, Rows):
            top.value.put(value, line)
        elif not top.waits:
            if isinstance(value, (Table, Rows)):
                raise Malformed(f"line {line}: a mapping or list as a key (a template that is not rendered?)")
            # The text, not the value: `on:` and `1:` are names.
            top.key = event.value if type(event).__name__ == "ScalarEvent" else "" if value is None else str(value)
            top.key_line = line
            top.waits = True
        else:
            top.waits = False
            if top.key == "<<" and isinstance(value, (Table, Rows)):
                top.merges.extend(m for m in ([value] if isinstance(value, Table) else value) if isinstance(m, Table))
            else:
                top.value.put(top.key, value, top.key_line)


def _line(event: Any) -> int:
    return int(event.start_mark.line) + 1


def _scalar(event: Any) -> Any:
    text = event.value
    if not event.implicit[0] or event.style in ("'", '"', "|", ">"):
        return text
    return plain_value(text)
