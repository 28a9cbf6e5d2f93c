"""A command has the variables of its own file filled in, in the ways of shells, make, just and Task."""

from __future__ import annotations

import pytest

from callcheck.sources.launch import filled_in


@pytest.mark.parametrize(
    ("kept", "seen"),
    [
        ("N=3\n", "3"),
        ("N := 3\n", "3"),
        ("N ::= 3\n", "3"),
        ("N ?= 3   # on each host\n", "3"),
        ("N = 2\nN ?= 3\n", "2"),
        (': "${N:=3}"\n', "3"),
        ('N="3 # 4"\n', "3 # 4"),
        ("N=a#b\nN+=(--c)\n", "a#b --c"),
        ("M = 3\n", "$(N)"),
    ],
)
def test_the_value_stands_for_the_variable(kept: str, seen: str) -> None:
    assert filled_in("up --scale web=$(N)", kept) == f"up --scale web={seen}"
