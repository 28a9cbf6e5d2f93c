"""A rule of EventBridge that waits on another bus than the one on which such events are put."""

from __future__ import annotations

from pathlib import Path

import pytest

from callcheck.probes.event_buses import PROBE
from tests.tools.deployed import look_with
from tests.tools.shipped import shipped_knowledge

look = look_with(PROBE, shipped_knowledge())

PUT = 'import boto3\n\nevents = boto3.client("events")\n\n\ndef picked():\n    events.put_events(Entries=[{%s"Source": "orchard", "DetailType": "picked", "Detail": "{}"}])\n'
RULE = "Resources:\n  Picked:\n    Type: AWS::Events::Rule\n    Properties:\n%s      EventPattern: {source: [%s], detail-type: [picked]}\n"
TERRAFORM = 'resource "aws_cloudwatch_event_rule" "picked" {\n%s  event_pattern = jsonencode({ source = ["orchard"] })\n}\n'
ORCHARD = 'resource "aws_cloudwatch_event_bus" "own" {\n  name = "orchard"\n}\n'
NAMED = '"EventBusName": "orchard", '
TOLD = '"EventBusName": os.environ["BUS_ARN"], '
STACK = (
    "Parameters:\n  OrchardBusArn: {Type: String}\nResources:\n  Fn:\n    Type: AWS::Serverless::Function\n"
    "    Properties:\n      Handler: app.picked\n      Environment: {Variables: {BUS_ARN: !Ref OrchardBusArn}}\n"
)


def said(tmp_path: Path, bus: str, files: dict[str, str]) -> list[str]:
    return [f"{item.where} {item.fact.effect} {item.because[0].where}" for item in look(tmp_path, {"app.py": PUT % bus, **files})]


@pytest.mark.parametrize(
    ("bus", "files", "place"),
    [
        (NAMED, {"template.yaml": RULE % ("", "orchard")}, "template.yaml:5"),
        ("", {"template.yaml": RULE % ("      EventBusName: orchard\n", "orchard")}, "template.yaml:6"),
        (NAMED, {"main.tf": TERRAFORM % ""}, "main.tf:2"),
        ("", {"main.tf": TERRAFORM % "  event_bus_name = aws_cloudwatch_event_bus.own.name\n" + ORCHARD}, "main.tf:3"),
    ],
    ids=["put on its own", "waits on its own", "Terraform, put", "Terraform, waits"],
)
def test_two_buses(tmp_path: Path, bus: str, files: dict[str, str], place: str) -> None:
    assert said(tmp_path, bus, files) == [f"{place} missing-subscription app.py:7"]


@pytest.mark.parametrize(
    ("bus", "files"),
    [
        ("", {"template.yaml": RULE % ("", "orchard")}),
        (NAMED, {"template.yaml": RULE % ("      EventBusName: orchard\n", "orchard")}),
        (NAMED, {"main.tf": TERRAFORM % "  event_bus_name = aws_cloudwatch_event_bus.own.name\n" + ORCHARD}),
        (NAMED, {"template.yaml": RULE % ("", "warehouse")}),
        ('"EventBusName": name_of(order), ', {"template.yaml": RULE % ("", "orchard")}),
        (NAMED, {"template.yaml": RULE % ("      Targets: [{Arn: 'arn:aws:events:eu-west-1:1:event-bus/orchard', Id: on}]\n", "orchard")}),
        (TOLD, {"template.yaml": RULE % ("      EventBusName: orchard\n", "orchard"), "app/template.yaml": STACK}),
    ],
    ids=["both default", "both its own", "Terraform", "events of others", "computed", "handed on", "told at deployment"],
)
def test_one_bus_or_it_cannot_be_told(tmp_path: Path, bus: str, files: dict[str, str]) -> None:
    assert said(tmp_path, bus, files) == []
