"""Does a function of Lambda look for what is requested in fields that its route's format does not have?

    events: [{httpApi: POST /forms}]                                           # hands on format 2.0
    if (event.httpMethod === "POST") return take(JSON.parse(event.body));      # of 1.0; in 2.0 it is requestContext.http.method

Source: docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html, with an event of each format.
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Location, Lost
from callcheck.model.facts.traps import LibraryTrap
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.signs import Sign
from callcheck.model.target import Target
from callcheck.model.words import Basis
from callcheck.sources import Eyes
from callcheck.sources.code import Code
from callcheck.sources.code.imports import is_test
from callcheck.sources.code.quiet import tells
from callcheck.sources.code.record_reads import event_paths
from callcheck.sources.code.scopes import function_of, module_of
from callcheck.sources.code.seen import seen
from callcheck.sources.code.tree import (
    Assign,
    Call,
    Entry,
    Function,
    Literal,
    Member,
    Module,
    Name,
    Node,
    Object,
    Operation,
    Param,
    Template,
)
from callcheck.sources.function_code import Running, run_by_lambda
from callcheck.sources.route_formats import NEW, OLD

_INSTEAD = {
    OLD: {
        "httpMethod": "requestContext.http.method", "path": "rawPath", "resource": "routeKey", "requestContext.httpMethod": "requestContext.http.method", "requestContext.path": "rawPath",
        "requestContext.resourcePath": "routeKey", "requestContext.identity": "requestContext.http", "requestContext.authorizer.claims": "requestContext.authorizer.jwt.claims",
    },
    NEW: {
        "rawPath": "path", "rawQueryString": "queryStringParameters", "routeKey": "httpMethod and resource", "requestContext.http": "httpMethod and path", "requestContext.authorizer.jwt": "requestContext.authorizer",
    },
}  # fmt: skip
"""The fields that one format alone has, and where the other has the same."""
_FIELDS = ("httpMethod", "requestContext", "rawPath", "rawQueryString", "routeKey")
_ADAPTERS = {
    "aws_lambda_powertools.event_handler.APIGatewayRestResolver": (OLD, "APIGatewayHttpResolver"), "aws_lambda_powertools.event_handler.APIGatewayHttpResolver": (NEW, "APIGatewayRestResolver"),
    "aws_lambda_powertools.event_handler.LambdaFunctionUrlResolver": (NEW, "APIGatewayRestResolver"), "aws-serverless-express": (OLD, "@codegenie/serverless-express"),
}  # fmt: skip
"""What reads the event for the app: the format that it takes, and what takes the other one. aws-lambda-powertools 3.37.0 ends with a KeyError; aws-serverless-express 3 makes
each request a GET of / (CodeGenieApp/serverless-express#279)."""
_READERS = ("APIGatewayRestResolver", "APIGatewayHttpResolver", "LambdaFunctionUrlResolver", "aws-serverless-express")
_FORMS = ("event.{}", "event?.{}", "event['{}']", 'event["{}"]', "event.get('{}'", 'event.get("{}"', "{{ {}", "{{{}", ", {}")
"""How fields are written whose names say little by themselves."""
_READER = rf"\b(?:{'|'.join(_READERS)})\b"
_KNOWS = {
    OLD: pattern(r"\bhttpMethod\b|\bresourcePath\b|\bmultiValue(?:Headers|Query)"),
    NEW: pattern(r"\brawPath\b|\brawQueryString\b|\brouteKey\b|requestContext\W{1,8}http\b|\bhttp\b\W{1,6}method\b"),
}
"""By what a file shows that it knows a format; also where both do."""
_TOLD_APART = pattern(r"\bevent\??\.version\b|\[[\"']version[\"']\]|\.get\(\s*[\"']version[\"']|\bversion\b[^\n]{0,30}[\"'][12]\.0[\"']")
_BY_THE_WAY = pattern(r"^(?:OPTIONS|HEAD)$|health|ping|favicon|^/?ready|^/?live|^/?$")
"""What is asked for beside what a function is there for: API Gateway answers CORS itself, and nobody misses a probe's answer."""
_NESTED = frozenset({"requestContext", "authorizer"})
_DEEPEST = 2
_COMPARES = frozenset("=== == !== != in".split())
_CHOOSES = frozenset("|| ?? or".split())


class RouteFormats:
    """Silent where another caller is not known, where the code knows both formats, and where a field is only written down."""

    name = "route-formats"
    looks_at = Sight.SOURCE
    marks = (*_FIELDS, *_READERS, *(form.format(field) for field in ("path", "resource") for form in _FORMS))
    signs = (Sign(words=_FIELDS), Sign(pattern=_READER))
    answers = frozenset({LibraryTrap})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        naming = {module.path: module for module in eyes.code.project.naming(*_FIELDS) if not is_test(module.path)}
        found = run_by_lambda(eyes)
        # What other functions know of their own routes says nothing about this one.
        shared = [module for path, module in naming.items() if path not in {each.path for each in found}]
        for each in found:
            formats = {caller.format for caller in each.callers if not caller.allowed}
            if len(formats) == 1 and formats < {OLD, NEW}:
                yield from self._misread(eyes.code, each, formats.pop(), shared)

    def _misread(self, code: Code, running: Running, handed: str, shared: list[Module]) -> Iterator[Evidence]:
        other = OLD if handed == NEW else NEW
        for call in running.function.inside(Call):
            asked = code.origins.of(call.callee)
            taken, instead = _ADAPTERS.get(asked.base.qualified if asked.base is not None else asked.qualified.removesuffix(".proxy"), (handed, ""))
            if taken != handed:
                why = f"the route hands on format {handed}, and this takes {taken} alone, so no route of the app is found; {instead} takes the other"
                yield self._told(running, asked.node if isinstance(asked.node, Call) else call, why)
                return
        for path, node in event_paths(code.origins, running.function, _NESTED):
            home = module_of(node)
            if path in _INSTEAD[other] and _decides(path.rpartition(".")[2], node) and not any(_KNOWS[handed].search(each.text) or _TOLD_APART.search(each.text) for each in (*shared, module_of(running.function), home)):
                why = f"the route hands on format {handed}, in which {path} is not there, so nothing that is requested fits; read {_INSTEAD[other][path]}"
                yield self._told(running, node, why)
                return

    def _told(self, running: Running, node: Node, why: str) -> Evidence:
        caller = next(each for each in running.callers if each.format)
        fact = LibraryTrap("payload-mismatch", "strong", why, "", "aws-lambda", module_of(node).language)
        return seen(fact, node, self.name, (Evidence(fact, Basis.DECLARED, self.name, Location(clean(caller.path), caller.line), label="what calls the function"),))


def _decides(key: str, node: Node, depth: int = 0) -> bool:
    """Whether what is done depends on a read: it is not only written down, put into a record, left open, or compared with what is asked for by the way."""
    if module_of(node).language == "python" and isinstance(node, Member) and not depth:
        return True  # KeyError
    names = _names(key, node) if depth < _DEEPEST else None
    if names is not None:
        function = node.parent if isinstance(node, Param) else function_of(node)
        return isinstance(function, Function) and any(_decides(key, each, depth + 1) for each in function.inside(Name) if each.id in names and each.at > node.at and not isinstance(each.parent, (Assign, Entry, Param)))
    below = node
    for above in node.up():
        if isinstance(above, (Object, Template)) or isinstance(above, Call) and tells(above):
            return False
        if isinstance(above, Function):
            break
        if isinstance(above, Operation) and above.operator in _CHOOSES and above.operands[0] is below:
            return False
        if isinstance(above, Operation) and above.operator in _COMPARES:
            return not any(isinstance(each, Literal) and _BY_THE_WAY.search(str(each.value)) for each in above.operands)
        below = above
    return True


def _names(key: str, node: Node) -> set[str] | None:
    """The names that a read is kept under; None where it is used in place."""
    if isinstance(node, Param):
        return {name for name, taken in node.binds.items() if taken == key} or {key}
    if isinstance(node, Entry):
        return {node.value.id} if isinstance(node.value, Name) else set()
    held = node.parent
    return {each.id for each in held.targets if isinstance(each, Name)} if isinstance(held, Assign) and held.value is node else None


PROBE = RouteFormats()
