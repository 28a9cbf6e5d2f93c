"""Does a consumer stay in its callback for longer than the other side waits for a sign of life?

    def on_scan(channel, method, properties, body):
        mesh = build_mesh(json.loads(body))            # \"\"\"Ten to forty minutes for a full quarry.\"\"\"
        channel.basic_ack(method.delivery_tag)         # RabbitMQ has closed the connection after two missed heartbeats

Sources: rabbitmq.com/docs/heartbeats (60 s are suggested, and two that are missed close the connection) and pika 1.3.2, adapters/blocking_connection.py: they are sent by the thread
that runs the callback; kafka-python 3.0.12, consumer/group.py, and librdkafka, CONFIGURATION.md: max.poll.interval.ms is 300000; paho-mqtt 2.1.0, client.py, _check_keepalive(), and
MQTT 3.1.1, 3.1.2.10: a broker ends a connection after one and a half times the keep alive; kafkajs 2.2.4, src/consumer/runner.js: a heartbeat is sent between two messages.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.facts.traps import LibraryTrap
from callcheck.model.noun import dataclass
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.code import Code
from callcheck.sources.code.arithmetic import number_of
from callcheck.sources.code.idioms import Use
from callcheck.sources.code.imports import is_test
from callcheck.sources.code.kafka_loops import poll_interval, polls
from callcheck.sources.code.lengths import TIMES, limits, said_so, steps_of
from callcheck.sources.code.scopes import function_of, module_of
from callcheck.sources.code.seen import seen
from callcheck.sources.code.tree import Call, Function, Keyword, Member, Name, Node, Object, last_name

_MQTT, _KAFKAJS = "paho", "kafkajs"
_HEARTBEAT_S, _KEEPALIVE_S, _SESSION_S = 60, 60, 30
_SIGNS_OF_LIFE = frozenset({"process_data_events", "heartbeat", "loop_misc", "pause"})
"""Calls by which a long piece of work lets its connection breathe."""
_IN_ADDRESSES = pattern(r"[?&]heartbeat=(\d+)")
_CONFIGURATION = ("rabbitmq*.conf", "*rabbit*.conf", "*/rabbitmq/*.conf")
_IN_CONFIGURATION = pattern(r"(?m)^[ \t]*heartbeat[ \t]*=[ \t]*(\d{1,5})[ \t]*$")
_ADDRESSES = ("*compose*.y*ml", "*.yml", "*.yaml", ".env*", "*.env", "*.toml", "*.service", "*.tf")


@dataclass(frozen=True, slots=True)
class _Held:
    """Where a consumer is kept busy: the function or loop, for how long it may be, and what happens beyond."""

    at: Node
    root: Node
    patience_s: float
    effect: str
    beyond: str
    framework: str


class Outlasted:
    """Adds up nothing: one step that lasts longer by itself is enough, followed through the functions that are called, and not through what is handed to threads or pools."""

    name = "outlasted"
    looks_at = Sight.SOURCE
    about = ("io-thread", _MQTT, "kafka-python", _KAFKAJS)
    answers = frozenset({LibraryTrap})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        code = eyes.code
        told: set[int] = set()
        for held in (*_on_io_threads(eyes), *_polling(code)):
            if id(held.root) in told:
                continue
            steps = list(steps_of(code, held.root))
            if any(_lets_breathe(call) for call, _ in steps):
                continue
            too_long = ((call, limit) for call, function in steps for limit in limits(code, call, function) if limit.seconds >= held.patience_s * TIMES[limit.kind])
            call, limit = next(too_long, (None, None))
            if call is None or limit is None:
                continue
            told.add(id(held.root))
            why = f"this may be at it for {said_so(limit.seconds) if limit.kind != 'heavy' else 'minutes'}, and after {said_so(held.patience_s)} without a sign of life {held.beyond}"
            strength = "strong" if limit.kind in ("said", "pause") else "fair"
            fact = LibraryTrap(held.effect, strength, clean(why, 160), clean(last_name(call.callee), 60), held.framework, module_of(call).language)
            because = [seen(fact, held.at, self.name, label="the consumer calls it in the thread that gives the sign of life")]
            because += [seen(fact, held.root, self.name, label="this handler waits for it")] if isinstance(held.root, Function) and function_of(call) is not held.root else []
            yield seen(fact, call, self.name, tuple(because))


def _on_io_threads(eyes: Eyes) -> Iterator[_Held]:
    """The handlers that run in the thread, or between two turns, of what keeps the connection alive."""
    code = eyes.code
    # Both are asked of the whole project, whichever handler it is about.
    heartbeat, keepalive = functools.cache(lambda: _heartbeat(eyes)), functools.cache(lambda: _keepalive(code))
    for use in code.idioms.of("subscribe", "hook", "shape"):
        if is_test(use.module.path):
            continue
        held: tuple[float | None, str, str] | None = None
        if "io-thread" in use.idiom.traits:
            held = heartbeat(), "blocked-event-loop", "the broker closes the connection; work in a thread"
        elif use.framework.name == _MQTT and {"work", "thread"} <= set(use.idiom.traits):
            held = keepalive(), "blocked-event-loop", "the broker ends the connection, as this thread sends the pings; hand the work to a queue"
        elif use.framework.name == _KAFKAJS and use.idiom.event_is == "eachMessage":
            held = _session(code, use), "duplicate-delivery", "the group hands the message to another; call heartbeat() meanwhile, or raise sessionTimeout"
        if held is None or held[0] is None:
            continue
        for root in (each for each in code.idioms.handlers(use) if isinstance(each, Function)):
            yield _Held(use.call, root, held[0], held[1], held[2], use.framework.name)


def _polling(code: Code) -> Iterator[_Held]:
    """The loops that take one message after the other from a consumer of Kafka's which must be polled."""
    for each in polls(code):
        patience = poll_interval(code, each)
        if patience is not None:
            yield _Held(each.made, each.loop, patience, "blocked-event-loop", "the consumer has left its group; raise max.poll.interval.ms, or hand the work on", "kafka-python")


