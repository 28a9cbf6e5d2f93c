"""Are times read as seconds since the epoch?"""

from __future__ import annotations

import pytest

from callcheck.sources.logs.times import access, seconds


@pytest.mark.parametrize(
    "text",
    [
        "2025-01-09T08:10:46.198Z", "2025-01-09 08:10:46,198", "2025-01-09T09:10:46.198+01:00", "2025-01-09T08:10:46.198000+0000", 1736410246198, "1736410246198000", 1736410246.198,
    ],
)  # fmt: skip
def test_one_moment_in_many_forms(text: object) -> None:
    assert seconds(text) == pytest.approx(1736410246.198)


@pytest.mark.parametrize(
    "text", ["", "soon", None, True, "2025-13-40T00:00:00Z", "99/99/9999, 1:00:00 AM", "Foo 12 00:00:00"]
)
def test_what_is_no_time_is_none(text: object) -> None:
    assert seconds(text) is None


def test_an_access_line_has_its_time_in_brackets() -> None:
    assert access('1.2.3.4 - - [09/Jan/2025:08:10:46 +0000] "GET / HTTP/1.1" 200 1') == 1736410246.0
