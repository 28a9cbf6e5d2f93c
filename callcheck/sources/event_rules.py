"""Which rules of EventBridge do CloudFormation, SAM and the Serverless Framework make?

    Events: {Ripe: {Type: EventBridgeRule, Properties: {EventBusName: !Ref Orchard, Pattern: {source: [sensors]}}}}
    functions: {pick: {events: [{eventBridge: {eventBus: orchard, pattern: {source: [sensors]}}}]}}
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from callcheck.model.noun import dataclass
from callcheck.sources.documents import Table, each_of, value_at
from callcheck.sources.files import File

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
    found = value_at(document, "Resources") or value_at(document, "resources", "Resources")
    return {name: each for name, each in found.items() if isinstance(each, Table)} if isinstance(found, Table) else {}


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
