"""Do handlers bind to what they are called with, and do their parameters stand in that order?"""

from __future__ import annotations

import pytest

from callcheck.sources.code.fits import crossed, fits, given, left_at_none
from callcheck.sources.code.read_py import read
from callcheck.sources.code.tree import Function

CALL = given("job connection result")


def _function(text: str) -> Function:
    return next(node for node in read(text, "a.py").walk() if isinstance(node, Function))


@pytest.mark.parametrize(
    ("head", "binds", "in_other_order"),
    [
        ("job, connection, result", True, False),
        ("job, result, connection", True, True),
        ("job, conn, value", True, False),
        ("job, result", False, False),
        ("connection, job, *rest", True, True),
        ("result, *rest", True, False),
    ],
)
def test_parameters_beside_what_is_given(head: str, binds: bool, in_other_order: bool) -> None:
    function = _function(f"def f({head}): ...")
    assert fits(function, CALL) is binds
    assert crossed(function, CALL) is in_other_order


@pytest.mark.parametrize(
    ("head", "binds", "at_none"),
    [
        ("sender, result, **more", True, False),
        ("sender=None, retval=None, **more", True, True),
        ("sender=None, _unused=None, **more", True, False),
        ("sender=None, keep=7, **more", True, False),
        ("sender, result", True, False),
        ("sender, result, runtime", True, False),
        ("sender, retval", False, False),
    ],
)
def test_parameters_beside_what_is_given_by_name(head: str, binds: bool, at_none: bool) -> None:
    function = _function(f"def f({head}): ...")
    assert fits(function, given("| sender result runtime?")) is binds
    assert left_at_none(function, given("| sender result runtime?")) is at_none
