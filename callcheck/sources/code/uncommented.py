"""What is left of a source file without its comments, and the words of its Python docstrings, line by line at the same places.

Somebody who reads a file for what it does must not take a remark for it: `# TODO: close() the client` closes nothing.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from callcheck.model.pattern import pattern

if TYPE_CHECKING:
    from tree_sitter import Node as Syntax

_MAY_BEGIN = {"python": rb"#|\"\"\"|'''", "javascript": rb"//|/\*", "typescript": rb"//|/\*"}
"""What a comment begins with, or a docstring; it may also stand in a string or an expression. To ask the parser of each such place costs less than the
query for all comments, which takes four milliseconds to be made."""
_INK = pattern(r"[^\r\n]+")


def uncommented(source: bytes, root: Syntax, language: str) -> str | None:
    """The text with spaces in the place of what is no code; None if all of it is code."""
    parts: list[str] = []
    end = 0
    for found in re.finditer(_MAY_BEGIN[language], source):
        if found.start() < end:
            continue
        node = root.descendant_for_byte_range(found.start(), found.end())
        if node is None:
            continue
        remark = node if node.type == "comment" else _docstring(node)
        if remark is not None and remark.start_byte >= end:
            parts += (_decoded(source[end : remark.start_byte]), _blank(_decoded(source[remark.start_byte : remark.end_byte])))
            end = remark.end_byte
    return "".join((*parts, _decoded(source[end:]))) if parts else None


def _docstring(quotes: Syntax) -> Syntax | None:
    """The words between quotes that stand as a statement of their own, which nothing is done with."""
    string = quotes.parent
    above = string.parent if string is not None and quotes.type == "string_start" else None
    if string is None or above is None or above.type != "expression_statement" or above.named_child_count != 1:
        return None
    words = [child for child in string.named_children if child.type == "string_content"]
    return words[0] if len(words) == 1 else None


def _blank(remark: str) -> str:
    """As many spaces, and the ends of the lines."""
    return _INK.sub(lambda line: " " * (line.end() - line.start()), remark)


def _decoded(part: bytes) -> str:
    return part.decode("utf-8", "replace")