def _heartbeat(eyes: Eyes) -> float | None:
    """After how many seconds RabbitMQ gives up: twice what the project asks for, or what its file or it itself suggests; None where that is turned off or cannot be read."""
    code = eyes.code
    naming = code.project.naming("heartbeat")
    given = [keyword.value for module in naming for keyword in module.all(Keyword) if keyword.name == "heartbeat"]
    numbers = [number_of(code.origins, each) for each in given]
    texts = [code.project.text_of(file) for file in code.project.files_named(*_ADDRESSES)] + [module.text for module in naming]
    numbers += [float(found) for text in texts for found in _IN_ADDRESSES.findall(text)]
    if not numbers:  # who asks for none gets the one that the broker's own file suggests
        numbers = [float(found) for file in code.project.files_named(*_CONFIGURATION) for found in _IN_CONFIGURATION.findall(code.project.text_of(file))]
    if any(number is None or number == 0 for number in numbers):
        return None
    return 2 * max((number for number in numbers if number is not None), default=_HEARTBEAT_S)


def _keepalive(code: Code) -> float | None:
    """After how many seconds an MQTT broker gives up: one and a half times what the calls of connect() ask for."""
    given = [call.keyword("keepalive") or (call.args[2] if len(call.args) > 2 else None) for call in code.project.calls("connect", "connect_async") if module_of(call).language == "python"]
    numbers = [number_of(code.origins, each) if each is not None else _KEEPALIVE_S for each in given]
    if any(number is None or number == 0 for number in numbers):
        return None
    return 1.5 * max((number for number in numbers if number is not None), default=_KEEPALIVE_S)


def _session(code: Code, use: Use) -> float | None:
    """For how many seconds a group waits for a heartbeat of kafkajs, as the consumer was made."""
    made = use.receiver.node
    options = code.origins.of(made.args[0]).node if isinstance(made, Call) and made.args else None
    if not isinstance(options, Object):
        return None
    given = options.get("sessionTimeout")
    number = number_of(code.origins, given) if given is not None else _SESSION_S * 1000
    return number / 1000 if number else None


def _lets_breathe(call: Call) -> bool:
    """`heartbeat()`, and `setInterval(heartbeat, 3000)`."""
    return any(last_name(each) in _SIGNS_OF_LIFE for each in (call.callee, *call.args) if isinstance(each, (Name, Member)))


PROBE = Outlasted()
