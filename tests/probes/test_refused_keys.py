"""A key that the sender may not use is told where the queue or topic names it; nothing of one that may be used, or is made elsewhere."""

from __future__ import annotations

from pathlib import Path

import pytest

from callcheck.model.evidence import Evidence
from callcheck.probes.refused_keys import PROBE
from tests.tools.deployed import look_with
from tests.tools.shipped import shipped_knowledge

look = look_with(PROBE, shipped_knowledge())

QUEUE = 'resource "aws_sqs_queue" "q" {\n  kms_master_key_id = %s\n}\nresource "aws_sns_topic_subscription" "s" {\n  protocol = "sqs"\n  endpoint = aws_sqs_queue.q.arn\n}\n'
KEY = 'resource "aws_kms_key" "k" {\n%s}\n'
POLICY = '  policy = jsonencode({ Statement = [{ Principal = { %s }, Action = "kms:*", Resource = "*" }] })\n'
ALIAS = 'resource "aws_kms_alias" "a" {\n  target_key_id = aws_kms_key.k.id\n}\n'
TOPIC = "Resources:\n  T:\n    Type: AWS::SNS::Topic\n    Properties:\n      KmsMasterKeyId: %s\n  R: {Type: AWS::Events::Rule, Properties: {Targets: [{Id: a, Arn: !Ref T}]}}\n"
CDK = "import * as sqs from 'aws-cdk-lib/aws-sqs';\nconst q = new sqs.Queue(this, 'Q', {\n  encryption: sqs.QueueEncryption.%s,\n});\ntopic.addSubscription(new subs.SqsSubscription(q));\n"


def places(folder: Path, files: dict[str, str]) -> list[str]:
    return [str(each.where) for each in look(folder, files) if isinstance(each, Evidence)]


@pytest.mark.parametrize(
    ("files", "place"),
    [
        ({"main.tf": QUEUE % "aws_kms_key.k.id" + KEY % ""}, "main.tf:2"),
        ({"main.tf": QUEUE % "aws_kms_alias.a.name" + ALIAS + KEY % (POLICY % 'AWS = "arn:aws:iam::1:root"')}, "main.tf:2"),
        ({"main.tf": QUEUE % "aws_kms_key.k.id" + KEY % (POLICY % 'Service = "events.amazonaws.com"')}, "main.tf:2"),
        ({"template.yaml": TOPIC % "alias/aws/sns"}, "template.yaml:5"),
        ({"stack.ts": CDK % "KMS_MANAGED", "package.json": "{}"}, "stack.ts:3"),
    ],
)
def test_the_key_is_refused(tmp_path: Path, files: dict[str, str], place: str) -> None:
    assert places(tmp_path, files) == [place]


@pytest.mark.parametrize(
    "files",
    [
        {"main.tf": QUEUE % "aws_kms_key.k.id" + KEY % (POLICY % 'Service = "sns.amazonaws.com"')},
        {"main.tf": QUEUE % "aws_kms_key.k.id" + KEY % "" + 'resource "aws_kms_key_policy" "p" {\n  key_id = aws_kms_key.k.id\n' + POLICY % 'Service = "sns.amazonaws.com"' + "}\n"},
        {"main.tf": QUEUE % "aws_kms_key.k.id" + KEY % "  policy = var.policy\n"},
        {"main.tf": QUEUE % "var.key"},
        {"template.yaml": TOPIC % "!Ref Key"},
        {"stack.ts": CDK % "SQS_MANAGED", "package.json": "{}"},
    ],
)
def test_the_key_may_be_used_or_is_made_elsewhere(tmp_path: Path, files: dict[str, str]) -> None:
    assert places(tmp_path, files) == []
