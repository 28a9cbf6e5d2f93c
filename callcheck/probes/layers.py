"""Do both ends of a channel layer, or of a Socket.IO message queue, use the same names?

    await self.channel_layer.group_add("orders", self.channel_name)
    await layer.group_send("order", {"type": "order.changed"})      # another group, and order_changed() must exist
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.facts.delivery import EventNeverEmitted, TopicUnsubscribed
from callcheck.model.facts.memory import StateInMemory
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.code import Code
from callcheck.sources.code.idioms import Use
from callcheck.sources.code.imports import is_test
from callcheck.sources.code.origins import Origin
from callcheck.sources.code.scopes import module_of
from callcheck.sources.code.seen import seen
from callcheck.sources.code.tree import Call, ClassDef, Function, Member, Module, Node, Object, last_name
from callcheck.sources.languages import COMPONENTS

_LAYER = "channels.layer"
_CONSUMER = "channels.consumer"
_OWN = frozenset("connect disconnect receive receive_json websocket_connect websocket_receive websocket_disconnect dispatch".split())
_BROWSER = pattern(r"\b(?:document|window|navigator)\.\w|\bimport\.meta\.env\b|[\"']use client[\"']|\b(?:fetch|tough)-cookie\b")
"""What a file that runs in a browser has, or one that keeps cookies as browsers do."""


class Layers:
    """Compares groups, message types and queue channels, as far as they are written down; also the sessions that one process keeps."""

    name = "layers"
    looks_at = Sight.SOURCE
    about = ("channel", "sessions", "channels")
    answers = frozenset({EventNeverEmitted, TopicUnsubscribed, StateInMemory})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        code = eyes.code
        yield from self._queues(code)
        yield from self._sessions(code)
        if "channels" in code.idioms.imported:
            calls = [call for call in self._calls(code) if not is_test(module_of(call[1]).path)]
            yield from self._groups(code, calls)
            yield from self._types(code, calls)

    def _queues(self, code: Code) -> Iterator[Evidence]:
        """The channel on which each end of a Socket.IO message queue talks."""
        found: dict[str, Node] = {}
        for use in code.idioms.of("channel"):
            if use.module.language != "python":
                continue  # of Socket.IO's adapter in Node.js, several apps with a key of their own are usual
            default = next((t.removeprefix("default-") for t in use.idiom.traits if t.startswith("default-")), "")
            given = next(iter(code.idioms.placed(use.call, use.idiom.event)), None)
            channel = code.idioms.text(given) if given is not None else default
            if not channel:
                return
            found.setdefault(channel, use.call)
        if len(found) == 2:
            (one, here), (other, there) = found.items()
            fact = EventNeverEmitted(one, other, "channels", "python")
            yield seen(fact, here, self.name, (seen(fact, there, self.name, label=f"talks on the channel {clean(other, 40)}"),), f"talks on the channel {clean(one, 40)}")

    def _sessions(self, code: Code) -> Iterator[Evidence]:
        """Transports that keep each session in a table of the process, unless they are told to keep none."""
        if any(True for _ in code.idioms.of("sessions-shared")):
            return
        client = next((use.call for use in code.idioms.of("note") if "keeps-no-cookies" in use.idiom.traits and not _in_browser(use.module)), None)
        for use in code.idioms.of("sessions"):
            if _by_socket(code, use):
                continue
            place = f"{use.module.path}:{use.call.line}"
            by = clean(last_name(client.callee), 60) if client is not None else ""
            fact = StateInMemory(last_name(use.call.callee), clean(place, 120), "transport", "python", client=by)
            why = (seen(fact, client, self.name, label="this client keeps no cookie"),) if client is not None else ()
            yield seen(fact, use.call, self.name, why)

    def _calls(self, code: Code) -> Iterator[tuple[str, Call, list[Node]]]:
        """Calls on a channel layer, through `async_to_sync` too: the method, the call, its arguments."""
        for name in ("group_add", "group_send", "send"):
            for call in code.project.calls(name):
                if isinstance(call.callee, Member) and _LAYER in code.idioms.kinds(code.origins.of(call.callee.object)):
                    yield name, call, call.args
        for inner in code.project.calls("async_to_sync"):
            outer = inner.parent
            target = inner.args[0] if inner.args else None
            if isinstance(outer, Call) and outer.callee is inner and isinstance(target, Member) and target.name in ("group_add", "group_send", "send"):
                if _LAYER in code.idioms.kinds(code.origins.of(target.object)):
                    yield target.name, outer, outer.args

    def _groups(self, code: Code, calls: list[tuple[str, Call, list[Node]]]) -> Iterator[Evidence]:
        import difflib

        joined = [(code.idioms.text(args[0]), call) for name, call, args in calls if name == "group_add" and args]
        if not joined or not all(group for group, _ in joined):
            return
        for name, call, args in calls:
            group = code.idioms.text(args[0]) if name == "group_send" and args else ""
            if group and not any(_fits(group, other) for other, _ in joined):
                near = max(joined, key=lambda each: difflib.SequenceMatcher(None, each[0], group).ratio())
                fact = EventNeverEmitted(clean(near[0], 80), clean(group, 80), "channels", "python")
                yield seen(fact, call, self.name, (seen(fact, near[1], self.name, label=f"joins the group {clean(near[0], 40)}"),), f"sends to the group {clean(group, 40)}")

    def _types(self, code: Code, calls: list[tuple[str, Call, list[Node]]]) -> Iterator[Evidence]:
        import difflib

        consumers = [c for m in code.project.naming("channels", "Consumer", "WebsocketConsumer", "AsyncConsumer", "AsyncWebsocketConsumer", "JsonWebsocketConsumer", "AsyncJsonWebsocketConsumer") for c in m.all(ClassDef) if c.bases and _CONSUMER in code.idioms.kinds(Origin("class", c, cls=c))]
        methods = {m.name: m for c in consumers for m in c.body if isinstance(m, Function)}
        if not methods:
            return
        for _, call, args in calls:
            message = args[1] if len(args) > 1 else None
            held = message if isinstance(message, Object) else code.origins.of(message).node if message is not None else None
            kind = code.idioms.text(held.get("type")) if isinstance(held, Object) else ""
            if not kind or "*" in kind or kind.replace(".", "_") in methods:
                continue
            own = [name for name in methods if name not in _OWN and not name.startswith("_")]
            near = difflib.get_close_matches(kind.replace(".", "_"), own, 1, 0.6)
            if near:
                fact = EventNeverEmitted(near[0], clean(kind, 80), "channels", "python")
                yield seen(fact, call, self.name, (seen(fact, methods[near[0]], self.name, label=f"waits for the type {near[0]}"),), f"is sent with the type {clean(kind, 40)}")
            else:
                missing = TopicUnsubscribed(clean(kind, 80), clean(", ".join(own), 120), "channels", "python")
                yield seen(missing, call, self.name)


def _fits(one: str, other: str) -> bool:
    if "*" not in one and "*" not in other:
        return one == other
    head, end = one.split("*")[0], other.split("*")[0]
    return head.startswith(end) or end.startswith(head)


def _by_socket(code: Code, use: Use) -> bool:
    """Whether what is served is had through a socket of the machine alone: `uvicorn.Config(app, uds=path)`, where each process has its own callers."""
    around = {use.module.path, *code.project.importers(use.module.path)}
    return any(call.keyword("uds") is not None and module_of(call).path in around for call in code.project.calls("run", "Config"))


def _in_browser(module: Module) -> bool:
    """Whether a file may run where cookies are kept, or brings what keeps them; tests count as such."""
    return module.path.endswith((".tsx", ".jsx", *COMPONENTS)) or is_test(module.path) or _BROWSER.search(module.text) is not None


PROBE = Layers()
