"""Jobs that requests put into a scheduler count where it keeps them in the memory of its process."""

from __future__ import annotations

from pathlib import Path

import pytest

from callcheck.probes.late_jobs import PROBE
from tests.tools.deployed import look_with
from tests.tools.shipped import shipped_knowledge

look = look_with(PROBE, shipped_knowledge())

HEAD = "from flask import Flask\nfrom apscheduler.schedulers.background import BackgroundScheduler\napp = Flask(__name__)\ntimers = BackgroundScheduler({})\ntimers.start()\n"
ROUTE = "@app.post('/a')\ndef a():\n    {}\n    return ''\n"
JOB = "timers.add_job(print, 'date', run_date=due())"


def found(tmp_path: Path, text: str) -> list[tuple[str, str]]:
    return [(str(item.where), item.fact.method) for item in look(tmp_path, {"a.py": text})]


def test_a_job_that_a_request_plans(tmp_path: Path) -> None:
    assert found(tmp_path, HEAD.format("") + ROUTE.format(JOB)) == [("a.py:8", "add_job")]


def test_a_job_that_a_helper_of_a_request_takes_away(tmp_path: Path) -> None:
    text = HEAD.format("") + "def drop(key):\n    timers.remove_job(key)\n" + ROUTE.format("drop('a')")
    assert found(tmp_path, text) == [("a.py:7", "remove_job")]


@pytest.mark.parametrize(
    "text",
    [
        HEAD.format("") + f"{JOB}\n" + ROUTE.format("pass"),
        HEAD.format("jobstores={'default': RedisJobStore()}") + ROUTE.format(JOB),
        HEAD.format("") + "timers.add_jobstore('redis')\n" + ROUTE.format(JOB),
        HEAD.format("") + ROUTE.format(JOB.replace("due()", "due(), jobstore='redis'")),
    ],
    ids=["at start", "a store outside", "a store that is added", "another store"],
)
def test_jobs_that_are_there_before_or_kept_elsewhere(tmp_path: Path, text: str) -> None:
    assert found(tmp_path, text) == []
