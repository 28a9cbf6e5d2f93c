"""Does an API gateway of AWS ask a provider's request for a token?

    Auth: {DefaultAuthorizer: Pool}                        # of the API; the event of the hook says no Auth: {Authorizer: NONE}
    - httpApi: {path: /webhooks/pay, method: post, authorizer: {name: users}}
    - http: {path: webhooks/pay, method: post, private: true}             # an API key, in x-api-key
    resource "aws_apigatewayv2_route" "pay" { route_key = "POST /webhooks/pay"  authorization_type = "JWT" }

Sources: docs.aws.amazon.com, SAM, ApiFunctionAuth and HttpApiFunctionAuth (NONE); serverless.com, HTTP API, JWT authorizers; registry.terraform.io.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from callcheck.model.evidence import Evidence, Location, Lost
from callcheck.model.facts.webhooks import WebhookGuarded
from callcheck.model.printable import clean
from callcheck.model.target import Target
from callcheck.model.words import Basis
from callcheck.sources import Eyes
from callcheck.sources.aws_templates import SERVERLESS, TEMPLATES, templates
from callcheck.sources.code.hook_paths import hooked
from callcheck.sources.documents import Table, each_of, line_at, tables, value_at
from callcheck.sources.documents.read_hcl import Block
from callcheck.sources.files import File
from callcheck.sources.terraform import roots

_APIS = ("AWS::Serverless::Api", "AWS::Serverless::HttpApi")


class Authorizers:
    """Silent where an API is not named, and for authorizers of the project's own, which may know the provider."""

    name = "authorizers"
    looks_at = (*TEMPLATES, SERVERLESS, "*.tf")
    marks = ("DefaultAuthorizer", "authorizer", "authorization_type", "private:")
    answers = frozenset({WebhookGuarded})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.tree.named(*self.looks_at) else "no templates"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        for told in templates(eyes):
            yield from (told,) if isinstance(told, Lost) else (_stated(told[0], *found) for found in (*_sam(told[1]), *_serverless(told[1])))
        for each in roots(eyes):
            yield from (each,) if isinstance(each, Lost) else (_stated(each[0], *found) for found in _terraform(each[1]))


def _stated(file: File, path: str, line: int, check: int) -> Evidence:
    fact = WebhookGuarded(clean(path, 80), "gateway", "", "")
    told = Evidence(fact, Basis.DECLARED, "authorizers", Location(clean(file.name), line or 1), label="this path is for a provider")
    return Evidence(fact, Basis.DECLARED, "authorizers", Location(clean(file.name), check or line or 1), because=(told,) if check != line else ())


def _sam(document: Table) -> Iterator[tuple[str, int, int]]:
    """Path, its line and that of the check, for events of an API with a default authorizer that tokens of users pass."""
    resources = document.get("Resources")
    held = resources.items() if isinstance(resources, Table) else ()
    checks = {name: line_at(each, "Properties", "Auth", "DefaultAuthorizer") for name, each in held if value_at(each, "Type") in _APIS and _of_users(value_at(each, "Properties", "Auth"))}
    for kind in ("Api", "HttpApi"):
        if _of_users(value_at(document, "Globals", kind, "Auth")):
            checks[f"Serverless{'Rest' if kind == 'Api' else 'Http'}Api"] = line_at(document, "Globals", kind, "Auth", "DefaultAuthorizer")
    for _, each in held if checks else ():
        events = value_at(each, "Properties", "Events")
        for told in tables(list(events.values())) if isinstance(events, Table) else ():
            kind, path = str(told.get("Type")), str(value_at(told, "Properties", "Path") or "")
            if kind not in ("Api", "HttpApi") or not hooked(path) or value_at(told, "Properties", "Auth") is not None:
                continue
            api = value_at(told, "Properties", "RestApiId" if kind == "Api" else "ApiId")
            name = str(value_at(api, "Ref") or api or f"Serverless{'Rest' if kind == 'Api' else 'Http'}Api").removeprefix("!Ref ")
            if name in checks:
                yield path, line_at(told, "Properties", "Path"), checks[name]


def _of_users(auth: Any) -> bool:
    """Whether the default is Cognito's, a JWT's or IAM's; a Lambda of the project's own may let a provider pass."""
    default = str(value_at(auth, "DefaultAuthorizer") or "")
    mine = value_at(auth, "Authorizers", default)
    return default == "AWS_IAM" or isinstance(mine, Table) and any(key in mine for key in ("UserPoolArn", "JwtConfiguration"))


def _serverless(document: Table) -> Iterator[tuple[str, int, int]]:
    functions = document.get("functions")
    known = value_at(document, "provider", "httpApi", "authorizers")
    for keys in tables(list(functions.values())) if isinstance(functions, Table) else ():
        for _, listed in each_of(keys.get("events")):
            for kind in ("http", "httpApi"):
                event = listed.get(kind)
                given = value_at(event, "authorizer")
                path = "/" + str(value_at(event, "path") or "").lstrip("/")
                name = str(value_at(given, "name") or given or "")
                users = name == "aws_iam" or value_at(given, "type") in ("jwt", "COGNITO_USER_POOLS", "aws_iam") or isinstance(value_at(known, name), Table) and "issuerUrl" in known[name]
                if given is not None and users and hooked(path):
                    yield path, line_at(event, "path"), line_at(event, "authorizer")
                elif value_at(event, "private") is True and hooked(path):
                    yield path, line_at(event, "path"), line_at(event, "private")


def _terraform(root: Block) -> Iterator[tuple[str, int, int]]:
    for block in root.find("resource"):
        found = re.match(r"(?:POST|ANY)\s+(/\S+)", block.text("route_key")) if block.labels[:1] == ("aws_apigatewayv2_route",) else None
        if found and hooked(found[1]) and block.text("authorization_type") in ("JWT", "AWS_IAM"):
            yield found[1], block.keys["route_key"][1], block.keys["authorization_type"][1]


PROBE = Authorizers()
