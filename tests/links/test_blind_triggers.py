"""A worker that is woken by a key which nobody fills is told, and one that may be woken is left alone."""

from __future__ import annotations

import pytest

from callcheck.links.blind_triggers import LINK
from callcheck.model.evidence import Evidence, Ledger
from callcheck.model.facts.deployment import QueueUsed, ServiceStops
from callcheck.model.words import Basis


def _told(wakes_on: str, *keys: str) -> list[str]:
    stops = Evidence(ServiceStops("mailer", "worker", wakes_on, "keda"), Basis.DECLARED, "test")
    queues = [Evidence(QueueUsed(key, "redis", "bullmq", "typescript"), Basis.INFERRED, "test") for key in keys]
    return [item.fact.key for item in LINK.join(Ledger([stops, *queues]))]


def test_the_key_most_like_the_watched_one_is_named() -> None:
    assert _told("redis bull:mail:wait", "shop:report:wait", "shop:mail:wait") == ["shop:mail:wait"]


@pytest.mark.parametrize(
    ("wakes_on", "keys"),
    [
        ("redis bull:mail:wait", ["shop:report:wait", "bull:mail:wait"]),
        ("redis bull:mail:wait", ["bull:*:wait"]),
        ("redis bull:mail:wait", []),
        ("redis ${QUEUE}", ["shop:mail:wait"]),
        ("redis-streams events", ["shop:mail:wait"]),
        ("rabbitmq mail", ["shop:mail:wait"]),
        ("cron", ["shop:mail:wait"]),
    ],
    ids=["the same", "computed", "no queue known", "filled in later", "a stream", "another broker", "no key"],
)
def test_silent_where_the_trigger_may_see_the_work(wakes_on: str, keys: list[str]) -> None:
    assert not _told(wakes_on, *keys)
