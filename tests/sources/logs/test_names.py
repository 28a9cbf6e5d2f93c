"""Are two names taken for one another only if their spelling differs?"""

from __future__ import annotations

import pytest

from callcheck.sources.logs.names import alike


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("invoice.settled", "invoices.settled"),
        ("order.complete", "order.completed"),
        ("order_created", "order.created"),
        ("orderCreated", "order-created"),
        ("paymnet.captured", "payment.captured"),
    ],
)
def test_a_slip_of_spelling_is_alike(one: str, other: str) -> None:
    assert alike(one, other)
    assert alike(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("order.created", "order.cancelled"),
        ("order.created", "order.created"),
        ("shard.1.done", "shard.2.done"),
        ("seat.taken", "seat.released"),
        ("task", "tasks"),
        ("user.created", "order.created"),
    ],
)
def test_other_events_are_not(one: str, other: str) -> None:
    assert not alike(one, other)
