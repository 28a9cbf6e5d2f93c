"""Is further work on a delivery told from what the function that publishes it writes behind?"""

from __future__ import annotations

import pytest

from callcheck.model.log import Place
from callcheck.sources.logs.trails import Step
from callcheck.sources.logs.units import Unit, units_of
from callcheck.sources.logs.went_on import went_on


def units(after: tuple[tuple[str, str, bool], ...], times: int = 4) -> list[Unit]:
    """`after`: text, stage and whether it is bad, of each line that follows."""
    steps = []
    for number in range(times):
        for nth, (text, stage, bad) in enumerate((("Publishing Paid to all", "emitted", False), *after)):
            line = 10 * number + nth + 1
            steps.append(Step(stage, "api", 60.0 * number + nth, line, Place("a.log", line, line), frozenset([f"b-{number}77"]), text, "", text, bad))
    return units_of(steps)


@pytest.mark.parametrize(
    ("after", "on"),
    [
        ((), False),
        ((("asked", "", False),), False),
        ((("booked", "", False), ("mailed", "handled", False)), True),
        ((("asked", "", False), ("no answer", "", True), ("expired", "", True)), False),
        ((("asked", "", False), ("waiting for bill", "registered", False)), False),
    ],
)
def test_two_lines_of_work_are_further_work(after: tuple[tuple[str, str, bool], ...], on: bool) -> None:
    assert went_on(units(after), "Publishing Paid") is on


def test_where_nothing_was_said_nothing_went_on() -> None:
    assert not went_on(units((("booked", "", False), ("mailed", "", False))), "Publishing Sent")
