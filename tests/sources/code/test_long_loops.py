"""A loop is long by how far it counts, and not by the steps in which it does."""

from __future__ import annotations

import pytest

from callcheck.sources.code.long_loops import long_loops


@pytest.mark.parametrize(
    ("over", "many"),
    [
        ("range(2_000_000)", 1),
        ("range(5, DRAWS)", 1),
        ("range(0, len(rows), CHUNK)", 0),
        ("range(0, len(rows), 2_000_000)", 0),
        ("range(20)", 0),
    ],
)
def test_how_far_a_range_counts(code_of, over: str, many: int) -> None:
    text = f"DRAWS = 3_000_000\nCHUNK = 2_000_000\ndef work(rows):\n    for each in {over}:\n        take(each)\n"
    assert len(list(long_loops(code_of({"a.py": text})))) == many
