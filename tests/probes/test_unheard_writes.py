"""A bucket that tells of one way of writing is silent about the others."""

from __future__ import annotations

import pytest

from callcheck.model.facts.traps import LibraryTrap
from callcheck.probes.unheard_writes import PROBE
from tests.tools.deployed import look_with
from tests.tools.shipped import shipped_knowledge

look = look_with(PROBE, shipped_knowledge())

BUCKET = 'resource "aws_s3_bucket" "a" {\n  bucket = "scans"\n}\n'
OTHER = 'resource "aws_s3_bucket" "b" {\n  bucket = "bills"\n}\n'
NOTIFIES = 'resource "aws_s3_bucket_notification" "a" {\n  bucket = aws_s3_bucket.a.id\n  lambda_function {\n    events = [%s]\n    filter_prefix = "in/"\n  }\n}\n'
PUT, ALL, BOTH = '"s3:ObjectCreated:Put"', '"s3:ObjectCreated:*"', '"s3:ObjectCreated:Put", "s3:ObjectCreated:CompleteMultipartUpload"'
HEAD = "import boto3\nfrom boto3.s3.transfer import TransferConfig\ns3 = boto3.client('s3')\n"
PARTS = "s3.upload_file('a', 'scans', 'in/a', Config=TransferConfig(multipart_threshold=%s))\n"
WAYS = {
    "in parts from a size on": (PUT, PARTS % "16 * 1024 * 1024", "strong"),
    "a size that nothing reaches": (PUT, PARTS % "5 * 1024 * 1024 * 1024", "weak"),
    "in parts if it is large": (PUT, "s3.upload_file('a', 'scans', 'in/a')\n", "weak"),
    "a form": (PUT, "s3.generate_presigned_post('scans', 'in/a')\n", "strong"),
    "put": (PUT, "s3.put_object(Bucket='scans', Key='in/a')\n", ""),
    "all are asked for": (ALL, PARTS % "1024", ""),
    "both are asked for": (BOTH, PARTS % "1024", ""),
    "computed": ("var.kind", PARTS % "1024", ""),
    "another prefix": (PUT, "s3.generate_presigned_post('scans', 'out/a')\n", ""),
    "another bucket": (PUT, "s3.generate_presigned_post('bills', 'in/a')\n", ""),
    "a bucket that is not known, of two": (PUT, "s3.generate_presigned_post(bucket(), 'in/a')\n", "fair"),
    "the same, of another folder": (PUT, "s3.generate_presigned_post(bucket(), f'{day}/a')\n", ""),
    "what mostly is large": (PUT, "s3.upload_file('a', 'scans', f'in/{day}.zip')\n", "fair"),
    "the same, at a size that nothing reaches": (PUT, "s3.upload_file('a', 'scans', 'in/a.zip', Config=TransferConfig(multipart_threshold=5 * 1024 * 1024 * 1024))\n", "weak"),
}


@pytest.mark.parametrize("way", WAYS)
def test_a_way_of_writing(tmp_path, way: str) -> None:
    asked, source, strength = WAYS[way]
    found = look(tmp_path, {"main.tf": BUCKET + OTHER + NOTIFIES % asked, "up.py": HEAD + source})
    assert [each.fact.strength for each in found if isinstance(each.fact, LibraryTrap)] == ([strength] if strength else [])


PATTERN = 'resource "aws_cloudwatch_event_rule" "r" {\n  event_pattern = jsonencode({ source = ["aws.s3"], "detail-type" = ["Object Created"], detail = { %s object = { key = [{ prefix = "in/" }] } } })\n}\n'


@pytest.mark.parametrize(("reason", "key", "strengths"), [('reason = ["PutObject"],', "in/a", ["strong"]), ('reason = ["PutObject", "POST Object"],', "in/a", []), ("", "in/a", []), ('reason = ["PutObject"],', "out/a", [])])
def test_the_reason_that_a_pattern_of_eventbridge_asks_for(tmp_path, reason: str, key: str, strengths: list[str]) -> None:
    found = look(tmp_path, {"main.tf": BUCKET + PATTERN % reason, "up.py": HEAD + f"s3.generate_presigned_post('scans', '{key}')\n"})
    assert [each.fact.strength for each in found if isinstance(each.fact, LibraryTrap)] == strengths


def test_a_template_of_examples_says_nothing(tmp_path) -> None:
    sam = "Resources:\n  Scans: {Type: AWS::S3::Bucket}\n  In:\n    Type: AWS::Serverless::Function\n    Properties:\n      Events:\n        New: {Type: S3, Properties: {Bucket: !Ref Scans, Events: s3:ObjectCreated:Put}}\n"
    source = HEAD + "s3.generate_presigned_post('scans', 'in/a')\n"
    assert [each.fact.strength for each in look(tmp_path / "a", {"template.yaml": sam, "up.py": source})] == ["strong"]
    assert not list(look(tmp_path / "b", {"examples/aws/template.yaml": sam, "up.py": source}))
