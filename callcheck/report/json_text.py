"""How are plain values written as JSON? As `json.dumps(value, indent=2, allow_nan=False)` writes them.

With an indent that function goes through generators, and its package compiles eight patterns when it is imported: together 2 % of a
first finding.
"""

from __future__ import annotations

from typing import Any

try:
    from _json import encode_basestring_ascii as quoted  # what `json` offers too, without the rest of its package
except ImportError:
    from json.encoder import encode_basestring_ascii as quoted


def written(value: Any, line: str = "\n") -> str:
    """The text of a value, in ASCII; `line` begins a line as deep as the value stands. Raises ValueError for what JSON has no word for."""
    if isinstance(value, str):
        return quoted(value)
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, int):
        return int.__repr__(value)
    if isinstance(value, float) and value - value == 0:
        return float.__repr__(value)
    inner = line + "  "
    if isinstance(value, dict):
        pairs = [f"{inner}{quoted(key)}: {written(held, inner)}" for key, held in value.items()]
        return "{" + ",".join(pairs) + line + "}" if pairs else "{}"
    if isinstance(value, (list, tuple)):
        return "[" + ",".join(inner + written(held, inner) for held in value) + line + "]" if value else "[]"
    raise ValueError(f"{value!r} cannot be written as JSON")
