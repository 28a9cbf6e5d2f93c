"""A right covers what is listened to by the rules of its broker."""

from __future__ import annotations

import pytest

from callcheck.sources.broker_rights import KAFKA_TOPIC, MQTT, NATS, RABBIT, REDIS, Rights


@pytest.mark.parametrize(
    ("kind", "right", "name", "covers"),
    [
        (MQTT, "sensors/+/temp", "sensors/1/temp", True),
        (MQTT, "sensors/#", "$share/g/sensors/1", True),
        (MQTT, "sensors/+", "sensors/1/temp", False),
        (NATS, "orders.>", "orders.made.now", True),
        (NATS, "orders.*", "orders.made.now", False),
        (NATS, "orders.made", "orders.*", True),
        (REDIS, "boards:*", "boards:changed", True),
        (REDIS, "boards:*", "boards:*", True),
        (REDIS, "boards:*", "rooms:changed", False),
        (RABBIT, "^shop\\.", "shop.paid", True),
        (RABBIT, "", "shop.paid", False),
        (RABBIT, "(", "shop.paid", True),
        (KAFKA_TOPIC, "orders.*", "orders.paid", True),
        (KAFKA_TOPIC, "orders", "orders.paid", False),
    ],
)
def test_what_is_covered(kind: str, right: str, name: str, covers: bool) -> None:
    assert Rights("app", kind, [right]).cover(name) is covers
