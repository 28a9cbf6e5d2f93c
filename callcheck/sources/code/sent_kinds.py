"""Under which names does the project send what resources of a deployment route: topics of Dapr, types of CloudEvents and Event Grid, labels of Service Bus, keys of RabbitMQ?

    client.publish_event(pubsub_name="broker", topic_name="order-paid", data=...)     await client.pubsub.publish("broker", "order-paid", order)
    new CloudEvent({ type: "shop.order.paid", source })                               CloudEvent({"type": "shop.order.paid", "source": "/shop"}, order)
    EventGridEvent(event_type="Docs.Uploaded", ...)                                   ServiceBusMessage(body, subject="order.paid")

Sources: dapr 1.13 clients (publish_event), @dapr/dapr 3.3 (IClientPubSub.publish); cloudevents 1.11 and 8.0; azure-eventgrid 4.20; azure-servicebus 7.12.
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.noun import dataclass, field
from callcheck.model.pattern import pattern
from callcheck.sources.code import Code
from callcheck.sources.code.call_forms import given_as
from callcheck.sources.code.every_text import every_text, ways
from callcheck.sources.code.imports import is_test
from callcheck.sources.code.scopes import module_of
from callcheck.sources.code.tree import Call, Member, Node, Object, last_name
from callcheck.sources.event_resources import CLOUDEVENTS, DAPR, EVENT_GRID, RABBITMQ, SERVICE_BUS

_OVER_HTTP = pattern(r"/v1\.0(?:-alpha1)?/publish/")
_HEADER = pattern(r"(?i)^ce-type$")


@dataclass(slots=True)
class Sent:
    """The names of one medium, each with a place that gives it and the scope it is sent in ("" if that is not written out); `open`: there may be others."""

    names: dict[tuple[str, str], Node] = field(default_factory=dict)
    shapes: dict[tuple[str, str], Node] = field(default_factory=dict)
    """Those of which a part is computed, which is written `*`: `load.weighed.*.*`; what is computed may have more parts than one, and never less."""
    open: bool = False

    def within(self, scope: str) -> dict[str, Node]:
        """The names that are sent in a scope, or in one that is not known."""
        return {name: node for (name, held), node in self.names.items() if not scope or not held or held == scope}

    def shaped(self, scope: str) -> dict[str, Node]:
        """The same of what is computed in part."""
        return {shape: node for (shape, held), node in self.shapes.items() if not scope or not held or held == scope}


def sent(code: Code, medium: str) -> Sent:
    """All that the project sends over one medium."""
    found = Sent()
    for name, scope in _SENDS[medium](code):
        texts = every_text(code, name)
        scopes = every_text(code, scope) if scope is not None else {"": name}
        shapes = _shapes(code, name) if texts is None else {}
        found.open = found.open or texts is None and not shapes
        for shape, node in shapes.items():
            for held in scopes or {"": node}:
                found.shapes.setdefault((shape, held), node)
        for text, node in (texts or {}).items():
            for held in scopes or {"": node}:
                found.names.setdefault((text, held), node if node is not None else name)
    if medium == DAPR and any(_OVER_HTTP.search(code.project.text(path)) for path in code.project.sources if not is_test(path)):
        found.open = True
    return found


def _shapes(code: Code, name: Node | None) -> dict[str, Node]:
    """The texts that begin with a word that is written out; none if one does not."""
    found = {code.idioms.text(way): way for way in ways(code, name) if way is not None}
    return found if all(shape and shape[0] != "*" and "*" in shape for shape in found) else {}


def _calls(code: Code, *names: str) -> Iterator[Call]:
    return (call for call in code.project.calls(*names) if not is_test(module_of(call).path))


def _placed(call: Call, index: int, *names: str) -> Node | None:
    return next((value for name in names if (value := call.keyword(name)) is not None), None) or (call.args[index] if len(call.args) > index else None)


def _dapr(code: Code) -> Iterator[tuple[Node | None, Node | None]]:
    for call in _calls(code, "publish_event"):
        yield _placed(call, 1, "topic_name"), _placed(call, 0, "pubsub_name")
    for call in _calls(code, "publish", "publishBulk"):
        if isinstance(call.callee, Member) and last_name(call.callee.object) == "pubsub" and "@dapr/dapr" in module_of(call).text:
            yield _placed(call, 1), _placed(call, 0)


def _cloudevents(code: Code) -> Iterator[tuple[Node | None, Node | None]]:
    for call in _calls(code, "CloudEvent"):
        yield call.keyword("type") or given_as(call, "type"), None
    for module in code.project.naming("ce-type"):
        for each in module.all(Object) if not is_test(module.path) else ():
            yield from ((entry.value, None) for entry in each.entries if entry.key and _HEADER.match(entry.key))


def _event_grid(code: Code) -> Iterator[tuple[Node | None, Node | None]]:
    for call in _calls(code, "EventGridEvent"):
        yield call.keyword("event_type"), None
    for module in code.project.naming("eventType"):
        for each in module.all(Object) if not is_test(module.path) else ():
            if each.get("eventType") is not None and each.get("dataVersion") is not None:
                yield each.get("eventType"), None
    yield from _cloudevents(code)


def _service_bus(code: Code) -> Iterator[tuple[Node | None, Node | None]]:
    for call in _calls(code, "ServiceBusMessage"):
        if call.keyword("subject") is not None:
            yield call.keyword("subject"), None
    for call in _calls(code, "sendMessages"):
        for each in call.inside(Object):
            if each.get("body") is not None and each.get("subject") is not None:
                yield each.get("subject"), None


def _rabbitmq(code: Code) -> Iterator[tuple[Node | None, Node | None]]:
    for use in code.idioms.of("channel-out"):
        if use.framework.broker == RABBITMQ and use.idiom.medium != "amqp-queue" and not is_test(use.module.path):
            scope = next(iter(code.idioms.placed(use.call, use.idiom.scope)), None) if use.idiom.scope else None
            yield next(iter(code.idioms.placed(use.call, use.idiom.event)), None), scope


_SENDS = {DAPR: _dapr, CLOUDEVENTS: _cloudevents, EVENT_GRID: _event_grid, SERVICE_BUS: _service_bus, RABBITMQ: _rabbitmq}
