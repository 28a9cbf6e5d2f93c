"""Patterns of EventBridge that no event fits, and buckets that tell it nothing, in templates and in Terraform."""

from __future__ import annotations

from pathlib import Path

import pytest

from callcheck.probes.event_patterns import PROBE
from tests.tools.deployed import look_with

look = look_with(PROBE)

RULE = "Resources:\n  Scan:\n    Type: AWS::Events::Rule\n    Properties:\n      EventPattern: {%s}\n"
BUCKET = "  Scans:\n    Type: AWS::S3::Bucket\n    Properties: {BucketName: scans%s}\n"
TOLD = ", NotificationConfiguration: {EventBridgeConfiguration: {EventBridgeEnabled: true}}"
CREATED = 'source: [aws.s3], detail-type: ["Object Created"], detail: {bucket: {name: [scans]}}'
TERRAFORM = 'resource "aws_cloudwatch_event_rule" "scan" {\n  event_pattern = jsonencode({\n    source = ["aws.s3"]\n    detail-type = ["%s"]\n    detail = { bucket = { name = ["scans"] } }\n  })\n}\n'
OWN = 'resource "aws_s3_bucket" "scans" {\n  bucket = "scans"\n}\n'
NOTIFIES = 'resource "aws_s3_bucket_notification" "scans" {\n  bucket = aws_s3_bucket.scans.id\n  eventbridge = %s\n}\n'


def said(tmp_path: Path, files: dict[str, str]) -> list[str]:
    return [f"{item.where} {item.fact.effect}" for item in look(tmp_path, files)]


@pytest.mark.parametrize(
    ("files", "told"),
    [
        ({"template.yaml": RULE % "source: [orders], details: {id: [1]}"}, "template.yaml:5 event-name-mismatch"),
        ({"template.yaml": RULE % 'source: [aws.s3], detail-type: ["ObjectCreated:Put"]'}, "template.yaml:5 event-name-mismatch"),
        ({"template.yaml": RULE % CREATED + BUCKET % ""}, "template.yaml:7 missing-subscription"),
        ({"main.tf": TERRAFORM % "s3:ObjectCreated:*"}, "main.tf:4 event-name-mismatch"),
        ({"main.tf": TERRAFORM % "Object Created" + OWN}, "main.tf:8 missing-subscription"),
    ],
    ids=["a field that no event has", "S3's own name", "a quiet bucket", "S3's own name in Terraform", "a quiet bucket in Terraform"],
)
def test_no_event_comes(tmp_path: Path, files: dict[str, str], told: str) -> None:
    assert said(tmp_path, files) == [told]


@pytest.mark.parametrize(
    "files",
    [
        {"template.yaml": RULE % "source: [orders], detail: {id: [1]}"},
        {"template.yaml": RULE % 'source: [aws.s3], detail-type: ["Object Deleted", "Object Created"]'},
        {"template.yaml": RULE % 'source: [aws.s3], detail-type: [{prefix: "Object"}]'},
        {"template.yaml": RULE % CREATED + BUCKET % TOLD},
        {"template.yaml": RULE % CREATED.replace("scans", "elsewhere") + BUCKET % ""},
        {"template.yaml": RULE % CREATED + BUCKET % "" + "  On: {Type: Custom::Notify}\n"},
        {"main.tf": TERRAFORM % "Object Created" + OWN + NOTIFIES % "true"},
    ],
    ids=["the field", "both types", "a prefix", "the bucket tells", "another bucket", "something else may turn it on", "Terraform's bucket tells"],
)
def test_events_come_or_it_cannot_be_told(tmp_path: Path, files: dict[str, str]) -> None:
    assert said(tmp_path, files) == []


def test_a_notification_that_is_turned_off_tells_nothing(tmp_path: Path) -> None:
    assert said(tmp_path, {"main.tf": TERRAFORM % "Object Created" + OWN + NOTIFIES % "false"}) == ["main.tf:8 missing-subscription"]
