"""Which routes has a WebSocket API of AWS, and by which key of a message does it choose one of them?

    websocketsApiRouteSelectionExpression: $request.body.action          # serverless.yml, and the default there
    events: [{websocket: {route: sendMessage}}]                          # and: websocket: $connect
    Type: AWS::ApiGatewayV2::Route, Properties: {RouteKey: sendMessage}  # SAM and CloudFormation
    resource "aws_apigatewayv2_route" "send" { route_key = "sendMessage" }

Sources: docs.aws.amazon.com/apigateway, websocket-api-develop-routes; serverless.com, websocket events.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from callcheck.model.evidence import Location, Lost
from callcheck.model.noun import dataclass, field
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.sources.aws_templates import templates
from callcheck.sources.documents import Table, value_at
from callcheck.sources.event_rules import resources
from callcheck.sources.function_events import function_events
from callcheck.sources.terraform import made

if TYPE_CHECKING:
    from callcheck.sources import Eyes

_SELECTS = pattern(r"^\$\{?request\.body\.(\w+)\}?$")
_DEFAULT = "$request.body.action"


@dataclass(slots=True)
class SocketRoutes:
    """The routes of a project's WebSocket APIs, each with its place; those of AWS itself are `$connect`, `$disconnect` and `$default`."""

    key: str = ""
    """The key of a message that names its route; "" if there is no API, there are several keys, or it is chosen otherwise."""
    named: dict[str, Location] = field(default_factory=dict)


def socket_routes(eyes: Eyes) -> SocketRoutes:
    """Those of Serverless Framework, SAM, CloudFormation and Terraform together."""
    found, chosen = SocketRoutes(), set[str]()
    for route, where, by in (*_of_templates(eyes), *_of_terraform(eyes)):
        if by:
            chosen.add(by)
        if route:
            found.named[route] = where
    selects = [_SELECTS.match(each) for each in chosen]
    if len(selects) == 1 and selects[0] is not None and found.named:
        found.key = selects[0][1]
    return found


def _of_templates(eyes: Eyes) -> Iterator[tuple[str, Location, str]]:
    for each in templates(eyes):
        if isinstance(each, Lost):
            continue
        file, document = each
        for _, kind, told, holder, path in function_events(document):
            if kind == "websocket":
                route = told.get("route") if isinstance(told, Table) else told
                at = value_at(holder, *path[:-1])
                by = value_at(document, "provider", "websocketsApiRouteSelectionExpression") or _DEFAULT
                yield str(route), Location(clean(file.name), told.lines.get("route", told.line) if isinstance(told, Table) else getattr(at, "line", 1)), str(by)
        for resource in resources(document).values():
            told = value_at(resource, "Properties")
            if resource.get("Type") == "AWS::ApiGatewayV2::Api" and value_at(told, "ProtocolType") == "WEBSOCKET":
                yield "", Location(clean(file.name), resource.line), str(value_at(told, "RouteSelectionExpression"))
            elif resource.get("Type") == "AWS::ApiGatewayV2::Route" and isinstance(told, Table) and " " not in str(told.get("RouteKey")):
                yield str(told.get("RouteKey")), Location(clean(file.name), told.lines.get("RouteKey", told.line)), ""


def _of_terraform(eyes: Eyes) -> Iterator[tuple[str, Location, str]]:
    for scope, file, block in made(eyes):
        if block.labels[0] == "aws_apigatewayv2_api" and block.text("protocol_type") == "WEBSOCKET":
            yield "", Location(clean(file.name), block.line), block.text("route_selection_expression") or _DEFAULT
        elif block.labels[0] == "aws_apigatewayv2_route" and "route_key" in block.keys:
            route = scope.text(block.keys["route_key"][0], file)
            if route and " " not in route:
                yield route, Location(clean(file.name), block.keys["route_key"][1]), ""
