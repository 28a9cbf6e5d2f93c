"""Do ECS files say what runs, how often?"""

from __future__ import annotations

from pathlib import Path

from callcheck.probes.ecs import PROBE
from tests.tools.deployed import look_with, told

look = look_with(PROBE)


TASK = '{"family": "api", "containerDefinitions": [\n {"name": "api", "image": "x/api:1", "command": ["gunicorn", "-w", "2", "a:b"]}]}'


def test_service_and_task_meet_under_the_services_name(tmp_path: Path) -> None:
    service = (
        '{"serviceName": "web",\n "taskDefinition": "arn:aws:ecs:eu:1:task-definition/api:7",\n "desiredCount": 3}'
    )
    assert told(look(tmp_path, {"task.json": TASK, "service.json": service})) == [
        "service.run web a:b @task.json:2",
        "server.trait web sync-workers @task.json:2",
        "instances.factor web 2 @task.json:2",
        "instances.factor web 3 @service.json:3",
    ]


def test_a_task_alone_does_not_say_how_often(tmp_path: Path) -> None:
    assert not any("desired" in line for line in told(look(tmp_path, {"task.json": TASK})))


def test_a_manifest_of_copilot_says_how_many(tmp_path: Path) -> None:
    for number, (count, many) in enumerate({"count: 3": 3, "count:\n  range: 1-10": 10, "cpu: 256": 1}.items()):
        text = f"name: api\ntype: Backend Service\n{count}\n"
        found = [line.split(" @")[0] for line in told(look(tmp_path / str(number), {"copilot/api/manifest.yml": text}))]
        assert f"instances.factor api {many}" in found
