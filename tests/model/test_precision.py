"""Does a count of right diagnoses prove as much as statistics allow?"""

from __future__ import annotations

import pytest

from callcheck.model.precision import UNMEASURED, Precision


@pytest.mark.parametrize(("right", "named", "level"), [(30, 30, "very-high"), (18, 20, "high"), (14, 20, "medium"), (12, 20, "low"), (0, 5, "low"), (4, 4, "medium")])
def test_a_share_is_called_as_github_orders_by(right: int, named: int, level: str) -> None:
    assert Precision(named, right).level == level


def test_more_cases_prove_more() -> None:
    assert Precision(5, 5).at_least < Precision(20, 20).at_least < Precision(100, 100).at_least < 1


def test_the_bound_is_wilsons() -> None:
    # 8 of 10 at z = 1.28: (0.8 + 0.08192 - 1.28 * sqrt(0.016 + 0.004096)) / 1.16384
    assert Precision(10, 8).at_least == pytest.approx(0.6018, abs=1e-4)


def test_nothing_measured_is_neither_good_nor_bad() -> None:
    assert (UNMEASURED.at_least, UNMEASURED.level) == (0.0, "medium")
