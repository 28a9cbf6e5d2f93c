"""A worker that is woken by a key which nobody fills is told, and one that may be woken is left alone."""

from __future__ import annotations

import pytest

from callcheck.links.blind_triggers import LINK
from callcheck.model.evidence import Evidence, Ledger, Location
from callcheck.model.facts.channels import ChannelEnd
from callcheck.model.facts.deployment import ServiceRun, ServiceStops
from callcheck.model.facts.work import QueueUsed, WorkHandedOff
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


@pytest.mark.parametrize(
    ("watched", "queues", "told"),
    [
        ("default", "", ["celery"]),
        ("celery", "", []),
        ("mail", "mail", []),
        ("mail", "$QUEUES", []),
    ],
    ids=["another list", "the library's own", "the one it is told", "told by a variable"],
)
def test_a_worker_of_a_library_is_woken_by_the_lists_that_the_library_fills(watched: str, queues: str, told: list[str]) -> None:
    stops = Evidence(ServiceStops("worker", "worker", f"redis {watched}", "keda"), Basis.DECLARED, "test")
    run = Evidence(ServiceRun("worker", "celery worker", "tasks", "worker", "kubernetes", server="celery", queues=queues), Basis.DECLARED, "test")
    work = Evidence(WorkHandedOff("celery", "celery", "work-queues", "python"), Basis.INFERRED, "test")
    assert [item.fact.key for item in LINK.join(Ledger([stops, run, work]))] == told


@pytest.mark.parametrize(
    ("wakes_on", "space", "topic", "told"),
    [
        ("kafka order", "kafka", "orders", ["orders"]),
        ("apache-kafka order", "kafka", "orders", ["orders"]),
        ("rabbitmq order", "amqp-queue", "orders", ["orders"]),
        ("kafka orders", "kafka", "orders", []),
        ("kafka order", "kafka", "", []),  # computed
        ("rabbitmq order", "amqp-exchange shop", "orders", []),
    ],
)
def test_a_consumer_is_woken_by_what_its_own_program_takes_from(wakes_on: str, space: str, topic: str, told: list[str]) -> None:
    stops = Evidence(ServiceStops("worker", "worker", wakes_on, "keda"), Basis.DECLARED, "test")
    run = Evidence(ServiceRun("worker", "node worker.js", "worker.js", "worker", "kubernetes"), Basis.DECLARED, "test")
    end = ChannelEnd(topic, space, "listens", wakes_on.partition(" ")[0].removeprefix("apache-"), "startup", "x", "javascript")
    heard = Evidence(end, Basis.INFERRED, "test", Location("worker.js", 3))
    assert [item.fact.key for item in LINK.join(Ledger([stops, run, heard]))] == told
