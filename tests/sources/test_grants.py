"""What the roles allow is read as it is listed; what a policy by name, a construct or a framework may add counts as allowed, and roles that stand elsewhere leave all open."""

from __future__ import annotations

from pathlib import Path

import pytest

from callcheck.model.knowledge import Knowledge
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.grants import Grant, grants

SERVERLESS = "provider:\n  iam:\n    role:\n      statements:\n        - Effect: Allow\n          Action:\n            - sns:Publish\n          Resource: '*'\n"


def read(folder: Path, files: dict[str, str]):
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
    return grants(Eyes(Target(folder, folders=(folder,)), Knowledge()))


@pytest.mark.parametrize(
    ("path", "text", "line"),
    [
        ("serverless.yml", SERVERLESS, 7),
        ("template.yaml", "Resources:\n  F:\n    Properties:\n      Policies:\n        - Statement: [{Effect: Allow, Action: sns:Publish, Resource: '*'}]\n", 5),
        ("iam.tf", 'data "aws_iam_policy_document" "f" {\n  statement {\n    actions = ["sns:Publish"]\n  }\n}\n', 3),
        ("infra/stack.ts", "import * as iam from 'aws-cdk-lib/aws-iam';\nf.addToRolePolicy(new iam.PolicyStatement({ actions: ['sns:Publish'], resources: ['*'] }));\n", 2),
    ],
)  # fmt: skip
def test_an_action_is_listed_where_it_stands(tmp_path, path: str, text: str, line: int) -> None:
    found = read(tmp_path, {path: text})
    assert found.listed == [Grant("sns:Publish", path, line)] and not found.open
    assert found.allows("sns:Publish") and not found.allows("sns:PublishBatch")


@pytest.mark.parametrize(
    ("files", "allowed"),
    [
        ({"serverless.yml": SERVERLESS.replace("sns:Publish", "sns:*")}, ["sns:PublishBatch"]),
        ({"template.yaml": "Policies:\n  - SQSSendMessagePolicy: {QueueName: a}\n"}, ["sqs:SendMessage"]),
        ({"template.yaml": "ManagedPolicyArns: ['arn:aws:iam::aws:policy/AmazonBedrockFullAccess']\n"}, ["bedrock:InvokeModel"]),
        ({"stack.ts": "import * as iam from 'aws-cdk-lib/aws-iam';\nbus.grantPutEventsTo(f);\n"}, ["events:PutEvents"]),
        ({"serverless.yml": "functions:\n  a:\n    events:\n      - websocket: {route: a}\n"}, ["execute-api:ManageConnections"]),
        ({"template.yaml": "ManagedPolicyArns: ['arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole']\n"}, []),
    ],
)  # fmt: skip
def test_what_may_be_allowed_besides_counts_as_allowed(tmp_path, files: dict[str, str], allowed: list[str]) -> None:
    found = read(tmp_path, files)
    asked = ["sns:PublishBatch", "sqs:SendMessage", "bedrock:InvokeModel", "events:PutEvents", "execute-api:ManageConnections", "lambda:InvokeFunction"]
    assert [each for each in asked if found.allows(each)] == allowed and not found.open


@pytest.mark.parametrize(
    "text",
    [
        "provider:\n  iam:\n    role: arn:aws:iam::123456789012:role/own\n",
        "provider:\n  iam:\n    role:\n      statements: ${file(../iam.yml):statements}\n",
        "Statement: [{Effect: Allow, Action: '*', Resource: '*'}]\n",
    ],
)  # fmt: skip
def test_roles_that_stand_elsewhere_leave_it_open(tmp_path, text: str) -> None:
    assert read(tmp_path, {"serverless.yml": text}).open
