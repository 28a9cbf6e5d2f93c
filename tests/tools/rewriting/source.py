"""A file as the rewritings see it: its syntax tree, and edits that are made all at once."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any

PYTHON = (".py",)
JAVASCRIPT = (".js", ".mjs", ".cjs", ".jsx", ".ts", ".mts", ".cts", ".tsx")
Files = dict[str, str]
"""The texts of a project by their paths."""


@functools.cache
def _parser(suffix: str) -> Any:
    import tree_sitter as ts
    import tree_sitter_javascript
    import tree_sitter_python
    import tree_sitter_typescript

    if suffix in PYTHON:
        language = tree_sitter_python.language()
    elif suffix == ".tsx":
        language = tree_sitter_typescript.language_tsx()
    elif suffix.endswith("ts"):
        language = tree_sitter_typescript.language_typescript()
    else:
        language = tree_sitter_javascript.language()
    return ts.Parser(ts.Language(language))


@dataclass
class Source:
    """One file of code, and what is to be changed in it."""

    path: str
    data: bytes
    edits: list[tuple[int, int, str]] = field(default_factory=list)

    @property
    def python(self) -> bool:
        """Else it is JavaScript or TypeScript."""
        return self.path.endswith(PYTHON)

    @functools.cached_property
    def root(self) -> Any:
        """Of its syntax tree."""
        return _parser(PurePosixPath(self.path).suffix).parse(self.data).root_node

    @functools.cached_property
    def modules(self) -> bool:
        """Whether it imports as ECMAScript modules do."""
        return any(each.type in ("import_statement", "export_statement") for each in self.root.named_children)

    def text(self, node: Any) -> str:
        """What is written there."""
        return self.data[node.start_byte : node.end_byte].decode()

    def all(self, *types: str) -> Iterator[Any]:
        """The nodes of these types, in order, the outer ones first."""
        waiting = [self.root]
        while waiting:
            node = waiting.pop()
            if node.type in types:
                yield node
            waiting += reversed(node.named_children)

    def replace(self, node: Any, text: str) -> None:
        """Write something else in its place."""
        self.edits.append((node.start_byte, node.end_byte, text))

    def insert(self, at: int, text: str) -> None:
        """Write something more at a place."""
        self.edits.append((at, at, text))

    def begin(self) -> int:
        """Where the first statement behind the imports begins, in bytes."""
        at = 0
        for node in self.root.named_children:
            if _imports(self, node):
                at = node.end_byte
            elif node.type not in ("comment", "hash_bang_line") and not _said_first(node):
                break
        return self.data.find(b"\n", at) + 1 if at else _behind_heads(self)

    def written(self) -> str:
        """The text with its edits; of those that overlap the first holds."""
        made, at = [], 0
        for start, end, text in sorted(self.edits, key=lambda e: (e[0], e[1] != e[0])):
            if start < at:
                continue
            made += [self.data[at:start], text.encode()]
            at = end
        return b"".join([*made, self.data[at:]]).decode()


def _imports(source: Source, node: Any) -> bool:
    if node.type in ("import_statement", "import_from_statement", "future_import_statement"):
        return True
    return node.type in ("lexical_declaration", "variable_declaration") and "require(" in source.text(node).split("\n")[0]


def _said_first(node: Any) -> bool:
    """A docstring, or 'use strict'."""
    return node.type == "expression_statement" and len(node.named_children) == 1 and node.named_children[0].type == "string"


def _behind_heads(source: Source) -> int:
    at = 0
    for node in source.root.named_children:
        if node.type not in ("comment", "hash_bang_line") and not _said_first(node):
            break
        at = node.end_byte
    return source.data.find(b"\n", at) + 1 if at else 0


def each(files: Files, change: Callable[[Source], None]) -> Files:
    """The files after a change of each file of code by itself."""
    made = dict(files)
    for path, text in files.items():
        if path.endswith(PYTHON + JAVASCRIPT):
            source = Source(path, text.encode())
            change(source)
            if source.edits:
                made[path] = source.written()
    return made


BLOCKS = ("module", "program", "block", "statement_block", "class_body")


def statement(node: Any) -> Any | None:
    """The statement around a node that stands in a block of its own, so that another one may stand before it; None where none does."""
    while node.parent is not None:
        if node.parent.type in BLOCKS:
            return node if node.parent.type != "class_body" else None
        if node.parent.type in ("arrow_function", "lambda", "switch_case", "for_statement", "list_comprehension", "for_in_clause"):
            return None
        node = node.parent
    return None


def indent(source: Source, node: Any) -> str:
    """The blanks before the statement."""
    line = source.data[source.data.rfind(b"\n", 0, node.start_byte) + 1 : node.start_byte].decode()
    return line if not line.strip() else " " * node.start_point[1]


def called(source: Source, call: Any) -> str:
    """What a call calls, as it is written."""
    callee = call.child_by_field_name("function") or call.child_by_field_name("constructor")
    return source.text(callee) if callee is not None else ""


def arguments(call: Any) -> list[Any]:
    """The nodes of its arguments."""
    given = call.child_by_field_name("arguments")
    return [node for node in given.named_children if node.type != "comment"] if given is not None and given.type != "template_string" else []


CALLS = ("call", "call_expression", "new_expression")
