"""Does a middleware of a Python application turn a provider's webhook away, because nobody is signed in?

    class SignIn(BaseHTTPMiddleware):                       # app.add_middleware(SignIn); the same as @app.middleware("http"),
        async def dispatch(self, request, call_next):       # web.Application(middlewares=[sign_in]) and Django's MIDDLEWARE
            if request.url.path not in ("/login",) and "session" not in request.cookies:
                return JSONResponse({}, status_code=401)

    @app.post("/webhooks/pay")                              # is answered 401
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.facts.webhooks import WebhookGuarded
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.code import Code
from callcheck.sources.code.hook_paths import hooked
from callcheck.sources.code.imports import is_test
from callcheck.sources.code.routes import routes
from callcheck.sources.code.scopes import module_of
from callcheck.sources.code.seen import seen
from callcheck.sources.code.tree import (
    Assign,
    Call,
    ClassDef,
    Function,
    Literal,
    Member,
    Node,
    Sequence,
    last_name,
)
from callcheck.sources.code.turned_away import asks_of_all, checks

_CALLED = ("dispatch", "__call__", "process_request", "process_view")


class Middlewares:
    """FastAPI, Starlette, aiohttp and Django; silent for a check that knows routes by name, or names paths that are not open to everybody."""

    name = "middlewares"
    looks_at = Sight.SOURCE
    marks = ("iddleware",)
    answers = frozenset({WebhookGuarded})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        code = eyes.code
        found = [(place, function, system) for place, function, system in _put_in(code) if not is_test(module_of(place).path)]
        apart = any(True for _ in code.project.calls("add_subapp"))
        known = [route for route in routes(code) if (route.whole or not apart and any(system == "aiohttp" for _, _, system in found)) and hooked(route.path) and module_of(route.node).language == "python" and not is_test(module_of(route.node).path)] if found else []
        for route in known:
            path = "/" + route.path.lstrip("/")
            for place, function, system in found:
                if asks_of_all(code, function) and checks(code, function, path):
                    fact = WebhookGuarded(clean(route.path, 80), "session", system, "python")
                    there = seen(fact, route.node, self.name, label="this route is for a provider, which has no login here")
                    put = () if place is function else (seen(fact, place, self.name, label="every request passes it"),)
                    yield seen(fact, function, self.name, (there, *put), label="whoever is not signed in is turned away here")
                    break


def _put_in(code: Code) -> Iterator[tuple[Node, Function, str]]:
    """Where each middleware is put in, the function that it calls for a request, and the framework."""
    for call in code.project.calls("add_middleware", "Middleware"):
        yield from ((call, function, "fastapi") for function in _called(code, call.args[0] if call.args else None))
    for call in code.project.calls("Application"):
        listed_ones = call.keyword("middlewares")
        for item in listed_ones.items if isinstance(listed_ones, Sequence) else ():
            yield from ((item, function, "aiohttp") for function in _called(code, item))
    for module in code.project.naming("middleware"):
        for function in module.all(Function):
            for each in function.decorators:
                if isinstance(each, Call) and isinstance(each.callee, Member) and each.callee.name == "middleware" and each.args and code.idioms.text(each.args[0]) == "http":
                    yield function, function, "fastapi"
    for module in code.project.naming("MIDDLEWARE"):
        for assign in module.all(Assign):
            if any(last_name(target) == "MIDDLEWARE" for target in assign.targets) and isinstance(assign.value, Sequence):
                for item in assign.value.items:
                    yield from ((item, function, "django") for function in _named(code, item))


def _called(code: Code, given: Node | None) -> Iterator[Function]:
    """The function that runs for each request: a function, one that another returns, or a method of a class."""
    node = code.origins.of(given.callee if isinstance(given, Call) else given).node if given is not None else None
    if isinstance(node, ClassDef):
        yield from (each for each in node.body if isinstance(each, Function) and each.name in _CALLED)
    elif isinstance(node, Function):
        yield from [each for each in node.inside(Function) if each is not node and each.params] or [node]


def _named(code: Code, item: Node) -> Iterator[Function]:
    """The same for Django's `"shop.middleware.SignIn"`."""
    path, _, name = item.value.rpartition(".") if isinstance(item, Literal) and isinstance(item.value, str) else ("", "", "")
    for module in code.project.naming(name) if path else ():
        if module.path.removesuffix(".py").removesuffix("/__init__").replace("/", ".").endswith(path):
            for node in module.body:
                if isinstance(node, ClassDef) and node.name == name:
                    yield from (each for each in node.body if isinstance(each, Function) and each.name in _CALLED)
                elif isinstance(node, Function) and node.name == name:
                    yield from (each for each in node.inside(Function) if each is not node)


PROBE = Middlewares()
