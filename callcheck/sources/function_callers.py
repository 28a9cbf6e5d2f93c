"""Which services call the functions of Lambda that a deployment makes, and which code is each function's?

    resource "aws_sns_topic_subscription" "intake" { protocol = "lambda", endpoint = aws_lambda_function.intake.arn }
    Intake: {Type: AWS::Serverless::Function, Properties: {Handler: app.handle, CodeUri: intake/, Events: {In: {Type: SQS, ...}}}}
    functions: {intake: {handler: intake/app.handle, events: [{sns: scans}]}}                                # the Serverless Framework

Source: docs.aws.amazon.com/lambda/latest/dg/lambda-services.html.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from callcheck.model.evidence import Lost
from callcheck.model.noun import dataclass, field
from callcheck.model.pattern import pattern
from callcheck.sources.aws_templates import templates
from callcheck.sources.documents import Table, each_of, line_at, value_at
from callcheck.sources.documents.read_hcl import Block
from callcheck.sources.event_rules import referred, resources
from callcheck.sources.files import File
from callcheck.sources.function_constructs import made_in_code
from callcheck.sources.function_events import function_events, queue_of
from callcheck.sources.route_formats import NEW, of_block, of_event, of_resource
from callcheck.sources.terraform import Scope, made

if TYPE_CHECKING:
    from callcheck.sources import Eyes

_FUNCTION = pattern(r"\baws_lambda_(?:function|alias)\.(\w+)")
_SERVICE = pattern(r"\b(sns|sqs|s3|kinesis|dynamodb|events)\.amazonaws\.com")
_QUEUE = pattern(r"\baws_sqs_queue\.(\w+)")
_STREAM = pattern(r"aws_(sqs_queue|dynamodb_table|kinesis_stream)\.|:(sqs|dynamodb|kinesis):")
_NO_CALLERS = ("aws_iam_", "aws_cloudwatch_", "aws_lambda_alias", "aws_lambda_function_event", "aws_lambda_provisioned", "aws_appautoscaling_", "null_", "terraform_")
"""Resources that name a function and never call it."""
_SOURCES = {"AWS::SQS::Queue": "sqs", "AWS::DynamoDB::Table": "dynamodb", "AWS::Kinesis::Stream": "kinesis"}
_TYPES = {
    "sns": "sns", "sqs": "sqs", "s3": "s3", "kinesis": "kinesis", "dynamodb": "dynamodb", "eventbridgerule": "eventbridge", "cloudwatchevent": "eventbridge", "eventbridge": "eventbridge", "sqs_queue": "sqs",
    "dynamodb_table": "dynamodb", "kinesis_stream": "kinesis", "events": "eventbridge",
}  # fmt: skip
"""What the sources of events are called, and the service that each stands for."""


@dataclass(frozen=True, slots=True)
class Caller:
    """One way by which a function is called. `service` is "" for a route, and for one that is not known; `allowed`: it may call, and nothing says that it does."""

    service: str
    path: str
    line: int
    allowed: bool = False
    format: str = ""
    """That in which a route hands on what is requested; "" for what is no route, or not known to be one."""
    queue: str = ""
    """The queue that it hands on from, by the name that it has where it is made; "" for what is no queue, or not made here."""


@dataclass(slots=True)
class Deployed:
    """A function as a deployment makes it; `code` are texts that may name the folder of its code, the surest first."""

    name: str
    handler: str
    code: tuple[str, ...]
    callers: list[Caller] = field(default_factory=list)
    path: str = ""
    line: int = 0
    """Where the handler is named; "" and 0 for one that code puts together."""


def deployed_functions(eyes: Eyes) -> list[Deployed]:
    """Those whose handler is written out; a template that cannot be read gives none. Read once for all who ask."""
    return eyes.once(("deployed-functions",), lambda: _deployed(eyes))


def _deployed(eyes: Eyes) -> list[Deployed]:
    found = list(_of_terraform(eyes).values())
    for each in templates(eyes):
        if not isinstance(each, Lost):
            found += _of_template(*each).values()
    for made_so in made_in_code(eyes):
        callers = [Caller(each.service, each.path, each.line, format=each.format) for each in made_so.callers]
        found.append(Deployed(made_so.name, made_so.handler, made_so.code, callers))
    return found


def _of_terraform(eyes: Eyes) -> dict[tuple[str, str], Deployed]:
    """By folder and label."""
    every = list(made(eyes))
    found: dict[tuple[str, str], Deployed] = {}
    for scope, file, block in every:
        handler = scope.text(block.text("handler"), file) if block.labels[0] == "aws_lambda_function" else ""
        if handler:
            code = [block.text(key) for key in ("filename", "s3_key") if block.text(key)]
            found.setdefault((scope.folder, block.label), Deployed(block.label, handler, (*code, block.label, scope.text(block.text("function_name"), file)), path=file.name, line=block.keys["handler"][1]))
    for scope, file, block in every:
        for label, caller in _calls(scope, file, block):
            if (scope.folder, label) in found:
                found[scope.folder, label].callers.append(caller)
    return found


def _calls(scope: Scope, file: File, block: Block) -> Iterator[tuple[str, Caller]]:
    """Which functions a resource has called."""
    kind = block.labels[0]
    if kind == "aws_s3_bucket_notification":
        for part in block.find("lambda_function"):
            yield from _told(part, "lambda_function_arn", "s3", file)
    elif kind == "aws_lambda_event_source_mapping":
        stream, queue = _STREAM.search(block.text("event_source_arn")), _QUEUE.search(block.text("event_source_arn"))
        yield from _told(block, "function_name", _TYPES[stream[1] or stream[2]] if stream else "", file, queue=queue[1] if queue else "")
    elif kind == "aws_sns_topic_subscription" and scope.text(block.text("protocol"), file) == "lambda":
        yield from _told(block, "endpoint", "sns", file)
    elif kind == "aws_cloudwatch_event_target":
        yield from _told(block, "arn", "" if "input_transformer" in {each.kind for each in block.blocks} or block.text("input") else "eventbridge", file)
    elif kind == "aws_lambda_permission":
        service = _SERVICE.search(block.text("principal"))
        yield from _told(block, "function_name", _TYPES[service[1]] if service else "", file, allowed=True)
    elif kind == "aws_lambda_function_url" or not kind.startswith(_NO_CALLERS):
        handed = of_block(scope, file, block)
        for part in (block, *_inside(block)):
            yield from (told for key in part.keys for told in _told(part, key, "", file, handed=handed) if (kind, told[0]) != ("aws_lambda_function", block.label))


def _inside(block: Block) -> Iterator[Block]:
    for each in block.blocks:
        yield each
        yield from _inside(each)


def _told(block: Block, key: str, service: str, file: File, allowed: bool = False, handed: str = "", queue: str = "") -> Iterator[tuple[str, Caller]]:
    text, line = block.keys.get(key, ("", block.line))
    for label in dict.fromkeys(_FUNCTION.findall(text)):
        yield label, Caller(service, file.name, line, allowed, handed, queue)


def _of_template(file: File, document: Table) -> dict[str, Deployed]:
    found: dict[str, Deployed] = {}
    everywhere = value_at(document, "Globals", "Function")
    for name, each in resources(document).items():
        held = each.get("Properties")
        handler = value_at(held, "Handler") or value_at(everywhere, "Handler")
        if each.get("Type") in ("AWS::Serverless::Function", "AWS::Lambda::Function") and isinstance(handler, str):
            code = value_at(held, "CodeUri") or value_at(everywhere, "CodeUri")
            named = line_at(held, "Handler") or line_at(everywhere, "Handler") or each.line
            found[name] = Deployed(name, handler, (*([code] if isinstance(code, str) else []), name, str(value_at(held, "FunctionName") or "")), path=file.name, line=named)
    functions = document.get("functions")
    for name, keys in functions.items() if isinstance(functions, Table) else ():
        if isinstance(value_at(keys, "handler"), str):
            found[name] = Deployed(name, str(value_at(keys, "handler")), (name,), path=file.name, line=line_at(keys, "handler") or keys.line)
    for name, kind, told, holder, path in function_events(document):
        if name in found:
            service = _streamed(told) if kind == "stream" else _TYPES.get(kind.lower(), "")
            queue = referred(queue_of(kind, told)[0])
            found[name].callers.append(Caller(service, file.name, line_at(holder, *path[:3]) or holder.line, format=of_event(kind, told, holder, document), queue=queue))
    for name, holder, key in _addressed(document):
        if name in found:
            found[name].callers.append(Caller("", file.name, line_at(holder, *key) or holder.line, format=NEW))
    for each in resources(document).values():
        for function, service, allowed in _of_resource(document, each, each.get("Properties")):
            if function in found:
                queue = referred(value_at(each, "Properties", "EventSourceArn"))
                found[function].callers.append(Caller(service, file.name, each.line, allowed, of_resource(str(each.get("Type")), each.get("Properties")), queue))
    return found


def _addressed(document: Table) -> Iterator[tuple[str, Table, tuple[str, ...]]]:
    """Functions that have an address of their own: SAM's `FunctionUrlConfig`, the Serverless Framework's `url`."""
    for name, each in resources(document).items():
        if value_at(each, "Properties", "FunctionUrlConfig") is not None:
            yield name, each, ("Properties", "FunctionUrlConfig")
    functions = document.get("functions")
    for name, keys in functions.items() if isinstance(functions, Table) else ():
        if value_at(keys, "url"):
            yield name, keys, ("url",)


def _streamed(told: Any) -> str:
    """The service of an event `stream`, by its `type` or its ARN."""
    named = re.search(r"dynamodb|kinesis", str(value_at(told, "type") or value_at(told, "arn") or told))
    return named[0] if named else ""


def _of_resource(document: Table, each: Table, told: Any) -> Iterator[tuple[str, str, bool]]:
    """The functions that a resource of CloudFormation has called, by which service, and whether it only may."""
    kind = each.get("Type")
    if kind == "AWS::SNS::Subscription" and value_at(told, "Protocol") == "lambda":
        yield referred(value_at(told, "Endpoint")), "sns", False
    elif kind == "AWS::SNS::Topic":
        yield from ((referred(value_at(row, "Endpoint")), "sns", False) for _, row in each_of(value_at(told, "Subscription")) if value_at(row, "Protocol") == "lambda")
    elif kind == "AWS::S3::Bucket":
        yield from ((referred(value_at(row, "Function")), "s3", False) for _, row in each_of(value_at(told, "NotificationConfiguration", "LambdaConfigurations")))
    elif kind == "AWS::Lambda::EventSourceMapping":
        source = str(value_at(resources(document), referred(value_at(told, "EventSourceArn")), "Type"))
        yield _function(value_at(told, "FunctionName")), _SOURCES.get(source, ""), False
    elif kind == "AWS::Events::Rule":
        yield from ((referred(value_at(row, "Arn")), "eventbridge", False) for _, row in each_of(value_at(told, "Targets")))
    elif kind in ("AWS::ApiGatewayV2::Integration", "AWS::ApiGateway::Method", "AWS::Lambda::Url"):
        yield _function(value_at(told, "IntegrationUri") or value_at(told, "Integration", "Uri") or value_at(told, "TargetFunctionArn")), "", False
    elif kind == "AWS::Lambda::Permission":
        service = _SERVICE.search(str(value_at(told, "Principal")))
        yield _function(value_at(told, "FunctionName")), _TYPES[service[1]] if service else "", True


def _function(value: Any) -> str:
    """`Intake` of `!Ref Intake` and `!GetAtt Intake.Arn`."""
    named = re.search(r"Ref\W{1,6}(\w+)", str(value))
    return referred(value) or (named[1] if named else str(value).removeprefix("!Ref "))
