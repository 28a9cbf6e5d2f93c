"""What a function of Lambda reads is laid beside what calls it."""

from __future__ import annotations

from pathlib import Path

import pytest

from callcheck.model.evidence import Lost
from callcheck.probes.called_kinds import PROBE
from tests.tools.deployed import look_with
from tests.tools.shipped import shipped_knowledge

look = look_with(PROBE, shipped_knowledge())

OF_BUCKET = "def handle(event, context):\n    for record in event['Records']:\n        save(record['s3']['object']['key'])\n"
OPENED = "import json\ndef handle(event, context):\n    for record in event['Records']:\n        told = json.loads(record['Sns']['Message'])\n        for each in told['Records']:\n            save(each['s3']['object']['key'])\n"
OF_QUEUE = "exports.handle = async ({ Records }) => { for (const { body } of Records) await save(JSON.parse(body)); };\n"
FUNCTION = 'resource "aws_lambda_function" "a" {\n  handler = "app.handle"\n  filename = "a.zip"\n}\n'
TOPIC = 'resource "aws_sns_topic_subscription" "a" {\n  protocol = "lambda"\n  endpoint = aws_lambda_function.a.arn\n}\n'
BUCKET = 'resource "aws_s3_bucket_notification" "a" {\n  lambda_function {\n    lambda_function_arn = aws_lambda_function.a.arn\n  }\n}\n'
MAPPED = 'resource "aws_lambda_event_source_mapping" "a" {\n  event_source_arn = aws_sqs_queue.q.arn\n  function_name = aws_lambda_function.a.function_name\n}\n'
RULE = 'resource "aws_cloudwatch_event_target" "a" {\n  rule = aws_cloudwatch_event_rule.r.name\n  arn = aws_lambda_function.a.arn\n}\n'
ROUTE = 'resource "aws_apigatewayv2_integration" "a" {\n  integration_uri = aws_lambda_function.a.invoke_arn\n}\n'
LET_IN = 'resource "aws_lambda_permission" "a" {\n  function_name = aws_lambda_function.a.arn\n  principal = "s3.amazonaws.com"\n}\n'
SAM = "Resources:\n  Intake:\n    Type: AWS::Serverless::Function\n    Properties:\n      Handler: app.handle\n      CodeUri: intake/\n      Events:\n        In: {Type: %s, Properties: {}}\n"
FORMATION = (
    "Resources:\n  Q: {Type: AWS::SQS::Queue}\n  Intake: {Type: AWS::Lambda::Function, Properties: {Handler: app.handle}}\n"
    "  M: {Type: AWS::Lambda::EventSourceMapping, Properties: {EventSourceArn: !GetAtt Q.Arn, FunctionName: !Ref Intake}}\n"
)
FRAMEWORK = "service: x\nfunctions:\n  intake:\n    handler: src/app.handle\n    events:\n      - %s\n"
TWO = 'resource "aws_lambda_function" "b" {\n  handler = "app.handle"\n  filename = "b.zip"\n}\n'


def places(tmp_path: Path, files: dict[str, str]) -> list[str]:
    return [str(each.where) for each in look(tmp_path, files) if not isinstance(each, Lost)]


