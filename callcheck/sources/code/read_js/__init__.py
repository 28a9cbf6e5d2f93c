"""How does a JavaScript, TypeScript, JSX or TSX file look as our tree?

Of a component of Vue or Svelte the script elements are read, at their own lines; the markup is blank.
An enum reads as the constant object that it compiles to, so that `Events.Paid` leads to its text; other types vanish.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from callcheck.model.pattern import pattern
from callcheck.sources.code import reading
from callcheck.sources.code.tree import Module
from callcheck.sources.languages import COMPONENTS

if TYPE_CHECKING:
    from tree_sitter import Language

_DIALECTS = {".ts": "typescript", ".mts": "typescript", ".cts": "typescript", ".tsx": "tsx", ".vue": "typescript", ".svelte": "typescript"}
_SCRIPT = pattern(r"(?is)<script\b[^>]*>(.*?)</script\s*>")
_MARKUP = pattern(r"[^\n]")


def read(text: str, path: str) -> Module:
    """The tree of one file; `broken` names the lines that did not parse. Never raises on any text."""
    from callcheck.sources.code.read_js.statements import JavaScript

    suffix = path[path.rindex(".") :].lower() if "." in path else ""
    dialect = _DIALECTS.get(suffix, "javascript")
    if suffix in COMPONENTS:
        text = _scripts(text)
    language = "javascript" if dialect == "javascript" else "typescript"
    return reading.parse(_grammar(dialect), JavaScript, text, path, language)


def _scripts(text: str) -> str:
    """What stands in the script elements, each character at its place, and blanks for all else."""
    parts, at = [], 0
    for match in _SCRIPT.finditer(text):
        parts += [_MARKUP.sub(" ", text[at : match.start(1)]), match[1]]
        at = match.end(1)
    return "".join([*parts, _MARKUP.sub(" ", text[at:])])


@functools.cache
def _grammar(dialect: str) -> Language:
    if dialect == "javascript":
        return reading.grammar("tree_sitter_javascript", "language")
    return reading.grammar("tree_sitter_typescript", f"language_{dialect}")
