"""May the service that is to call a function, or to send to a queue or topic, do so?

    resource "aws_cloudwatch_event_target" "nightly" { arn = aws_lambda_function.sweep.arn }       # without an aws_lambda_permission for events.amazonaws.com
    Type: AWS::SNS::Subscription, Properties: {Protocol: lambda, Endpoint: !GetAtt Pager.Arn}      # without an AWS::Lambda::Permission for sns.amazonaws.com
    resource "aws_sns_topic_subscription" "l" { protocol = "sqs", endpoint = aws_sqs_queue.labels.arn }    # without an aws_sqs_queue_policy

Sources: docs.aws.amazon.com, eb-use-resource-based (a role, or the policy of the target), sns-lambda-as-subscriber, subscribe-sqs-queue-to-sns-topic,
iot-lambda-rule-action.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Location, Lost
from callcheck.model.facts.routing import SubscriptionBlind
from callcheck.model.noun import dataclass
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.model.target import Target
from callcheck.model.words import Basis
from callcheck.sources import Eyes
from callcheck.sources.aws_templates import SERVERLESS, TEMPLATES, templates
from callcheck.sources.documents import Table, tables, value_at
from callcheck.sources.documents.read_hcl import Block
from callcheck.sources.event_rules import resources
from callcheck.sources.terraform import Scope, scopes

_TARGET = pattern(r"\b(aws_lambda_function|aws_sqs_queue|aws_sns_topic)\.(\w+)(?:\[[^\]]*\])?\.(?:arn|qualified_arn|id)\b")
_FUNCTION, _QUEUE, _TOPIC = "aws_lambda_function", "aws_sqs_queue", "aws_sns_topic"
_KINDS = {"AWS::Lambda::Function": _FUNCTION, "AWS::Serverless::Function": _FUNCTION, "AWS::SQS::Queue": _QUEUE, "AWS::SNS::Topic": _TOPIC}
_GUARDS = {"aws_lambda_permission": (_FUNCTION, "function_name"), "aws_sqs_queue_policy": (_QUEUE, "queue_url"), "aws_sns_topic_policy": (_TOPIC, "arn")}
"""What lets a service reach something, and the key that says which."""
_GRANTS = {
    "AWS::Lambda::Permission": (_FUNCTION, "FunctionName"),
    "AWS::SQS::QueuePolicy": (_QUEUE, "Queues"),
    "AWS::SQS::QueueInlinePolicy": (_QUEUE, "Queue"),
    "AWS::SNS::TopicPolicy": (_TOPIC, "Topics"),
    "AWS::SNS::TopicInlinePolicy": (_TOPIC, "TopicArn"),
}
_NAMES = {_FUNCTION: ("function_name", "FunctionName"), _QUEUE: ("name", "QueueName"), _TOPIC: ("name", "TopicName")}
_SERVICE = pattern(r"\b([a-z0-9-]+)\.(?:[\w-]+\.)?amazonaws\.com\b")
_ANY = pattern(r"\beach\.|\bvar\.|\blocal\.|\bmodule\.|\bdata\.|\bfor\b|Fn::If|ImportValue")
_ANYBODY = pattern(r"[\"']\*[\"']|\bAWS\b[\"']?\s*[=:]")
_ADDED = "lambda add-permission"
_DOCUMENT = pattern(r"data\.aws_iam_policy_document\.(\w+)(?:\[[^\]]*\])?\.json")
_OF_SERVERLESS = pattern(r"^\w+LambdaFunction$")


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A service that is to reach a target."""

    service: str
    """The first part of its principal: `events` of `events.amazonaws.com`."""
    kind: str
    target: str
    path: str
    line: int


@dataclass(frozen=True, slots=True)
class _Grant:
    """A policy: the kind and the names of what it is about, and all that it says."""

    kind: str
    about: str
    says: str

    def lets(self, wanted: _Wanted, name: str) -> bool:
        """Whether it is, or may be, about the target and for the service."""
        about = self.kind == wanted.kind and (bool(_ANY.search(self.about)) or any(re.search(rf"\b{re.escape(each)}\b", self.about) for each in (wanted.target, name) if each))
        services = set(_SERVICE.findall(self.says))
        return about and (not services or wanted.service in services or bool(_ANYBODY.search(self.says)))


