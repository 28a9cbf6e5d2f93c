"""By which filters does Lambda take from queues and streams for a function: those that an event source mapping is given?

    Events: {Weigh: {Type: SQS, Properties: {Queue: !GetAtt Weights.Arn, FilterCriteria: {Filters: [{Pattern: '{"body": {"lane": [3]}}'}]}}}}        # SAM
    functions: {weigh: {events: [{sqs: {arn: !GetAtt Weights.Arn, filterPatterns: [{body: {lane: [3]}}]}}]}}
    resource "aws_lambda_event_source_mapping" "w" { filter_criteria { filter { pattern = jsonencode({ body = { lane = [3] } }) } } }
    new SqsEventSource(weights, { filters: [FilterCriteria.filter({ body: { lane: FilterRule.isEqual(3) } })] })

Sources: docs.aws.amazon.com/lambda/latest/dg, invocation-eventfiltering; serverless.com, events sqs and streams; aws-cdk-lib, aws_lambda.FilterRule.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from callcheck.model.errors import SourceError
from callcheck.model.noun import dataclass, field
from callcheck.model.pattern import pattern
from callcheck.sources.aws_templates import templates
from callcheck.sources.code import Code
from callcheck.sources.code.call_forms import given_as
from callcheck.sources.code.imports import is_test
from callcheck.sources.code.scopes import module_of
from callcheck.sources.code.sent_bodies import KINESIS, SQS
from callcheck.sources.code.tree import Call, Literal, Member, Name, Node, Object, Operation, Sequence, last_name
from callcheck.sources.documents import Rows, Table, load, value_at
from callcheck.sources.documents.hcl_values import OPEN
from callcheck.sources.event_rules import resources
from callcheck.sources.function_events import function_events
from callcheck.sources.terraform import made

if TYPE_CHECKING:
    from callcheck.sources import Eyes

DYNAMODB, KAFKA, MQ = "dynamodb", "kafka", "mq"
_KINDS = {
    "sqs": SQS, "kinesis": KINESIS, "dynamodb": DYNAMODB, "msk": KAFKA, "selfmanagedkafka": KAFKA, "kafka": KAFKA, "mq": MQ, "activemq": MQ, "rabbitmq": MQ,
    "SqsEventSource": SQS, "KinesisEventSource": KINESIS, "DynamoEventSource": DYNAMODB, "ManagedKafkaEventSource": KAFKA, "SelfManagedKafkaEventSource": KAFKA,
    "AWS::SQS::Queue": SQS, "AWS::Kinesis::Stream": KINESIS, "AWS::DynamoDB::Table": DYNAMODB, "AWS::DynamoDB::GlobalTable": DYNAMODB, "AWS::Serverless::SimpleTable": DYNAMODB, "AWS::MSK::Cluster": KAFKA,
    "aws_sqs_queue": SQS, "aws_kinesis_stream": KINESIS, "aws_dynamodb_table": DYNAMODB, "aws_msk_cluster": KAFKA,
}  # fmt: skip
"""What an event source is called by SAM and the Serverless Framework (in small letters), CDK, CloudFormation and Terraform."""
_SOURCES = ("SqsEventSource", "KinesisEventSource", "DynamoEventSource", "ManagedKafkaEventSource", "SelfManagedKafkaEventSource")
_IN_TERRAFORM = pattern(r"\b(aws_sqs_queue|aws_kinesis_stream|aws_dynamodb_table|aws_msk_cluster)\.(\w+)")
_OF_ARN = pattern(r"arn:aws[\w-]*:(sqs|kinesis|dynamodb|kafka):")
_NAMED = pattern(r"[A-Za-z]\w*")


@dataclass(frozen=True, slots=True)
class Filter:
    """One pattern of a mapping, and the line that it stands on."""

    pattern: Table
    line: int


@dataclass(frozen=True, slots=True)
class Filtered:
    """One mapping whose filters can all be read: the kind of what it takes from, and the name which that has where it is made ("" if not known)."""

    kind: str
    of: str
    path: str
    filters: tuple[Filter, ...] = field(default_factory=tuple)
    images: str = ""
    """Of a table, what its stream carries: NEW_IMAGE, KEYS_ONLY ...; "" if that is not said here."""


def filtered(eyes: Eyes) -> Iterator[Filtered]:
    """Every mapping with filters, in whichever way it is made."""
    for each in templates(eyes):
        if isinstance(each, tuple):
            yield from _in_template(each[1], each[0].name)
    yield from _in_terraform(eyes)
    if eyes.code.present:
        yield from _in_code(eyes.code)


def _in_template(document: Table, path: str) -> Iterator[Filtered]:
    held = resources(document)
    for _, kind, told, _, _ in function_events(document):
        if not isinstance(told, Table):
            continue
        listed = value_at(told, "FilterCriteria", "Filters") if "FilterCriteria" in told else told.get("filterPatterns")
        arn = next((told[key] for key in ("Queue", "Stream", "arn") if key in told), None)
        known = _KINDS.get(kind.lower()) or _KINDS.get(str(told.get("type"))) or _of_arn(arn, held)[0]
        yield from _told(known, _of_arn(arn, held)[1], path, listed, held)
    for each in held.values():
        if each.get("Type") == "AWS::Lambda::EventSourceMapping":
            known, of = _of_arn(value_at(each, "Properties", "EventSourceArn"), held)
            known = KAFKA if value_at(each, "Properties", "SelfManagedEventSource") is not None else known
            yield from _told(known, of, path, value_at(each, "Properties", "FilterCriteria", "Filters"), held)


def _of_arn(arn: Any, held: dict[str, Table]) -> tuple[str, str]:
    """The kind and the name of what an ARN refers to."""
    named = next((name for name in _NAMED.findall(str(arn)) if name in held), "")
    literal = _OF_ARN.search(str(arn))
    kind = _KINDS.get(str(held[named].get("Type")), "") if named else ""
    return kind or (_KINDS[literal[1]] if literal else ""), named


def _told(kind: str, of: str, path: str, listed: Any, held: dict[str, Table]) -> Iterator[Filtered]:
    filters = []
    for number, each in enumerate(listed) if isinstance(listed, Rows) else ():
        written = each.get("Pattern", each.get("pattern", each)) if isinstance(each, Table) else each
        line = (each.lines.get("Pattern") or each.line) if isinstance(each, Table) else listed.lines[number]
        filters.append((_pattern(written), line or 1))
    images = str(value_at(held.get(of), "Properties", "StreamSpecification", "StreamViewType") or "")
    yield from _whole(kind, of, path, filters, images)


def _whole(kind: str, of: str, path: str, filters: list[tuple[Table | None, int]], images: str = "") -> Iterator[Filtered]:
    """The mapping, if its kind and each of its filters is known: any of these will do for a record."""
    known = tuple(Filter(each, line) for each, line in filters if each is not None and not _open(each))
    if kind and known and len(known) == len(filters):
        yield Filtered(kind, of, path, known, images)


def _pattern(written: Any) -> Table | None:
    """A pattern as a table, also of the text that CloudFormation wants it in; None for one that has holes."""
    if isinstance(written, str) and "${" not in written:
        try:
            written = load(written, "x.json")
        except SourceError:
            return None
    return written if isinstance(written, Table) else None


def _open(value: Any) -> bool:
    """Whether a part of a pattern is not known."""
    if isinstance(value, Table):
        return OPEN in value or any(map(_open, value.values()))
    return any(map(_open, value)) if isinstance(value, list) else value is None or (isinstance(value, str) and "${" in value)


def _in_terraform(eyes: Eyes) -> Iterator[Filtered]:
    views = {block.label: scope.text(block.text("stream_view_type"), file) for scope, file, block in made(eyes) if block.labels[0] == "aws_dynamodb_table"}
    for scope, file, block in made(eyes):
        if block.labels[0] != "aws_lambda_event_source_mapping":
            continue
        filters: list[tuple[Table | None, int]] = []
        for each in (inner for criteria in block.find("filter_criteria") for inner in criteria.find("filter")):
            value = scope.value(eyes, each.keys["pattern"], file) if "pattern" in each.keys else None
            filters.append((_pattern(value), each.keys["pattern"][1] if "pattern" in each.keys else each.line))
        from_ = _IN_TERRAFORM.search(block.text("event_source_arn"))
        literal = _OF_ARN.search(block.text("event_source_arn"))
        kind = KAFKA if any(block.find("self_managed_event_source")) else _KINDS[from_[1]] if from_ else _KINDS[literal[1]] if literal else ""
        of = from_[2] if from_ else ""
        yield from _whole(kind, of, file.name, filters, views.get(of, "") if kind == DYNAMODB else "")


def _in_code(code: Code) -> Iterator[Filtered]:
    for call in code.project.calls(*_SOURCES):
        listed = given_as(call, "filters")
        module = module_of(call)
        if isinstance(listed, Sequence) and not is_test(module.path):
            filters = [(_of_call(code, each, module.language), each.line) for each in listed.items]
            of = last_name(call.args[0]) if call.args and isinstance(call.args[0], (Name, Member)) else ""
            yield from _whole(_KINDS[last_name(call.callee)], of, module.path, filters)


def _of_call(code: Code, node: Node, language: str) -> Table | None:
    """`FilterCriteria.filter({ body: { lane: FilterRule.isEqual(3) } })`"""
    told = node.args[0] if isinstance(node, Call) and last_name(node.callee) == "filter" and node.args else None
    value = _value(code, told) if told is not None else None
    return value if isinstance(value, Table) else None


_RULES = {"isequal": (), "or": (), "null": (None,), "empty": ("",)}
_OPERATORS = {"beginswith": "prefix", "notequals": "anything-but", "between": "numeric", "exists": "exists", "notexists": "exists"}


def _value(code: Code, node: Node | None) -> Any:
    """A part of a pattern that code writes; None for one that is not known."""
    if isinstance(node, Object):
        made = Table(node.line)
        for entry in node.entries:
            made.put(entry.key or OPEN, _value(code, entry.value) if entry.key else None, entry.line)
        return made
    if isinstance(node, Sequence):
        rows = Rows(node.line)
        for item in node.items:
            rows.put(_value(code, item), item.line)
        return rows
    if isinstance(node, Call):
        return _rule(code, node)
    if isinstance(node, Literal):
        return node.value
    text = code.idioms.text(node) if node is not None and not isinstance(node, Operation) else ""
    return text or None


def _rule(code: Code, call: Call) -> Rows | None:
    """`FilterRule.isEqual("paid")`, `FilterRule.or("paid", "sent")`: the list that it makes."""
    name = re.sub(r"_", "", last_name(call.callee)).lower()
    rows = Rows(call.line)
    if name in _OPERATORS:
        operator = Table(call.line)
        operator.put(_OPERATORS[name], name == "exists" if "exists" in name else [_value(code, each) for each in call.args], call.line)
        rows.put(operator, call.line)
        return rows
    if name not in _RULES:
        return None
    for value in _RULES[name] or [_value(code, each) for each in call.args]:
        rows.put(value, call.line)
    return rows
