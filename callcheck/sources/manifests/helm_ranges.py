"""What does a template come to when its `range` blocks over something written out are repeated, and its variables and dots are written in?

    {{- range $name, $unit := .Values.units }}         units: {web: {replicas: 2}, jobs: {replicas: 1}}
    {{- range list "web" "jobs" }}                     {{- with .Values.worker }} {{ .replicas }}
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from callcheck.model.noun import dataclass
from callcheck.model.pattern import pattern

if TYPE_CHECKING:
    from callcheck.sources.manifests.helm import Values

_TAG = pattern(r"^\s*\{\{-?\s*(if|range|with|define|block|else|end)\b\s*((?:\S.*?)??)\s*-?\}\}\s*$")
_SET = pattern(r"^\s*\{\{-?\s*(\$\w+)\s*:?=\s*((?:\S.*?)??)\s*-?\}\}\s*$")
_HOLE = pattern(r"\{\{.*?\}\}")
_RANGE = pattern(r"(?:(\$\w+)\s*(?:,\s*(\$\w+)\s*)?:=\s*)?(.+)$")
_LISTED = pattern(r"\(?\s*(?:list|tuple)((?:\s+\"[^\"]*\")+)\s*\)?$")
_PATH = pattern(r"\$?\.Values((?:\.[\w-]{1,80}){1,8})$")
_SIMPLE = pattern(r"(?:\"[^\"]*\"|\$?\.Values(?:\.[\w-]{1,80}){1,8})$")
_DOT = pattern(r"(?<![\w$.\")\]])\.(?!Values\b|Release\b|Chart\b|Capabilities\b|Files\b|Template\b)(?=[A-Za-z_])")
_LONE_DOT = pattern(r"(?<![\w$.\")\]])\.(?=[\s|})])")
_MOST_LINES = 4000

Line = tuple[str, int]
"""A line and its number in the template."""


@dataclass(frozen=True, slots=True)
class _Item:
    """What a block is repeated with: the key and the value as expressions."""

    key: str
    value: str


def unrolled(text: str, values: Values) -> list[Line]:
    """The lines of a template with their numbers; what cannot be repeated stays as it is."""
    lines = [(line, number) for number, line in enumerate(text.splitlines(), 1)]
    return list(_lines(lines, values)) if "{{" in text and re.search(r"\{\{-?\s*(?:range|with|\$)", text) else lines


def _lines(lines: list[Line], values: Values) -> Iterator[Line]:
    at = 0
    held: dict[str, str] = {}
    while at < len(lines):
        line, number = _with(lines[at][0], held), lines[at][1]
        if found := _SET.match(line):
            if _SIMPLE.match(found[2]):
                held[found[1]] = found[2]
            yield "", number
            at += 1
            continue
        tag = _TAG.match(line)
        if tag is None or tag[1] not in ("range", "with"):
            yield line, number
            at += 1
            continue
        end = _end(lines, at)
        body = [(_with(inner, held), there) for inner, there in lines[at + 1 : end]]
        made = _repeated(tag, body, values)
        if made is None or len(made) > _MOST_LINES:
            made = [(line, number), *body, *lines[end : end + 1]]
        yield from made
        at = end + 1


def _repeated(tag: re.Match[str], body: list[Line], values: Values) -> list[Line] | None:
    if any(found[1] == "else" for found in _outer(body)):
        return None
    if tag[1] == "with":
        name, _, expression = tag[2].partition(":=") if tag[2].startswith("$") else ("", "", tag[2])
        if not _PATH.match(expression.strip()):
            return None
        held = _PATH.match(expression.strip())
        told = values.get(held[1].strip(".").split("."))[1] is not None if held else False
        return list(_lines(_dotted(body, expression.strip(), {name.strip(): expression.strip()} if name else {}), values)) if told else []
    found = _RANGE.match(tag[2])
    items = _items(found[3].strip(), values) if found else None
    if found is None or items is None:
        return None
    made: list[Line] = []
    for item in items:
        names = {found[1]: item.key, found[2]: item.value} if found[2] else {found[1]: item.value} if found[1] else {}
        made += _lines(_dotted(body, item.value, names), values)
        if len(made) > _MOST_LINES:
            break
    return made


def _items(expression: str, values: Values) -> list[_Item] | None:
    """What a range goes over, None if that is not written out."""
    if listed := _LISTED.match(expression):
        return [_Item(f'"{index}"', text) for index, text in enumerate(re.findall(r"\"[^\"]*\"", listed[1]))]
    path = _PATH.match(expression)
    value, file, _ = values.get(path[1].strip(".").split(".")) if path else (None, None, 0)
    if path is None:
        return None
    keys = [str(key) for key in value] if isinstance(value, dict) else [str(index) for index in range(len(value))] if isinstance(value, list) else []
    if file is not None and value and not keys or not all(re.fullmatch(r"[\w-]{1,80}", key) for key in keys):
        return None
    return [_Item(f'"{key}"', f"$.Values{path[1]}.{key}") for key in keys]


def _dotted(body: list[Line], dot: str, names: dict[str, str]) -> list[Line]:
    """The lines of a block with its dot and its variables written in; a block inside that sets a dot of its own keeps that."""
    made: list[Line] = []
    inner: list[bool] = []
    for line, number in body:
        tag = _TAG.match(line)
        if tag and tag[1] == "end" and inner:
            inner.pop()
        own = any(inner)
        made.append((_HOLE.sub(lambda hole, own=own: _in(hole[0], "" if own else dot, names), line), number))  # type: ignore[misc]  # the default binds it
        if tag and tag[1] in ("if", "range", "with", "define", "block"):
            inner.append(tag[1] in ("range", "with", "define"))
    return made


def _in(hole: str, dot: str, names: dict[str, str]) -> str:
    for name, value in names.items():
        hole = re.sub(re.escape(name) + r"(?![\w])(?!\s*,)(?!\s*:=)", lambda _, value=value: value, hole)  # type: ignore[misc]  # the default binds it
    if dot:
        hole = _DOT.sub(lambda _: f"{dot}." if not dot.startswith('"') else ".", hole)
        hole = _LONE_DOT.sub(lambda _: dot, hole)
    return hole


def _with(line: str, held: dict[str, str]) -> str:
    return _HOLE.sub(lambda hole: _in(hole[0], "", held), line) if held and "$" in line else line


def _end(lines: list[Line], start: int) -> int:
    """The index of the line that ends the block which begins at one."""
    depth = 0
    for index in range(start, len(lines)):
        tag = _TAG.match(lines[index][0])
        depth += tag is not None and tag[1] in ("if", "range", "with", "define", "block")
        depth -= tag is not None and tag[1] == "end"
        if depth == 0:
            return index
    return len(lines)


def _outer(body: list[Line]) -> Iterator[re.Match[str]]:
    """The tags of a block that stand in none inside it."""
    depth = 0
    for line, _ in body:
        if tag := _TAG.match(line):
            depth -= tag[1] == "end"
            if depth == 0:
                yield tag
            depth += tag[1] in ("if", "range", "with", "define", "block")
