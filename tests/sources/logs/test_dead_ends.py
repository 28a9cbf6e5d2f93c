"""Are errors that end deliveries told from those that happen, or that are tried again?"""

from __future__ import annotations

from callcheck.model.log import Place
from callcheck.sources.logs.dead_ends import dead_ends
from callcheck.sources.logs.trails import Step
from callcheck.sources.logs.units import Unit, units_of


def units(end: str, failing: int, fine: int) -> list[Unit]:
    steps = []
    for number in range(failing + fine):
        key, bad = f"o-{number}77", number < failing
        for nth, (text, shape) in enumerate((("job active", "job active"), (end, "end") if bad else ("job completed", "completed"))):
            line = 10 * number + nth + 1
            place = Place("a.log", line, line)
            steps.append(Step("", "api", 60.0 * number + nth, line, place, frozenset([key]), f"{text} {key}", "", shape, bad and nth == 1))
    return units_of(steps)


def test_an_error_that_ends_many_is_told() -> None:
    ((error, steps),) = dead_ends(units("job failed: TemplateError: no such", 6, 10), ())
    assert (error, len(steps), steps[0].place.line) == ("TemplateError", 6, 2)


def test_an_error_that_ends_a_few_is_what_happens() -> None:
    assert not list(dead_ends(units("charge failed: CardError: declined", 6, 40), ()))


def test_an_error_that_is_tried_again_is_no_end() -> None:
    assert not list(dead_ends(units("job failed: NetError: reset, retry in 2 s", 6, 2), ()))


def test_a_line_that_was_told_of_already_is_left_out() -> None:
    found = units("job failed: ModelError: 401", 6, 2)
    known = {step.place for unit in found for step in unit.steps.values()}
    assert not list(dead_ends(found, known))
