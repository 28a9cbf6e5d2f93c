"""Comments that ask to leave a cause unsaid are found wherever a language lets them stand."""

from __future__ import annotations

import pytest

from callcheck.sources.ignores import read


@pytest.mark.parametrize(
    ("text", "covers", "causes", "reason"),
    [
        ("bus.on('x', f); // callcheck: ignore[late-registration] replayed", (1,), ("late-registration",), "replayed"),
        ("bus.on('x', f)  # callcheck: ignore[late-registration]", (1,), ("late-registration",), ""),
        ("# callcheck: ignore[a, b-c] both are meant\nx = 1", (1, 2), ("a", "b-c"), "both are meant"),
        ("// callcheck: ignore[a] why\n// a further comment\n\nx();", (1, 4), ("a",), "why"),
        ("/* callcheck: ignore[a] why */\nx();", (1, 2), ("a",), "why"),
        ("x(); /* callcheck: ignore[a] why */", (1,), ("a",), "why"),
        ("  {/* callcheck: ignore[a] why */}\n  <Bell />", (1, 2), ("a",), "why"),
        ("<!-- callcheck: ignore[a] why -->\n<b>", (1, 2), ("a",), "why"),
        ("#callcheck:ignore[a]: why\nx", None, None, None),
        ("# callcheck: ignore\nx", (1, 2), (), ""),
        ("// callcheck: ignore[a] the last line", (1,), ("a",), "the last line"),
    ],
)
def test_a_comment_is_read(text: str, covers, causes, reason) -> None:
    found = list(read({"a.ts": text}))
    if covers is None:
        assert found == []
    else:
        assert [(each.covers, each.causes, each.reason, str(each)) for each in found] == [(covers, causes, reason, "a.ts:1")]


@pytest.mark.parametrize("text", ["say('callcheck: ignore[a]')", "callcheck: ignore[a]", "x // callcheck ignore[a]", ""])
def test_what_is_no_such_comment_is_left_alone(text: str) -> None:
    assert list(read({"a.py": text})) == []