@pytest.mark.parametrize(
    ("files", "place"),
    [
        ({"app.py": OF_BUCKET, "main.tf": FUNCTION + TOPIC}, "app.py:3"),
        ({"app.py": OF_BUCKET, "main.tf": FUNCTION + MAPPED}, "app.py:3"),
        ({"app.py": OF_BUCKET, "main.tf": FUNCTION + RULE}, "app.py:3"),
        ({"app.js": OF_QUEUE, "main.tf": FUNCTION + TOPIC}, "app.js:1"),
        ({"intake/app.py": OF_BUCKET, "other/app.py": OPENED, "template.yaml": SAM % "SQS"}, "intake/app.py:3"),
        ({"app.py": OF_BUCKET, "template.yaml": FORMATION}, "app.py:3"),
        ({"src/app.js": OF_QUEUE, "app.js": OF_QUEUE, "serverless.yml": FRAMEWORK % "sns: scans"}, "src/app.js:1"),
        ({"src/app.js": "exports.handle = (event) => event.Records.map((r) => f(r.Sns.Message));\n", "serverless.yml": FRAMEWORK % "sqs: {arn: x}"}, "src/app.js:1"),
        ({"src/app.js": "exports.handle = middy((event) => event.Records.map((r) => f(r.Sns.Message))).use(x());\n", "serverless.yml": FRAMEWORK % "sqs: {arn: x}"}, "src/app.js:1"),
        ({"src/app.js": "exports.handle = function inner(event) { return event.Records.map((r) => f(r.Sns.Message)); };\n", "serverless.yml": FRAMEWORK % "sqs: {arn: x}"}, "src/app.js:1"),
        ({"src/app.js": "exports.handle = (event) => { const [first] = event.Records; f(first.dynamodb.NewImage); };\n", "serverless.yml": FRAMEWORK % "stream: {type: kinesis, arn: x}"}, "src/app.js:1"),
        ({"app.py": "import json\ndef handle(event, context):\n    return save(json.loads(event['body'])['id'])\n", "main.tf": FUNCTION + MAPPED}, "app.py:3"),
        ({"app.py": "def handle(event, context):\n    return take(event)\n\ndef take(event):\n    return [r['s3'] for r in event.get('Records', [])]\n", "main.tf": FUNCTION + TOPIC}, "app.py:5"),
        ({"a/app.py": OF_BUCKET, "b/app.py": OPENED, "main.tf": FUNCTION + TWO + TOPIC}, "a/app.py:3"),
    ],
)
def test_another_services_records_are_read(tmp_path: Path, files: dict[str, str], place: str) -> None:
    assert places(tmp_path, files) == [place]


@pytest.mark.parametrize(
    "files",
    [
        {"app.py": OPENED, "main.tf": FUNCTION + TOPIC},
        {"app.py": OF_BUCKET, "main.tf": FUNCTION + BUCKET},
        {"app.py": OF_BUCKET, "main.tf": FUNCTION + TOPIC + BUCKET},
        {"app.py": OF_BUCKET, "main.tf": FUNCTION + TOPIC + LET_IN},
        {"app.py": OF_BUCKET, "main.tf": FUNCTION + TOPIC + ROUTE},
        {"app.py": OF_BUCKET, "main.tf": FUNCTION},
        {"app.js": OF_QUEUE, "main.tf": FUNCTION + MAPPED},
        {"app.py": "def handle(event, context):\n    for record in event['Records']:\n        if 'Sns' in record:\n            continue\n        save(record['s3'])\n", "main.tf": FUNCTION + TOPIC},
        {"app.py": "def handle(event, context):\n    for record in event['Records']:\n        if record['eventSource'] == 'aws:s3':\n            save(record['s3'])\n", "main.tf": FUNCTION + TOPIC},
        {"app.py": "import json\ndef handle(event, context):\n    return save(json.loads(event['body'])['id'])\n", "main.tf": FUNCTION + ROUTE},
        {"a/app.py": OF_BUCKET, "b/app.py": OPENED, "main.tf": FUNCTION.replace("a.zip", "lambda.zip").replace('"a"', '"scan"') + TOPIC.replace("function.a", "function.scan")},
        {"intake/app.py": OF_BUCKET, "template.yaml": SAM % "S3"},
        {"intake/app.py": OF_BUCKET, "template.yaml": SAM % "Api"},
    ],
    ids=["opened", "the bucket itself", "both", "the bucket may", "a route too", "nobody", "its own", "told apart", "by its source", "of a route", "unsure whose", "of SAM", "another of SAM"],
)
def test_what_fits_or_cannot_be_told_is_left_alone(tmp_path: Path, files: dict[str, str]) -> None:
    assert not places(tmp_path, files)
