"""Is the body of a queue's messages read as if it were what was published, though SNS puts it into the queue in its envelope?

    resource "aws_sns_topic_subscription" "labels" { protocol = "sqs", endpoint = aws_sqs_queue.labels.arn }      # without raw_message_delivery
    order = json.loads(message["Body"])                                                  # has Type, MessageId and Message, and no id of an order

Source: docs.aws.amazon.com/sns/latest/dg/sns-large-payload-raw-message-delivery.html.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Location, Lost
from callcheck.model.facts.traps import LibraryTrap
from callcheck.model.noun import dataclass
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.signs import Sign
from callcheck.model.target import Target
from callcheck.model.words import Basis
from callcheck.sources import Eyes
from callcheck.sources.code import Code
from callcheck.sources.code.given_back import callers
from callcheck.sources.code.imports import is_test
from callcheck.sources.code.queue_taken import queue_variable
from callcheck.sources.code.scopes import function_of, module_of, told_by_calls
from callcheck.sources.code.seen import seen
from callcheck.sources.code.tree import Call, Function, Literal, Member, Name, Node, Operation, Param, last_name
from callcheck.sources.function_code import run_by_lambda
from callcheck.sources.named_resources import named_by
from callcheck.sources.topic_queues import Subscribed, TopicQueues, topic_queues

_PARSES = ("loads", "parse")
_PARSERS = pattern(r"^(?:json|orjson|simplejson|ujson|rapidjson|JSON)\.(?:loads|parse)$")
_TAKES = ("receive_message", "receive_messages", "ReceiveMessageCommand", "receiveMessage", "create")
_RECEIVES = pattern(r"\breceive_messages?\b|ReceiveMessageCommand|\breceiveMessage\b|sqs-consumer|client-sqs\b|\bRecords\b|SQSEvent|SqsMessageHandler|@ssut/nestjs-sqs")
"""What tells that a file has to do with messages of SQS."""
_OPENS = pattern(r"[\"']Message[\"']|(?<!SQS)\.Message\b|\{[^{}\n]*\bMessage\b[^{}\n]*\}\s*=|\bMessage\??\s*:\s*str(?:ing)?\b|\bget_?[mM]essage_?[bB]ody\b")
"""What takes the message out of the envelope; the type of a queue's messages has that name too."""
_REQUESTS = frozenset({"event", "req", "request", "ctx", "res", "response", "evt"})
_WORD = pattern(r"[a-z0-9]+")
_PLAIN = frozenset({"queue", "queues", "sqs", "q", "the", "main", "url", "arn", "events", "event", "sns", "topic", "src", "py", "js", "ts"})
_WHY = "what SNS puts into a queue is an envelope, and the message a text in its Message: parse that too, or turn raw message delivery on"


@dataclass(frozen=True, slots=True)
class _Reading:
    """Where a body is parsed, the file whose names tell whose queue it is, and the queues that its calls surely take from."""

    call: Call
    words: frozenset[str]
    queues: frozenset[str]


class Enveloped:
    """Silent where it cannot be told from which of several queues, of which some get plain messages, a body comes."""

    name = "enveloped"
    looks_at = Sight.SOURCE
    marks = ("receive_message", "ReceiveMessageCommand", "receiveMessage", "sqs-consumer", "Records", "SQSEvent", "SqsMessageHandler")
    signs = (Sign(words=("receive_message", "receive_messages", "ReceiveMessageCommand", "receiveMessage", "Records", "SQSEvent", "SqsSubscription")), Sign(words=("Body", "body"), also=("loads", "parse")))
    answers = frozenset({LibraryTrap})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        told = topic_queues(eyes)
        yield from told.lost
        wrapped = [each for each in told.subscribed if not each.raw]
        for reading in _readings(eyes) if wrapped else ():
            subscribed = _whose(reading, told, wrapped)
            if subscribed is not None:
                fact = LibraryTrap("payload-mismatch", "strong", _WHY, "", "aws-sqs", module_of(reading.call).language)
                beside = Evidence(fact, Basis.DECLARED, self.name, Location(clean(subscribed.path), subscribed.line or 1), label="the topic sends its envelope to the queue")
                yield seen(fact, reading.call, self.name, (beside,))


