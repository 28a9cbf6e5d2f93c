"""A process that a library needs is missed only where the library's other processes are started."""

from __future__ import annotations

import dataclasses

import pytest

from callcheck.links.missing_workers import LINK
from callcheck.model.evidence import Evidence, Ledger, Location
from callcheck.model.facts.deployment import ServiceRun
from callcheck.model.facts.needed import WorkerNeeded
from callcheck.model.words import Basis

VALUES = {"command": "celery beat", "pattern": r"\bbeat\b|\s-B\b", "beside": r"celery.*worker", "framework": "celery", "language": "python"}


def _told(*commands: str) -> list[str]:
    needed = WorkerNeeded(**{each.name: VALUES[each.name] for each in dataclasses.fields(WorkerNeeded)})
    evidence = [Evidence(ServiceRun(f"s{n}", command, "", "worker", "compose"), Basis.DECLARED, "test") for n, command in enumerate(commands)]
    evidence.append(Evidence(needed, Basis.INFERRED, "test", Location("app.py", 4)))
    return [item.fact.command for item in LINK.join(Ledger(evidence))]


def test_a_worker_without_the_scheduler() -> None:
    assert _told("gunicorn shop:app", "celery -A shop worker") == ["celery beat"]


@pytest.mark.parametrize("commands", [("celery -A shop worker -B",), ("celery -A shop worker", "celery -A shop beat"), ("gunicorn shop:app",), ()])
def test_silent_about(commands) -> None:
    assert not _told(*commands)
