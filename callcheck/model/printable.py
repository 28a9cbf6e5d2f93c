"""The one door: how does text from outside become printable and free of secrets?

Every excerpt, file name, event name and log line passes `clean` where it enters a fact or a location's excerpt. Control characters become
visible escapes, direction overrides and zero-width characters too, and what looks like a credential is masked.
"""

from __future__ import annotations

import functools
import re

from callcheck.model.secrets import redact

__all__ = ["LIMIT", "clean", "printable", "redact"]

LIMIT = 240
"""The longest excerpt, in characters."""

# Compiled when first used, as `re` does with a text: few runs need them all.
_UNSAFE = r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff\ufff9-\ufffb]|[\U000e0000-\U000e007f]"

def printable(text: str) -> str:
    """The text with every character that a terminal, a log viewer or an eye could be fooled by made visible."""
    if text.isprintable():
        return text
    return re.sub(_UNSAFE, lambda found: _escape(found[0]), text)


def _escape(character: str) -> str:
    code = ord(character)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def clean(text: str, limit: int = LIMIT) -> str:
    """Printable, redacted, one line of at most `limit` characters."""
    return _clean(text[: limit * 8], limit)


@functools.lru_cache(maxsize=4096)
def _clean(text: str, limit: int) -> str:
    # Remembered: a report names a file, a reason and an attribute again and again.
    line = printable(redact(text).replace("\t", "  ").rstrip("\r\n"))
    line = line.replace("\n", "\\n")
    return line if len(line) <= limit else line[: limit - 1] + "…"
