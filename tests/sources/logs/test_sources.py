"""Is it known from lines who takes from which queue, and which services share one?"""

from __future__ import annotations

import pytest

from callcheck.model.log import Place, Record
from callcheck.sources.logs.sources import Sources
from callcheck.sources.logs.view import View


def sources(*said: tuple[str, str]) -> Sources:
    """Instance and text of each line."""
    found = Sources()
    for at, (instance, text) in enumerate(said, 1):
        found.see(View(Record(Place("a.log", at, at), text, instance=instance)))
    return found


def test_two_services_that_consume_one_queue_share_it() -> None:
    found = sources(("mill-1", "consuming queue=grain"), ("bank-1", "worker listening, queue: grain"), ("bank-2", "worker listening, queue: grain"))
    assert [each[:3] for each in found.shared(["mill-1"])] == [("grain", "mill", "bank")]
    assert [each[:3] for each in found.shared(["bank-2"])] == [("grain", "bank", "mill")]


def test_replicas_of_one_service_others_queues_and_who_only_sends_share_nothing() -> None:
    found = sources(("mill-1", "consuming queue=grain"), ("mill-2", "consuming queue=grain"), ("bank-1", "consuming queue=coins"), ("desk-1", "sent to queue=grain"))
    assert list(found.shared(["mill-1", "bank-1"])) == []


@pytest.mark.parametrize(
    "said", ["consumer configured group.id=grain", "ready consumerGroup=grain, polling", "consuming with consumer-group grain", "subscribed group_name=grain", "worker polls subscription_name=grain", "listening queueGroup=grain"]
)
def test_what_is_taken_from_is_named_in_many_ways(said: str) -> None:
    assert [each[:3] for each in sources(("mill-1", said), ("bank-1", "consuming queue=grain")).shared(["mill-1"])] == [("grain", "mill", "bank")]
