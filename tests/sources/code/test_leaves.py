"""A way out of a handler without the call that ends its message is found; one that makes it, or hands the message on, is not."""

from __future__ import annotations

import pytest

from callcheck.sources.code.leaves import leaves_without
from callcheck.sources.code.tree import Function

HEAD, END = "take(async (msg) => {\n", "  ch.ack(msg);\n});\n"


@pytest.mark.parametrize(
    ("body", "leaves"),
    [
        ("  if (old(msg)) return;\n", True),
        ("  if (old(msg)) { log('old'); return; }\n", True),
        ("  if (!msg) return;\n", False),
        ("  if (msg === null) return;\n", False),
        ("  if (old(msg)) return ch.ack(msg);\n", False),
        ("  if (old(msg)) { ch.nack(msg); return; }\n", False),
        ("  if (old(msg)) { retry(msg); return; }\n", False),
        ("  ch.ack(msg);\n  if (old(msg)) return;\n", False),
        ("  rows.forEach((row) => { if (!row) return; add(row); });\n", False),
    ],
)
def test_a_way_out(code_of, body: str, leaves: bool) -> None:
    code = code_of({"a.js": HEAD + body + END})
    handler = next(iter(next(code.project.calls("take")).inside(Function)))
    assert leaves_without(handler, ("ack", "nack")) is leaves
