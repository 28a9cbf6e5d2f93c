"""A beat in each replica is a scheduler in each replica; worker processes beside one beat are not."""

from __future__ import annotations

import pytest

from callcheck.links.beats import LINK
from callcheck.model.evidence import Evidence, Ledger
from callcheck.model.facts.deployment import InstancesFactor, ServiceRun
from callcheck.model.words import Basis


@pytest.mark.parametrize(
    ("command", "level", "count", "told"),
    [
        ("celery -A shop worker -B -l info", "replicas", 3, True),
        ("celery -A shop beat", "replicas", 2, True),
        ("celery -A shop beat", "replicas", 1, False),
        ("celery -A shop worker -B -c 4", "processes", 4, False),
        ("celery -A shop worker", "replicas", 3, False),
        ("celery -A shop beat -S redbeat.RedBeatScheduler", "replicas", 2, False),
    ],
)
def test_several_beats(command: str, level: str, count: int, told: bool) -> None:
    run = ServiceRun("worker", command, "shop", "worker", "compose", ".", "celery")
    factor = InstancesFactor(count, False, level, "compose", "worker", str(count))
    items = [Evidence(run, Basis.DECLARED, "test", service="worker"), Evidence(factor, Basis.DECLARED, "test", service="worker")]
    assert [e.service for e in LINK.join(Ledger(items))] == (["worker"] if told else [])
