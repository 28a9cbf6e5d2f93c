"""Which services may not reach what waits for them, by Terraform and by templates."""

from __future__ import annotations

from pathlib import Path

import pytest

from callcheck.model.facts.routing import SubscriptionBlind
from callcheck.probes.permissions import PROBE
from tests.tools.deployed import look_with

look = look_with(PROBE)

SWEEP = 'resource "aws_lambda_function" "sweep" {\n  function_name = "nightly-sweep"\n}\nresource "aws_cloudwatch_event_target" "t" {\n  rule = aws_cloudwatch_event_rule.t.name\n  arn  = aws_lambda_function.sweep.arn\n%s}\n'
PERMISSION = 'resource "aws_lambda_permission" "p" {\n  action = "lambda:InvokeFunction"\n  function_name = %s\n  principal = "%s.amazonaws.com"\n}\n'
LABELS = 'resource "aws_sqs_queue" "labels" {\n  name = "labels"\n%s}\nresource "aws_sns_topic_subscription" "l" {\n  protocol = "sqs"\n  endpoint = aws_sqs_queue.labels.arn\n}\n'
POLICY = 'resource "aws_sqs_queue_policy" "l" {\n  queue_url = aws_sqs_queue.%s.id\n  policy = %s\n}\n'
STATED = 'jsonencode({ Statement = [{ Principal = { Service = "%s.amazonaws.com" }, Action = "sqs:SendMessage" }] })'
DOCUMENT = 'data "aws_iam_policy_document" "d" {\n  statement {\n    principals {\n      type = "Service"\n      identifiers = ["%s.amazonaws.com"]\n    }\n  }\n}\n'
ALERT = 'resource "aws_cloudwatch_event_target" "t" {\n  arn = aws_sns_topic.alerts.arn\n}\n'
IOT = 'resource "aws_iot_topic_rule" "r" {\n  lambda {\n    function_arn = aws_lambda_function.sweep.arn\n  }\n}\n'
TEMPLATE = (
    "Resources:\n  Pager:\n    Type: AWS::Lambda::Function\n  Rule:\n    Type: AWS::Events::Rule\n    Properties:\n      Targets:\n        - Id: a\n          Arn: !GetAtt Pager.Arn\n%s"
)
TOPIC = "Resources:\n  Alerts:\n    Type: AWS::SNS::Topic\n    Properties:\n      Subscription:\n        - {Protocol: sqs, Endpoint: !GetAtt Q.Arn}\n  Q: {Type: AWS::SQS::Queue}\n%s"
SERVERLESS = "functions: {sweep: {handler: a.b}}\nresources:\n  Resources:\n    Rule:\n      Type: AWS::Events::Rule\n      Properties:\n        Targets:\n          - {Id: a, Arn: !GetAtt SweepLambdaFunction.Arn}\n"


def said(tmp_path: Path, files: dict[str, str]) -> list[str]:
    return [f"{item.fact.system} {item.fact.name} {item.fact.why} @{item.where}" for item in look(tmp_path, files) if isinstance(item.fact, SubscriptionBlind)]


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"main.tf": SWEEP % ""}, "eventbridge sweep not-permitted @main.tf:6"),
        ({"main.tf": SWEEP % "" + PERMISSION % ("aws_lambda_function.sweep.arn", "s3")}, "eventbridge sweep not-permitted @main.tf:6"),
        ({"main.tf": SWEEP % "" + PERMISSION % ("aws_lambda_function.other.arn", "events")}, "eventbridge sweep not-permitted @main.tf:6"),
        ({"main.tf": LABELS % ""}, "sns labels not-allowed @main.tf:6"),
        ({"main.tf": LABELS % "" + POLICY % ("labels", STATED % "events")}, "sns labels not-allowed @main.tf:6"),
        ({"main.tf": LABELS % "" + POLICY % ("labels", "data.aws_iam_policy_document.d.json") + DOCUMENT % "s3"}, "sns labels not-allowed @main.tf:6"),
        ({"main.tf": ALERT}, "eventbridge alerts not-allowed @main.tf:2"),
        ({"main.tf": IOT}, "iot sweep not-permitted @main.tf:3"),
        ({"template.yaml": TEMPLATE % ""}, "eventbridge Pager not-permitted @template.yaml:9"),
        ({"template.yaml": TOPIC % ""}, "sns Q not-allowed @template.yaml:6"),
        ({"serverless.yml": SERVERLESS}, "eventbridge SweepLambdaFunction not-permitted @serverless.yml:8"),
    ],
)
def test_it_may_not_be_reached(tmp_path: Path, files: dict[str, str], expected: str) -> None:
    assert said(tmp_path, files) == [expected]


