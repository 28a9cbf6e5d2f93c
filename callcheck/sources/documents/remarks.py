"""What is left of a file that is searched for words, without the remarks in it, line by line?

A deployment is read by patterns where no format tells what is meant; a remark about Redis must not be taken for Redis there.
"""

from __future__ import annotations

import re

from callcheck.model.pattern import pattern

_NO_HASH = (".js", ".mjs", ".cjs", ".jsx", ".ts", ".mts", ".cts", ".tsx", ".json", ".jsonc", ".html", ".htm", ".vue", ".svelte", ".css", ".scss", ".md", ".xml", ".csproj", ".php", ".prisma")
"""Where `#` begins a private field, a heading or a selector."""
_SLASHES = (".js", ".mjs", ".cjs", ".jsx", ".ts", ".mts", ".cts", ".tsx", ".json", ".jsonc", ".tf", ".hcl", ".nomad", ".prisma")
_SEMICOLON = (".ini", ".conf", ".cfg", ".service")
_LINE = pattern(r"(?m)^[ \t]*#(?!!)[^\n]*")
_REST = pattern(r"(?m)[ \t]#[ \t][^\n]*")
_SLASHED = pattern(r"(?m)^[ \t]*//[^\n]*")
_HALF = pattern(r"(?m)^[ \t]*;[^\n]*")


def without_remarks(text: str, name: str) -> str:
    """The text with nothing in the place of lines that are a remark, and of what stands behind ` # ` outside of quotes."""
    base = name.lower()
    if not base.endswith(_NO_HASH) and "#" in text:
        text = _REST.sub(lambda found: found[0] if _quoted(found) else "", _LINE.sub("", text))
    if base.endswith(_SLASHES) and "//" in text:
        text = _SLASHED.sub("", text)
    return _HALF.sub("", text) if base.endswith(_SEMICOLON) and ";" in text else text


def _quoted(found: re.Match[str]) -> bool:
    before = found.string[found.string.rfind("\n", 0, found.start()) + 1 : found.start()]
    return before.count('"') % 2 == 1 or before.count("'") % 2 == 1
