"""Does what the project's own scripts scale show?"""

from __future__ import annotations

from pathlib import Path

import pytest

from callcheck.probes.scale_commands import PROBE
from tests.tools.deployed import look_with, told

look = look_with(PROBE)


@pytest.mark.parametrize(
    ("name", "line", "said"),
    [
        ("up.sh", "docker compose up -d --scale web=4 --scale mail=2", ["web 4", "mail 2"]),
        ("up.sh", "docker service scale shop_web=3", ["web 3"]),
        ("Makefile", "\tkubectl -n shop scale deployment/web --replicas=3", ["web 3"]),
        ("Makefile", "\tkubectl autoscale deploy web --min=2 --max=6", ["web 6"]),
        ("bin/release", "heroku ps:scale web=2 worker=1", ["web 2", "worker 1"]),
        ("bin/release", "fly scale count 3", ["app 3"]),
        ("bin/release", "fly scale count mail=2", ["mail 2"]),
        ("package.json", '{"scripts": {"more": "pm2 scale web 4"}}', ["web 4"]),
        ("deploy.sh", "gcloud run deploy web --image x \\\n  --max-instances=5", ["web 5"]),
        ("cloudbuild.yaml", "steps:\n- name: x\n  args:\n  - run\n  - deploy\n  - web\n  - --max-instances=5\n", ["web 5"]),
        ("deploy.sh", "gcloud run deploy web --image x --min-instances 2", ["web 2"]),
        ("deploy.sh", "gcloud run deploy web --image x --min-instances 1", []),
        ("deploy.sh", "eb scale 3", ["3"]),
        ("deploy.sh", "aws ecs update-service --cluster c --service web --desired-count 2", ["web 2"]),
        ("deploy.sh", "az containerapp update -n web -g rg --max-replicas 4", ["web 4"]),
        ("install.sh", "systemctl enable --now web@8001 web@8002", ["web 2"]),
        ("install.sh", "systemctl start web@{1..4}", ["web 4"]),
    ],
)
def test_a_command_says_how_many(tmp_path: Path, name: str, line: str, said: list[str]) -> None:
    found = told(look(tmp_path, {name: line + "\n"}))
    assert [entry.removeprefix("instances.factor ").split(" @")[0] for entry in found] == said


@pytest.mark.parametrize("line", ["# fly scale count 3", "echo scale", "python train.py --scale 4", "systemctl enable web"])
def test_other_words_say_nothing(tmp_path: Path, line: str) -> None:
    assert not look(tmp_path, {"run.sh": line + "\n"})


def test_a_number_from_a_variable_is_possible_alone(tmp_path: Path) -> None:
    assert told(look(tmp_path, {"run.sh": "docker compose up --scale web=$N\n"})) == ["instances.possible web @run.sh:1"]
