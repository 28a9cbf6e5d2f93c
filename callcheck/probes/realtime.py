"""Which realtime layers are set up, and does anything carry their events, or the app's own, between processes?"""

from __future__ import annotations

import re
from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.facts.deployment import StickySessions
from callcheck.model.facts.execution import BusShared, RealtimeServer
from callcheck.model.facts.memory import StateInMemory
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.signs import Sign
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.code import Code
from callcheck.sources.code.function_roles import PER_CALL
from callcheck.sources.code.idioms import Use
from callcheck.sources.code.imports import is_test
from callcheck.sources.code.queries import begins
from callcheck.sources.code.scopes import function_of
from callcheck.sources.code.seen import seen
from callcheck.sources.code.socket_servers import CARRIERS, carried, local_buses, server_of
from callcheck.sources.code.tree import (
    Call,
    Function,
    Import,
    Member,
    Name,
    dotted,
)

_IN_MEMORY_LAYER = "channels.layers.InMemoryChannelLayer"
_OWN = pattern(r"HOST_?NAME|POD_|_POD|INSTANCE|REPLICA|DYNO|MACHINE|gethostname|uuid|getpid|\bnode\b", re.IGNORECASE)
"""Names of what differs from one process to the next, in a group's name."""
_LISTENS = pattern(r"LISTEN\s", re.IGNORECASE)


class Realtime:
    """Looks at Socket.IO servers, Channels layers and in-memory PubSub objects, and at clients of shared buses."""

    name = "realtime"
    looks_at = Sight.SOURCE
    about = ("realtime", "local-bus", "stick", "subscribe", "keep-clients", "dial")
    marks = ("CHANNEL_LAYERS", "LISTEN", "listen ", "add_listener")
    signs = (
        Sign(words=("CHANNEL_LAYERS",)),
        Sign(words=("init_app", "attach"), also=CARRIERS),
        Sign(pattern=r"[\"'`](?:LISTEN|listen)[ \t]+[\w\"$%{]"),
    )
    answers = frozenset({RealtimeServer, BusShared, StickySessions, StateInMemory})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        code = eyes.code
        yield from self._servers(code)
        yield from self._clients(code)
        for module in code.project.chosen.values():
            for call in module.calls("query", "execute", "exec_driver_sql", "unsafe"):
                if call.args and _LISTENS.match(begins(call.args[0])):
                    yield seen(BusShared("postgresql", "", module.language), call, self.name)
        if any("CHANNEL_LAYERS" in module.text for module in code.project.naming("CHANNEL_LAYERS")):
            yield from self._layers(code)
        yield from self._asyncpg(code)
        for use in local_buses(code):
            yield seen(RealtimeServer("", False, use.framework.name, use.module.language), use.call, self.name)
        for use in code.idioms.of("stick"):
            yield seen(StickySessions("session id", ""), use.call, self.name)
        for use in code.idioms.of("subscribe"):
            shared_group = "group" in use.idiom.traits and not any("*" in event or _OWN.search(event) for event in code.idioms.events(use))
            if use.framework.broker and not shared_group:
                yield seen(BusShared(use.framework.broker, use.framework.name, use.module.language), use.call, self.name)

    def _asyncpg(self, code: Code) -> Iterator[Evidence]:
        """`connection.add_listener("channel", heard)`; which object is a connection is seldom to be told, that asyncpg is in use is."""
        calls = [call for call in code.project.calls("add_listener") if len(call.args) == 2 and code.idioms.text(call.args[0])]
        if calls and any(imported.module.split(".")[0] == "asyncpg" for module in code.project.naming("asyncpg") for imported in module.all(Import)):
            yield seen(BusShared("postgresql", "asyncpg", "python"), calls[0], self.name)

    def _layers(self, code: Code) -> Iterator[Evidence]:
        """Django's `CHANNEL_LAYERS = {"default": {"BACKEND": "..."}}`."""
        from callcheck.sources.code.channel_layers import layers

        for node, backend in layers(code):
            yield seen(RealtimeServer("" if backend == _IN_MEMORY_LAYER else "shared", False, "channels", "python"), node, self.name)

    def _servers(self, code: Code) -> Iterator[Evidence]:
        handled = {code.lifetimes.identity(u.receiver) for u in code.idioms.of("register") if u.idiom.role == "connection"}
        uses = list(code.idioms.of("realtime"))
        clients = [use.call for use in code.idioms.of("dial") if not is_test(use.module.path)]
        # Whoever connects by WebSockets alone has one request for a session.
        polled = not clients or not all(_websocket_only(code, call) for call in clients)
        yield from _gateways([use for use in uses if "gateway" in use.idiom.traits], code, polled)
        for use in (use for use in uses if "gateway" not in use.idiom.traits):
            identity = server_of(code, use)
            shared = carried(code, use)
            # A Python server object without handlers only emits, over its queue; clients connect elsewhere.
            serves = use.module.language != "python" or identity in handled or not shared
            polling = serves and polled and not _websocket_only(code, use.call)
            yield seen(RealtimeServer("shared" if shared else "", polling, use.framework.name, use.module.language), use.call, self.name)

    def _clients(self, code: Code) -> Iterator[Evidence]:
        """A server object that keeps its connections by itself (`wss.clients`), and a request, or the message of one of them, that sends to all."""
        for use in code.idioms.of("keep-clients"):
            identity = code.lifetimes.identity(code.lifetimes.born(use.call))
            kept = (node for module in code.project.naming(use.idiom.event_is) for node in module.all(Member) if node.name == use.idiom.event_is)
            for node in kept if identity else ():
                function = function_of(node)
                role = code.lifetimes.role(function) if function is not None and _sends(function) else ""
                timed = function is not None and any(isinstance(a, Name) and a.id == function.name for c in code.project.calls("setInterval") for a in c.args[:1])
                if role in (*PER_CALL, "helper") and not timed and code.lifetimes.identity(code.origins.of(node.object)) == identity:
                    fact = StateInMemory(clean(dotted(node), 60), clean(identity, 120), "connection", use.module.language, "connection", role)
                    because = (seen(fact, node, self.name, label="only the connections of this process are sent to"),)
                    yield seen(fact, use.call, self.name, because)
                    break


