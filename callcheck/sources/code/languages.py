"""Who reads a source file?"""

from __future__ import annotations

from callcheck.sources.code.tree import Module
from callcheck.sources.languages import language_of

__all__ = ["language_of", "read"]


def read(text: str, path: str) -> Module:
    """The tree of one source file; a module without body if the language is unknown. Never raises on any text."""
    language = language_of(path, text[:200].split("\n", 1)[0])
    if language == "python":
        from callcheck.sources.code import read_py

        return read_py.read(text, path)
    if language:
        from callcheck.sources.code import read_js

        return read_js.read(text, path)
    return Module(path, "", [], text=text)
