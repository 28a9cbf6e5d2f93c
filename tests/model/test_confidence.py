"""The steps of how sure a diagnosis is."""

from __future__ import annotations

import pytest

from callcheck.model.confidence import Level, level


@pytest.mark.parametrize(
    ("confidence", "step"),
    [(0.0, Level.UNLIKELY), (0.49, Level.UNLIKELY), (0.5, Level.LIKELY), (0.84, Level.LIKELY), (0.85, Level.VERY_LIKELY), (1.0, Level.VERY_LIKELY)],
)
def test_a_step_begins_at_its_threshold(confidence: float, step: Level) -> None:
    assert level(confidence) is step