class Permissions:
    """Silent where a role is given, and where a policy may be about any target or for any service."""

    name = "permissions"
    looks_at = (*TEMPLATES, SERVERLESS, "*.tf")
    marks = ("aws_cloudwatch_event_target", "aws_sns_topic_subscription", "aws_iot_topic_rule", "AWS::Events::Rule", "AWS::SNS::Subscription", "AWS::SNS::Topic")
    answers = frozenset({SubscriptionBlind})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.tree.named(*self.looks_at) else "no templates"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        wanted: list[_Wanted] = []
        grants: list[_Grant] = []
        names: dict[tuple[str, str], str] = {}
        for scope in scopes(eyes):
            if isinstance(scope, Lost):
                yield scope
            else:
                wanted += _wanted_in_terraform(scope)
                grants += _granted_in_terraform(scope, names)
        for found in templates(eyes):
            if isinstance(found, Lost):
                yield found
                continue
            held = resources(found[1])
            wanted += _wanted_in_template(held, found[0].name)
            grants += _granted_in_template(held, names)
        by_hand = bool(wanted) and any(_ADDED in eyes.readable(file, 200_000) for file in eyes.tree.named("*.sh", "Makefile", "*.y*ml"))
        for each in dict.fromkeys(wanted):
            if not (by_hand and each.kind == _FUNCTION) and not any(grant.lets(each, names.get((each.kind, each.target), "")) for grant in grants):
                why = "not-permitted" if each.kind == _FUNCTION else "not-allowed"
                fact = SubscriptionBlind(clean(each.target, 80), "", why, {"events": "eventbridge"}.get(each.service, each.service))
                yield Evidence(fact, Basis.DECLARED, self.name, Location(clean(each.path), each.line or 1))


def _wanted_in_terraform(scope: Scope) -> Iterator[_Wanted]:
    for file, block in scope.resources():
        kind = block.labels[0]
        if kind == "aws_cloudwatch_event_target" and "role_arn" not in block.keys:
            yield from _of_value("events", block, "arn", file.name)
        elif kind == "aws_sns_topic_subscription" and scope.text(block.text("protocol"), file) in ("lambda", "sqs"):
            yield from _of_value("sns", block, "endpoint", file.name)
        elif kind == "aws_iot_topic_rule":
            for each in block.find("lambda"):
                yield from _of_value("iot", each, "function_arn", file.name)


def _of_value(service: str, block: Block, key: str, path: str) -> Iterator[_Wanted]:
    found = _TARGET.search(block.text(key))
    if found is not None:
        yield _Wanted(service, found[1], found[2], path, block.keys[key][1])


def _granted_in_terraform(scope: Scope, names: dict[tuple[str, str], str]) -> Iterator[_Grant]:
    """Policies with the documents that they refer to; a policy within the queue, and a module that is handed a target, count too."""
    blocks = [block for _, root in scope.found for block in root.blocks]
    documents = {block.label: _said(block) for block in blocks if block.kind == "data" and block.labels[:1] == ("aws_iam_policy_document",)}

    def told(text: str) -> str:
        return _DOCUMENT.sub(lambda found: documents.get(found[1], found[0]), text)

    for block in blocks:
        kind = block.labels[0] if block.kind == "resource" and block.labels else ""
        if block.kind == "module":
            yield from (_Grant(found[1], found[2], "") for found in _TARGET.finditer(_said(block)))
        elif kind in _GUARDS:
            about, key = _GUARDS[kind]
            yield _Grant(about, f"{block.text(key)} {block.text('for_each')}", told(block.text("principal") or block.text("policy")))
        elif kind in _NAMES:
            names[kind, block.label] = block.text(_NAMES[kind][0])
            if "policy" in block.keys:
                yield _Grant(kind, block.label, told(block.text("policy")))


def _said(block: Block) -> str:
    return " ".join([*(f"{name} = {value}" for name, (value, _) in block.keys.items()), *map(_said, block.blocks)])


def _granted_in_template(held: dict[str, Table], names: dict[tuple[str, str], str]) -> Iterator[_Grant]:
    for label, each in held.items():
        told, kind = each.get("Properties"), str(each.get("Type"))
        if kind in _GRANTS:
            about, key = _GRANTS[kind]
            yield _Grant(about, str(value_at(told, key)), str(told))
        elif kind in _KINDS:
            names[_KINDS[kind], label] = str(value_at(told, _NAMES[_KINDS[kind]][1]) or "")


def _wanted_in_template(held: dict[str, Table], path: str) -> Iterator[_Wanted]:
    def to(service: str, table: Table, key: str) -> Iterator[_Wanted]:
        named = re.findall(r"[A-Za-z]\w*", str(table.get(key)))
        name = next((each for each in named if each in held or _OF_SERVERLESS.match(each)), "")
        kind = _KINDS.get(str(held[name].get("Type"))) if name in held else _FUNCTION
        if name and kind is not None:
            yield _Wanted(service, kind, name, path, table.lines.get(key, table.line))

    for each in held.values():
        told, kind = each.get("Properties"), each.get("Type")
        rows = value_at(told, "Targets") if kind == "AWS::Events::Rule" else value_at(told, "Subscription") if kind == "AWS::SNS::Topic" else None
        for row in tables(rows):
            if kind == "AWS::Events::Rule" and "RoleArn" not in row:
                yield from to("events", row, "Arn")
            elif kind == "AWS::SNS::Topic" and row.get("Protocol") in ("lambda", "sqs"):
                yield from to("sns", row, "Endpoint")
        if kind == "AWS::SNS::Subscription" and isinstance(told, Table) and told.get("Protocol") in ("lambda", "sqs"):
            yield from to("sns", told, "Endpoint")


PROBE = Permissions()
