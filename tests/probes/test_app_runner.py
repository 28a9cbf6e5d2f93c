"""Does App Runner's scaling show?"""

from __future__ import annotations

from pathlib import Path

import pytest

from callcheck.probes.app_runner import PROBE
from tests.tools.deployed import look_with, told

look = look_with(PROBE)

SERVICE = "Resources:\n  Web:\n    Type: AWS::AppRunner::Service\n    Properties: {ServiceName: web}\n"
SCALING = "  Scaling:\n    Type: AWS::AppRunner::AutoScalingConfiguration\n    Properties:\n      MaxSize: 4\n"


@pytest.mark.parametrize(
    ("text", "said"),
    [(SERVICE + SCALING, "instances.factor web 4 @t.yaml:8"), (SERVICE, "instances.possible web @t.yaml:3")],
)
def test_scaling_stands_in_a_resource_of_its_own(tmp_path: Path, text: str, said: str) -> None:
    assert said in told(look(tmp_path, {"t.yaml": text}))


def test_the_command_alone_leaves_the_number_open(tmp_path: Path) -> None:
    text = "version: 1.0\nrun:\n  command: gunicorn -w 2 app:app\n"
    found = told(look(tmp_path, {"apprunner.yaml": text}))
    assert [line for line in found if "instances" in line] == [
        "instances.factor 2 @apprunner.yaml:3",
        "instances.possible @apprunner.yaml:3",
    ]


def test_a_template_starts_the_workers_of_its_own_command(tmp_path: Path) -> None:
    image = "      SourceConfiguration:\n        CodeRepository:\n          CodeConfiguration:\n            CodeConfigurationValues:\n              StartCommand: gunicorn --workers 4 shop.web:app\n"
    text = SERVICE.replace("    Properties: {ServiceName: web}\n", "    Properties:\n      ServiceName: web\n" + image)
    assert any(line.startswith("instances.factor web 4 ") for line in told(look(tmp_path, {"t.yaml": text})))
