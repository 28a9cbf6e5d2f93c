"""Does what is published carry the name of the GraphQL subscription that is to deliver it?

    Subscription: { waiterCalled: { subscribe: () => pubsub.asyncIterator("CALLED") } }
    pubsub.publish("CALLED", { call });      // without a `resolve`, the field is read as payload.waiterCalled
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.facts.execution import PayloadMisread
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.signs import Sign
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.code import Code
from callcheck.sources.code.imports import is_test
from callcheck.sources.code.scopes import enclosing, module_of
from callcheck.sources.code.seen import seen
from callcheck.sources.code.tree import (
    Call,
    Function,
    Literal,
    Member,
    Name,
    Node,
    Object,
    Sequence,
    Template,
    dotted,
    last_name,
)

_ITERATORS = frozenset({"asyncIterator", "asyncIterableIterator", "subscribe"})
_FRAMEWORK = "graphql-subscriptions"


class SubscriptionFields:
    """Lays the payloads of `publish` beside the fields whose resolvers subscribe to the same topic."""

    name = "subscription-fields"
    looks_at = Sight.SOURCE
    about = (_FRAMEWORK,)
    signs = (Sign(words=("asyncIterator", "asyncIterableIterator", "subscribe", "publish"), also=("Subscription", "pubsub", "pubSub", "PubSub", "publish")),)
    answers = frozenset({PayloadMisread})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        code = eyes.code
        if _FRAMEWORK not in code.idioms.imported:
            return
        fields: dict[str, list[tuple[str, Node]]] = {}
        for topic, field, node in (*_resolvers(code), *_decorated(code)):
            fields.setdefault(topic, []).append((field, node))
        yield from self._filters(code)
        for call in code.project.calls("publish") if fields else ():
            topic, payload = _published(code, call)
            keys = [entry.key for entry in payload.entries] if isinstance(payload, Object) else []
            wanted = fields.get(topic, [])
            if not keys or None in keys or not wanted or is_test(module_of(call).path) or any(field in keys for field, _ in wanted):
                continue
            field, node = wanted[0]
            fact = PayloadMisread(clean(field, 80), clean(field, 60), clean(", ".join(key for key in keys if key), 120), _FRAMEWORK, module_of(call).language)
            yield seen(fact, call, self.name, (seen(fact, node, self.name, label=f"without a resolve(), payload.{clean(field, 40)} is delivered"),))

    def _filters(self, code: Code) -> Iterator[Evidence]:
        """`withFilter(() => pubsub.asyncIterator("ADDED"), (payload) => payload.room === …)`: the filter is given the payload as it was published."""
        for topics, judge, call in _judges(code):
            read = list(_read(judge))
            sent = [payload for each in code.project.calls("publish") for topic, payload in (_published(code, each),) if topic in topics]
            keys = {entry.key for payload in sent if isinstance(payload, Object) for entry in payload.entries}
            if not read or not keys or None in keys or not all(isinstance(payload, Object) for payload in sent):
                continue
            name, node = read[0]
            if not any(each in keys for each, _ in read):
                fact = PayloadMisread("the filter's payload", clean(name, 60), clean(", ".join(sorted(key for key in keys if key)), 120), _FRAMEWORK, module_of(call).language)
                yield seen(fact, node, self.name, (seen(fact, call, self.name, label="the filter is given what was published, as it is"),))


def _judges(code: Code) -> Iterator[tuple[set[str], Function, Call]]:
    """Each filter of a subscription, with the topics that it filters: of `withFilter()`, or the option of Nest's `@Subscription()`."""
    for call in code.project.calls("withFilter"):
        topics = _topics(code, call.args[0]) if call.args else set()
        judge = code.origins.of(call.args[1]).node if len(call.args) > 1 else None
        if isinstance(judge, Function):
            yield topics, judge, call
    for call in code.project.calls("Subscription"):
        method = call.parent
        judge = code.idioms.option(call, "filter")
        if isinstance(method, Function) and isinstance(judge, Function):
            yield _topics(code, method), judge, call


def _topics(code: Code, node: Node) -> set[str]:
    return {_topic(code, inner.args[0]) for inner in node.inside(Call) if last_name(inner.callee) in _ITERATORS and inner.args}


def _read(judge: Function) -> Iterator[tuple[str, Node]]:
    """The fields that a filter takes from its first parameter."""
    param = judge.params[0] if judge.params else None
    if param is None:
        return
    yield from ((name, param) for name in param.demands())
    for node in judge.inside(Member):
        if isinstance(node.object, Name) and node.object.id == param.name:
            yield node.name, node


def _resolvers(code: Code) -> Iterator[tuple[str, str, Node]]:
    """Topic, field and place of each resolver of a `Subscription` map that leaves the payload as it is."""
    for call in code.project.calls(*_ITERATORS):
        topic = _topic(code, call.args[0]) if call.args else ""
        entry = next((a for a in call.up() if getattr(a, "key", None) == "subscribe"), None)
        options = entry.parent if entry is not None else None
        field = options.parent if isinstance(options, Object) else None
        name = getattr(field, "key", None)
        if topic and name and isinstance(options, Object) and options.get("resolve") is None and not any(e.key is None for e in options.entries):
            yield topic, name, call


def _decorated(code: Code) -> Iterator[tuple[str, str, Node]]:
    """The same for methods under Nest's `@Subscription()`."""
    for call in code.project.calls("asyncIterator", "asyncIterableIterator"):
        method = enclosing(call, Function)
        topic = _topic(code, call.args[0]) if call.args else ""
        if not isinstance(method, Function) or not topic:
            continue
        for decorator in method.decorators:
            if isinstance(decorator, Call) and last_name(decorator.callee) == "Subscription" and decorator.keyword("resolve") is None:
                option = code.idioms.option(decorator, "resolve")
                named = code.idioms.option(decorator, "name") or next((a for a in decorator.args if isinstance(a, Literal)), None)
                if option is None:
                    yield topic, (code.idioms.text(named) if named is not None else "") or method.name, call


def _published(code: Code, call: Call) -> tuple[str, Node | None]:
    """Topic and payload of `publish(topic, payload)` or `publish({ topic, payload })`."""
    if len(call.args) == 1 and isinstance(call.args[0], Object):
        topic = call.args[0].get("topic")
        return (_topic(code, topic) if topic is not None else ""), call.args[0].get("payload")
    return (_topic(code, call.args[0]), call.args[1]) if len(call.args) > 1 else ("", None)


def _topic(code: Code, node: Node) -> str:
    """The same text for the same topic: what it says, or the constant or function that says it."""
    if isinstance(node, Sequence) and len(node.items) == 1:
        node = node.items[0]
    text = code.idioms.text(node)
    if text and text.strip("*"):
        return text
    if isinstance(node, Template):
        return node.pattern if node.pattern.strip("*") else ""
    if isinstance(node, Call):
        made = code.origins.of(node.callee)
        return f"call {dotted(node.callee)}" if made.kind == "function" else ""
    return f"name {dotted(node)}" if isinstance(node, Member) and dotted(node) and not isinstance(node.object, Call) else (f"name {node.id}" if isinstance(node, Name) else "")


PROBE = SubscriptionFields()
