"""What value does a Python literal have?"""

from __future__ import annotations

import re
import unicodedata

from callcheck.model.pattern import pattern

_PLAIN = {
    "n": "\n",
    "t": "\t",
    "r": "\r",
    "a": "\a",
    "b": "\b",
    "f": "\f",
    "v": "\v",
    "\\": "\\",
    "'": "'",
    '"': '"',
    "\n": "",
}
_ESCAPE = pattern(
    r"\\(\r?\n|[0-7]{1,3}|x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|N\{[^{}\n]{1,100}\}|[\\'\"abfnrtv])",
)


def number(text: str) -> int | float | None:
    """The value of a number as written; None for what Python could not hold (imaginary, or absurdly long)."""
    word = text.replace("_", "").rstrip("lL")
    try:
        return int(word, 8) if word.isdigit() and word.startswith("0") and word.strip("0") else int(word, 0)
    except ValueError:
        pass
    try:
        return float(word)
    except ValueError:
        return None


def unescape(text: str, prefix: str) -> str:
    """The content of a string literal; bytes come out as latin-1, raw strings untouched."""
    if "\\" not in text or "r" in prefix:
        return text
    only_bytes = "b" in prefix

    def value(found: re.Match[str]) -> str:
        word = found.group(1)
        if word.endswith("\n"):
            return ""
        if word in _PLAIN:
            return _PLAIN[word]
        if word[0] in "01234567":
            return chr(int(word, 8) & 0xFF if only_bytes else int(word, 8))
        if only_bytes and word[0] in "uUN":
            return found.group(0)
        if word[0] == "N":
            return _named(word[2:-1], found.group(0))
        code = int(word[1:], 16)
        return chr(code) if code <= 0x10FFFF else found.group(0)

    return _ESCAPE.sub(value, text)


def _named(name: str, otherwise: str) -> str:
    try:
        return unicodedata.lookup(name)
    except KeyError:
        return otherwise
