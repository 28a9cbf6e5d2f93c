"""Is an address made of the name by which a request asked for the app, which is the one that a proxy in front gives?

    str(request.url_for("done"))                         request.build_absolute_uri("/done")          url_for("done", _external=True)
    `${req.protocol}://${req.get("host")}/done`          ctx.origin + "/done"

Sources: starlette/requests.py and datastructures.py (URL: the header host); docs.djangoproject.com, HttpRequest.get_host; flask, url_for (_external);
expressjs.com, req.get and req.hostname; koajs.com, request.host; fastify.dev, Request (host, hostname).
"""

from __future__ import annotations

from callcheck.model.pattern import pattern
from callcheck.sources.code import Code
from callcheck.sources.code.environ import ELSE
from callcheck.sources.code.every_text import ways
from callcheck.sources.code.injected import marked
from callcheck.sources.code.scopes import module_of
from callcheck.sources.code.spelt import given_once
from callcheck.sources.code.tree import (
    Await,
    Call,
    Conditional,
    Function,
    Literal,
    Member,
    Name,
    Node,
    Operation,
    Param,
    Return,
    Subscript,
    Template,
    dotted,
    last_name,
)

_ASKED = r"(?:^|\.)(?:(?:request|req|ctx)(?:\.(?:raw|request|req))?|c\.req|context\.request)"
_HOSTS = pattern(rf"{_ASKED}\.(?:base_url|url_root|host_url|root_url|host|hostname|origin|headers\.host)$")
_URLS = pattern(rf"{_ASKED}\.url$")
"""A whole address in Python, and in JavaScript where one is made below it; to Node and Fastify it is a path."""
_CALLS = pattern(rf"{_ASKED}\.(?:url_for|build_absolute_uri|get_host|full_url)$")
_HEADERS = pattern(rf"{_ASKED}(?:\.headers|\.META)?(?:\.(?:get|header))?$")
_REQUESTS = pattern(r"(?:^|[\s.\[|])(?:Request|HttpRequest|HTTPConnection|WSGIRequest|ASGIRequest|FastifyRequest|IncomingMessage|Context|ParameterizedContext)\b|^any$")
"""Types of requests, other than those of an app's own, which may have fields of any name."""
_HEADER = frozenset({"host", "HTTP_HOST"})
_EXTERNAL = frozenset({"url_for"})
"""Of Flask, Quart and Sanic: with `_external`, the whole address."""
_WHOLE = frozenset({"href", "origin", "host", "hostname", "netloc", "scheme_and_netloc", "_url"})
"""What of an address has its host."""
_KEEPS = frozenset({"str", "String", "join", "rstrip", "strip", "trim", "toString", "include_query_params", "replace_query_params", "format", "decode", "lower", "toLowerCase", "add_params"})
_SCHEME = pattern(r"^https?(?:://?)?$")
_DEEPEST = 6


def asked_host(code: Code, node: Node | None, depth: int = 0) -> Node | None:
    """The expression that takes the name from a request, where the address surely is made of that; None where it may have another."""
    if node is not None and _is_asked(code, node):
        return node
    held = list(ways(code, node)) if node is not None and depth < _DEEPEST else []
    found = [_in(code, each, depth) if each is not None else None for each in held]
    return found[0] if found and all(each is not None for each in found) else None


def _in(code: Code, node: Node, depth: int) -> Node | None:
    if _is_asked(code, node):
        return node
    if isinstance(node, Await):
        return asked_host(code, node.value, depth + 1)
    if isinstance(node, Template):
        return _first(code, [part for part in node.parts if isinstance(part, Node)], depth)
    if isinstance(node, Operation):
        return _first(code, node.operands, depth) if node.operator not in ELSE else None
    if isinstance(node, Conditional):
        return None
    if isinstance(node, Member) and node.name in _WHOLE:
        return asked_host(code, node.object, depth + 1)
    if isinstance(node, Call):
        return _through(code, node, depth)
    if isinstance(node, Name) and isinstance(param := code.origins.binding_of(node), Param) and (giver := marked(code.project, param)) is not None:
        return _given_back(code, giver, depth)
    assigned = given_once(code.origins, node) if isinstance(node, Name) else None
    return asked_host(code, assigned.value, depth + 1) if assigned is not None else None


def _first(code: Code, nodes: list[Node], depth: int) -> Node | None:
    return next((found for each in nodes if (found := asked_host(code, each, depth + 1)) is not None), None)


def _through(code: Code, call: Call, depth: int) -> Node | None:
    """What a call makes of an address: a text, the address below it, or one of another scheme; what a function of the project gives back."""
    name = last_name(call.callee)
    if name == "replace" and isinstance(call.callee, Member):
        scheme = [each.name for each in call.keywords] == ["scheme"] or bool(call.args) and isinstance(call.args[0], Literal) and _SCHEME.match(str(call.args[0].value)) is not None
        return asked_host(code, call.callee.object, depth + 1) if scheme else None
    if name in ("URL", "urljoin") and call.args:
        base = call.args[1] if name == "URL" and len(call.args) > 1 else call.args[0]
        return base if _is_asked(code, base, whole=True) else asked_host(code, base, depth + 1)
    if name in _KEEPS:
        return _first(code, [*([call.callee.object] if isinstance(call.callee, Member) else []), *call.args], depth)
    return _given_back(code, call.callee, depth)


def _given_back(code: Code, called: Node, depth: int) -> Node | None:
    """What a function of the project gives back."""
    function = code.origins.of(called).node
    given = [each.value for each in function.inside(Return)] if isinstance(function, Function) and depth < _DEEPEST else []
    found = [asked_host(code, each, depth + 1) for each in given]
    return found[0] if found and all(each is not None for each in found) else None


def _is_asked(code: Code, node: Node, *, whole: bool = False) -> bool:
    """Whether an expression asks a request for the name; `whole` where it is one of an address."""
    if isinstance(node, Member):
        named = _HOSTS.search(dotted(node)) is not None or (whole or module_of(node).language == "python") and _URLS.search(dotted(node)) is not None
        return named and _of_library(code, node)
    if isinstance(node, Subscript):
        return _HEADERS.search(dotted(node.object)) is not None and isinstance(node.key, Literal) and node.key.value in _HEADER
    if not isinstance(node, Call):
        return False
    if last_name(node.callee) in _EXTERNAL and isinstance(external := node.keyword("_external"), Literal):
        return external.value is True
    name = dotted(node.callee)
    named = bool(node.args) and isinstance(node.args[0], Literal) and str(node.args[0].value).lower() == "host"
    return _CALLS.search(name) is not None or named and name.endswith((".get", ".header")) and _HEADERS.search(name) is not None


def _of_library(code: Code, node: Member) -> bool:
    """Whether what is asked is no object of another type, as far as its parameter says."""
    first: Node = node
    while isinstance(first, Member):
        first = first.object
    held = code.origins.binding_of(first) if isinstance(first, Name) else None
    return not isinstance(held, Param) or not held.annotation or _REQUESTS.search(held.annotation) is not None