def _whose(reading: _Reading, told: TopicQueues, wrapped: list[Subscribed]) -> Subscribed | None:
    """The subscription whose queue a body comes from: the one that its reader is given, the only kind there is, or the one whose name stands among the reader's."""
    given = reading.queues & (told.queues | {each.queue for each in told.subscribed})
    if len(given) == 1:
        return next((each for each in wrapped if each.queue in given), None)
    plain = {each.queue for each in told.subscribed if each.raw} | {each for each in told.queues if all(each != one.queue for one in told.subscribed)}
    if not plain:
        return wrapped[0]
    named = {each.queue: _words(each.queue) for each in wrapped} | {each: _words(each) for each in plain}
    fits = [name for name, words in named.items() if (words - frozenset().union(*(other for each, other in named.items() if each != name))) & reading.words]
    return next((each for each in wrapped if fits == [each.queue]), None)


def _words(text: str) -> frozenset[str]:
    return frozenset(_WORD.findall(re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", text).lower())) - _PLAIN


def _readings(eyes: Eyes) -> Iterator[_Reading]:
    code = eyes.code
    bodies = {id(param) for param in _handed_on(code)}
    for call in code.project.calls(*_PARSES):
        module = module_of(call)
        if not call.args or is_test(module.path) or not _PARSERS.match(_dotted(call)) or _OPENS.search(module.text):
            continue
        arg = call.args[0]
        handed = isinstance(arg, Name) and id(code.origins.binding_of(arg)) in bodies
        if handed or (_is_body(arg) and _RECEIVES.search(module.text)):
            function = function_of(call)
            read = " ".join(each.name for each in code.variables.reads if module_of(each.node) is module)
            yield _Reading(call, _words(f"{module.path} {read} {function.name if function is not None else ''}"), _given(eyes, call))


def _given(eyes: Eyes, call: Call) -> frozenset[str]:
    """The queues that calls of the file take from, by the variables that name them, or that call the function of Lambda in which a body is parsed."""
    module = module_of(call)
    named = (named_by(eyes, name) for take in module.calls(*_TAKES) if (name := queue_variable(eyes.code, take)))
    around = (each for each in run_by_lambda(eyes) if each.path == module.path and each.function.at <= call.at < each.function.end)
    return frozenset().union(*named, *({caller.queue for caller in each.callers if caller.queue} for each in around))


def _dotted(call: Call) -> str:
    return f"{last_name(call.callee.object)}.{call.callee.name}" if isinstance(call.callee, Member) else ""


def _is_body(node: Node) -> bool:
    """`message["Body"]`, `record.body`, `message.get("Body")`, `message.Body ?? "{}"`."""
    if isinstance(node, Operation) and node.operator in ("??", "||", "or") and node.operands:
        return _is_body(node.operands[0])
    if isinstance(node, Call) and last_name(node.callee) == "get" and isinstance(node.callee, Member) and node.args:
        key = node.args[0]
        return isinstance(key, Literal) and str(key.value) in ("Body", "body") and last_name(node.callee.object) not in _REQUESTS
    return isinstance(node, Member) and node.name in ("Body", "body") and last_name(node.object) not in _REQUESTS


def _handed_on(code: Code) -> Iterator[Param]:
    """The parameters that take a body as it is, of functions that are called with it, or handed to a helper which calls them with it."""
    for module in code.project.naming("Body", "body"):
        for call in module.all(Call) if _RECEIVES.search(module.text) and not is_test(module.path) else ():
            for index, arg in enumerate(call.args):
                if _is_body(arg) and last_name(call.callee) not in _PARSES:
                    for function in _called(code, call):
                        params = told_by_calls(function)
                        yield from params[index : index + 1]


def _called(code: Code, call: Call) -> Iterator[Function]:
    held = code.origins.of(call.callee).node
    if isinstance(held, Function):
        yield held
    param = code.origins.binding_of(call.callee) if isinstance(call.callee, Name) else None
    if not isinstance(param, Param) or not isinstance(param.parent, Function):
        return
    index = told_by_calls(param.parent).index(param)
    for each in callers(code, param.parent):
        given = next((k.value for k in each.keywords if k.name == param.name), each.args[index] if index < len(each.args) else None)
        found = code.origins.of(given).node if given is not None else None
        if isinstance(found, Function):
            yield found


PROBE = Enveloped()
