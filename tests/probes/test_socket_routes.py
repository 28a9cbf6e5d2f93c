"""Routes of WebSocket APIs, and the messages of their clients."""

from __future__ import annotations

from pathlib import Path

import pytest

from callcheck.probes.socket_routes import PROBE
from tests.tools.deployed import look_with
from tests.tools.shipped import shipped_knowledge

look = look_with(PROBE, shipped_knowledge())

SERVERLESS = "service: a\nfunctions:\n  connect: {handler: a.connect, events: [{websocket: $connect}]}\n  say:\n    handler: a.say\n    events:\n      - websocket:\n          route: say\n%s"
SAM = "Resources:\n  Api:\n    Type: AWS::ApiGatewayV2::Api\n    Properties: {ProtocolType: WEBSOCKET, RouteSelectionExpression: $request.body.op}\n  Say:\n    Type: AWS::ApiGatewayV2::Route\n    Properties:\n      RouteKey: say\n"
TERRAFORM = 'resource "aws_apigatewayv2_api" "a" {\n  protocol_type = "WEBSOCKET"\n  route_selection_expression = "$request.body.action"\n}\nresource "aws_apigatewayv2_route" "say" {\n  route_key = "say"\n}\n'
DEFAULT = "  rest: {handler: a.rest, events: [{websocket: {route: $default}}]}\n"
SENDS = "const ws = new WebSocket(url);\nfunction say(text) { ws.send(JSON.stringify(%s)); }\n"
PY = "import json\nasync def say(ws, text):\n    await ws.send(json.dumps(%s))\n"


def said(tmp_path: Path, files: dict[str, str]) -> list[str]:
    return [f"{item.fact.event} {item.fact.near} @{item.where}" for item in look(tmp_path, files)]


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"serverless.yml": SERVERLESS % "", "a.js": SENDS % "{ type: 'say', text }"}, ["action: say type: say @serverless.yml:8"]),
        ({"serverless.yml": SERVERLESS % "", "a.js": SENDS % "{ action: 'says', text }"}, ["say says @serverless.yml:8"]),
        ({"template.yaml": SAM, "a.py": PY % "{'action': 'say', 'text': text}"}, ["op: say action: say @template.yaml:8"]),
        ({"main.tf": TERRAFORM, "a.js": SENDS % "{ action: 'sendtext', text }"}, ["say sendtext @main.tf:6"]),
        ({"main.tf": TERRAFORM, "a.js": SENDS % "{ action: 'say', text }"}, []),
        ({"template.yaml": SAM, "a.py": PY % "{'op': 'say', 'text': text}"}, []),
        ({"serverless.yml": SERVERLESS % DEFAULT, "a.js": SENDS % "{ type: 'say', text }"}, []),
        ({"serverless.yml": SERVERLESS % "", "a.js": SENDS % "{ ...message, text }"}, []),
        ({"serverless.yml": SERVERLESS % "", "a.js": SENDS % "{ type: 'ping', text }"}, []),  # no route's name: maybe another server's
        ({"main.tf": TERRAFORM, "a.js": SENDS % "{ action: kind(), text }"}, []),
    ],
)
def test_messages_and_routes(tmp_path: Path, files: dict[str, str], expected: list[str]) -> None:
    assert said(tmp_path, files) == expected
