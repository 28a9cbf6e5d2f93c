"""Is JSON written as Python's own `json` writes it?"""

from __future__ import annotations

import json
from typing import Any

import pytest

from callcheck.model.words import Basis
from callcheck.report.json_text import written


@pytest.mark.parametrize(
    "value",
    [
        None,
        True,
        0,
        -12,
        10**30,
        0.1,
        1e300,
        "",
        'a "b" \\ c\n\t\x00\x7f\x1b é € \U0001f600 \ud800',
        Basis.INFERRED,
        {},
        [],
        (),
        [[], {}, [1, [2, {"a": None}]]],
        {"a": {"b": [True, False, None], "c": {}}, 'k"': ["x", ("y",)]},
    ],
)
def test_it_is_written_as_json_would(value: Any) -> None:
    assert written(value) == json.dumps(value, indent=2, allow_nan=False)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), [float("-inf")], {"a": object()}, b"x"])
def test_what_json_has_no_word_for_is_refused(value: Any) -> None:
    with pytest.raises(ValueError, match="cannot be written"):
        written(value)
