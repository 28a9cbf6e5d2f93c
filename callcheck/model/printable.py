"""The one door: how does text from outside become printable and free of secrets?

Every excerpt, file name, event name and log line passes `clean` where it enters a fact or a location's excerpt. Control characters become
visible escapes, direction overrides and zero-width characters too, and what looks like a credential is masked.
"""

from __future__ import annotations

import re

LIMIT = 240
"""The longest excerpt, in characters."""

# Compiled when first used, as `re` does with a text: few runs need them all.
_UNSAFE = r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff\ufff9-\ufffb]|[\U000e0000-\U000e007f]"

_NAMED = r"(?:api[_-]?key|apikey|secret(?:[_-]?(?:key|token))?|client[_-]?secret|signing[_-]?secret|access[_-]?token|refresh[_-]?token|auth[_-]?token|token|passw(?:or)?d|passwd|pwd|private[_-]?key|connection[_-]?string|[a-z0-9_]*_(?:key|token|secret|password|passwd))"
_NAMES = ("key", "secret", "token", "passw", "pwd", "connection")
_SECRETS: tuple[tuple[tuple[str, ...], str, str], ...] = (
    (("-----begin",), r"(?s)-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)", "[private key]"),
    (("eyj",), r"\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]{4,}", "[token]"),
    (
        ("sk", "pk", "rk", "whsec", "xox", "gh", "glpat", "aiza", "hf", "sg"),
        r"\b(sk|pk|rk|whsec|xox[abeprs]|ghp|gho|ghs|ghu|github_pat|glpat|AIza|hf|gsk|SG)[-_.]?[A-Za-z0-9_\-*.]{12,}",
        r"\1-[redacted]",
    ),
    # `npm-run-all` and `pypi-server` are names of packages; tokens of these registries go on as follows.
    (("npm_", "pypi-age"), r"\b(npm_(?=[A-Za-z0-9]{20})|pypi-AgE)[A-Za-z0-9_-]{12,}", r"\1[redacted]"),
    (("akia", "asia"), r"\b(AKIA|ASIA)[A-Z0-9]{16}\b", r"\1[redacted]"),
    (("bearer", "basic"), r"(?i)\b(bearer|basic)\s+[A-Za-z0-9._~+/=-]{8,}", r"\1 [redacted]"),
    (("://",), r"(?i)\b([a-z][a-z0-9+.-]*://)([^\s/:@\"']*):([^\s/@\"']+)@", r"\1\2:[redacted]@"),
    (_NAMES, rf"(?i)((?:\\?[\"'])?\b{_NAMED}(?:\\?[\"'])?\s*[:=]\s*)(\\?[\"'])([^\"'\\]{{6,}})(\\?[\"'])", r"\1\2[redacted]\4"),
    (_NAMES, rf"(?i)\b({_NAMED}\s*=\s*)(?![\"'\\])(?=[^\s\"'&;,)]*\d)[^\s\"'&;,().]{{8,}}", r"\1[redacted]"),
)
"""In lower case what must be there for it to be worth a search, the pattern, and what stands there instead."""


def printable(text: str) -> str:
    """The text with every character that a terminal, a log viewer or an eye could be fooled by made visible."""
    if text.isprintable():
        return text
    return re.sub(_UNSAFE, lambda found: _escape(found[0]), text)


def _escape(character: str) -> str:
    code = ord(character)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def redact(text: str) -> str:
    """The text with credentials masked: keys, tokens, passwords in URLs, private keys."""
    lower = text.lower()
    for cues, pattern, mask in _SECRETS:
        if any(cue in lower for cue in cues):
            text = re.sub(pattern, mask, text)
    return text


def clean(text: str, limit: int = LIMIT) -> str:
    """Printable, redacted, one line of at most `limit` characters."""
    line = printable(redact(text[: limit * 8]).replace("\t", "  ").rstrip("\r\n"))
    line = line.replace("\n", "\\n")
    return line if len(line) <= limit else line[: limit - 1] + "…"
