"""Which variable of the environment names the queue that a call takes messages from?

    sqs.receive_message(QueueUrl=os.environ["LABELS_URL"])          new ReceiveMessageCommand({ QueueUrl })          Consumer.create({ queueUrl: process.env.LABELS_URL })
    queue = sqs.Queue(LABELS_URL); queue.receive_messages()         sqs.get_queue_by_name(QueueName=os.environ["LABELS"])
"""

from __future__ import annotations

from callcheck.sources.code import Code
from callcheck.sources.code.call_forms import given_as
from callcheck.sources.code.environ import variable
from callcheck.sources.code.tree import Call, Literal, Member, Node

_KEYS = ("QueueUrl", "queueUrl", "QueueName")


def queue_variable(code: Code, take: Call) -> str:
    """As the call is told, or as the queue was made whose method it is; "" where no variable names it."""
    return next((name for node in _named(code, take) if (name := variable(code.origins, _text, node)[0])), "")


def _named(code: Code, take: Call) -> list[Node]:
    told = [node for key in _KEYS if (node := given_as(take, key)) is not None]
    holder = code.origins.of(take.callee.object).node if not told and isinstance(take.callee, Member) else None
    if isinstance(holder, Call):
        told = [node for key in _KEYS if (node := given_as(holder, key)) is not None] or holder.args[:1]
    return told


def _text(node: Node) -> str:
    return str(node.value) if isinstance(node, Literal) else ""
