"""Has the app a route for the path by which the deployment has it called?

    CALLBACK_URL: http://api:8000/callbacks/done                    # for another container
    push_config { push_endpoint = "${google_cloud_run_v2_service.api.uri}/pubsub/push" }
    kind: Subscription, spec: {topic: orders, routes: {default: /orders}}           # of Dapr
    http_target { uri = "${google_cloud_run_v2_service.api.uri}/jobs/nightly" }      # of a google_cloud_scheduler_job
    "stripe": "stripe listen --forward-to localhost:3000/hooks/stripe"                # in package.json
    @router.post("/callbacks/done")                                 # in a router with prefix="/api"
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Location, Lost
from callcheck.model.facts.network import AddressUnreachable
from callcheck.model.noun import dataclass
from callcheck.model.printable import clean
from callcheck.model.target import Target
from callcheck.model.words import Basis
from callcheck.sources import Eyes
from callcheck.sources.code.imports import is_test
from callcheck.sources.code.route_match import answers, nearest, unread_routes
from callcheck.sources.code.routes import Route, routes
from callcheck.sources.code.scopes import module_of
from callcheck.sources.code.seen import seen
from callcheck.sources.environment import settings
from callcheck.sources.environment.callers import called, posted, runs, services
from callcheck.sources.environment.files import FILES
from callcheck.sources.environment.pushed import FILES as PUSHING
from callcheck.sources.environment.pushed import MARKS, Pushed, pushed
from callcheck.sources.languages import OTHERS
from callcheck.sources.launch import aside

_LARGEST_BYTES = 300_000


@dataclass(frozen=True, slots=True)
class _Told:
    """A path, whose it is (the routes of the app that is called), and where it is said."""

    path: str
    variable: str
    unit: str
    where: Location
    known: list[Route]
    near_only: bool = False
    slash_only: bool = False
    """Whether nothing but a last slash is looked at, as the address may be there for other requests."""


class ToldPaths:
    """Silent where the routes of the app that is called are not all known, and where none comes near unless it has one alone."""

    name = "told-paths"
    looks_at = (*FILES, *PUSHING)
    marks = ("http://", *MARKS)
    answers = frozenset({AddressUnreachable})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.tree.named(*self.looks_at) else "no files of a deployment"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        for told in _told(eyes) if eyes.code.present else ():
            meant = _meant(told)
            if meant is not None:
                route, why = meant
                fact = AddressUnreachable(clean(told.variable, 100), clean(told.path, 200), why, clean(told.unit, 80), clean(route.path, 200))
                there = seen(fact, route.node, self.name, label=f"the route is {clean(route.path, 80)}")
                yield Evidence(fact, Basis.DECLARED, self.name, told.where, service=told.unit, because=(there,))


def _meant(told: _Told) -> tuple[Route, str] | None:
    """The route that was meant: one that comes near, or the only one that takes what is posted."""
    found = nearest(told.path, told.known, told.slash_only)
    if told.slash_only:
        return found if found is not None and found[1] == "redirected" and all(_posts(route) for route in told.known if route.path == found[0].path) else None
    if told.near_only or found is not None or any(answers(route, told.path) for route in told.known):
        return found
    posts = [route for route in told.known if route.whole and _posts(route)]
    return (posts[0], "wrong-path") if len(posts) == 1 and all(route.whole for route in told.known) else None


def _posts(route: Route) -> bool:
    """Whether a route takes what is posted, as far as its line tells."""
    line = module_of(route.node).line_of(route.node)
    return ".post(" in line or "POST" in line or "@Post" in line


def _told(eyes: Eyes) -> Iterator[_Told]:
    code = eyes.code
    around = services(eyes)
    given = list(settings(eyes))
    calls = [(host, path.split("?")[0], each) for host, path, each in called(given, around) if len(path) > 1 and "$" not in path]
    others = [(host, path.split("?")[0], each) for host, path, each in posted(given, around) if len(path) > 1 and "$" not in path]
    pushes = list(_pushed(eyes))
    if not calls and not others and not pushes or unread_routes(code.project.sources):
        return
    known = [route for route in routes(code) if not is_test(module_of(route.node).path)]
    for host, path, each in (*calls, *(other for other in others if other not in calls)):
        own = [route for route in known if runs(around[host], module_of(route.node).path)]
        if not any(route.path == "" for route in own):
            yield _Told(path, each.name, each.unit, each.where, own, slash_only=(host, path, each) not in calls)
    if not eyes.tree.named(*OTHERS):
        yield from (_Told(each.path, "", "", each.where, known, near_only=not each.ours) for each in pushes)


def _pushed(eyes: Eyes) -> Iterator[Pushed]:
    for file in eyes.tree.named(*PUSHING):
        if not aside(eyes, file):
            yield from pushed(file, eyes.readable(file, _LARGEST_BYTES))


PROBE = ToldPaths()
