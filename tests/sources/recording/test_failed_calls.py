"""A status stands for the same failure in a recording as in a log."""

from __future__ import annotations

from typing import Any, cast

import pytest

from callcheck.model.recorded import Call
from callcheck.sources.recording.failed_calls import failure_of


@pytest.mark.parametrize(
    ("status", "error", "failure"),
    [
        (401, "", "auth"),
        (402, "", "rate-limit"),
        (429, "", "rate-limit"),
        (418, "", "rejected"),
        (504, "", "timeout"),
        (522, "", "timeout"),
        (524, "", "timeout"),
        (503, "", "unavailable"),
        (200, "", ""),
        (0, "TimeoutError", "timeout"),
        (0, "ECONNREFUSED", "unavailable"),
    ],
)
def test_how_a_call_failed(status: int, error: str, failure: str) -> None:
    assert failure_of(Call("1", cast(Any, None), "api.example:443", 443, "/v1", None, 0, status=status, error=error)) == failure
