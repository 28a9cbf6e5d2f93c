"""Where is a brace closed again, in a text that nobody has parsed?"""

from __future__ import annotations

from callcheck.model.pattern import pattern

_BRACE = pattern(r"[{}]")


def closing(text: str, start: int) -> int:
    """The place of the brace that closes the one opened before `start`; the text's end if none does. Braces in quotes count too."""
    depth = 1
    for found in _BRACE.finditer(text, start):
        depth += 1 if found[0] == "{" else -1
        if not depth:
            return found.start()
    return len(text)
