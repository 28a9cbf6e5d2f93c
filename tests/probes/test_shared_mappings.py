"""Two functions take from one queue, or each from its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from callcheck.model.facts.meeting import ConsumersCompete
from callcheck.probes.shared_mappings import PROBE
from tests.tools.deployed import look_with

look = look_with(PROBE)

SAM = "Resources:\n  Orders: {Type: AWS::SQS::Queue}\n  A:\n    Type: AWS::Serverless::Function\n    Properties:\n      Events: {Q: {Type: SQS, Properties: {Queue: !GetAtt Orders.Arn}}}\n  B:\n    Type: AWS::Serverless::Function\n    Properties:\n      Events: {Q: {Type: SQS, Properties: {Queue: !GetAtt %s.Arn}}}\n"
SERVERLESS = "functions:\n  a: {events: [{sqs: 'arn:aws:sqs:eu-west-1:1:orders'}]}\n  b: {events: [{sqs: {arn: 'arn:aws:sqs:eu-west-1:1:%s'}}]}\n"
MAPPING = 'resource "aws_lambda_event_source_mapping" "%s" {\n  event_source_arn = aws_%s.arn\n  function_name = aws_lambda_function.%s.arn\n}\n'


def said(tmp_path: Path, files: dict[str, str]) -> list[str]:
    return [f"{each.fact.name}: {each.fact.here}, {each.fact.there} @{each.where}" for each in look(tmp_path, files) if isinstance(each.fact, ConsumersCompete)]


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"template.yaml": SAM % "Orders"}, ["Orders: A, B @template.yaml:10"]),
        ({"template.yaml": SAM % "Mails"}, []),
        ({"serverless.yml": SERVERLESS % "orders"}, ["orders: a, b @serverless.yml:3"]),
        ({"serverless.yml": SERVERLESS % "mails"}, []),
        ({"main.tf": MAPPING % ("a", "sqs_queue.q", "a") + MAPPING % ("b", "sqs_queue.q", "b")}, ["q: a, b @main.tf:6"]),
        ({"main.tf": MAPPING % ("a", "sqs_queue.q", "a") + MAPPING % ("b", "sqs_queue.q", "a")}, []),
        ({"main.tf": MAPPING % ("a", "kinesis_stream.s", "a") + MAPPING % ("b", "kinesis_stream.s", "b")}, []),
    ],
    ids=["SAM", "two queues", "the Serverless Framework", "two of its queues", "Terraform", "one function", "a stream gives everything to each"],
)
def test_who_takes_from_one_queue(tmp_path: Path, files: dict[str, str], expected: list[str]) -> None:
    assert said(tmp_path, files) == expected
