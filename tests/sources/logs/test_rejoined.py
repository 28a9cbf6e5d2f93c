"""Is a client found that comes back without a subscription, and none that has no need of one?"""

from __future__ import annotations

import pytest

from callcheck.model.log import Place
from callcheck.sources.logs.brokers import Said
from callcheck.sources.logs.rejoined import rejoined

UP, DOWN, SUB, OUT = ("up", "board", "p2, c1, k30"), ("down", "board", ""), ("sub", "board", "yard/+/gate"), ("out", "board", "yard/7/gate")
IN = ("in", "gate-7", "yard/7/gate")
LOST = (UP, SUB, IN, OUT, DOWN)


def found(*lines: tuple[str, str, str]) -> list[tuple[int, int, int]]:
    said = [Said(10.0 * n, n, what, who, about, Place("broker.log", n, n), about) for n, (what, who, about) in enumerate(lines, 1)]
    return [(one.up.place.line, one.sub.place.line, len(one.missed)) for one in rejoined(said)]


def test_a_client_that_comes_back_and_does_not_subscribe_is_found_with_what_it_misses() -> None:
    assert found(*LOST, UP, IN, IN, IN) == [(6, 2, 3)]


@pytest.mark.parametrize(
    "after",
    [
        (UP, SUB, IN, OUT, IN, OUT, IN, OUT),
        (("up", "board", "p2, c0, k30"), IN, IN, IN),  # the broker kept its subscriptions
        (UP, OUT, IN, IN, IN),  # it is handed something
        (UP, IN, IN),  # too few to tell
        (UP, ("in", "gate-7", "shed/7/gate"), ("in", "gate-7", "shed/7/gate"), ("in", "gate-7", "shed/7/gate")),
        (UP, IN, IN, IN, DOWN),  # it is gone
    ],
)
def test_one_that_is_subscribed_or_wants_nothing_is_not(after: tuple[tuple[str, str, str], ...]) -> None:
    assert found(*LOST, *after) == []


def test_one_that_gave_its_subscription_up_is_not() -> None:
    assert found(UP, SUB, IN, OUT, ("unsub", "board", ""), DOWN, UP, IN, IN, IN) == []
