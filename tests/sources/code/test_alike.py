"""Two names meet, or are a slip of each other, or have nothing to do with each other."""

from __future__ import annotations

import pytest

from callcheck.sources.code.alike import alike, kin, meets, nearly


@pytest.mark.parametrize(
    ("heard", "sent", "wildcard"),
    [
        ("a.b", "a.b", ""),
        ("run:*", "run:7", ""),
        ("run:7", "run:*", ""),
        ("a.*", "a.b", ". * #"),
        ("a.#", "a.b.c", ". * #"),
        ("farm/+/temp", "farm/*/temp", "/ + #"),
        ("a/b/c", "*", "/ + #"),
    ],
)
def test_names_that_meet(heard, sent, wildcard) -> None:
    assert meets(heard, sent, wildcard)


@pytest.mark.parametrize(
    ("heard", "sent", "wildcard"),
    [("a.b", "a.c", ""), ("a.*", "a.b.c", ". * #"), ("farm/+/temp", "farm/*/soil/temp", "/ + #"), ("run:*:end", "run:7", "")],
)
def test_names_that_do_not(heard, sent, wildcard) -> None:
    assert not meets(heard, sent, wildcard)


@pytest.mark.parametrize(
    ("heard", "sent", "wildcard"),
    [
        ("order:created", "orders.created", ""),
        ("orderPaid", "order-paid", ""),
        ("invoice", "invoices", ""),
        ("orders.*.shipped", "orders.eu.*.shipped", ". * >"),
        ("orders.*", "order.paid", ". * #"),
        ("plant/+", "plant/*/temperature", "/ + #"),
    ],
)
def test_names_that_were_meant_to_meet(heard, sent, wildcard) -> None:
    assert alike(heard, sent, wildcard)


@pytest.mark.parametrize(
    ("heard", "sent"),
    [("order.created", "order.cancelled"), ("orders", "orders.dlq"), ("stock.low", "order.created"), ("*", "order")],
)
def test_names_of_different_things(heard, sent) -> None:
    assert not alike(heard, sent)
    assert not alike("plant/+", "door/*/temperature", "/ + #")


def test_names_with_a_word_in_common_are_kin_and_no_others() -> None:
    assert kin("export-done", "exportsFinished")
    assert not kin("export-done", "import-finished")


def test_one_word_may_be_written_amiss_where_no_other_can_be_meant() -> None:
    assert nearly("order.payed", "order.paid")
    assert not nearly("order.refunded", "order.paid")
    assert not nearly("order.payed", "order.paid.late")
