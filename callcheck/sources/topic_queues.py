"""Into which queues does SNS put its messages, and as they are or in its envelope?

    resource "aws_sns_topic_subscription" "labels" { protocol = "sqs", endpoint = aws_sqs_queue.labels.arn, raw_message_delivery = true }
    Type: AWS::SNS::Subscription, Properties: {Protocol: sqs, Endpoint: !GetAtt Labels.Arn, RawMessageDelivery: true}
    topic.addSubscription(new SqsSubscription(labels, { rawMessageDelivery: true }))
    sns.subscribe(Protocol="sqs", Endpoint=arn, Attributes={"RawMessageDelivery": "true"})       aws sns subscribe --protocol sqs ...
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from callcheck.model.evidence import Lost
from callcheck.model.noun import dataclass, field
from callcheck.model.pattern import pattern
from callcheck.sources.aws_templates import templates
from callcheck.sources.code.imports import is_test
from callcheck.sources.code.scopes import module_of
from callcheck.sources.code.tree import Assign, Call, Literal, Object, last_name
from callcheck.sources.code.wording import lines_of
from callcheck.sources.documents import Table, value_at
from callcheck.sources.event_rules import referred, resources
from callcheck.sources.files import File
from callcheck.sources.terraform import made

if TYPE_CHECKING:
    from callcheck.sources import Eyes

_QUEUE = pattern(r"aws_sqs_queue\.(\w+)|module\.(\w+)")
_IN_SHELL = pattern(r"sns\s+subscribe\b(?:[^\n\\]|\\\n|\\.)*--protocol[= ]+[\"']?sqs\b(?:[^\n\\]|\\\n|\\.)*")
_LAST = pattern(r":([\w-]+)[\"'\s]*(?:\\?$|\s)", re.MULTILINE)
_ASIDE = pattern(r"(?i)dlq|dead[_-]?letter|redrive")


@dataclass(frozen=True, slots=True)
class Subscribed:
    """One subscription of a queue; `queue` is the name that it has where it is made, "" if that is not known."""

    queue: str
    raw: bool
    path: str
    line: int


@dataclass(slots=True)
class TopicQueues:
    """The subscriptions, the names of all queues besides those for dead letters, and the templates that cannot be read."""

    subscribed: list[Subscribed] = field(default_factory=list)
    queues: set[str] = field(default_factory=set)
    lost: list[Lost] = field(default_factory=list)


def topic_queues(eyes: Eyes) -> TopicQueues:
    found = TopicQueues()
    for scope, file, block in made(eyes):
        if block.labels[0] == "aws_sqs_queue":
            found.queues.add(block.label)
        elif block.labels[0] == "aws_sns_topic_subscription" and scope.text(block.text("protocol"), file) == "sqs":
            named = _QUEUE.search(block.text("endpoint"))
            raw = scope.settled(block.keys.get("raw_message_delivery", ("false", 0)), file).value != "false"
            found.subscribed.append(Subscribed((named[1] or named[2]) if named else "", raw, file.name, block.keys["endpoint"][1] if "endpoint" in block.keys else block.line))
    for each in templates(eyes):
        if isinstance(each, Lost):
            found.lost.append(each)
        else:
            _in_template(each[1], each[0], found)
    _in_code(eyes, found)
    _in_shell(eyes, found)
    found.queues = {each for each in found.queues if not _ASIDE.search(each)}
    return found


def _in_template(document: Table, file: File, found: TopicQueues) -> None:
    for name, each in resources(document).items():
        told = each.get("Properties")
        if each.get("Type") == "AWS::SQS::Queue":
            found.queues.add(name)
        elif each.get("Type") == "AWS::SNS::Subscription" and isinstance(told, Table) and told.get("Protocol") == "sqs":
            found.subscribed.append(Subscribed(referred(told.get("Endpoint")), told.get("RawMessageDelivery") not in (None, False, "false"), file.name, told.lines["Protocol"]))
        listed = value_at(told, "Subscription") if each.get("Type") == "AWS::SNS::Topic" else None
        for row in listed if isinstance(listed, list) else ():
            if isinstance(row, Table) and row.get("Protocol") == "sqs":
                found.subscribed.append(Subscribed(referred(row.get("Endpoint")), False, file.name, row.line))


def _in_code(eyes: Eyes, found: TopicQueues) -> None:
    if not eyes.code.present:
        return
    for call in eyes.code.project.calls("Queue", "SqsSubscription", "subscribe", "SubscribeCommand"):
        name, text = last_name(call.callee), lines_of(call)
        if is_test(module_of(call).path):
            continue
        if name == "Queue" and isinstance(call.parent, Assign) and re.search(r"\bsqs\.Queue\(", text):
            found.queues.add(last_name(call.parent.targets[0]))
        elif name == "SqsSubscription":
            found.subscribed.append(_of_call(call, last_name(call.args[0]) if call.args else "", bool(re.search(r"raw_?[mM]essage_?[dD]elivery\W{1,4}[tT]rue", text))))
        elif name in ("subscribe", "SubscribeCommand") and _given(eyes, call, "Protocol") == "sqs":
            found.subscribed.append(_of_call(call, "", "RawMessageDelivery" in text))


def _of_call(call: Call, queue: str, raw: bool) -> Subscribed:
    return Subscribed(queue, raw, module_of(call).path, call.line)


def _given(eyes: Eyes, call: Call, name: str) -> str:
    node = eyes.code.idioms.option(call, name) if call.keywords or any(isinstance(each, Object) for each in call.args) else None
    return str(node.value) if isinstance(node, Literal) else ""


def _in_shell(eyes: Eyes, found: TopicQueues) -> None:
    for file in eyes.tree.named("*.sh"):
        text = eyes.readable(file, 100_001)
        for told in _IN_SHELL.finditer(text):
            named = _LAST.search(told[0].partition("endpoint")[2])
            found.subscribed.append(Subscribed(named[1] if named else "", "RawMessageDelivery" in told[0], file.name, text.count("\n", 0, told.start()) + 1))
