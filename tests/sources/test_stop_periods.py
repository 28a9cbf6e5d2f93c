"""How long units are given to come to an end is read in each form of deployment, and nothing else is taken for it."""

from __future__ import annotations

from pathlib import Path

from callcheck.model.knowledge import Knowledge
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.stop_periods import stop_periods


def test_each_form_is_read_in_seconds(tmp_path: Path) -> None:
    files = {
        "ecs.tf": "container_definitions = jsonencode([{\n  stopTimeout = 120\n  timeout = 900\n}])\n",
        "compose.yaml": "services:\n  a:\n    stop_grace_period: 1m30s\n  b:\n    stop_grace_period: ${GRACE}\n",
        "pod.yaml": "spec:\n  terminationGracePeriodSeconds: 45\n",
        "task.json": '{"containerDefinitions": [{\n"stopTimeout": 60,\n"name": "a"}]}\n',
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    found = stop_periods(Eyes(Target(base=tmp_path, folders=(tmp_path,)), Knowledge()))
    assert {(str(each.where), each.seconds) for each in found} == {("ecs.tf:2", 120), ("compose.yaml:3", 90), ("pod.yaml:2", 45), ("task.json:2", 60)}
