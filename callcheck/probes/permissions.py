"""May the service that is to call a function, or to send to a queue or topic, do so?

    resource "aws_cloudwatch_event_target" "nightly" { arn = aws_lambda_function.sweep.arn }       # without an aws_lambda_permission for events.amazonaws.com
    Type: AWS::SNS::Subscription, Properties: {Protocol: lambda, Endpoint: !GetAtt Pager.Arn}      # without an AWS::Lambda::Permission for sns.amazonaws.com
    resource "aws_sns_topic_subscription" "l" { protocol = "sqs", endpoint = aws_sqs_queue.labels.arn }    # without an aws_sqs_queue_policy
    resource "aws_apigatewayv2_integration" "in" { integration_uri = aws_lambda_function.hooks.invoke_arn }    # without an aws_lambda_permission for apigateway.amazonaws.com

Sources: docs.aws.amazon.com, eb-use-resource-based (a role, or the policy of the target), sns-lambda-as-subscriber, subscribe-sqs-queue-to-sns-topic,
iot-lambda-rule-action.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Location, Lost
from callcheck.model.facts.routing import SubscriptionBlind
from callcheck.model.facts.traps import LibraryTrap
from callcheck.model.noun import dataclass
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.model.target import Target
from callcheck.model.words import Basis
from callcheck.sources import Eyes
from callcheck.sources.aws_templates import SERVERLESS, TEMPLATES, templates
from callcheck.sources.documents import Table, value_at
from callcheck.sources.event_rules import resources
from callcheck.sources.service_targets import (
    FUNCTION,
    GATEWAY,
    KINDS,
    MARKS,
    QUEUE,
    TARGET,
    TOPIC,
    Wanted,
    policies_told,
    said,
    wanted_in_template,
    wanted_in_terraform,
)
from callcheck.sources.terraform import Scope, scopes

_GUARDS = {"aws_lambda_permission": (FUNCTION, "function_name"), "aws_sqs_queue_policy": (QUEUE, "queue_url"), "aws_sns_topic_policy": (TOPIC, "arn")}
"""What lets a service reach something, and the key that says which."""
_GRANTS = {
    "AWS::Lambda::Permission": (FUNCTION, "FunctionName"),
    "AWS::SQS::QueuePolicy": (QUEUE, "Queues"),
    "AWS::SQS::QueueInlinePolicy": (QUEUE, "Queue"),
    "AWS::SNS::TopicPolicy": (TOPIC, "Topics"),
    "AWS::SNS::TopicInlinePolicy": (TOPIC, "TopicArn"),
}
_NAMES = {FUNCTION: ("function_name", "FunctionName"), QUEUE: ("name", "QueueName"), TOPIC: ("name", "TopicName")}
_SERVICE = pattern(r"\b([a-z0-9-]+)\.(?:[\w-]+\.)?amazonaws\.com\b")
_ANY = pattern(r"\beach\.|\bvar\.|\blocal\.|\bmodule\.|\bdata\.|\bfor\b|Fn::If|ImportValue")
_ANYBODY = pattern(r"[\"']\*[\"']|\bAWS\b[\"']?\s*[=:]")
_UNREACHED = "no permission lets API Gateway call this function, so it answers 500 and the handler is never called; add an aws_lambda_permission for apigateway.amazonaws.com"
_ADDED = "lambda add-permission"


@dataclass(frozen=True, slots=True)
class _Grant:
    """A policy: the kind and the names of what it is about, and all that it says."""

    kind: str
    about: str
    says: str

    def lets(self, wanted: Wanted, name: str) -> bool:
        """Whether it is, or may be, about the target and for the service."""
        about = self.kind == wanted.kind and (bool(_ANY.search(self.about)) or any(re.search(rf"\b{re.escape(each)}\b", self.about) for each in (wanted.target, name) if each))
        services = set(_SERVICE.findall(self.says))
        return about and (not services or wanted.service in services or bool(_ANYBODY.search(self.says)))


class Permissions:
    """Silent where a role is given, and where a policy may be about any target or for any service."""

    name = "permissions"
    looks_at = (*TEMPLATES, SERVERLESS, "*.tf")
    marks = MARKS
    answers = frozenset({SubscriptionBlind, LibraryTrap})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.tree.named(*self.looks_at) else "no templates"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        wanted: list[Wanted] = []
        grants: list[_Grant] = []
        names: dict[tuple[str, str], str] = {}
        for scope in scopes(eyes):
            if isinstance(scope, Lost):
                yield scope
            else:
                wanted += wanted_in_terraform(scope)
                grants += _granted_in_terraform(scope, names)
        for found in templates(eyes):
            if isinstance(found, Lost):
                yield found
                continue
            held = resources(found[1])
            wanted += wanted_in_template(held, found[0].name)
            grants += _granted_in_template(held, names)
        by_hand = bool(wanted) and any(_ADDED in eyes.readable(file, 200_000) for file in eyes.tree.named("*.sh", "Makefile", "*.y*ml"))
        for each in dict.fromkeys(wanted):
            if not (by_hand and each.kind == FUNCTION) and not any(grant.lets(each, names.get((each.kind, each.target), "")) for grant in grants):
                at = Location(clean(each.path), each.line or 1)
                if each.service == GATEWAY:
                    yield Evidence(LibraryTrap("callback-rejected", "strong", _UNREACHED, clean(each.target, 80), "aws-lambda", ""), Basis.DECLARED, self.name, at)
                    continue
                why = "not-permitted" if each.kind == FUNCTION else "not-allowed"
                fact = SubscriptionBlind(clean(each.target, 80), "", why, {"events": "eventbridge"}.get(each.service, each.service))
                yield Evidence(fact, Basis.DECLARED, self.name, at)


def _granted_in_terraform(scope: Scope, names: dict[tuple[str, str], str]) -> Iterator[_Grant]:
    """Policies with the documents that they refer to; a policy within the queue, and a module that is handed a target, count too."""
    blocks = [block for _, root in scope.found for block in root.blocks]
    told = policies_told(scope)
    for block in blocks:
        kind = block.labels[0] if block.kind == "resource" and block.labels else ""
        if block.kind == "module":
            yield from (_Grant(found[1], found[2], "") for found in TARGET.finditer(said(block)))
        elif kind in _GUARDS:
            about, key = _GUARDS[kind]
            yield _Grant(about, f"{block.text(key)} {block.text('for_each')}", told(block.text("principal") or block.text("policy")))
        elif kind in _NAMES:
            names[kind, block.label] = block.text(_NAMES[kind][0])
            if "policy" in block.keys:
                yield _Grant(kind, block.label, told(block.text("policy")))


def _granted_in_template(held: dict[str, Table], names: dict[tuple[str, str], str]) -> Iterator[_Grant]:
    for label, each in held.items():
        told, kind = each.get("Properties"), str(each.get("Type"))
        if kind in _GRANTS:
            about, key = _GRANTS[kind]
            yield _Grant(about, str(value_at(told, key)), str(told))
        elif kind in KINDS:
            names[KINDS[kind], label] = str(value_at(told, _NAMES[KINDS[kind]][1]) or "")


PROBE = Permissions()
