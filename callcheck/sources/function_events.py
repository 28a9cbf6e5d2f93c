"""Which events call the functions of a template?

    Events: {Paid: {Type: SNS, Properties: {Topic: !Ref Orders}}}          # SAM
    functions: {pick: {events: [{sqs: {arn: !GetAtt Orders.Arn}}]}}        # the Serverless Framework
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from callcheck.sources.documents import Table, each_of, value_at
from callcheck.sources.event_rules import resources

_FUNCTIONS = ("AWS::Serverless::Function", "AWS::Lambda::Function")


def function_events(document: Table) -> Iterator[tuple[str, str, Any, Any, tuple[str | int, ...]]]:
    """Function, kind of event, its keys, the document they stand in, and the path to them, for SAM and the Serverless Framework."""
    for name, resource in resources(document).items():
        events = value_at(resource, "Properties", "Events") if str(value_at(resource, "Type")) in _FUNCTIONS else None
        for event, told in events.items() if isinstance(events, Table) else ():
            yield name, str(value_at(told, "Type")), value_at(told, "Properties"), resource, ("Properties", "Events", event, "Properties")
    functions = document.get("functions")
    for name, keys in functions.items() if isinstance(functions, Table) else ():
        for index, listed in each_of(value_at(keys, "events")):
            for kind, told in listed.items():
                yield name, kind, told, keys, ("events", index, kind)


def queue_of(kind: str, told: Any) -> tuple[Any, tuple[str, ...]]:
    """What an event of SQS says of its queue, and the key that says it: SAM's `Queue`, the Serverless Framework's `arn`, or the event itself; None for others."""
    key = next((key for key in ("Queue", "arn") if isinstance(told, Table) and key in told), "") if kind.lower() == "sqs" else ""
    return (told[key], (key,)) if key else (told if kind == "sqs" and isinstance(told, str) else None, ())
