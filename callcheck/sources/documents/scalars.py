"""What does a plain YAML scalar mean?

Values follow YAML 1.2 (`on`, `yes` and `no` are strings), as Kubernetes' and Compose's own readers do.
"""

from __future__ import annotations

from typing import Any

from callcheck.model.pattern import pattern

_INT = pattern(r"[-+]?[0-9]{1,18}$")
_FLOAT = pattern(r"[-+]?(?:[0-9]{1,18}\.[0-9]{0,18}|\.[0-9]{1,18})(?:[eE][-+]?[0-9]{1,3})?$")
_WORDS: dict[str, Any] = {"": None, "~": None, "null": None, "Null": None, "NULL": None}
_WORDS |= {word: word.lower() == "true" for word in ("true", "True", "TRUE", "false", "False", "FALSE")}


def plain_value(text: str) -> Any:
    """The value of a scalar without quotes and tag."""
    if text in _WORDS:
        return _WORDS[text]
    if _INT.match(text):
        return int(text)
    return float(text) if _FLOAT.match(text) else text
