"""Is an event that nobody takes up told from one whose handler names no event, although other events go out under the same id?"""

from __future__ import annotations

from callcheck.model.log import Place
from callcheck.sources.logs.trails import Step
from callcheck.sources.logs.unanswered import unanswered
from callcheck.sources.logs.units import units_of
from callcheck.sources.logs.wording import shape_of

Said = tuple[str, str, str, str]
"""Stage, process, event and text."""
PAID = ("emitted", "api", "order.paid", "emit order.paid")
LABEL = ("emitted", "api", "label.wanted", "emit label.wanted")
LABELLED = ("handled", "labels", "label.wanted", "label.wanted received")
PRINTED = ("", "labels", "", "label printed")


def found(*said: Said, count: int = 7) -> list[tuple[str, int, int]]:
    steps = []
    for number in range(count):
        for nth, (stage, who, event, text) in enumerate(said):
            line = 10 * number + nth + 1
            key = f"o-{number}77"
            steps.append(Step(stage, who, 60.0 * number + 0.1 * nth, line, Place("a.log", line, line), frozenset([key]), f"{text} {key}", event, shape_of(text, event)))
    return [(one.event, len(one.emits), one.others) for one in unanswered(units_of(steps))]


def test_of_two_events_the_one_that_nobody_takes_up_is_told() -> None:
    assert found(PAID, LABEL, LABELLED, PRINTED) == [("order.paid", 7, 7)]


def test_nothing_is_told_where_both_are_taken_up_or_neither_is_or_one_goes_out_alone() -> None:
    assert found(PAID, LABEL, LABELLED, ("handled", "ledger", "order.paid", "order.paid booked")) == []
    assert found(PAID, LABEL) == []
    assert found(PAID, ("handled", "ledger", "order.paid", "order.paid booked")) == []


def test_a_line_of_somebody_else_may_be_the_handler_s_although_it_names_no_event() -> None:
    assert found(PAID, LABEL, LABELLED, ("", "ledger", "", "receipt written")) == []
    assert found(PAID, LABEL, LABELLED, ("", "api", "", "receipt written")) == []


def test_the_class_that_a_logger_names_tells_two_handlers_of_one_process_apart() -> None:
    inside = [(stage, "api", event, f"[{'Shop' if stage == 'emitted' else 'Labels'}] {text}") for stage, _, event, text in (PAID, LABEL, LABELLED, PRINTED)]
    assert found(*inside) == [("order.paid", 7, 7)]
    assert found(*inside, ("", "api", "", "[Ledger] receipt written")) == []


def test_a_few_deliveries_prove_nothing() -> None:
    assert found(PAID, LABEL, LABELLED, count=5) == []
