"""Which filters of Lambda's event sources does no record pass?

    Pattern: '{"body": {"lane": ["3"]}}'                                     # MessageBody=json.dumps({"lane": 3, ...}): a number is no text
    Pattern: '{"dynamodb": {"NewImage": {"state": ["paid"]}}}'               # there it is {"state": {"S": "paid"}}
    Pattern: '{"detail": {"kind": ["paid"]}}'                                # of SQS, whose records have a body

What passes no filter is never handed on, and SQS deletes it. Sources: docs.aws.amazon.com/lambda/latest/dg, invocation-eventfiltering, with-sqs-filtering, with-kinesis-filtering,
with-ddb-filtering (of the types of attributes, numbers come as texts), with-kafka-filtering; sns/latest/dg, sns-sqs-as-subscriber (the envelope).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from callcheck.model.evidence import Evidence, Location, Lost
from callcheck.model.facts.traps import LibraryTrap
from callcheck.model.noun import dataclass
from callcheck.model.printable import clean
from callcheck.model.target import Target
from callcheck.model.words import Basis
from callcheck.sources import Eyes
from callcheck.sources.aws_templates import SERVERLESS, TEMPLATES
from callcheck.sources.code import Code
from callcheck.sources.code.every_text import every_text, ways
from callcheck.sources.code.seen import seen
from callcheck.sources.code.sent_bodies import KINESIS, SQS, Body, fields, sent_bodies
from callcheck.sources.code.tree import Call, Conditional, Literal, Node, Object, Template, last_name
from callcheck.sources.documents import Table
from callcheck.sources.event_filters import DYNAMODB, KAFKA, MQ, Filter, Filtered, filtered
from callcheck.sources.named_resources import named_by
from callcheck.sources.topic_queues import topic_queues

_STREAMS = frozenset({"eventSource", "eventVersion", "eventID", "eventName", "invokeIdentityArn", "awsRegion", "eventSourceARN"})
_FIELDS = {
    SQS: frozenset({"messageId", "receiptHandle", "body", "attributes", "messageAttributes", "md5OfBody", "md5OfMessageAttributes", "eventSource", "eventSourceARN", "awsRegion"}),
    KINESIS: _STREAMS | {"kinesis", "kinesisSchemaVersion", "partitionKey", "sequenceNumber", "data", "approximateArrivalTimestamp"},
    DYNAMODB: _STREAMS | {"dynamodb", "userIdentity", "tableName", "recordFormat"},
    KAFKA: frozenset({"topic", "partition", "offset", "timestamp", "timestampType", "key", "value", "headers"}),
}
"""What a record of each has at its top; what one of MQ has depends on the broker."""
_CALLED = {SQS: "body", KINESIS: "data", DYNAMODB: "dynamodb", KAFKA: "value", MQ: "data"}
_TYPES = frozenset({"S", "N", "B", "SS", "NS", "BS", "M", "L", "BOOL", "NULL"})
_CHANGES = frozenset({"INSERT", "MODIFY", "REMOVE"})
_ENVELOPE = frozenset({"Type", "MessageId", "TopicArn", "Subject", "Message", "Timestamp", "SignatureVersion", "Signature", "SigningCertURL", "UnsubscribeURL", "MessageAttributes"})
_NUMBERS = frozenset({"Number", "parseInt", "parseFloat", "int", "float", "len"})
_TEXTS = frozenset({"String", "str", "toString", "toISOString", "isoformat", "strftime", "join", "uuid4", "randomUUID"})


@dataclass(frozen=True, slots=True)
class _Reason:
    """Why a filter lets nothing pass; `near` where what is sent is nearly that which is asked for."""

    why: str
    near: bool
    sent: Node | None = None


class EventFilters:
    """Silent where one of several filters may let something pass, and where what is sent is not written out or may come from others."""

    name = "event-filters"
    looks_at = (*TEMPLATES, SERVERLESS, "*.tf", "*.ts", "*.js", "*.mjs", "*.py")
    marks = ("FilterCriteria", "filterPatterns", "filter_criteria")
    answers = frozenset({LibraryTrap})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk else "no folder given"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        every = list(filtered(eyes))
        for each in every:
            reasons = [_by_shape(each, one) for one in each.filters]
            if not all(reasons) and each.kind == SQS:
                reasons = [_enveloped(one) for one in each.filters] if _wrapped(eyes, each) else reasons
            if not all(reasons) and each.kind in (SQS, KINESIS) and eyes.code.present:
                reasons = _by_bodies(eyes, each, _sent(eyes, each.kind) or [], len({one.of for one in every if one.kind == each.kind}) == 1)
            reason = reasons[0] if all(reasons) else None
            if reason is not None:
                yield self._told(each, reason)

    def _told(self, each: Filtered, reason: _Reason) -> Evidence:
        fact = LibraryTrap("event-name-mismatch", "strong", clean(reason.why, 160), "", "aws-lambda", "")
        because = (seen(fact, reason.sent, self.name, label="this is what is sent"),) if reason.sent is not None else ()
        return Evidence(fact, Basis.DECLARED, self.name, Location(clean(each.path), each.filters[0].line), because=because)


def _by_shape(each: Filtered, one: Filter) -> _Reason | None:
    """Why no record of its kind has what a filter asks for."""
    known, top = _FIELDS.get(each.kind), one.pattern
    if known is not None and top and not top.keys() & known and "$or" not in top:
        return _Reason(f"records of {each.kind} have no field {clean(next(iter(top)), 40)}, so none passes this filter and all are dropped; ask for what stands in {_CALLED[each.kind]}", True)
    return _of_table(each, top) if each.kind == DYNAMODB else None


def _of_table(each: Filtered, top: Table) -> _Reason | None:
    kinds = top.get("eventName")
    named = {kind for kind in kinds if isinstance(kind, str)} if isinstance(kinds, list) and all(isinstance(kind, str) for kind in kinds) else set()
    if named and not named & _CHANGES:
        return _Reason(f"changes of a table are called INSERT, MODIFY and REMOVE, and none of them {clean(min(named), 40)}, so no change passes this filter", True)
    record = top.get("dynamodb")
    for image, missing, view in (("NewImage", "REMOVE", "OLD_IMAGE"), ("OldImage", "INSERT", "NEW_IMAGE"), ("Keys", "", "")):
        held = record.get(image) if isinstance(record, Table) else None
        if not isinstance(held, Table) or _absent(held):
            continue
        if named == {missing} or (view and each.images in (view, "KEYS_ONLY")):
            what = f"what is told of {missing}" if named == {missing} else f"a stream of {each.images}"
            return _Reason(f"{what} has no {image}, so no change passes this filter; ask for the other image, or have the stream carry both", True)
        for name, wanted in held.items():
            reason = _of_attribute(name, wanted) if not name.startswith("$") else None
            if reason:
                return _Reason(reason, True)
    return None


def _of_attribute(name: str, wanted: Any) -> str:
    shown = clean(name, 30)
    if isinstance(wanted, list) and wanted and not any(isinstance(rule, dict) for rule in wanted):
        return f"a record has {shown} as {{\"S\": ...}}, with its type around it, so no change passes this filter; ask for {shown}: {{S: [...]}}"
    if isinstance(wanted, Table) and wanted and not wanted.keys() & _TYPES and "$or" not in wanted:
        return f"a record has {shown} with its type around it, as S, N, BOOL or M, so no change passes this filter; ask for {shown}: {{M: {{...}}}}"
    numbers = wanted.get("N") if isinstance(wanted, Table) else None
    if isinstance(numbers, list) and numbers and all(_is_number(rule) or (isinstance(rule, dict) and "numeric" in rule) for rule in numbers):
        return f"a record has the number {shown} as a text, {{\"N\": \"3\"}}, so none passes a filter for numbers; ask for the text, N: [\"3\"]"
    return ""


def _absent(value: Any) -> bool:
    """Whether a pattern asks that something be not there."""
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return (isinstance(value, dict) and value.get("exists") is False) or any(map(_absent, parts))


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _wrapped(eyes: Eyes, each: Filtered) -> bool:
    """Whether all that comes into a queue is what SNS puts there, in its envelope."""
    mine = [one for one in topic_queues(eyes).subscribed if one.queue == each.of] if each.of else []
    return bool(mine) and not any(one.raw for one in mine) and not (eyes.code.present and _sent(eyes, SQS) != [])


def _sent(eyes: Eyes, kind: str) -> list[Body] | None:
    """What the code sends there, looked for once."""
    return eyes.once(("sent-bodies", kind), lambda: sent_bodies(eyes.code, kind))


def _enveloped(one: Filter) -> _Reason | None:
    body = one.pattern.get("body")
    if not isinstance(body, Table) or not body or _absent(body) or "$or" in body:
        return None
    strange = next((key for key in body if key not in _ENVELOPE), "")
    if strange or isinstance(body.get("Message"), Table):
        return _Reason(f"SNS puts an envelope into the queue, whose Message is a text, so none has {clean(strange or 'Message', 30)} as asked and SQS deletes all; turn raw delivery on", True)
    return None


def _by_bodies(eyes: Eyes, each: Filtered, bodies: list[Body], only: bool) -> list[_Reason | None]:
    """Why none of the messages that go out passes, for each filter."""
    mine, sure = [], True
    for body in bodies:
        queues = named_by(eyes, body.variable) if body.variable else frozenset()
        if each.of and queues and each.of not in queues:
            continue
        mine.append(body)
        sure = sure and (only or each.of in queues)
    key = _CALLED[each.kind]
    found: list[_Reason | None] = []
    for one in each.filters:
        asked = one.pattern.get(key)
        reasons = [_unmet(eyes.code, asked, body) for body in mine] if isinstance(asked, Table) else []
        near = next((reason for reason in reasons if reason is not None and reason.near), None)
        known = all(reasons) and bool(reasons) and (near is not None or (sure and not any(each.of == row.queue for row in topic_queues(eyes).subscribed)))
        found.append((near or reasons[0]) if known else None)
    return found


def _unmet(code: Code, asked: Table, body: Body) -> _Reason | None:
    if _absent(asked) or "$or" in asked:
        return None
    if body.held is None:
        return _Reason("what is sent is a text and no JSON object, so none of it passes a filter for fields, and it is dropped; send JSON", True, body.call)
    return _within(code, asked, body.held, body.held)


def _within(code: Code, asked: Table, held: Object, whole: Object) -> _Reason | None:
    if any(entry.key is None for entry in held.entries):
        return None  # spread, or under a computed name
    for key, wanted in asked.items():
        value = held.get(key)
        if value is None:
            near = next((name for name, inner in fields(whole) if _fold(name) == _fold(key) or (inner is not None and inner.get(key) is not None)), "")
            instead = f"; it has {clean(near, 30)}" if near and near != key else ""
            return _Reason(f"no message that is sent has {clean(key, 30)} where this filter asks for it{instead}, so none passes and all are dropped", bool(near), held)
        reason = _value(code, key, wanted, value, whole)
        if reason is not None:
            return reason
    return None


def _value(code: Code, key: str, wanted: Any, value: Node, whole: Object) -> _Reason | None:
    if isinstance(wanted, Table):
        inner = value if isinstance(value, Object) else code.origins.of(value).node
        return _within(code, wanted, inner, whole) if isinstance(inner, Object) else None
    if not isinstance(wanted, list) or not wanted or any(isinstance(rule, dict) for rule in wanted):
        return None
    texts, numbers = {rule for rule in wanted if isinstance(rule, str)}, {rule for rule in wanted if _is_number(rule)}
    kind, shown = _kind(code, value), clean(key, 30)
    if (texts and not numbers and kind == "number") or (numbers and not texts and kind == "text"):
        is_, other = ("a number", "a text") if kind == "number" else ("a text", "a number")
        return _Reason(f"{shown} is sent as {is_} and this filter asks for {other}, which is never the same, so no message passes and all are dropped", True, value)
    known = every_text(code, value) if texts and not numbers else None
    if known and not texts & known.keys():
        near = next((text for text in known if _fold(text) in {_fold(each) for each in texts}), "")
        if near:
            return _Reason(f"{shown} is {clean(near, 40)} in what is sent, and this filter asks for {clean(min(texts), 40)}, so no message passes and all are dropped", True, value)
    return None


def _kind(code: Code, value: Node) -> str:
    """Whether a value is surely a text or a number, by each of its ways; "" if that is not known."""
    kinds = {_kind_of(way) for way in ways(code, value)}
    return kinds.pop() if len(kinds) == 1 else ""


def _kind_of(value: Node | None) -> str:
    if isinstance(value, Literal):
        return "text" if isinstance(value.value, str) else "number" if _is_number(value.value) else ""
    if isinstance(value, Call):
        return "number" if last_name(value.callee) in _NUMBERS else "text" if last_name(value.callee) in _TEXTS else ""
    if isinstance(value, Conditional):
        return _kind_of(value.then) if _kind_of(value.then) == _kind_of(value.orelse) else ""
    return "text" if isinstance(value, Template) else ""


def _fold(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())


PROBE = EventFilters()
