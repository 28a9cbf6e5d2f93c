"""How does a JavaScript, TypeScript, JSX or TSX file look as our tree?

An enum reads as the constant object that it compiles to, so that `Events.Paid` leads to its text; other types vanish.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from callcheck.sources.code import reading
from callcheck.sources.code.tree import Module

if TYPE_CHECKING:
    from tree_sitter import Language

_DIALECTS = {".ts": "typescript", ".mts": "typescript", ".cts": "typescript", ".tsx": "tsx"}


def read(text: str, path: str) -> Module:
    """The tree of one file; `broken` names the lines that did not parse. Never raises on any text."""
    from callcheck.sources.code.read_js.statements import JavaScript

    suffix = path[path.rindex(".") :].lower() if "." in path else ""
    dialect = _DIALECTS.get(suffix, "javascript")
    language = "javascript" if dialect == "javascript" else "typescript"
    return reading.parse(_grammar(dialect), JavaScript, text, path, language)


@functools.cache
def _grammar(dialect: str) -> Language:
    if dialect == "javascript":
        return reading.grammar("tree_sitter_javascript", "language")
    return reading.grammar("tree_sitter_typescript", f"language_{dialect}")
