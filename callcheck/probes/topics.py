"""Is every topic that is published on also subscribed to?"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.facts.delivery import TopicUnsubscribed
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.signs import Sign
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.code import Code
from callcheck.sources.code.idioms import Use
from callcheck.sources.code.scopes import function_of
from callcheck.sources.code.seen import seen
from callcheck.sources.code.tree import Call, ClassDef, Function, Import, Loop, Member, Name, Node, Param

_SUBSCRIBES = {"autogen_core.type_subscription", "autogen_core.TypeSubscription"}
_DEFAULT = {"autogen_core.default_subscription", "autogen_core.DefaultSubscription"}
_PREFIXES = {"autogen_core.TypePrefixSubscription"}
_TOPIC = "autogen_core.TopicId"
_DEFAULT_ID, _DEFAULT_TOPIC = "autogen_core.DefaultTopicId", "default"


class Topics:
    """Compares the topics of autogen-core's publications with its subscriptions; says nothing once one of them is computed."""

    name = "topics"
    looks_at = Sight.SOURCE
    about = ("handle", "publish", "register")
    signs = (Sign(words=("autogen_core",)),)
    answers = frozenset({TopicUnsubscribed})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        yield from self._types(eyes.code)
        yield from self._topics(eyes.code)
        yield from self._beside(eyes.code)

    def _types(self, code: Code) -> Iterator[Evidence]:
        """A message of a class for which no agent has a handler: the class itself decides, not those that it extends."""
        handled: dict[int, ClassDef] = {}
        closures = [use for use in code.idioms.of("register") if use.framework.name == "autogen-core"]
        if {id(call) for call in code.project.calls("register_closure")} - {id(use.call) for use in closures}:
            return
        for use in closures:
            # `async def collect(agent, message: Loaded, ctx)`, whatever its parameters are called.
            for handler in code.idioms.handlers(use):
                place = 1 + (isinstance(handler.parent, ClassDef) and not handler.static) if isinstance(handler, Function) else 0
                taken = handler.params[place] if isinstance(handler, Function) and len(handler.params) > place else None
                cls = code.origins.binding(taken, taken.name).cls if taken is not None and not any(sign in taken.annotation for sign in "|[(") else None
                if cls is None:
                    return
                handled[id(cls)] = cls
            if not list(code.idioms.handlers(use)):
                return
        for use in code.idioms.of("handle"):
            for handler in code.idioms.handlers(use) if "typed" in use.idiom.traits else ():
                message = next((p for p in handler.params if p.name == "message"), None) if isinstance(handler, Function) else None
                if message is None or any(sign in message.annotation for sign in "|[("):
                    return
                cls = code.origins.binding(message, "message").cls
                if cls is None:
                    return
                handled[id(cls)] = cls
        if not handled:
            return
        for use in code.idioms.of("publish"):
            node = use.call.args[0] if use.call.args else use.call.keyword("message")
            origin = code.origins.of(node)
            cls = origin.cls if use.framework.name == "autogen-core" and origin.kind == "made" else None
            if cls is not None and id(cls) not in handled:
                names = ", ".join(sorted(c.name for c in handled.values()))
                fact = TopicUnsubscribed(clean(cls.name, 80), clean(names, 120), "autogen-core", use.module.language)
                yield seen(fact, use.call, self.name, (seen(fact, cls, self.name, label="no handler takes this class"),))

    def _beside(self, code: Code) -> Iterator[Evidence]:
        """A message whose topic has subscribers, of which none has a handler for its class, as agents of other topics have."""
        if any(True for _ in code.project.calls("register_closure", "add_subscription", "TypeSubscription", "TypePrefixSubscription")):
            return
        agents: dict[str, list[tuple[ClassDef, set[int]]]] = {}
        handled: set[int] = set()
        for cls in (each for module in code.project.naming("type_subscription", "default_subscription") for each in module.all(ClassDef)):
            topics = [topic for decorator in cls.decorators for topic in _subscribed(code, decorator)]
            taken = _taken(code, cls) if topics else set()
            if "" in topics or taken is None:
                return
            handled |= taken
            for topic in topics:
                agents.setdefault(topic, []).append((cls, taken))
        for use in code.idioms.of("publish") if agents else ():
            node = use.call.args[0] if use.call.args else use.call.keyword("message")
            origin = code.origins.of(node)
            sent = origin.cls if use.framework.name == "autogen-core" and origin.kind == "made" else None
            if sent is None or id(sent) not in handled:
                continue
            made = _topic_of(code, use)
            for topic in [named for named, _ in _named(code, made, "type")] if made is not None else [_DEFAULT_TOPIC] if _by_default(code, use) else []:
                heard = agents.get(topic, [])
                if heard and not any(id(sent) in taken for _, taken in heard):
                    fact = TopicUnsubscribed(clean(sent.name, 80), clean(", ".join(sorted(each.name for each, _ in heard)), 120), "autogen-core", use.module.language)
                    because = tuple(seen(fact, each, self.name, label=f"subscribes to {clean(topic, 40)}, and has no handler for {clean(sent.name, 40)}") for each, _ in heard[:3])
                    yield seen(fact, use.call, self.name, because)

    def _topics(self, code: Code) -> Iterator[Evidence]:
        subscribed: dict[str, Node] = {}
        if not any(statement.module.startswith("autogen_core") for statement in (each for module in code.project.naming("autogen_core") for each in module.all(Import))):
            return
        for module in code.project.chosen.values():
            nodes: list[Node] = [*module.all(Call), *module.all(Name), *module.all(Member)]
            for node in sorted(nodes, key=lambda each: each.at):
                name = code.origins.of(node.callee if isinstance(node, Call) else node).qualified
                if name in _PREFIXES:
                    return
                if name in _DEFAULT:
                    subscribed.setdefault("default", node)
                elif name in _SUBSCRIBES and isinstance(node, Call):
                    topics = [topic for topic, _ in _named(code, node, "topic_type")]
                    if "" in topics:
                        return
                    for topic in topics:
                        subscribed.setdefault(topic, node)
        if not subscribed:
            return
        sent = [(made, use.module) for use in code.idioms.of("publish") if (made := _topic_of(code, use)) is not None]
        for named, node, module in ((*each, module) for made, module in sent for each in _named(code, made, "type")):
            if named and "*" not in named and named not in subscribed:
                fact = TopicUnsubscribed(clean(named, 80), clean(", ".join(sorted(subscribed)), 120), "autogen-core", module.language)
                because = tuple(seen(fact, s, self.name, label=f"subscribes to {t}") for t, s in list(subscribed.items())[:3])
                yield seen(fact, node, self.name, because)


