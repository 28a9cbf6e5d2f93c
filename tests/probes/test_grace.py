"""Workers that are killed before the job that they are at may be done."""

from __future__ import annotations

from pathlib import Path

import pytest

from callcheck.probes.grace import PROBE
from tests.tools.deployed import look_with
from tests.tools.shipped import shipped_knowledge

look = look_with(PROBE, shipped_knowledge())
POD = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: w}\nspec:\n  template:\n    spec:\n      terminationGracePeriodSeconds: %s\n      containers: [{name: w, command: %s}]\n"
TASK = "from celery import Celery\napp = Celery('a')\n@app.task(%s)\ndef f(): ...\n"


def said(folder: Path, files: dict[str, str]) -> list[str]:
    return [f"{item.fact.effect} {item.where}" for item in look(folder, files)]


@pytest.mark.parametrize(
    ("period", "command", "task", "found"),
    [
        ("10", "[celery, -A, a, worker]", "time_limit=600", True),
        ("30", "[rq, worker]", "job_timeout='10m'", True),
        ("900", "[celery, -A, a, worker]", "time_limit=600", False),
        ("10", "[celery, -A, a, beat]", "time_limit=600", False),
        ("10", "[celery, -A, a, worker]", "time_limit=30", False),
        ("10", "[celery, -A, a, worker]", "time_limit=600, acks_late=True", False),
        ("10", "[celery, -A, a, worker]", "time_limit=LIMIT", False),
    ],
)
def test_pods(tmp_path: Path, period: str, command: str, task: str, found: bool) -> None:
    assert said(tmp_path, {"w.yaml": POD % (period, command), "a.py": TASK % task}) == (["runtime-not-started w.yaml:7"] if found else [])


@pytest.mark.parametrize(("period", "found"), [("20s", True), ("1m30s", True), ("15m", False)])
def test_compose(tmp_path: Path, period: str, found: bool) -> None:
    files = {"compose.yml": f"services:\n  w:\n    image: a\n    command: celery -A a worker\n    stop_grace_period: {period}\n", "a.py": TASK % "soft_time_limit=600"}
    assert said(tmp_path, files) == (["runtime-not-started compose.yml:5"] if found else [])
