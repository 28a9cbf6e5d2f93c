"""For how long does a queue of SQS hide a message that was taken from it, where an app's own workers take from it?

    resource "aws_sqs_queue" "flights" { visibility_timeout_seconds = 60 }
    Jobs: {Type: AWS::SQS::Queue, Properties: {VisibilityTimeout: 60}}
    new sqs.Queue(this, "Jobs", { visibilityTimeout: Duration.minutes(1) })          new aws.sqs.Queue("jobs", { visibilityTimeoutSeconds: 60 })

Source: docs.aws.amazon.com/AWSSimpleQueueService, sqs-visibility-timeout: 30 s where nobody says it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from callcheck.model.evidence import Lost
from callcheck.model.noun import dataclass
from callcheck.model.pattern import pattern
from callcheck.sources.aws_templates import templates
from callcheck.sources.code.arithmetic import number_of
from callcheck.sources.code.call_forms import given_as
from callcheck.sources.code.imports import is_test
from callcheck.sources.code.origins import Origins
from callcheck.sources.code.scopes import module_of
from callcheck.sources.code.tree import Assign, Call, Literal, Node, dotted, last_name
from callcheck.sources.documents import line_at, value_at
from callcheck.sources.event_rules import resources
from callcheck.sources.function_events import function_events, queue_of
from callcheck.sources.terraform import made

if TYPE_CHECKING:
    from callcheck.sources import Eyes

UNSAID_S = 30
_QUEUE = pattern(r"aws_sqs_queue\.(\w+)")
_ASIDE = pattern(r"(?i)dlq|dead|redrive|undeliver|poison|failed")
_UNITS = {"seconds": 1, "minutes": 60, "hours": 3600, "days": 86400}
_KEYS = ("visibilityTimeout", "visibility_timeout", "visibilityTimeoutSeconds", "visibility_timeout_seconds")


@dataclass(frozen=True, slots=True)
class Hiding:
    """One queue; `seconds` is None where it is computed."""

    queue: str
    seconds: int | None
    path: str
    line: int


def hidings(eyes: Eyes) -> list[Hiding]:
    """Of all queues but those for dead letters, and those that Lambda takes from by itself."""
    found = [*_in_terraform(eyes), *_in_templates(eyes)]
    if eyes.code.present:
        found += _in_code(eyes)
    return [each for each in found if not _ASIDE.search(each.queue)]


def _in_terraform(eyes: Eyes) -> Iterator[Hiding]:
    every = list(made(eyes))
    elsewhere = {label for _, _, block in every if block.labels[0] == "aws_lambda_event_source_mapping" for label in _QUEUE.findall(block.text("event_source_arn"))}
    for scope, file, block in every:
        if block.labels[0] != "aws_sqs_queue" or block.label in elsewhere:
            continue
        if "visibility_timeout_seconds" in block.keys:
            said = scope.settled(block.keys["visibility_timeout_seconds"], file)
            text = said.value.strip('"')
            yield Hiding(block.label, int(text) if text.isdigit() else None, said.file.name, said.line)
        else:
            yield Hiding(block.label, UNSAID_S, file.name, block.line)


def _in_templates(eyes: Eyes) -> Iterator[Hiding]:
    for each in templates(eyes):
        if isinstance(each, Lost):
            continue
        file, document = each
        elsewhere = " ".join(str(queue_of(kind, told)[0]) for _, kind, told, _, _ in function_events(document))
        elsewhere += " ".join(str(value_at(row, "Properties", "EventSourceArn")) for row in resources(document).values() if row.get("Type") == "AWS::Lambda::EventSourceMapping")
        for name, row in resources(document).items():
            if row.get("Type") == "AWS::SQS::Queue" and not re.search(rf"\b{re.escape(name)}\b", elsewhere):
                said = value_at(row, "Properties", "VisibilityTimeout")
                seconds = UNSAID_S if said is None else said if isinstance(said, int) else None
                yield Hiding(name, seconds, file.name, line_at(row, "Properties", "VisibilityTimeout") or row.line)


def _in_code(eyes: Eyes) -> Iterator[Hiding]:
    """By CDK and Pulumi; whether a function of Lambda takes from it is told by `SqsEventSource`."""
    for call in eyes.code.project.calls("Queue"):
        module = module_of(call)
        if is_test(module.path) or not dotted(call.callee).endswith("sqs.Queue") or "SqsEventSource" in module.text or "onEvent" in module.text:
            continue
        said = next((node for key in _KEYS if (node := given_as(call, key)) is not None), None)
        names = [each.value for each in call.args if isinstance(each, Literal) and isinstance(each.value, str)]
        held = last_name(call.parent.targets[0]) if isinstance(call.parent, Assign) else ""
        yield Hiding(names[0] if names else held, UNSAID_S if said is None else seconds_of(eyes.code.origins, said), module.path, said.line if said is not None else call.line)


def seconds_of(origins: Origins, node: Node | None) -> int | None:
    """What a number of seconds, or CDK's `Duration.minutes(5)`, comes to; None for what is computed."""
    said = _UNITS.get(last_name(node.callee)) if isinstance(node, Call) and node.args else None
    number = number_of(origins, node.args[0] if said is not None and isinstance(node, Call) else node)
    return None if number is None else int(number * (said or 1))