@pytest.mark.parametrize(
    "files",
    [
        {"main.tf": SWEEP % "" + PERMISSION % ("aws_lambda_function.sweep.function_name", "events")},
        {"main.tf": SWEEP % "" + PERMISSION % ('"nightly-sweep"', "events")},
        {"main.tf": SWEEP % "" + PERMISSION % ("each.value", "events")},
        {"main.tf": SWEEP % "  role_arn = aws_iam_role.r.arn\n"},
        {"main.tf": SWEEP % "", "deploy.sh": "aws lambda add-permission --function-name nightly-sweep\n"},
        {"main.tf": LABELS % "" + POLICY % ("labels", STATED % "sns")},
        {"main.tf": LABELS % "" + POLICY % ("labels", "data.aws_iam_policy_document.d.json") + DOCUMENT % "sns"},
        {"main.tf": LABELS % "" + POLICY % ("labels", "data.aws_iam_policy_document.elsewhere.json")},
        {"main.tf": LABELS % "  policy = data.aws_iam_policy_document.elsewhere.json\n"},
        {"main.tf": LABELS % "" + 'module "access" {\n  source = "./access"\n  queues = [aws_sqs_queue.labels.arn]\n}\n'},
        {"main.tf": 'resource "aws_cloudwatch_event_target" "t" {\n  arn = module.sweep.lambda_function_arn\n}\n'},
        {"template.yaml": TEMPLATE % "  P:\n    Type: AWS::Lambda::Permission\n    Properties: {FunctionName: !Ref Pager, Principal: events.amazonaws.com}\n"},
        {"template.yaml": TOPIC % "  P:\n    Type: AWS::SQS::QueuePolicy\n    Properties: {Queues: [!Ref Q], PolicyDocument: {Statement: [{Principal: {Service: sns.amazonaws.com}}]}}\n"},
    ],
)
def test_it_may_be_reached_or_that_cannot_be_told(tmp_path: Path, files: dict[str, str]) -> None:
    assert said(tmp_path, files) == []


HOOKS = 'resource "aws_lambda_function" "hooks" {\n  function_name = "hooks"\n}\nresource "aws_apigatewayv2_integration" "in" {\n  integration_type = "AWS_PROXY"\n  integration_uri = aws_lambda_function.hooks.invoke_arn\n%s}\n'
METHOD = "Resources:\n  Hooks: {Type: AWS::Lambda::Function}\n  In:\n    Type: AWS::ApiGateway::Method\n    Properties:\n      Integration:\n        Type: AWS_PROXY\n        Uri: !Sub arn:aws:apigateway:eu:lambda:path/2015-03-31/functions/${Hooks.Arn}/invocations\n%s"


@pytest.mark.parametrize(
    ("files", "place"),
    [
        ({"main.tf": HOOKS % ""}, "main.tf:6"),
        ({"main.tf": HOOKS % "" + PERMISSION % ("aws_lambda_function.hooks.function_name", "events")}, "main.tf:6"),
        ({"template.yaml": METHOD % ""}, "template.yaml:8"),
    ],
)
def test_a_gateway_may_not_call(tmp_path: Path, files: dict[str, str], place: str) -> None:
    assert [(item.fact.effect, str(item.where)) for item in look(tmp_path, files)] == [("callback-rejected", place)]


@pytest.mark.parametrize(
    "files",
    [
        {"main.tf": HOOKS % "" + PERMISSION % ("aws_lambda_function.hooks.function_name", "apigateway")},
        {"main.tf": HOOKS % "  credentials_arn = aws_iam_role.in.arn\n"},
        {"main.tf": HOOKS % "" + PERMISSION % ("each.value", "apigateway")},
        {"template.yaml": METHOD % "  P: {Type: AWS::Lambda::Permission, Properties: {FunctionName: !Ref Hooks, Principal: apigateway.amazonaws.com}}\n"},
    ],
)
def test_a_gateway_may_call(tmp_path: Path, files: dict[str, str]) -> None:
    assert list(look(tmp_path, files)) == []


ALLOWED = 'resource "aws_lambda_permission" "scan" {\n  function_name = aws_lambda_function.scan.function_name\n  principal = "%s.amazonaws.com"\n}\n'


@pytest.mark.parametrize(
    ("service", "resource"),
    [
        ("cognito-idp", 'resource "aws_cognito_user_pool" "a" {\n  lambda_config {\n    post_confirmation = aws_lambda_function.scan.arn\n  }\n}\n'),
        ("elasticloadbalancing", 'resource "aws_lb_target_group_attachment" "a" {\n  target_id = aws_lambda_function.scan.arn\n}\n'),
    ],
)
def test_every_service_that_calls_a_function_wants_a_permission_of_its_own(tmp_path: Path, service: str, resource: str) -> None:
    def blind(name: str, principal: str) -> list[str]:
        found = look(tmp_path / name, {"main.tf": 'resource "aws_lambda_function" "scan" {\n  function_name = "scan"\n}\n' + resource + ALLOWED % principal})
        return [each.fact.name for each in found if isinstance(each.fact, SubscriptionBlind)]

    assert blind("other", "sns") == ["scan"]
    assert blind("own", service) == []
