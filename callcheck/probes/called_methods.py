"""Does a route take the method by which the deployment calls it on a schedule, and the path as it is?

    @app.post("/tasks/digest")
    http_target { http_method = "GET", uri = "${…uri}/tasks/digest" }       # google_cloud_scheduler_job: 405, each morning
    0 6 * * * curl -fsS https://desk.example.org/tasks/digest/              # 307 of Starlette, 308 of Next.js: curl ends well without -L
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Location, Lost
from callcheck.model.facts.network import AddressUnreachable
from callcheck.model.facts.traps import LibraryTrap
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.target import Target
from callcheck.model.words import Basis
from callcheck.sources import Eyes
from callcheck.sources.code.imports import is_test
from callcheck.sources.code.route_match import answers, nearest
from callcheck.sources.code.route_methods import methods_of
from callcheck.sources.code.routes import routes
from callcheck.sources.code.scopes import module_of
from callcheck.sources.code.seen import seen

_STANDS_FOR = ("/", "/health", "/healthz", "/ready", "/readyz", "/livez", "/status")
"""Paths that are called to see whether something runs, be it of another program."""


class CalledMethods:
    """Silent where a path has no route of the app's own, or one of them takes the method, or does not tell which it takes."""

    name = "called-methods"
    looks_at = Sight.SOURCE
    about = ("serve", "lists-route")
    marks = ("route.ts", "route.js")
    answers = frozenset({LibraryTrap, AddressUnreachable})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        from callcheck.sources.environment.timed_calls import timed_calls

        calls = [call for call in timed_calls(eyes) if call.path not in _STANDS_FOR]
        known = [route for route in routes(eyes.code) if not is_test(module_of(route.node).path)] if calls else []
        for call in calls:
            meant = [route for route in known if route.whole and answers(route, call.path)]
            told = nearest(call.path, [route for route in known if route.whole], True) if call.redirected and not meant else None
            if told is not None and told[1] == "redirected":
                away = AddressUnreachable("", clean(call.path, 200), "redirected", "", clean(told[0].path, 200))
                there = seen(away, told[0].node, self.name, label=f"the route is {clean(told[0].path, 80)}")
                yield Evidence(away, Basis.DECLARED, self.name, Location(clean(call.file.name), call.line), clean(f"{call.method} {call.path}", 100), because=(there,))
            taken = [methods_of(eyes.code, route) for route in meant]
            if not meant or any(methods is None or call.method in methods for methods in taken):
                continue
            takes = sorted({name for methods in taken for name in methods or ()} - {"HEAD"})
            why = f"{call.by} calls this with {call.method}, and the route takes {' and '.join(takes)}: each call ends with 405; give both the same method"
            fact = LibraryTrap("callback-rejected", "strong", clean(why, 160), clean(call.path, 60), "", module_of(meant[0].node).language)
            beside = seen(fact, meant[0].node, self.name, label=f"the route takes {' and '.join(takes)}")
            yield Evidence(fact, Basis.DECLARED, self.name, Location(clean(call.file.name), call.line), clean(f"{call.method} {call.path}", 100), because=(beside,))


PROBE = CalledMethods()
