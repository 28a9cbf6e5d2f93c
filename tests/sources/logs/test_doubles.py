"""Is a handler that is attached twice told from a logger that writes each line twice?"""

from __future__ import annotations

from callcheck.model.log import Place
from callcheck.sources.logs.doubles import doubled, mounting, redone
from callcheck.sources.logs.trails import Step
from callcheck.sources.logs.units import Unit, units_of
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


def passes(*lines: tuple[float, str, str], count: int = 4) -> list[Unit]:
    """Deliveries of which each has these lines: second, process, text."""
    steps = []
    for number in range(count):
        for nth, (time, who, text) in enumerate(lines):
            line = 20 * number + nth + 1
            key = f"m-{number}77"
            text = f"{text} {key}" if "account" in text else f"{text} message={key}"
            place = Place("a.log", line, line)
            steps.append(Step("", who, 600.0 * number + time, line, place, frozenset([key]), text, "", shape_of(text)))
    return units_of(steps)


AGAIN = ((0.0, "w1", "received"), (31.0, "w2", "received"), (45.0, "w1", "statement mailed"), (76.0, "w2", "statement mailed"))


def test_what_is_handed_out_again_while_it_is_worked_on_is_told() -> None:
    done = redone(passes(*AGAIN))
    assert done is not None
    assert (done.effect, len(done.pairs), done.instances) == ("statement mailed", 4, 2)
    assert [step.place.line for step in done.pairs[0]] == [1, 2, 3, 4]


def test_a_second_attempt_after_a_failed_one_is_no_repetition() -> None:
    assert not redone(passes((0.0, "w1", "received"), (31.0, "w2", "received"), (45.0, "w2", "statement mailed")))


def test_two_events_of_one_thing_are_not_one_that_is_handed_out_again() -> None:
    lines = [(0.0, "scales", "weighed"), (0.1, "scales", "labelled"), (0.4, "printer", "labelled"), (0.5, "tariffs", "weighed")]
    steps = []
    for number in range(4):
        for nth, (time, who, event) in enumerate(lines):
            line = 20 * number + nth + 1
            key = f"m-{number}77"
            text = f"{'published' if who == 'scales' else 'received'} parcel.{event} message={key}"
            steps.append(Step("", who, 600.0 * number + time, line, Place("a.log", line, line), frozenset([key]), text, f"parcel.{event}", shape_of(text, f"parcel.{event}")))
    assert not redone(units_of(steps))


def test_what_comes_again_when_it_was_done_needs_a_mark_of_the_queue() -> None:
    once_a_day = ((0.0, "w1", "received"), (5.0, "w1", "statement mailed"), (300.0, "w1", "received"), (305.0, "w1", "statement mailed"))
    assert not redone(passes(*once_a_day))
    assert redone(passes(*once_a_day[:2], (300.0, "w1", "received deliveryAttempt=2"), once_a_day[3]))


def test_what_names_an_account_only_comes_again_for_other_reasons() -> None:
    assert not redone(passes(*((time, who, f"{text} account") for time, who, text in AGAIN)))


def test_two_of_them_prove_nothing() -> None:
    assert not redone(passes(*AGAIN, count=2))


def test_a_line_that_is_there_once_more_with_each_delivery_is_heard_by_one_listener_more() -> None:
    growing = [line for n in range(8) for line in lines("save received", *["toast shown"] * (n + 1), at=60.0 * n)]
    assert [(each.first, each.last) for each in mounting(growing)] == [(1, 8)]
    # Where nothing else is told of a delivery, its only line will do; that a logger repeats all of them does not grow.
    assert [(each.first, each.last) for each in mounting([line for line in growing if line.text.startswith("toast")])] == [(1, 8)]
    assert not list(mounting([line for n in range(8) for line in lines("save received", "toast shown", "toast shown", at=60.0 * n)]))
    # One listener more with each connection, of which several deliveries come.
    stairs = [line for n in range(9) for line in lines("save received", *["toast shown"] * (n // 3 + 1), at=60.0 * n)]
    assert [(each.first, each.last) for each in mounting(stairs)] == [(1, 3)]
    assert not list(mounting([line for n in range(9) for line in lines("save received", *["toast shown"] * (n % 3 + 1), at=60.0 * n)]))


def lines(*texts: str, at: float) -> list[Step]:
    """What is written of one delivery, at one time."""
    key = f"d-{at:.0f}77"
    return [Step("", "api", at + 0.01 * n, int(at) + n, Place("a.log", int(at) + n, int(at) + n), frozenset([key]), f"{text} {key}", "", text) for n, text in enumerate(texts, 1)]
