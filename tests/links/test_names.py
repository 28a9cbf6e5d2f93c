"""Which name was meant is told by case, signs, spelling and words, and by nothing less."""

from __future__ import annotations

import pytest

from callcheck.links.names import meant


@pytest.mark.parametrize(
    ("listened", "unheard", "heard", "expected"),
    [
        ("orderPaid", ["order-paid"], [], "order-paid"),
        ("orderPaid", [], ["order:paid"], "order:paid"),
        ("recieved", ["received", "sent"], [], "received"),
        ("ordersPaid", ["paid.order", "shipped"], [], "paid.order"),
        ("orderPaid", [], ["orderPlaced"], ""),
        ("x", ["y"], [], ""),
        ("frost", ["harvest", "thaw"], [], ""),
    ],
    ids=["signs", "signs, though heard by another", "a slip", "words in another order", "near, but heard by another", "too short", "nothing alike"],
)
def test_the_name_that_was_meant(listened, unheard, heard, expected) -> None:
    assert meant(listened, unheard, heard, alone=False) == expected


def test_the_only_pair_that_is_left_belongs_together() -> None:
    assert (meant("frost", ["thaw"], [], alone=True), meant("frost", ["thaw"], [], alone=False)) == ("thaw", "")