def _sends(function: Function) -> bool:
    return any(isinstance(call.callee, Member) and call.callee.name == "send" for call in function.inside(Call))


def _gateways(uses: list[Use], code: Code, polled: bool) -> Iterator[Evidence]:
    """Nest's gateways share one server, Socket.IO's unless the app is given an adapter for another (`WsAdapter`); told once."""
    if not uses or any(True for _ in code.project.calls("WsAdapter")):
        return
    polling = polled and not all(_websocket_only(code, use.call) for use in uses)
    yield seen(RealtimeServer("shared" if _adapted(code) else "", polling, "socket.io", uses[0].module.language), uses[0].call, "realtime")


def _adapted(code: Code) -> bool:
    """Whether the server of Nest's gateways may have an adapter: one that the project makes beside it is not theirs, unless Nest is told of it."""
    adapts = list(code.idioms.of("adapt"))
    if any(True for _ in code.project.calls("useWebSocketAdapter")) or not adapts:
        return bool(adapts) or any(True for _ in code.project.calls("createAdapter", "createShardedAdapter"))
    beside = {server_of(code, use) for use in code.idioms.of("realtime") if "gateway" not in use.idiom.traits} - {""}
    return any(code.lifetimes.identity(use.receiver) not in beside for use in adapts)


def _websocket_only(code: Code, call: Call) -> bool:
    """Whether a server or a client is told to use WebSockets and nothing else."""
    return [code.idioms.text(node) for node in code.idioms.placed(call, "transports")] == ["websocket"]


PROBE = Realtime()
