"""Which functions, queues and topics are services of AWS to reach, as a deployment says?

    resource "aws_sns_topic_subscription" "l" { protocol = "sqs", endpoint = aws_sqs_queue.labels.arn }
    Type: AWS::Events::Rule, Properties: {Targets: [{Arn: !GetAtt Sweep.Arn}]}
    resource "aws_apigatewayv2_integration" "in" { integration_uri = aws_lambda_function.hooks.invoke_arn }

What reaches its target by a role of its own is left out, and so is S3, which refuses to be told of a target that it may not reach.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from callcheck.model.noun import dataclass
from callcheck.model.pattern import pattern
from callcheck.sources.documents import Table, tables, value_at
from callcheck.sources.documents.read_hcl import Block
from callcheck.sources.terraform import Scope

FUNCTION, QUEUE, TOPIC = "aws_lambda_function", "aws_sqs_queue", "aws_sns_topic"
KINDS = {"AWS::Lambda::Function": FUNCTION, "AWS::Serverless::Function": FUNCTION, "AWS::SQS::Queue": QUEUE, "AWS::SNS::Topic": TOPIC}
GATEWAY = "apigateway"
TARGET = pattern(r"\b(aws_lambda_function|aws_sqs_queue|aws_sns_topic)\.(\w+)(?:\[[^\]]*\])?\.(?:arn|qualified_arn|invoke_arn|id)\b")
_INTEGRATIONS = {"aws_apigatewayv2_integration": ("integration_uri", "credentials_arn"), "aws_api_gateway_integration": ("uri", "credentials")}
_HOLDING: dict[str, tuple[tuple[str, str, str], ...]] = {
    "aws_iot_topic_rule": (("lambda", "function_arn", "iot"),),
    "aws_cognito_user_pool": (("lambda_config", "", "cognito-idp"),),
}
"""Resources that name a target in a block: the block, its key ("" for any), and the service."""
MARKS = (
    "aws_cloudwatch_event_target", "aws_sns_topic_subscription", "aws_lb_target_group_attachment", *_HOLDING, *_INTEGRATIONS,
    "AWS::ApiGateway", "AWS::Events::Rule", "AWS::SNS::Subscription", "AWS::SNS::Topic", "AWS::Cognito::UserPool",
)  # fmt: skip
"""One of these stands in each file that tells of such a service."""
_DOCUMENT = pattern(r"data\.aws_iam_policy_document\.(\w+)(?:\[[^\]]*\])?\.json")
_OF_SERVERLESS = pattern(r"^\w+LambdaFunction$")


@dataclass(frozen=True, slots=True)
class Wanted:
    """A service that is to reach a target."""

    service: str
    """The first part of its principal: `events` of `events.amazonaws.com`."""
    kind: str
    target: str
    path: str
    line: int


def wanted_in_terraform(scope: Scope) -> Iterator[Wanted]:
    for file, block in scope.resources():
        kind = block.labels[0]
        if kind == "aws_cloudwatch_event_target" and "role_arn" not in block.keys:
            yield from _of_value("events", block, "arn", file.name)
        elif kind == "aws_sns_topic_subscription" and scope.text(block.text("protocol"), file) in ("lambda", "sqs"):
            yield from _of_value("sns", block, "endpoint", file.name)
        elif kind == "aws_lb_target_group_attachment":
            yield from _of_value("elasticloadbalancing", block, "target_id", file.name)
        elif kind in _HOLDING:
            for inner, key, service in _HOLDING[kind]:
                for each in block.find(inner):
                    yield from (told for name in ([key] if key else each.keys) for told in _of_value(service, each, name, file.name))
        elif kind in _INTEGRATIONS and _INTEGRATIONS[kind][1] not in block.keys:
            yield from _of_value(GATEWAY, block, _INTEGRATIONS[kind][0], file.name)


def _of_value(service: str, block: Block, key: str, path: str) -> Iterator[Wanted]:
    found = TARGET.search(block.text(key))
    if found is not None and (service != GATEWAY or found[1] == FUNCTION):
        yield Wanted(service, found[1], found[2], path, block.keys[key][1])


def wanted_in_template(held: dict[str, Table], path: str) -> Iterator[Wanted]:
    def to(service: str, table: Table, key: str) -> Iterator[Wanted]:
        named = re.findall(r"[A-Za-z]\w*", str(table.get(key)))
        name = next((each for each in named if each in held or _OF_SERVERLESS.match(each)), "")
        kind = KINDS.get(str(held[name].get("Type"))) if name in held else FUNCTION
        if name and kind is not None:
            yield Wanted(service, kind, name, path, table.lines.get(key, table.line))

    for each in held.values():
        told, kind = each.get("Properties"), each.get("Type")
        rows = value_at(told, "Targets") if kind == "AWS::Events::Rule" else value_at(told, "Subscription") if kind == "AWS::SNS::Topic" else None
        for row in tables(rows):
            if kind == "AWS::Events::Rule" and "RoleArn" not in row:
                yield from to("events", row, "Arn")
            elif kind == "AWS::SNS::Topic" and row.get("Protocol") in ("lambda", "sqs"):
                yield from to("sns", row, "Endpoint")
        if kind == "AWS::ApiGatewayV2::Integration" and isinstance(told, Table) and "CredentialsArn" not in told:
            yield from (found for found in to(GATEWAY, told, "IntegrationUri") if found.kind == FUNCTION)
        elif kind == "AWS::ApiGateway::Method" and isinstance(inner := value_at(told, "Integration"), Table) and "Credentials" not in inner:
            yield from (found for found in to(GATEWAY, inner, "Uri") if found.kind == FUNCTION)
        if kind == "AWS::SNS::Subscription" and isinstance(told, Table) and told.get("Protocol") in ("lambda", "sqs"):
            yield from to("sns", told, "Endpoint")
        elif kind == "AWS::Cognito::UserPool" and isinstance(config := value_at(told, "LambdaConfig"), Table):
            for key in config:
                yield from to("cognito-idp", config, key)


def policies_told(scope: Scope) -> Callable[[str], str]:
    """What puts all that a policy document of a folder says in the place of each reference to it."""
    blocks = [block for _, root in scope.found for block in root.blocks]
    documents = {block.label: said(block) for block in blocks if block.kind == "data" and block.labels[:1] == ("aws_iam_policy_document",)}
    return lambda text: _DOCUMENT.sub(lambda found: documents.get(found[1], found[0]), text)


def said(block: Block) -> str:
    """All that a block says, the blocks in it included."""
    return " ".join([*(f"{name} = {value}" for name, (value, _) in block.keys.items()), *map(said, block.blocks)])
