"""From which topics and queues does an app of Spring take, and in which group?

    @KafkaListener(topics = "berth.events", groupId = "${app.group:billing}")      id = "x" is the group, too, unless idIsGroup = false
    @RabbitListener(queues = "berths")        @SqsListener("berths")        @JmsListener(destination = "berths")
    spring.cloud.stream.bindings.moored-in-0: {destination: berth.events, group: billing}

Sources: docs.spring.io/spring-kafka 3.2 (kafka/receiving-messages/listener-annotation: groupId, id, idIsGroup), spring-amqp 3.1, spring-cloud-stream 4.1
(binding properties: group, default.group), awspring.io 3.1; read, not run.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from callcheck.model.noun import dataclass
from callcheck.model.pattern import pattern
from callcheck.sources.files import File
from callcheck.sources.spring.apps import App
from callcheck.sources.spring.properties import Property

if TYPE_CHECKING:
    from callcheck.sources import Eyes

_ANNOTATION = pattern(r"^[ \t]*@(KafkaListener|RabbitListener|SqsListener|JmsListener)\s*\(((?:[^()]|\([^()]{0,400}\)){0,800})\)", re.M)
_NAMED = {"KafkaListener": "topics", "RabbitListener": "queues", "SqsListener": "value|queueNames", "JmsListener": "destination"}
_BROKERS = {"KafkaListener": "spring.kafka.bootstrap-servers", "RabbitListener": "spring.rabbitmq.host", "JmsListener": "spring.activemq.broker-url"}
_TEXT = pattern(r"\"([^\"\n]{0,200})\"")
_GROUP = "spring.kafka.consumer.group-id"
_BINDINGS = "spring.cloud.stream.bindings."
_TAKES = pattern(r"^(.+-in-\d+|input)\.destination$")
_LARGEST = 300_000


@dataclass(frozen=True, slots=True)
class Listener:
    """One queue, or one topic together with a group."""

    library: str
    queue: str
    group: str
    broker: str
    """"" where nothing says it."""
    file: File
    line: int
    body: str
    """The rest of the file, by which two copies of one listener are known."""
    group_from: Property | None
    """Where the group is said, if not beside the listener."""


def listeners(eyes: Eyes, app: App) -> Iterator[Listener]:
    """Those whose names are known; silent for an app that is told of its properties in ways that are not read."""
    if not app.properties.known:
        return
    for file in app.sources:
        text = eyes.readable(file, _LARGEST)
        for found in _ANNOTATION.finditer(text) if "Listener(" in text else ():
            yield from _annotated(app, file, text, found[1], found[2], text.count("\n", 0, found.start()) + 1)
    yield from _bound(app)


def _annotated(app: App, file: File, text: str, kind: str, given: str, line: int) -> Iterator[Listener]:
    names = _texts(given, _NAMED[kind]) or (_TEXT.findall(given)[:1] if kind == "SqsListener" and "=" not in given else [])
    said = app.properties.of(_BROKERS[kind]) if kind in _BROKERS else None
    group, source = _group(app, given) if kind == "KafkaListener" else ("", None)
    body = text.partition("\nimport ")[2]
    for name in names:
        queue = app.properties.filled(name)
        if queue and (group or kind != "KafkaListener"):
            yield Listener(f"spring-{kind.removesuffix('Listener').lower()}", queue, group, said.value if said else "", file, line, body, source)


def _group(app: App, given: str) -> tuple[str, Property | None]:
    """What the annotation says counts before what the deployment and the files do."""
    own = _texts(given, "groupId") or ([] if "idIsGroup" in given and "false" in given.partition("idIsGroup")[2][:12] else _texts(given, "id"))
    if own:
        return app.properties.filled(own[0]), None
    if "containerFactory" in given:
        return "", None  # A factory of the app's own may name another group.
    found = app.properties.of(_GROUP)
    return (found.value, found) if found is not None else ("", None)


def _bound(app: App) -> Iterator[Listener]:
    """The bindings of Spring Cloud Stream that take; of one without a group each instance gets everything."""
    default = app.properties.of("spring.cloud.stream.default.group")
    for name in app.properties.names(_BINDINGS):
        binding = _TAKES.match(name.removeprefix(_BINDINGS))
        to = app.properties.of(name) if binding is not None else None
        group = app.properties.of(f"{_BINDINGS}{binding[1]}.group") or default if binding is not None else None
        if to is not None and to.value and group is not None and group.value:
            yield Listener("spring-cloud-stream", to.value, group.value, "", to.file, to.line, app.folder, group)


def _texts(given: str, names: str) -> list[str]:
    """The texts of an attribute: `topics = "a"`, `topics = {"a", "b"}`, and in Kotlin `topics = ["a", "b"]`."""
    found = pattern(rf"(?:^|[,\s(])(?:{names})\s*=\s*([{{\[](?:[^{{}}\[\]\"]|\"[^\"\n]*\"){{0,400}}[}}\]]|\"[^\"\n]*\")").search(given)
    return _TEXT.findall(found[1]) if found else []
