"""Which methods of HTTP does a route take?

    app.post("/done", …)      @app.route("/done", methods=["POST"])      @Post("done")      export async function POST()
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from callcheck.model.pattern import pattern
from callcheck.sources.code.routes import Route, route_of_file
from callcheck.sources.code.scopes import module_of
from callcheck.sources.code.tree import Call, Function, Literal, Node, Sequence, last_name

if TYPE_CHECKING:
    from callcheck.sources.code import Code

_METHODS = frozenset("get post put patch delete head options".split())
_LISTING = frozenset({"route", "api_route", "add_url_rule", "add_api_route"})
"""Calls that take a list of methods, and GET alone for want of one (Flask, Quart, FastAPI, Sanic)."""
_BY_LIST = frozenset({"flask", "quart", "fastapi", "sanic"})
_EXPORTED = pattern(r"^export\s+(?:(?:async\s+)?(?:function|const)\s+|\{[^}\n]{0,80}\b)(GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS)\b")
_ANY = pattern(r"(?m)^export\s+default\b|^export\s*\*|^module\.exports|^export\s*\{")
_ONLY = {"require_POST": frozenset({"POST"}), "require_GET": frozenset({"GET"}), "require_safe": frozenset({"GET", "HEAD"})}
"""Decorators of Django's views."""


def methods_of(code: Code, route: Route) -> frozenset[str] | None:
    """The methods in capitals; None where a route takes any, or it is not told here."""
    node = route.node
    if not isinstance(node, Call):
        return _exported(node)
    name = last_name(node.callee).lower()
    framework = next((use.framework.name for use in code.idioms.at(node) if use.idiom.does in ("serve", "lists-route")), "")
    if name in _METHODS:
        return _with_head(name.upper())
    if name in _LISTING and framework in _BY_LIST:
        return _listed(code, node)
    if name == "route" and (given := code.idioms.option(node, "method")) is not None:
        return _names(code, given)  # Fastify
    if name in ("path", "re_path") and len(node.args) > 1:
        return _decorated(code, node.args[1])
    return None


def _with_head(*names: str) -> frozenset[str]:
    """A route of GET answers HEAD too."""
    return frozenset((*names, "HEAD") if "GET" in names else names)


def _listed(code: Code, call: Call) -> frozenset[str] | None:
    given = code.idioms.option(call, "methods")
    if given is None:
        return None if any(not keyword.name for keyword in call.keywords) else _with_head("GET")
    return _names(code, given)


def _names(code: Code, given: Node) -> frozenset[str] | None:
    held = given if isinstance(given, (Sequence, Literal)) else code.origins.of(given).node
    items = held.items if isinstance(held, Sequence) else [held]
    names = [code.idioms.text(item).upper() for item in items if item is not None]
    return _with_head(*names) if names and all(name.lower() in _METHODS for name in names) else None


def _decorated(code: Code, view: Node) -> frozenset[str] | None:
    """What a function that is a view of Django lets through."""
    made = code.origins.of(view).node
    for decorator in made.decorators if isinstance(made, Function) else ():
        name = last_name(decorator.callee if isinstance(decorator, Call) else decorator)
        if name in _ONLY:
            return _ONLY[name]
        if name in ("require_http_methods", "api_view") and isinstance(decorator, Call):
            return _names(code, decorator.args[0]) if decorator.args else _with_head("GET")
    return None


def _exported(node: Node) -> frozenset[str] | None:
    """The methods that a file of Next.js exports."""
    module = module_of(node)
    if route_of_file(module.path) is None or "/pages/" in f"/{module.path}" or _ANY.search(module.text):
        return None
    found = [match[1] for line in module.lines if (match := _EXPORTED.match(line))]
    return _with_head(*found) if found else None
