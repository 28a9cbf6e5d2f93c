"""Which containers see the same folder, by Compose, Kubernetes and ECS."""

from __future__ import annotations

from pathlib import Path

import pytest

from callcheck.model.knowledge import Knowledge
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.mounts import mounted

COMPOSE = "services:\n  web:\n    command: gunicorn web:app\n    volumes: ['inbox:/data']\n  watch:\n    command: python watch.py\n    volumes:\n      - {type: volume, source: inbox, target: /data/inbox}\n"
POD = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: %s}\nspec:\n  template:\n    spec:\n      containers:\n        - {name: a, command: [python, a.py], volumeMounts: [{name: inbox, mountPath: /data/inbox}]}\n        - {name: b, command: [python, b.py], volumeMounts: [{name: inbox, mountPath: /data/inbox}]}\n      volumes:\n        - {name: inbox, %s}\n"
TASK = 'resource "aws_ecs_task_definition" "%s" {\n  family = "%s"\n  container_definitions = jsonencode([{ name = "a", command = ["python", "a.py"], mountPoints = [{ sourceVolume = "inbox", containerPath = "/data" }] }])\n  volume {\n    name = "inbox"\n%s  }\n}\n'
EFS = "    efs_volume_configuration {\n      file_system_id = aws_efs_file_system.inbox.id\n    }\n"


@pytest.mark.parametrize(
    ("files", "shared"),
    [
        ({"compose.yaml": COMPOSE}, {"web watch"}),
        ({"compose.yaml": COMPOSE.replace("source: inbox", "source: other")}, set()),
        ({"k.yaml": POD % ("up", "emptyDir: {}") + "---\n" + POD % ("down", "emptyDir: {}")}, {"up up", "down down"}),
        ({"k.yaml": POD % ("up", "persistentVolumeClaim: {claimName: c}") + "---\n" + POD % ("down", "persistentVolumeClaim: {claimName: c}")}, {"up up", "up down", "down down"}),
        ({"main.tf": TASK % ("up", "up", "") + TASK % ("down", "down", "")}, set()),
        ({"main.tf": TASK % ("up", "up", EFS) + TASK % ("down", "down", EFS)}, {"up down"}),
    ],
    ids=["one volume", "two volumes", "emptyDir of two pods", "one claim", "volumes of two tasks", "one file system"],
)
def test_who_sees_the_same_folder(tmp_path: Path, files: dict[str, str], shared: set[str]) -> None:
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    held = list(mounted(Eyes(Target(base=tmp_path, folders=(tmp_path,)), Knowledge())))
    alike = {f"{one.unit} {two.unit}" for at, one in enumerate(held) for two in held[at + 1 :] if one.source("/data/inbox/new") and one.source("/data/inbox/new") == two.source("/data/inbox/new")}
    assert alike == shared
