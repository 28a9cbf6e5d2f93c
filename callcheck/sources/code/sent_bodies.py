"""What do the project's calls put into queues of SQS and streams of Kinesis, as far as it is written out?

    sqs.send_message(QueueUrl=os.environ["WEIGHTS"], MessageBody=json.dumps({"lane": 3}))
    client.send(new PutRecordCommand({ StreamName, PartitionKey, Data: Buffer.from(JSON.stringify({ kind: "weighed" })) }))
    queue.send_message(MessageBody=str(order.id))                                                    # a text, and no JSON object
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.noun import dataclass
from callcheck.sources.code import Code
from callcheck.sources.code.call_forms import given_as
from callcheck.sources.code.environ import variable
from callcheck.sources.code.every_text import ways
from callcheck.sources.code.imports import is_test
from callcheck.sources.code.scopes import module_of
from callcheck.sources.code.tree import Call, Literal, Member, Node, Object, Template, dotted, last_name

SQS, KINESIS = "sqs", "kinesis"
_CALLS = {
    SQS: ("send_message", "SendMessageCommand", "sendMessage", "send_message_batch", "SendMessageBatchCommand", "sendMessageBatch", "send_messages"),
    KINESIS: ("put_record", "PutRecordCommand", "putRecord", "put_records", "PutRecordsCommand", "putRecords"),
}
_BODY = {SQS: "MessageBody", KINESIS: "Data"}
_WHERE = {SQS: "QueueUrl", KINESIS: "StreamName"}
_WRITES = frozenset({"JSON.stringify", "json.dumps"})
_BYTES = frozenset({"Buffer.from", "encode", "bytes"})
_TEXTS = frozenset({"str", "String", "toString"})
_DEEPEST = 4


@dataclass(frozen=True, slots=True)
class Body:
    """One message: the object that it is the JSON of, or None where it is a text that is none; in `variable`, what names the queue or stream ("" if that is not known)."""

    call: Call
    held: Object | None
    variable: str


def sent_bodies(code: Code, medium: str) -> list[Body] | None:
    """All that goes out, whichever way a parameter is filled; None where some of it is not written out."""
    found: list[Body] = []
    for call in code.project.calls(*_CALLS[medium]):
        module = module_of(call)
        if is_test(module.path) or not any(each in module.text for each in (_BODY[medium], "Entries", "Records")):
            continue
        bodies = _bodies(call, _BODY[medium])
        if not bodies and given_as(call, "QueueUrl") is None and given_as(call, "StreamName") is None and _BODY[medium] not in module.text:
            continue  # of a client of something else
        where = given_as(call, _WHERE[medium])
        named = variable(code.origins, code.idioms.text, where)[0] if where is not None else ""
        for body in bodies:
            for way in ways(code, body):
                told = _read(code, way)
                if told is None:
                    return None
                found.append(Body(call, told[0], named))
        if not bodies:
            return None
    return found


def _bodies(call: Call, key: str) -> list[Node]:
    own = given_as(call, key)
    return [own] if own is not None else [value for each in call.inside(Object) if (value := each.get(key)) is not None]


def _read(code: Code, node: Node | None, depth: int = 0) -> tuple[Object | None] | None:
    """The object whose JSON a body is, `(None,)` for a text that is no JSON of an object; None where that is not known."""
    if depth > _DEEPEST or node is None:
        return None
    if isinstance(node, Template):
        return (None,) if node.first_text and not node.first_text.lstrip().startswith(("{", "[")) else None
    if isinstance(node, Literal):
        return (None,) if isinstance(node.value, str) and not node.value.lstrip().startswith(("{", "[")) else None
    if isinstance(node, Call):
        name = dotted(node.callee)
        if name in _WRITES or last_name(node.callee) == "dumps":
            return _written(code, node.args[0] if node.args else None)
        if name in _BYTES or last_name(node.callee) in _BYTES:
            inner = node.callee.object if isinstance(node.callee, Member) and last_name(node.callee) == "encode" and "Encoder" not in dotted(node.callee) and not node.args else next(iter(node.args), None)
            return _read(code, inner, depth + 1)
        return (None,) if last_name(node.callee) in _TEXTS else None
    held = code.origins.of(node).node
    return _read(code, held, depth + 1) if held is not None and held is not node else None


def _written(code: Code, node: Node | None) -> tuple[Object | None] | None:
    held = node if node is None or isinstance(node, (Object, Literal, Call)) else code.origins.of(node).node
    if isinstance(held, Object):
        return (held,)
    if isinstance(held, Literal):
        return (None,)
    # What is written twice is a text of a text.
    return (None,) if isinstance(held, Call) and dotted(held.callee) in _WRITES else None


def fields(held: Object) -> Iterator[tuple[str, Object | None]]:
    """The names of an object and of those in it, each with the object that stands there."""
    for entry in held.entries:
        if entry.key:
            inner = entry.value if isinstance(entry.value, Object) else None
            yield entry.key, inner
            yield from fields(inner) if inner is not None else ()