def _subscribed(code: Code, decorator: Node) -> list[str]:
    """The topics that a decorator of a class subscribes to; "" for a computed one."""
    name = code.origins.of(decorator.callee if isinstance(decorator, Call) else decorator).qualified
    if name in _DEFAULT:
        return [_DEFAULT_TOPIC]
    return [topic for topic, _ in _named(code, decorator, "topic_type")] if name in _SUBSCRIBES and isinstance(decorator, Call) else []


def _taken(code: Code, cls: ClassDef) -> set[int] | None:
    """The classes of messages for which an agent has handlers; None if that cannot be told."""
    if any(code.origins.of(base).cls is not None for base in cls.bases):
        return None
    found: set[int] = set()
    for method in cls.body:
        message = next((p for p in method.params if p.name == "message"), None) if isinstance(method, Function) and method.decorators else None
        if message is not None:
            taken = code.origins.binding(message, "message").cls
            if taken is None or any(sign in message.annotation for sign in "|[("):
                return None
            found.add(id(taken))
    return found


def _topic_given(code: Code, use: Use) -> Node | None:
    return code.idioms.option(use.call, "topic_id") or next(iter(use.call.args[1:]), None)


def _by_default(code: Code, use: Use) -> bool:
    given = _topic_given(code, use)
    return isinstance(given, Call) and code.origins.of(given.callee).qualified == _DEFAULT_ID and not given.args and not given.keyword("type")


def _named(code: Code, made: Call, keyword: str) -> list[tuple[str, Node]]:
    """The types of topic that a call is given, each with the place that names it: one, or one for each row of the table that a loop goes over,
    or for each call of the method that it stands in (`self.tell(Channel.DONE, report)`); "" for what is computed."""
    value = made.keyword(keyword) or (made.args[0] if made.args else None)
    text = code.idioms.text(value)
    name = value.object if isinstance(value, Member) and value.name == "value" else value
    declared, function = code.origins.binding_of(name) if name is not None else None, function_of(made)
    if isinstance(name, Name) and isinstance(declared, Loop):
        # A loop over something that is not written out may name anything.
        return [(code.idioms.text(each), made) for each in code.origins.looped(name)] or [("", made)]
    if function is None or not isinstance(name, Name) or not isinstance(declared, Param) or declared not in function.params:
        return [(text, made)]
    place = function.params.index(declared) - isinstance(function.parent, ClassDef)
    calls = [(call, call.keyword(name.id) or next(iter(call.args[place:]), declared.default)) for call in code.origins.calls_of(function)]
    return [(code.idioms.text(given), call) for call, given in calls] or [(text, made)]


def _topic_of(code: Code, use: Use) -> Call | None:
    """The topic that something is published to, wherever it is made: `publish_message(draft, topic_id=TopicId("reviews", key))`."""
    given = _topic_given(code, use)
    made = given if isinstance(given, Call) else code.origins.of(given).node if given is not None else None
    return made if isinstance(made, Call) and code.origins.of(made.callee).qualified == _TOPIC else None


PROBE = Topics()
