"""Filters of Lambda's event sources that no record passes, and those that some may."""

from __future__ import annotations

import json

import pytest

from callcheck.probes.event_filters import PROBE
from tests.tools.deployed import look_with
from tests.tools.shipped import shipped_knowledge

look = look_with(PROBE, shipped_knowledge())
SENDS = "import json, os\nimport boto3\nsqs = boto3.client('sqs')\ndef handler(event, context):\n    sqs.send_message(QueueUrl=os.environ['JOBS'], MessageBody=%s)\n"
BODY = "json.dumps({'lane': 3, 'kind': 'paid', 'order': {'id': str(event['id'])}})"


def mapping(source: str, *patterns: dict, view: str = "NEW_AND_OLD_IMAGES", more: str = "") -> str:
    kinds = {"sqs": "AWS::SQS::Queue", "kinesis": "AWS::Kinesis::Stream", "dynamodb": "AWS::DynamoDB::Table"}
    filters = "".join(f"          - Pattern: '{json.dumps(each)}'\n" for each in patterns)
    return (
        f"Resources:\n  Jobs:\n    Type: {kinds[source]}\n    Properties: {{StreamSpecification: {{StreamViewType: {view}}}}}\n"
        f"  Map:\n    Type: AWS::Lambda::EventSourceMapping\n    Properties:\n      EventSourceArn: !GetAtt Jobs.Arn\n      FilterCriteria:\n        Filters:\n{filters}{more}"
    )


def image(name: str, wanted: object, kind: str = "NewImage", **more: object) -> dict:
    return {"dynamodb": {kind: {name: wanted}}, **more}


@pytest.mark.parametrize(
    ("source", "pattern"),
    [
        ("sqs", {"detail": {"kind": ["paid"]}}),
        ("sqs", {"Body": {"kind": ["paid"]}}),
        ("kinesis", {"body": {"kind": ["paid"]}}),
        ("dynamodb", {"eventName": ["insert"]}),
        ("dynamodb", {"NewImage": {"state": {"S": ["paid"]}}}),
        ("dynamodb", image("state", ["paid"])),
        ("dynamodb", image("order", {"state": {"S": ["paid"]}})),
        ("dynamodb", image("price", {"N": [{"numeric": [">", 3]}]})),
        ("dynamodb", image("state", {"S": ["paid"]}, eventName=["REMOVE"])),
        ("dynamodb", image("state", {"S": ["paid"]}, "OldImage", eventName=["INSERT"])),
        ("sqs", {"body": {"lane": ["3"]}}),
        ("sqs", {"body": {"Lane": [3]}}),
        ("sqs", {"body": {"kind": ["Paid"]}}),
        ("sqs", {"body": {"order": {"id": [7]}}}),
        ("sqs", {"body": {"id": ["7"]}}),  # it stands one level deeper
    ],
)
def test_what_lets_nothing_pass(tmp_path, source, pattern) -> None:
    found = look(tmp_path, {"template.yaml": mapping(source, pattern), "send.py": SENDS % BODY})
    assert [(item.where.path, item.where.line) for item in found] == [("template.yaml", 11)]


@pytest.mark.parametrize(
    ("source", "patterns"),
    [
        ("sqs", [{"body": {"lane": [3]}}]),
        ("sqs", [{"body": {"lane": ["3"]}}, {"body": {"lane": [3]}}]),
        ("sqs", [{"body": {"kind": ["refunded"]}}]),  # others may send it
        ("sqs", [{"body": {"lane": [{"numeric": [">", 5]}]}}]),
        ("sqs", [{"body": {"gone": [{"exists": False}]}}]),
        ("sqs", [{"messageAttributes": {"kind": {"stringValue": ["paid"]}}}]),
        ("kinesis", [{"data": {"kind": ["paid"]}}]),
        ("kinesis", [{"partitionKey": ["7"]}]),
        ("dynamodb", [{"eventName": ["INSERT", "MODIFY"]}]),
        ("dynamodb", [image("state", {"S": ["paid"]}, eventName=["INSERT"])]),
        ("dynamodb", [image("price", {"N": ["3"]})]),
        ("dynamodb", [image("state", [{"exists": False}])]),
        ("dynamodb", [image("order", {"M": {"state": {"S": ["paid"]}}})]),
    ],
)
def test_what_some_records_pass(tmp_path, source, patterns) -> None:
    assert look(tmp_path, {"template.yaml": mapping(source, *patterns), "send.py": SENDS % BODY}) == []


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("str(event['id'])", 1),
        ("json.dumps(json.dumps({'lane': 3}))", 1),
        ("json.dumps({**event, 'Lane': 3})", 0),
        ("json.dumps(event)", 0),
        ("event['body']", 0),
        ("json.dumps({'lane': event['lane']})", 0),
        ("json.dumps({'lane': int(event['lane'])})", 1),
    ],
)
def test_bodies_that_are_written_out(tmp_path, body, told) -> None:
    assert len(look(tmp_path, {"template.yaml": mapping("sqs", {"body": {"lane": ["3"]}}), "send.py": SENDS % body})) == told


def test_a_stream_that_carries_the_other_image(tmp_path) -> None:
    wanted = image("state", {"S": ["paid"]}, "OldImage")
    assert len(look(tmp_path, {"template.yaml": mapping("dynamodb", wanted, view="NEW_IMAGE")})) == 1
    assert look(tmp_path, {"template.yaml": mapping("dynamodb", wanted)}) == []


def test_a_queue_of_another_variable_is_not_meant(tmp_path) -> None:
    other = "  Mails: {Type: AWS::SQS::Queue}\n  F: {Type: AWS::Serverless::Function, Properties: {Environment: {Variables: {JOBS: !Ref Mails}}}}\n"
    assert look(tmp_path, {"template.yaml": mapping("sqs", {"body": {"lane": ["3"]}}, more=other), "send.py": SENDS % BODY}) == []
