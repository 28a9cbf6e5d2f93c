"""Where a unit is replaced in its place, nobody runs it for a while."""

from __future__ import annotations

from pathlib import Path

import pytest

from callcheck.model.evidence import Evidence
from callcheck.model.facts.deployment import ServiceGap
from callcheck.probes.rollout_gaps import PROBE
from tests.tools.deployed import look_with

look = look_with(PROBE)

UNIT = "apiVersion: apps/v1\nkind: %s\nmetadata: {name: biller}\nspec:\n  replicas: %d\n%s  template: {spec: {containers: [{name: a, image: b}]}}\n"
ECS = 'resource "aws_ecs_service" "biller" {\n  name = "biller"\n  desired_count = 1\n%s}\n'
TERRAFORM = 'resource "kubernetes_deployment" "biller" {\n  metadata { name = "biller" }\n  spec {\n    strategy {\n      type = "%s"\n    }\n  }\n}\n'
TEMPLATE = "Resources:\n  Biller:\n    Type: AWS::ECS::Service\n    Properties:\n      ServiceName: biller\n      DeploymentConfiguration: {MinimumHealthyPercent: 0, MaximumPercent: %d}\n"
COMPOSE = "services:\n  biller:\n    image: b\n    deploy:\n      update_config: {order: %s}\n"


@pytest.mark.parametrize(
    ("name", "text", "line"),
    [
        ("k8s.yaml", UNIT % ("Deployment", 1, "  strategy: {type: Recreate}\n"), 6),
        ("k8s.yaml", UNIT % ("Deployment", 3, "  strategy: {type: Recreate}\n"), 6),
        ("k8s.yaml", UNIT % ("Deployment", 1, "  strategy: {rollingUpdate: {maxSurge: 0}}\n"), 6),
        ("k8s.yaml", UNIT % ("StatefulSet", 1, ""), 5),
        ("main.tf", ECS % "  deployment_minimum_healthy_percent = 0\n  deployment_maximum_percent = 100\n", 4),
        ("main.tf", TERRAFORM % "Recreate", 5),
        ("template.yaml", TEMPLATE % 100, 6),
        ("compose.yaml", COMPOSE % "stop-first", 5),
    ],
)
def test_a_gap_that_is_written_down_is_stated(tmp_path: Path, name: str, text: str, line: int) -> None:
    found = [each for each in look(tmp_path, {name: text}) if isinstance(each, Evidence) and isinstance(each.fact, ServiceGap)]
    assert [(each.service, each.where and each.where.line) for each in found] == [("biller", line)]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("k8s.yaml", UNIT % ("Deployment", 1, "  strategy: {type: RollingUpdate}\n")),
        ("k8s.yaml", UNIT % ("Deployment", 2, "  strategy: {rollingUpdate: {maxSurge: 0}}\n")),
        ("k8s.yaml", UNIT % ("StatefulSet", 3, "")),
        ("main.tf", ECS % "  deployment_minimum_healthy_percent = 0\n  deployment_maximum_percent = 200\n"),
        ("main.tf", TERRAFORM % "RollingUpdate"),
        ("template.yaml", TEMPLATE % 200),
        ("compose.yaml", COMPOSE % "start-first"),
    ],
)
def test_the_next_one_is_there_first(tmp_path: Path, name: str, text: str) -> None:
    assert not look(tmp_path, {name: text})
