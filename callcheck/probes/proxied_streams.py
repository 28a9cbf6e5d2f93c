"""Does the server in front let WebSockets and event streams pass as they are?

    location / { proxy_pass http://app:3000; }          # without Upgrade and Connection, a WebSocket's request comes to the app as a plain one
    res.setHeader("Content-Type", "text/event-stream")  # collected by nginx unless proxy_buffering is off or X-Accel-Buffering says no

Sources: nginx.org, websocket.html and proxy_buffering; httpd.apache.org, mod_proxy (`upgrade=websocket`, from 2.4.47) and mod_proxy_wstunnel.
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Location, Lost
from callcheck.model.facts.traps import LibraryTrap
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.model.signs import Sign
from callcheck.model.target import Target
from callcheck.model.words import Basis
from callcheck.sources import Eyes
from callcheck.sources.code import Code
from callcheck.sources.code.imports import is_test
from callcheck.sources.code.routes import path_of_method
from callcheck.sources.code.scopes import module_of
from callcheck.sources.code.seen import seen
from callcheck.sources.code.tree import Call, Function, Import, Literal, Node, Object
from callcheck.sources.fronts import Front, Way
from callcheck.sources.fronts.proxies import FILES, proxies

_STREAM = pattern(r"^text/event-stream\b")
_UNBUFFERED = pattern(r"x-accel-buffering|proxy_buffering")
_POLLS_TOO = frozenset({"socketio", "socketio-py", "python-socketio", "flask-socketio", "sockjs", "signalr"})
"""They fall back on plain requests."""
_CABLE = ("@rails/actioncable", "\"actioncable\"", "'actioncable'")
_PAGES = ("streamlit", "panel")
_SAYS = {
    "upgrade": "The server in front hands a WebSocket's request on as a plain one, which the app refuses; pass its Upgrade and Connection headers on",
    "buffer": "nginx collects what the app writes, so events come late or all at once; set proxy_buffering off for this location, or X-Accel-Buffering: no",
}


class ProxiedStreams:
    """nginx and Apache, of which every server that is described, and leads to the app, has to stand in the way."""

    name = "proxied-streams"
    looks_at = FILES
    signs = (Sign(words=("createConsumer", "ProtocolTypeRouter", "streamlit", "panel")),)
    marks = ("proxy_pass", "ProxyPass")
    answers = frozenset({LibraryTrap})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.tree.named(*self.looks_at) else "no configuration of a web server"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        fronts = [front for front in proxies(eyes) if any(way.goes == "app" for way in front.ways)]
        if not fronts or not eyes.code.present or any(way.goes == "open" for front in fronts for way in front.ways):
            return
        sockets = list(_sockets(eyes.code)) if not any(way.upgrades for way in _apps(fronts)) else []
        for node, path in sockets[:1]:
            yield from self._kept(fronts, node, path, "upgrade", "callback-rejected")
        streams = list(_streams(eyes.code)) if any(way.buffers for way in _apps(fronts)) else []
        for node, path in streams[:1]:
            ways = [way for front in fronts if (way := front.way(path) if path else next(_apps([front]), None)) is not None and way.goes == "app"]
            if ways and all(way.buffers for way in ways):
                yield from self._kept(fronts, node, path, "buffer", "non-streaming-call")

    def _kept(self, fronts: list[Front], node: Node, path: str, what: str, effect: str) -> Iterator[Evidence]:
        way = next((way for front in fronts if path and (way := front.way(path)) is not None and way.goes == "app"), None) or next(_apps(fronts))
        fact = LibraryTrap(effect, "strong", _SAYS[what], clean(path, 60), fronts[0].system, module_of(node).language)
        there = seen(fact, node, self.name, label="the app answers here")
        yield Evidence(fact, Basis.DECLARED, self.name, Location(clean(way.file.name), way.line), because=(there,))


def _apps(fronts: list[Front]) -> Iterator[Way]:
    return (way for front in fronts for way in front.ways if way.goes == "app")


def _sockets(code: Code) -> Iterator[tuple[Node, str]]:
    """Where the app takes connections of browsers, and the path if it is written out."""
    for use in code.idioms.of("register"):
        if use.idiom.role == "connection" and "transport" in use.idiom.traits and use.framework.name not in _POLLS_TOO and not is_test(use.module.path):
            made = use.receiver.site
            told = code.idioms.option(made, "path") if isinstance(made, Call) else None
            yield use.call, code.idioms.text(told) if told is not None else ""
    for use in code.idioms.of("serve"):
        if use.idiom.role == "connection" and not is_test(use.module.path):
            yield use.call, next(iter(code.idioms.events(use)), "")
    # Django's Channels: what it sends to the consumers, it takes as WebSockets alone.
    for call in code.project.calls("ProtocolTypeRouter"):
        given = call.args[0] if call.args else None
        if isinstance(given, Object) and given.get("websocket") is not None and not is_test(module_of(call).path):
            yield call, ""
    # A page of these is one WebSocket's, and there is no other way for what is clicked or shown.
    for name in _PAGES:
        for module in code.project.naming(name):
            yield from ((each, "") for each in module.all(Import)[:1] if each.module.partition(".")[0] == name and not is_test(module.path))
    # Rails mounts Action Cable at /cable, and has no other way than WebSockets.
    for call in code.project.calls("createConsumer"):
        if any(name in module_of(call).text for name in _CABLE) and not is_test(module_of(call).path):
            path = code.idioms.text(call.args[0]) if call.args else "/cable"
            if path.startswith("/"):
                yield call, path


def _streams(code: Code) -> Iterator[tuple[Node, str]]:
    """Where the app answers with an event stream, and the path if it is written out."""
    if any(_UNBUFFERED.search(code.project.text(path).lower()) for path in code.project.sources):
        return
    for use in code.idioms.of("serve"):
        if use.idiom.role != "request" or is_test(use.module.path):
            continue
        for handler in code.idioms.handlers(use):
            texts = [node for node in handler.inside(Literal) if isinstance(node.value, str) and _STREAM.match(node.value)] if isinstance(handler, Function) else []
            if texts:
                yield texts[0], path_of_method(code, use) or next(iter(code.idioms.events(use)), "")


PROBE = ProxiedStreams()
