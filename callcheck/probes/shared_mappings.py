"""Do two functions take from one queue of SQS, so that each sees a part of the messages?

    Events: {Q: {Type: SQS, Properties: {Queue: !GetAtt Orders.Arn}}}                                        # of two functions
    resource "aws_lambda_event_source_mapping" "mail" { event_source_arn = aws_sqs_queue.orders.arn }        # and another one for the same queue

Filters make it no better: what a mapping's filter does not fit is deleted (docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from callcheck.model.evidence import Evidence, Location, Lost
from callcheck.model.facts.meeting import ConsumersCompete
from callcheck.model.noun import dataclass
from callcheck.model.printable import clean
from callcheck.model.target import Target
from callcheck.model.words import Basis
from callcheck.sources import Eyes
from callcheck.sources.aws_templates import SERVERLESS, TEMPLATES, templates
from callcheck.sources.documents import line_at, value_at
from callcheck.sources.event_rules import referred, resources
from callcheck.sources.function_events import function_events, queue_of
from callcheck.sources.terraform import made


@dataclass(frozen=True, slots=True)
class _Mapping:
    queue: str
    function: str
    path: str
    line: int


class SharedMappings:
    """Silent where a queue, or a function, is computed."""

    name = "shared-mappings"
    looks_at = (*TEMPLATES, SERVERLESS, "*.tf")
    marks = ("SQS", "sqs")
    answers = frozenset({ConsumersCompete})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.tree.named(*self.looks_at) else "no templates"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        first: dict[tuple[str, str], _Mapping] = {}
        for each in (*_in_templates(eyes), *_in_terraform(eyes)):
            if isinstance(each, Lost):
                yield each
                continue
            other = first.setdefault((each.path.rpartition("/")[0], each.queue), each)
            if other.function != each.function:
                fact = ConsumersCompete(clean(each.queue, 80), clean(other.function, 80), clean(each.function, 80), "aws-lambda", "")
                beside = Evidence(fact, Basis.DECLARED, self.name, Location(clean(other.path), other.line or 1), label="the other function takes from it too")
                yield Evidence(fact, Basis.DECLARED, self.name, Location(clean(each.path), each.line or 1), because=(beside,))


def _in_templates(eyes: Eyes) -> Iterator[_Mapping | Lost]:
    for each in templates(eyes):
        if isinstance(each, Lost):
            yield each
            continue
        file, document = each
        for name, kind, told, holder, path in function_events(document):
            value, key = queue_of(kind, told)
            if queue := _queue(value):
                yield _Mapping(queue, name, file.name, line_at(holder, *path, *key))
        for mapping in resources(document).values():
            told = mapping.get("Properties")
            queue = _queue(value_at(told, "EventSourceArn")) if mapping.get("Type") == "AWS::Lambda::EventSourceMapping" else ""
            if queue and value_at(resources(document), queue, "Type") == "AWS::SQS::Queue":
                yield _Mapping(queue, str(value_at(told, "FunctionName")), file.name, line_at(mapping, "Properties", "EventSourceArn") or mapping.line)


def _in_terraform(eyes: Eyes) -> Iterator[_Mapping]:
    for _, file, block in made(eyes):
        named = re.search(r"\baws_sqs_queue\.(\w+)\.arn\b", block.text("event_source_arn")) if block.labels[0] == "aws_lambda_event_source_mapping" else None
        function = re.search(r"\baws_lambda_(?:function|alias)\.(\w+)\.", block.text("function_name")) if named else None
        if named and function:
            yield _Mapping(named[1], function[1], file.name, block.keys["event_source_arn"][1])


def _queue(value: Any) -> str:
    """The queue's name in a template, or the last part of its ARN."""
    if isinstance(value, str) and value.startswith("arn:"):
        return value.rpartition(":")[2] if "$" not in value.rpartition(":")[2] else ""
    return referred(value)


PROBE = SharedMappings()
