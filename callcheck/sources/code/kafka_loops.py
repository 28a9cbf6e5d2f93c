"""Which loops take messages from a consumer of Kafka's that must ask again and again to stay in its group?

    for message in KafkaConsumer("ore", group_id="mill"): ...
    while True: message = consumer.poll(1.0); ...
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.noun import dataclass
from callcheck.sources.code import Code
from callcheck.sources.code.arithmetic import number_of
from callcheck.sources.code.imports import is_test
from callcheck.sources.code.origins import Origin
from callcheck.sources.code.tree import Call, Loop, Member, Node, Object

_KIND = "kafka-python.sync-consumer"
_ASKS = frozenset({"poll", "consume"})
_INTERVAL_MS = 300_000


@dataclass(frozen=True, slots=True)
class Polled:
    """A loop, and the call that makes the consumer which it takes from."""

    loop: Loop
    made: Call


def polls(code: Code) -> Iterator[Polled]:
    """Each loop once, the innermost that asks."""
    for module in code.project.naming("KafkaConsumer", "Consumer"):
        if module.language != "python" or is_test(module.path):
            continue
        for loop in module.all(Loop):
            made = _made(code, code.origins.of(loop.over)) if loop.over is not None and not loop.is_async else None
            made = made or next((found for call in loop.inside(Call) if isinstance(call.callee, Member) and call.callee.name in _ASKS and (found := _made(code, code.origins.of(call.callee.object))) is not None), None)
            if made is not None:
                yield Polled(loop, made)


def _made(code: Code, origin: Origin) -> Call | None:
    return origin.node if origin.kind == "made" and isinstance(origin.node, Call) and _KIND in code.idioms.kinds(origin) else None


def poll_interval(code: Code, each: Polled) -> float | None:
    """For how many seconds it may leave the broker alone; None where it is in no group, or what it is made with cannot be read."""
    options = code.origins.of(each.made.args[0]).node if each.made.args else None
    if isinstance(options, Object):
        group, interval = options.get("group.id"), options.get("max.poll.interval.ms")
    elif any(not keyword.name for keyword in each.made.keywords):
        return None
    else:
        group, interval = each.made.keyword("group_id"), each.made.keyword("max_poll_interval_ms")
    number = _number(code, interval)
    return number / 1000 if group is not None and number is not None else None


def _number(code: Code, node: Node | None) -> float | None:
    return number_of(code.origins, node) if node is not None else _INTERVAL_MS
