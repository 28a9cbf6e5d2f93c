"""The brace that closes is the one of the same depth."""

from __future__ import annotations

from callcheck.sources.braces import closing


def test_a_brace_is_closed_at_its_own_depth_or_at_the_end() -> None:
    assert closing("{ a { b } c } d", 1) == 12
    assert closing("{ a { b }", 1) == 9
