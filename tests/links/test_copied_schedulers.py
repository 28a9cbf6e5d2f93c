"""A program that is there to run a scheduler is right once, and wrong in copies."""

from __future__ import annotations

import pytest

from callcheck.links.copied_schedulers import LINK
from callcheck.model.evidence import Evidence, Ledger, Location
from callcheck.model.facts.deployment import InstancesFactor
from callcheck.model.facts.execution import SchedulerAlone
from callcheck.model.words import Basis

ALONE = Evidence(SchedulerAlone("apscheduler", "python"), Basis.INFERRED, "test", Location("remind.py", 9))


def copies(unit: str, count: int) -> Evidence:
    return Evidence(InstancesFactor(count, False, "replicas", "compose", unit, str(count)), Basis.DECLARED, "test", service=unit)


@pytest.mark.parametrize(
    ("factors", "loaded", "reached", "told"),
    [
        ([copies("reminder", 3)], {}, {"remind.py"}, ["reminder"]),
        ([copies("reminder", 1)], {}, {"remind.py"}, []),
        ([copies("web", 3)], {}, {"app.py"}, []),
        ([copies("web", 3), copies("reminder", 1)], {"remind.py": frozenset({"reminder"})}, {"remind.py"}, []),
        ([copies("web", 3), copies("reminder", 2)], {"remind.py": frozenset({"reminder"})}, {"remind.py"}, ["reminder"]),
    ],
    ids=["three of it", "one of it", "nothing runs it", "others are many", "two of it beside others"],
)  # fmt: skip
def test_copies_of_a_scheduler(factors: list[Evidence], loaded: dict[str, frozenset[str]], reached: set[str], told: list[str]) -> None:
    ledger = Ledger([ALONE, *factors], loaded=loaded, apps=frozenset({"web", "reminder"}), reached=frozenset(reached))
    assert [item.service for item in LINK.join(ledger)] == told
