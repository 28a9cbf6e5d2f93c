"""What value does a JavaScript literal have?"""

from __future__ import annotations

import re

from callcheck.model.pattern import pattern

_PLAIN = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "v": "\v", "0": "\0"}
_ESCAPE = pattern(r"\\(\r\n|u\{[0-9a-fA-F]{1,8}\}|u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|[\s\S])")
_BASES = {"0x": 16, "0o": 8, "0b": 2}


def number(text: str) -> int | float | None:
    """The value of a number as written, big integers too; None for what Python could not hold."""
    word = text.replace("_", "").rstrip("n").lower()
    try:
        if word[:2] in _BASES:
            return int(word[2:], _BASES[word[:2]])
        if word.isdigit():
            octal = word.startswith("0") and len(word) > 1 and not set(word) & set("89")
            return int(word, 8 if octal else 10)
        return float(word)
    except ValueError:
        return None


def unescape(text: str) -> str:
    """The content of a string or template; surrogate pairs are joined."""
    if "\\" not in text:
        return text
    made = _ESCAPE.sub(_value, text)
    return made.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _value(found: re.Match[str]) -> str:
    word = found.group(1)
    if word in ("\n", "\r\n", "\r"):
        return ""
    if word[0] in "ux" and len(word) > 1:
        code = int(word[1:].strip("{}"), 16)
        return chr(code) if code <= 0x10FFFF else found.group(0)
    return _PLAIN.get(word, word)
