"""What of that which the code publishes do SNS and EventBridge hand on, and does SQS hand out what is still at work?

    FilterPolicy: {kind: [paid]}                  # asks for a message attribute, unless FilterPolicyScope is MessageBody
    sns.publish(Message=json.dumps({"kind": "paid"}))
    Pattern: {detail-type: [order.paid]}          PutEvents: DetailType "OrderPaid"
    VisibilityTimeout: 30                         # of the queue of a function with Timeout: 120

Sources: docs.aws.amazon.com, sns-message-filtering, eb-event-patterns, and services-sqs-configure (the
visibility timeout at least six times the function's; less than the function's own is refused by Lambda's API, and not by a template's check).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from callcheck.model.evidence import Evidence, Location, Lost
from callcheck.model.facts.delivery import EventNeverEmitted
from callcheck.model.facts.routing import RedeliveredEarly, SubscriptionBlind
from callcheck.model.printable import clean
from callcheck.model.target import Target
from callcheck.model.words import Basis
from callcheck.sources import Eyes
from callcheck.sources.aws_templates import SERVERLESS, TEMPLATES, templates
from callcheck.sources.code.aws_sent import Sent, sent_by
from callcheck.sources.code.call_forms import given_as
from callcheck.sources.code.scopes import module_of
from callcheck.sources.code.seen import seen
from callcheck.sources.code.tree import Literal, Node, Object, Sequence, last_name
from callcheck.sources.documents import Table, line_at, value_at
from callcheck.sources.documents.hcl_values import OPEN
from callcheck.sources.documents.read_hcl import Block
from callcheck.sources.event_rules import in_terraform, resources
from callcheck.sources.files import File
from callcheck.sources.function_events import function_events, queue_of
from callcheck.sources.terraform import made, roots

_PARTS = ("detail-type", "source")
_TIMEOUTS: dict[str, tuple[tuple[str, ...], tuple[str, ...], int]] = {
    "SQS": (("Properties", "Timeout"), ("Globals", "Function", "Timeout"), 3),
    "sqs": (("timeout",), ("provider", "timeout"), 6),
}
"""Where SAM and the Serverless Framework say how long a function may take, where for all of them, and how long it is where nobody says it."""
_SUBSCRIBES = ("SqsSubscription", "LambdaSubscription", "UrlSubscription", "EmailSubscription", "Subscription")


class AwsRoutes:
    """Silent where what is sent, or asked for, is computed, and where nothing is sent in this project."""

    name = "aws-routes"
    looks_at = (*TEMPLATES, SERVERLESS, "*.tf", "package.json", "requirements*.txt", "cdk.json")
    marks = ("FilterPolicy", "filterPolicy", "filter_policy", "detail-type", "VisibilityTimeout", "visibility_timeout", "event_pattern", "aws-cdk-lib", "aws_cdk")
    answers = frozenset({SubscriptionBlind, RedeliveredEarly, EventNeverEmitted})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.tree.named(*self.looks_at) else "no templates"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        sent = sent_by(eyes) if eyes.code.present else Sent()
        for each in templates(eyes):
            if isinstance(each, Lost):
                yield each
                continue
            file, document = each
            yield from _subscriptions(document, file, sent)
            yield from _hidden(document, file)
        for read in roots(eyes):
            if isinstance(read, Lost):
                yield read
                continue
            file, root = read
            for block in root.blocks:
                if block.kind == "resource" and block.labels[:1] == ("aws_lambda_event_source_mapping",):
                    yield from _hidden_terraform(root, block, file)
        for asked in in_terraform(eyes):
            if not isinstance(asked, Lost):
                at = {part: Location(clean(asked.file.name), asked.pattern.lines.get(part) or asked.line or 1) for part in _PARTS}
                yield from _unmet(asked.pattern.get("detail-type"), asked.pattern.get("source"), sent, at)
        yield from _filtered_in_terraform(eyes, sent)
        yield from _asked_in_cdk(eyes, sent)
        yield from _filtered_in_cdk(eyes, sent)


def _at(fact: Any, file: File, line: int, because: Iterable[Evidence] = ()) -> Evidence:
    return Evidence(fact, Basis.DECLARED, "aws-routes", Location(clean(file.name), line or 1), because=tuple(because))


def _subscriptions(document: Table, file: File, sent: Sent) -> Iterator[Evidence]:
    for name, kind, told, holder, path in function_events(document):
        for key in ("FilterPolicy", "filterPolicy") if kind.lower() == "sns" else ():
            scope = value_at(told, f"{key}Scope")
            if isinstance(value_at(told, key), Table) and scope in (None, "MessageAttributes") and sent.published and not sent.open_attributes:
                yield from _filtered(value_at(told, key), name, file, line_at(holder, *path, key), sent)
        for key in ("Pattern", "pattern") if kind in ("EventBridgeRule", "CloudWatchEvent", "eventBridge") else ():
            told_types, told_origins = value_at(told, key, "detail-type"), value_at(told, key, "source")
            yield from _unmet(told_types, told_origins, sent, {part: Location(clean(file.name), line_at(holder, *path, key, part) or 1) for part in _PARTS})


def _unmet(types: Any, origins: Any, sent: Sent, at: Mapping[str, Location]) -> Iterator[Evidence]:
    """A pattern that nothing which is sent fits, by its type or by its source."""
    asked = [set(each) if isinstance(each, list) and each and all(isinstance(text, str) for text in each) else None for each in (types, origins)]
    met = [not wanted or bool(wanted & known) for wanted, known in zip(asked, (sent.types.keys(), sent.origins.keys()), strict=True)]
    for part, wanted, known, open_ended, other in (("detail-type", asked[0], sent.types, sent.open_types, met[1]), ("source", asked[1], sent.origins, sent.open_origins, met[0])):
        if wanted and known and not open_ended and other and not wanted & known.keys():
            near, node = next(iter(known.items()))
            fact = EventNeverEmitted(clean(min(wanted), 80), clean(near, 80), "eventbridge", module_of(node).language)
            yield Evidence(fact, Basis.DECLARED, "aws-routes", at[part], because=(seen(fact, node, "aws-routes", label="this is what goes out"),))


def _filtered(policy: Table, name: str, file: File, line: int, sent: Sent) -> Iterator[Evidence]:
    for key, wanted in policy.items():
        values = sent.attributes.get(key)
        texts = {each for each in wanted if isinstance(each, str)} if isinstance(wanted, list) else set()
        why = "not-an-attribute" if values is None else "other-value" if texts and len(texts) == len(wanted) and "*" not in values and not values & texts else ""
        if why:
            fact = SubscriptionBlind(clean(name, 80), clean(key, 60), why, "sns")
            yield _at(fact, file, line, [seen(fact, sent.published[0], "aws-routes", label="this is what is sent")])
            return


def _hidden(document: Table, file: File) -> Iterator[Evidence]:
    queues = {name: each for name, each in resources(document).items() if each.get("Type") == "AWS::SQS::Queue"}
    for _, kind, told, holder, _path in function_events(document) if queues else ():
        if kind not in _TIMEOUTS:
            continue
        named = str(queue_of(kind, told)[0])
        own, shared, unsaid = _TIMEOUTS[kind]
        of_all = value_at(holder, *own) is None and value_at(document, *shared) is not None
        works, line = (value_at(document, *shared), line_at(document, *shared)) if of_all else (value_at(holder, *own) or unsaid, line_at(holder, *own))
        for queue, held in queues.items():
            hidden = value_at(held, "Properties", "VisibilityTimeout") or 30
            if re.search(rf"\b{re.escape(queue)}\b", named) and isinstance(hidden, int) and isinstance(works, int) and hidden < works:
                fact = RedeliveredEarly(clean(queue, 80), hidden, works, "sqs")
                yield _at(fact, file, line_at(held, "Properties", "VisibilityTimeout"), [_at(fact, file, line)])


def _hidden_terraform(root: Block, mapping: Block, file: File) -> Iterator[Evidence]:
    def referred(kind: str, text: str) -> Block | None:
        found = re.search(rf"{kind}\.(\w+)", text)
        return next((each for each in root.blocks if found and each.labels == (kind, found[1])), None)

    queue, function = referred("aws_sqs_queue", mapping.text("event_source_arn")), referred("aws_lambda_function", mapping.text("function_name"))
    if queue is None or function is None:
        return
    hidden, works = queue.text("visibility_timeout_seconds") or "30", function.text("timeout") or "3"
    if hidden.isdigit() and works.isdigit() and int(hidden) < int(works):
        fact = RedeliveredEarly(clean(queue.label, 80), int(hidden), int(works), "sqs")
        line = queue.keys.get("visibility_timeout_seconds", ("", queue.line))[1]
        yield _at(fact, file, line, [_at(fact, file, function.keys["timeout"][1])])


def _filtered_in_terraform(eyes: Eyes, sent: Sent) -> Iterator[Evidence]:
    """`filter_policy = jsonencode({ kind = ["paid"] })`, or its JSON."""
    for scope, file, block in made(eyes) if sent.published and not sent.open_attributes else ():
        policy = scope.value(eyes, block.keys["filter_policy"], file) if "filter_policy" in block.keys else None
        if isinstance(policy, Table) and OPEN not in policy and "MessageBody" not in block.text("filter_policy_scope"):
            yield from _filtered(policy, block.label, file, block.keys["filter_policy"][1], sent)


def _asked_in_cdk(eyes: Eyes, sent: Sent) -> Iterator[Evidence]:
    """`new events.Rule(this, "Paid", {eventPattern: {source: ["shop"], detailType: ["paid"]}})`, and `EventPattern(detail_type=["paid"])`."""
    calls = eyes.code.project.calls("Rule", "EventPattern") if sent.types or sent.origins else ()
    for call in calls:
        given = given_as(call, "eventPattern") if last_name(call.callee) == "Rule" else call
        held = {name: given_as(call, name) if given is call else given.get(name) if isinstance(given, Object) else None for name in ("detailType", "detail_type", "source")}
        types, origins = (_texts(node) for node in (held["detailType"] or held["detail_type"], held["source"]))
        nodes = {"detail-type": held["detailType"] or held["detail_type"], "source": held["source"]}
        yield from _unmet(types, origins, sent, {part: Location(clean(module_of(call).path), (nodes[part] or call).line) for part in _PARTS})


def _filtered_in_cdk(eyes: Eyes, sent: Sent) -> Iterator[Evidence]:
    """`new subs.SqsSubscription(queue, {filterPolicy: {kind: sns.SubscriptionFilter.stringFilter({allowlist: ["paid"]})}})`, and `filter_policy`."""
    for call in eyes.code.project.calls(*_SUBSCRIBES) if sent.published and not sent.open_attributes else ():
        given = given_as(call, "filterPolicy") or given_as(call, "filter_policy")
        file = eyes.tree.get(module_of(call).path)
        if isinstance(given, Object) and file is not None and all(entry.key for entry in given.entries):
            policy = Table(given.line)
            for entry in given.entries:
                listed = next((_texts(each) for each in entry.value.walk() if isinstance(each, Sequence)), None) if entry.value is not None else None
                policy.put(str(entry.key), listed or [], entry.line)
            name = last_name(call.args[0]) if call.args else ""
            yield from _filtered(policy, name or last_name(call.callee), file, given.line, sent)


def _texts(node: Node | None) -> list[Any] | None:
    return [item.value if isinstance(item, Literal) else None for item in node.items] if isinstance(node, Sequence) else None


PROBE = AwsRoutes()
