"""Is a handler that is attached twice told from a logger that writes each line twice?"""

from __future__ import annotations

from callcheck.model.log import Place
from callcheck.sources.logs.contrasts import Unit, units_of
from callcheck.sources.logs.doubles import doubled
from callcheck.sources.logs.trails import Step
from callcheck.sources.logs.wording import shape_of


def units(*texts: str, count: int = 6) -> list[Unit]:
    steps = []
    for number in range(count):
        for nth, text in enumerate(texts):
            line = 10 * number + nth + 1
            place = Place("a.log", line, line)
            key = f"o-{number}77"
            steps.append(Step("", "api", 60.0 * number + 0.01 * nth, line, place, frozenset([key]), f"{text} {key}", "", shape_of(text)))
    return units_of(steps)


def test_a_line_of_a_handler_that_is_there_twice_is_told() -> None:
    (pairs,) = doubled(units("order paid", "receipt mailed", "receipt mailed"))
    assert [(a.place.line, b.place.line) for a, b in pairs[:2]] == [(2, 3), (12, 13)]


def test_where_every_line_is_there_twice_the_logger_is_the_reason() -> None:
    assert not list(doubled(units("order paid", "order paid", "receipt mailed", "receipt mailed")))


def test_a_few_deliveries_prove_nothing() -> None:
    assert not list(doubled(units("order paid", "receipt mailed", "receipt mailed", count=3)))
