"""The workers of two applications that take from one queue of one broker are found, and those that know each other's tasks are not."""

from __future__ import annotations

import pytest

from callcheck.model.target import Target
from callcheck.probes.competing_workers import PROBE
from callcheck.sources import Eyes
from tests.tools.shipped import shipped_knowledge

APP = "import os\nfrom celery import Celery\napp = Celery('{0}', broker=os.environ['BROKER'])\n{1}\n@app.task\ndef {0}(x): ...\n"
UNITS = "services:\n  one:\n    command: celery -A one.app worker{0}\n    environment: {{BROKER: 'redis://redis/0'}}\n  two:\n    command: celery -A two.app worker{1}\n    environment: {{BROKER: '{2}'}}\n"


def _queues(folder) -> list[str]:
    eyes = Eyes(Target(base=folder, folders=(folder,)), shipped_knowledge())
    return [item.fact.name for item in PROBE.look(eyes.target, eyes)]


@pytest.mark.parametrize(
    ("one", "two", "broker", "settings", "queues"),
    [
        ("", "", "redis://redis/0", "", ["celery"]),
        ("", "", "redis://redis/1", "", []),
        ("", "", "redis://redis/0", "app.conf.task_default_queue = 'one'", []),
        ("", "", "redis://redis/0", "app.conf.broker_transport_options = {'global_keyprefix': 'one:'}", []),
        ("", "", "redis://redis/0", "app.conf.task_routes = {'*': {'queue': 'one'}}", ["celery"]),
        (" -Q one", "", "redis://redis/0", "", []),
        (" -Q one,celery -c 2", " --queues=celery", "redis://redis/0", "", ["celery"]),
        (" -Q $QUEUES", "", "redis://redis/0", "", []),
    ],
)
def test_two_applications_compete_where_broker_and_queue_are_one(tmp_path, one, two, broker, settings, queues) -> None:
    for name, more in (("one", settings), ("two", "")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "app.py").write_text(APP.format(name, more))
    (tmp_path / "compose.yml").write_text(UNITS.format(one, two, broker))
    assert _queues(tmp_path) == queues


def test_workers_that_load_the_tasks_of_the_other_do_not_compete(tmp_path) -> None:
    for name, other in (("one", "two"), ("two", "one")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "app.py").write_text(APP.format(name, f"import {other}.app"))
    (tmp_path / "compose.yml").write_text(UNITS.format("", "", "redis://redis/0"))
    assert _queues(tmp_path) == []


def test_two_workers_of_one_application_share_its_queue_as_they_should(tmp_path) -> None:
    (tmp_path / "one").mkdir()
    (tmp_path / "one" / "app.py").write_text(APP.format("one", ""))
    (tmp_path / "compose.yml").write_text(UNITS.format("", "", "redis://redis/0").replace("two.app", "one.app"))
    assert _queues(tmp_path) == []
