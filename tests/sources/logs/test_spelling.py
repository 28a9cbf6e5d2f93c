"""Are two names taken for one another only if their spelling differs, and does a filter take the topics that it should?"""

from __future__ import annotations

import pytest

from callcheck.sources.logs.spelling import alike, matches, nearly, too_short


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("invoice.settled", "invoices.settled"),
        ("order.complete", "order.completed"),
        ("order_created", "order.created"),
        ("orderCreated", "order-created"),
        ("paymnet.captured", "payment.captured"),
        ("paid.order", "order.paid"),
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
        ("cash_to_bank", "bank_to_cash"),
    ],
)
def test_other_events_are_not(one: str, other: str) -> None:
    assert not alike(one, other)


@pytest.mark.parametrize(
    ("topic", "filter", "fits"),
    [("a/b", "a/b", True), ("a/b", "a/+", True), ("a/b", "#", True), ("a/b/c", "a/#", True), ("a/b", "a", False), ("a", "a/+", False), ("a/b/c", "a/+", False)],
)
def test_filters_take_the_topics_that_mqtt_says(topic: str, filter: str, fits: bool) -> None:
    assert matches(topic, filter) == fits


@pytest.mark.parametrize(
    ("topic", "filter", "near"),
    [
        ("farm/4/weight", "Farm/+/Weight", True),
        ("fares.paid", "Fares.*", True),
        ("/farm/4", "farm/+", True),
        ("farm/barn/4/weight", "farm/+/weight", True),
        ("farm/barn/4/weight", "farm/+", False),
        ("farm/barn/4/weight", "+/weight", False),
        ("farm/west/weight", "farm/east/weight", False),
        ("farm/4/weight", "farm/5/weight", False),
        ("door/front", "+/+", False),
    ],
)
def test_a_filter_would_take_what_differs_by_its_spelling_or_has_more_levels_than_its_wildcard(topic: str, filter: str, near: bool) -> None:
    assert nearly(topic, filter) == near


@pytest.mark.parametrize(
    ("topic", "filter", "short"),
    [
        ("container.customs.held", "container.*", True), ("container.loaded", "container.*", False), ("yard.customs.held", "container.*", False), ("farm/barn/4/weight", "farm/+", True),
        ("container.customs.held", "container.#", False), ("container.customs.held", "container.>", False), ("container.customs.held", "container.*.held", False), ("pilot.assign", "pilot.assign.>", True), ("pilot.assign.north", "pilot.assign.>", False),
    ],
)  # fmt: skip
def test_a_filter_is_too_short_where_its_last_wildcard_would_stand_for_several_levels(topic: str, filter: str, short: bool) -> None:
    assert too_short(topic, filter) == short
