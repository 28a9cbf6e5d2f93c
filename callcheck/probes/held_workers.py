"""Which requests keep a worker of a synchronous server for as long as the client stays, or wait for the same server?

    return Response(stream(), mimetype="text/event-stream")     # stream() yields for ever: each client has a worker of its own
    requests.post("http://localhost:8000/render", ...)          # in a route of the app that serves on port 8000

With gunicorn's sync workers the next client waits until one of them leaves (docs.gunicorn.org, design: choosing a worker type).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.facts.execution import WorkerHeld
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.signs import Sign
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.code import Code
from callcheck.sources.code.routes import routes
from callcheck.sources.code.scopes import function_of, module_of
from callcheck.sources.code.seen import seen
from callcheck.sources.code.tree import Call, Function, Literal, Loop, Module, Node, Yield, dotted, last_name

_RESPONSES = frozenset({"Response", "StreamingHttpResponse", "stream_with_context"})
_ENDLESS = frozenset({"listen", "iter_messages", "watch", "tail", "subscribe"})
_CLIENTS = pattern(r"^(?:requests|httpx|urllib\.request)\.(?:get|post|put|patch|delete|request|urlopen)$")
_OWN = pattern(r"^https?://(?:localhost|127\.0\.0\.1|0\.0\.0\.0)(?::(\d+))?(/[^?#]*)")
_BINDS = pattern(r"(?:--bind|-b)[\"',= ]{1,5}[\w.]*:(\d{2,5})|\bbind\s*=\s*[\"'][\w.]*:(\d{2,5})")


class HeldWorkers:
    """For synchronous functions of Python; that a server is synchronous is told elsewhere."""

    name = "held-workers"
    looks_at = Sight.SOURCE
    signs = (
        Sign(words=("yield",), also=("Response", "StreamingHttpResponse", "stream_with_context"), served=True),
        Sign(words=("requests", "httpx"), pattern=r"https?://(?:localhost|127\.0\.0\.1)", served=True),
    )
    about = ("in python",)
    answers = frozenset({WorkerHeld})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        code = eyes.code
        for module in code.project.chosen.values():
            if module.language == "python":
                yield from self._streams(code, module)
        calls = [call for call in code.project.calls("get", "post", "put", "patch", "delete", "request", "urlopen") if _CLIENTS.search(dotted(call.callee))]
        yield from self._own(eyes, calls) if calls else ()

    def _streams(self, code: Code, module: Module) -> Iterator[Evidence]:
        for call in module.calls(*_RESPONSES):
            function = function_of(call)
            if function is None or function.is_async or code.lifetimes.role(function) != "request" or not call.args:
                continue
            given = call.args[0]
            made = code.origins.of(given.callee).node if isinstance(given, Call) else None
            loop = next((each for each in made.inside(Loop) if _endless(each)), None) if isinstance(made, Function) and not made.is_async else None
            if loop is not None and last_name(call.callee) != "stream_with_context":
                fact = WorkerHeld(clean(function.name, 60), "stream", module.language)
                yield seen(fact, call, self.name, (seen(fact, loop, self.name, label="this goes on for as long as the client listens"),))

    def _own(self, eyes: Eyes, calls: list[Call]) -> Iterator[Evidence]:
        """Calls of the app's own routes, at the port that a server of the deployment binds."""
        code = eyes.code
        files = code.project.files_named("Dockerfile*", "Procfile*", "*.yml", "*.yaml", "*.conf", "*.service", "*.sh", "gunicorn*.py")
        ports = {one or two for file in files for one, two in _BINDS.findall(code.project.text_of(file))}
        known = [re.compile("^" + re.sub(r"(?:<[^>]*>|\\\{[^}]*\})", "[^/]+", re.escape(route.path).replace(r"\<", "<").replace(r"\>", ">")) + "/?$") for route in routes(code)] if ports else []
        for call in calls:
            function = function_of(call)
            found = _OWN.match(code.idioms.text(call.args[0])) if call.args else None
            if found and function is not None and not function.is_async and code.lifetimes.role(function) == "request" and (found[1] or "80") in ports and any(each.match(found[2]) for each in known):
                yield seen(WorkerHeld(clean(function.name, 60), "own-call", "python"), call, self.name)


def _endless(loop: Loop) -> bool:
    """Whether a loop yields and has no end of its own: `while True`, or over what a subscription gives."""
    written = "\n".join(module_of(loop).lines[loop.line - 1 : loop.end_line])
    if next(iter(loop.inside(Yield)), None) is None or re.search(r"\b(?:return|break)\b", written):
        return False
    if isinstance(loop.over, Call):
        return last_name(loop.over.callee) in _ENDLESS
    test: Node | None = getattr(loop, "test", None)
    return loop.over is None and isinstance(test, Literal) and test.value in (True, 1)


PROBE = HeldWorkers()
