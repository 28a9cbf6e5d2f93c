"""Does a client of a WebSocket API of AWS name a route that the API has, under the key by which the API looks for it?

    websocketsApiRouteSelectionExpression: $request.body.action
    ws.send(JSON.stringify({ type: "sendMessage", text }))              # no key `action`: it goes to $default, and where there is none the client is told Forbidden
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Location, Lost
from callcheck.model.facts.delivery import EventNeverEmitted
from callcheck.model.noun import dataclass
from callcheck.model.printable import clean
from callcheck.model.target import Target
from callcheck.model.words import Basis
from callcheck.sources import Eyes
from callcheck.sources.aws_templates import SERVERLESS, TEMPLATES
from callcheck.sources.code import Code
from callcheck.sources.code.alike import alike
from callcheck.sources.code.every_text import every_text
from callcheck.sources.code.imports import is_test
from callcheck.sources.code.scopes import module_of
from callcheck.sources.code.seen import seen
from callcheck.sources.code.tree import Call, Node, Object, last_name
from callcheck.sources.socket_routes import SocketRoutes, socket_routes

_ELSE = "$default"
_SENDS = frozenset({"send", "sendMessage", "sendJsonMessage", "send_json"})
_TEXTS = frozenset({"stringify", "dumps"})


@dataclass(frozen=True, slots=True)
class _Message:
    """What one call sends: the texts under each key that is written out, and where; None for what is computed."""

    at: Node
    keys: dict[str, dict[str, Node] | None]


class SocketRouteNames:
    """Silent where there is a route for all the rest, where nothing is sent here, or where what is sent is computed."""

    name = "socket-routes"
    looks_at = (*TEMPLATES, SERVERLESS, "*.tf")
    marks = ("websocket", "WEBSOCKET")
    answers = frozenset({EventNeverEmitted})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.tree.named(*self.looks_at) else "no templates"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        api = socket_routes(eyes)
        own = {route: where for route, where in api.named.items() if not route.startswith("$")}
        if not api.key or not own or _ELSE in api.named:
            return
        messages = list(_messages(eyes.code)) if eyes.code.present else []
        if not messages or not all(each.keys for each in messages):
            return
        chosen = [each.keys[api.key] for each in messages if api.key in each.keys]
        yield from self._other_key(api, own, messages) if not chosen else self._other_route(own, [each for each in chosen if each is not None], None in chosen)

    def _other_key(self, api: SocketRoutes, own: dict[str, Location], messages: list[_Message]) -> Iterator[Evidence]:
        """Another key of a message holds the name of a route."""
        for each in messages:
            for key, texts in each.keys.items():
                route = next((text for text in texts or {} if text in own), "")
                if route:
                    fact = EventNeverEmitted(clean(f"{api.key}: {route}", 80), clean(f"{key}: {route}", 80), "apigateway", module_of(each.at).language)
                    yield Evidence(fact, Basis.DECLARED, self.name, own[route], because=(seen(fact, each.at, self.name, label=f"the route stands under {clean(key, 40)} here"),))
                    return

    def _other_route(self, own: dict[str, Location], chosen: list[dict[str, Node]], computed: bool) -> Iterator[Evidence]:
        """A name is sent that no route has, while one much like it, or one alone, is a route that nobody asks for."""
        sent = {text: node for texts in chosen for text, node in texts.items()}
        idle = [] if computed else [route for route in own if route not in sent]
        strange = {name: node for name, node in sent.items() if name not in own} if idle else {}
        for name, node in strange.items():
            near = next((route for route in idle if alike(route, name)), "") or (idle[0] if len(idle) == len(strange) == 1 else "")
            if near:
                fact = EventNeverEmitted(clean(near, 80), clean(name, 80), "apigateway", module_of(node).language)
                yield Evidence(fact, Basis.DECLARED, self.name, own[near], because=(seen(fact, node, self.name, label=f"{clean(name, 60)} is what goes out"),))


def _messages(code: Code) -> Iterator[_Message]:
    """What goes out as JSON: `ws.send(JSON.stringify({...}))`, `await ws.send(json.dumps({...}))`, `sendJsonMessage({...})`."""
    for call in code.project.calls(*_SENDS):
        if is_test(module_of(call).path) or not call.args:
            continue
        given: Node | None = call.args[0]
        if isinstance(given, Call) and last_name(given.callee) in _TEXTS and given.args:
            given = given.args[0]
        elif last_name(call.callee) not in ("sendJsonMessage", "send_json"):
            continue
        held = given if isinstance(given, Object) else code.origins.of(given).node
        if isinstance(held, Object) and all(entry.key for entry in held.entries):
            yield _Message(call, {str(entry.key): every_text(code, entry.value) for entry in held.entries})
        else:
            yield _Message(call, {})


PROBE = SocketRouteNames()
