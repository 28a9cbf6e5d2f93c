"""Which rules of EventBridge do CloudFormation, SAM, the Serverless Framework and Terraform make?

    Events: {Ripe: {Type: EventBridgeRule, Properties: {EventBusName: !Ref Orchard, Pattern: {source: [sensors]}}}}
    functions: {pick: {events: [{eventBridge: {eventBus: orchard, pattern: {source: [sensors]}}}]}}
    resource "aws_cloudwatch_event_rule" "ripe" { event_pattern = jsonencode({ source = ["sensors"] }) }
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from callcheck.model.evidence import Lost
from callcheck.model.noun import dataclass
from callcheck.sources.documents import Table, each_of, value_at
from callcheck.sources.documents.hcl_values import table_of
from callcheck.sources.documents.read_hcl import Block
from callcheck.sources.files import File
from callcheck.sources.terraform import Scope, scopes

if TYPE_CHECKING:
    from callcheck.sources import Eyes

_RULES = ("EventBridgeRule", "CloudWatchEvent", "eventBridge", "AWS::Events::Rule")


@dataclass(frozen=True, slots=True)
class Asked:
    """One pattern, and where it stands; `line` is that of the key which holds it."""

    pattern: Table
    file: File
    line: int
    bus: Any = None
    """The bus as it is named, None for none."""


def resources(document: Table) -> dict[str, Table]:
    """Those of a template, of the Serverless Framework's file, and of a part of it that holds nothing else."""
    told = document.get("resources")
    parts = [document, *(told if isinstance(told, list) else [told])]
    found = [held for part in parts if isinstance(held := value_at(part, "Resources"), Table)]
    if not found and any(str(value_at(each, "Type")).startswith("AWS::") for each in document.values()):
        found = [document]
    return {name: each for part in found for name, each in part.items() if isinstance(each, Table)}


def referred(value: Any) -> str:
    """`Labels` of `!GetAtt Labels.Arn`, however it is written; "" for what refers to no ARN."""
    named = re.search(r"\b([A-Za-z]\w*)(?:\.Arn|'?,\s*'?Arn)", str(value))
    return named[1] if named else ""


def in_template(document: Table, file: File) -> Iterator[Asked]:
    """Of rules, and of the events of functions, in CloudFormation, SAM and the Serverless Framework."""
    held: list[Table] = []
    for resource in resources(document).values():
        events = value_at(resource, "Properties", "Events")
        held += [resource] if resource.get("Type") in _RULES else []
        held += [each for each in events.values() if isinstance(each, Table)] if isinstance(events, Table) else []
    for each in held:
        told = each.get("Properties")
        if each.get("Type") in _RULES and isinstance(told, Table):
            yield from (Asked(told[key], file, told.lines[key], told.get("EventBusName")) for key in ("Pattern", "EventPattern") if isinstance(told.get(key), Table))
    functions = document.get("functions")
    for function in functions.values() if isinstance(functions, Table) else ():
        for _, listed in each_of(value_at(function, "events")):
            given = listed.get("eventBridge")
            if isinstance(given, Table) and isinstance(given.get("pattern"), Table):
                yield Asked(given["pattern"], file, given.lines["pattern"], given.get("eventBus"))


def in_terraform(eyes: Eyes) -> Iterator[Asked | Lost]:
    """Of every `event_pattern`, those that the public module for EventBridge is given included; a reference in it that is not known stands for
    itself, as `aws_s3_bucket.scans.id`."""
    for scope in scopes(eyes):
        if isinstance(scope, Lost):
            yield scope
            continue
        for file, block in scope.resources():
            held = scope.value(eyes, block.keys["event_pattern"], file, referred=True) if "event_pattern" in block.keys else None
            if isinstance(held, Table):
                bus = scope.settled(block.keys["event_bus_name"], file).value.strip('"') if "event_bus_name" in block.keys else None
                yield Asked(held, file, block.keys["event_pattern"][1], bus)
        for file, root in scope.found:
            for block in root.blocks:
                if block.kind == "module" and "eventbridge" in block.text("source"):
                    yield from _of_module(scope, eyes, file, block)


def _of_module(scope: Scope, eyes: Eyes, file: File, block: Block) -> Iterator[Asked]:
    """`module "events" { bus_name = "orchard", rules = { ripe = { event_pattern = jsonencode({...}) } } }`, which makes the bus unless it is told not to."""
    rules = next((table_of(each, lambda name: scope.value(eyes, (name, 0), file, referred=True)) for each in block.blocks if each.kind == "rules"), None)
    for each in rules.values() if rules is not None else ():
        if isinstance(each, Table) and isinstance(each.get("event_pattern"), Table):
            bus = block.text("bus_name") if block.text("create_bus") != "false" else ""
            yield Asked(each["event_pattern"], file, each.lines["event_pattern"], bus or None)
