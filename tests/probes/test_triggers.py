"""Is it told which schedules and queues are turned off, or reach nobody?"""

from __future__ import annotations

from pathlib import Path

import pytest

from callcheck.probes.triggers import PROBE
from tests.tools.deployed import look_with
from tests.tools.shipped import shipped_knowledge

look = look_with(PROBE, shipped_knowledge())

CRON = "apiVersion: batch/v1\nkind: CronJob\nmetadata: {name: settle}\nspec:\n  schedule: '0 2 * * *'\n  suspend: %s\n"
FRAMEWORK = "functions:\n  nightly:\n    handler: a.b\n    events:\n      - schedule:\n          rate: rate(1 day)\n          enabled: %s\n"
SAM = "Resources:\n  Nightly:\n    Type: AWS::Serverless::Function\n    Properties:\n      Events:\n        Due:\n          Type: ScheduleV2\n          Properties:\n            State: %s\n"
MAPPING = 'resource "aws_lambda_event_source_mapping" "labels" {\n  enabled = %s\n}\n'


def said(tmp_path: Path, files: dict[str, str]) -> list[str]:
    return [f"{item.fact.name} {item.fact.trigger} {item.fact.how} @{item.where}" for item in look(tmp_path, files)]


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"cron.yaml": CRON % "true"}, "settle timer disabled @cron.yaml:6"),
        ({"serverless.yml": FRAMEWORK % "false"}, "nightly timer disabled @serverless.yml:7"),
        ({"template.yaml": SAM % "DISABLED"}, "Nightly timer disabled @template.yaml:9"),
        ({"main.tf": MAPPING % "false"}, "labels pubsub disabled @main.tf:2"),
    ],
)
def test_it_reaches_nobody(tmp_path: Path, files: dict[str, str], expected: str) -> None:
    assert said(tmp_path, files) == [expected]


@pytest.mark.parametrize(
    "files",
    [
        {"cron.yaml": CRON % "false"},
        {"serverless.yml": FRAMEWORK % "${self:custom.on}"},
        {"template.yaml": SAM % "ENABLED"},
        {"main.tf": MAPPING % "var.on"},
    ],
)
def test_it_is_on_or_not_to_be_told(tmp_path: Path, files: dict[str, str]) -> None:
    assert said(tmp_path, files) == []
