"""What SNS and EventBridge do not hand on, and what SQS hands out while it is still at work."""

from __future__ import annotations

from pathlib import Path

import pytest

from callcheck.model.facts.delivery import EventNeverEmitted
from callcheck.model.facts.routing import RedeliveredEarly, SubscriptionBlind
from callcheck.probes.aws_routes import PROBE
from tests.tools.deployed import look_with
from tests.tools.shipped import shipped_knowledge

look = look_with(PROBE, shipped_knowledge())

FILTER = "Resources:\n  Shipper:\n    Type: AWS::Serverless::Function\n    Properties:\n      Events:\n        Paid:\n          Type: SNS\n          Properties:\n            Topic: !Ref T\n            FilterPolicy: {kind: [paid]}\n"
PUBLISH = "import boto3, json\nsns = boto3.client('sns')\ndef paid(o):\n    sns.publish(TopicArn=T, Message=json.dumps(o)%s)\n"
RULE = "functions:\n  invoice:\n    handler: a.b\n    events:\n      - eventBridge:\n          pattern:\n            source: [shop]\n            detail-type: [%s]\n"
PUT = "exports.paid = (id) => bus.send(new PutEventsCommand({ Entries: [{ Source: 'shop', DetailType: %s, Detail: '{}' }] }));\n"
QUEUE = "Resources:\n  Labels:\n    Type: AWS::SQS::Queue\n    Properties:\n      VisibilityTimeout: %d\n  Printer:\n    Type: AWS::Serverless::Function\n    Properties:\n      Timeout: 120\n      Events:\n        Q:\n          Type: SQS\n          Properties: {Queue: !GetAtt Labels.Arn}\n"
SERVERLESS = "provider: {name: aws%s}\nfunctions:\n  print:\n    handler: a.b\n%s    events:\n      - sqs: %s\nresources:\n  Resources:\n    Labels:\n      Type: AWS::SQS::Queue\n      Properties: {VisibilityTimeout: 30}\n"
ARN = "{arn: !GetAtt Labels.Arn}"
TERRAFORM = 'resource "aws_sqs_queue" "q" {\n  visibility_timeout_seconds = %d\n}\nresource "aws_lambda_function" "f" {\n  timeout = 60\n}\nresource "aws_lambda_event_source_mapping" "m" {\n  event_source_arn = aws_sqs_queue.q.arn\n  function_name = aws_lambda_function.f.arn\n}\n'


def said(tmp_path: Path, files: dict[str, str]) -> list[str]:
    lines = []
    for item in look(tmp_path, files):
        match item.fact:
            case SubscriptionBlind():
                lines.append(f"{item.fact.name} {item.fact.why} @{item.where}")
            case RedeliveredEarly():
                lines.append(f"{item.fact.queue} {item.fact.hidden_s}<{item.fact.works_s} @{item.where}")
            case EventNeverEmitted():
                lines.append(f"{item.fact.event} near {item.fact.near} @{item.where}")
    return lines


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"template.yaml": FILTER, "shop.py": PUBLISH % ""}, "Shipper not-an-attribute @template.yaml:10"),
        ({"template.yaml": FILTER, "shop.py": PUBLISH % ", MessageAttributes={'kind': {'DataType': 'String', 'StringValue': 'PAID'}}"}, "Shipper other-value @template.yaml:10"),
        ({"serverless.yml": RULE % "order.paid", "shop.js": PUT % "'OrderPaid'"}, "order.paid near OrderPaid @serverless.yml:8"),
        ({"template.yaml": QUEUE % 30}, "Labels 30<120 @template.yaml:5"),
        ({"serverless.yml": SERVERLESS % ("", "    timeout: 60\n", ARN)}, "Labels 30<60 @serverless.yml:12"),
        ({"serverless.yml": SERVERLESS % (", timeout: 90", "", "{arn: {Fn::GetAtt: [Labels, Arn]}}")}, "Labels 30<90 @serverless.yml:11"),
        ({"serverless.yml": (SERVERLESS % ("", "", ARN)).replace("30", "5")}, "Labels 5<6 @serverless.yml:11"),
        ({"main.tf": TERRAFORM % 45}, "q 45<60 @main.tf:2"),
    ],
)
def test_it_is_not_handed_on_or_handed_out_again(tmp_path: Path, files: dict[str, str], expected: str) -> None:
    assert said(tmp_path, files) == [expected]


@pytest.mark.parametrize(
    "files",
    [
        {"template.yaml": FILTER, "shop.py": PUBLISH % ", MessageAttributes={'kind': {'DataType': 'String', 'StringValue': 'paid'}}"},
        {"template.yaml": FILTER, "shop.py": PUBLISH % ", MessageAttributes=attributes(o)"},
        {"template.yaml": FILTER + "            FilterPolicyScope: MessageBody\n", "shop.py": PUBLISH % ""},
        {"template.yaml": FILTER},
        {"serverless.yml": RULE % "OrderPaid", "shop.js": PUT % "'OrderPaid'"},
        {"serverless.yml": RULE % "order.paid", "shop.js": PUT % "TYPE"},
        {"serverless.yml": RULE % "order.paid", "shop.js": PUT % "'OrderSent'" + "exports.later = (event) => { event.DetailType = 'order.paid'; };\n"},
        {"serverless.yml": RULE.replace("[shop]", "[bank]") % "order.paid", "shop.js": PUT % "'OrderPaid'"},
        {"template.yaml": QUEUE % 720},
        {"serverless.yml": SERVERLESS % (", timeout: 90", "    timeout: 30\n", ARN)},
        {"serverless.yml": SERVERLESS % ("", "    timeout: 60\n", "{arn: !GetAtt Mails.Arn}")},
        {"serverless.yml": SERVERLESS % ("", "    timeout: ${self:custom.limit}\n", ARN)},
        {"serverless.yml": SERVERLESS % ("", "", ARN)},
        {"main.tf": TERRAFORM % 360},
    ],
)
def test_it_is_handed_on_or_cannot_be_told(tmp_path: Path, files: dict[str, str]) -> None:
    assert said(tmp_path, files) == []
