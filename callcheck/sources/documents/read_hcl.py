"""Which blocks and plain assignments does an HCL file (Terraform, Nomad) hold?

    resource "aws_ecs_service" "api" {
      desired_count = var.tasks
    }

Read line by line: blocks, and assignments in them, a list, a call or a quoted key included. Expressions stay text; `hcl_values` reads them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from callcheck.model.noun import dataclass, field
from callcheck.model.pattern import pattern

_BLOCK = pattern(r"\s*\"?([\w./-]{1,100})\"?((?:\s+\"[^\"]{0,200}\"){0,3})\s*=?\s*\{(.*)")
_SET = pattern(r"\s*\"?([\w./-]{1,100})\"?\s*[=:]\s*(\S.*)")
_COMMENT = pattern(r"(?:^|\s)(?:#|//).*")
_DEEPEST = 50
_LONGEST_LINE = 2_000
_LONGEST_VALUE = 20_000
_QUOTED = pattern(r"\"(?:[^\"\\]|\\.)*\"")
_HEREDOC = pattern(r"<<-?(\w{1,40})$")


@dataclass(slots=True)
class Block:
    """`kind "label" "label" { key = value }`; each value as written, with its line (from 1)."""

    kind: str
    labels: tuple[str, ...]
    line: int
    keys: dict[str, tuple[str, int]] = field(default_factory=dict)
    blocks: list[Block] = field(default_factory=list)

    @property
    def label(self) -> str:
        """The last label, "" if there is none."""
        return self.labels[-1] if self.labels else ""

    def find(self, kind: str) -> Iterator[Block]:
        """The blocks of that kind at any depth."""
        for block in self.blocks:
            if block.kind == kind:
                yield block
            yield from block.find(kind)

    def first(self, kind: str) -> Block:
        """The first of them, or an empty one at this line."""
        return next(self.find(kind), Block(kind, (), self.line))

    def at(self, *path: str) -> tuple[str, int] | None:
        """The value and line of a key in nested blocks, None if any part of the path is missing."""
        blocks = [self]
        for kind in path[:-1]:
            blocks = [inner for block in blocks for inner in block.blocks if inner.kind == kind]
        return next((block.keys[path[-1]] for block in blocks if path[-1] in block.keys), None)

    def text(self, key: str) -> str:
        """The value without quotes, "" if there is none."""
        return self.keys[key][0].strip('"') if key in self.keys else ""


def read_hcl(text: str) -> Block:
    """The whole file as one block without a kind."""
    root = Block("", (), 1)
    stack = [root]
    lines = text.splitlines()
    at = 0
    while at < len(lines):
        line = _COMMENT.sub("", lines[at][:_LONGEST_LINE])
        at += 1
        if found := _BLOCK.match(line):
            block = Block(found[1], tuple(re.findall(r'"([^"]*)"', found[2])), at)
            stack[-1].blocks.append(block)
            if len(stack) < _DEEPEST:
                stack.append(block)
            rest = found[3]
            for part in rest.split("}")[0].split(","):
                if inner := _SET.match(part):
                    block.keys[inner[1]] = (inner[2].strip(), at)
            if "}" in rest and len(stack) > 1:
                stack.pop()
        elif line.strip().startswith("}"):
            if len(stack) > 1:
                stack.pop()
        elif found := _SET.match(line):
            value, first = found[2].strip(), at
            value, at = _whole(value, lines, at)
            stack[-1].keys[found[1]] = (value, first)
    return root


def _whole(value: str, lines: list[str], at: int) -> tuple[str, int]:
    """A value with the lines that it goes on over, and the first one behind it: up to its last bracket, or to the end of a text that is JSON."""
    if (heredoc := _HEREDOC.match(value)) and at < len(lines) and lines[at].lstrip()[:1] in ("[", "{"):
        end = next((number for number in range(at, len(lines)) if lines[number].strip() == heredoc[1]), len(lines))
        return "\n".join(["", *lines[at:end]]), end + 1
    deep, size = _deeper(value), len(value)
    while deep > 0 and at < len(lines) and size < _LONGEST_VALUE:
        line = _COMMENT.sub("", lines[at][:_LONGEST_LINE])
        value += "\n" + line
        size += len(line)
        deep += _deeper(line)
        at += 1
    return value, at


def _deeper(text: str) -> int:
    """How many brackets a line opens and does not close."""
    plain = _QUOTED.sub("", text)
    return sum((mark in "([{") - (mark in ")]}") for mark in plain)


def words(text: str) -> list[str]:
    """`["run", "start"]` -> the words; [] for anything that is no plain list."""
    import json  # slow to import, and few files have such a list

    try:
        found = json.loads(re.sub(r",\s*\]", "]", text)) if text.startswith("[") else []
    except ValueError:
        return []
    return [str(item) for item in found]
