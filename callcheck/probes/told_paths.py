"""Has the app a route for the path by which the deployment has it called?

    CALLBACK_URL: http://api:8000/callbacks/done                    # for another container
    push_config { push_endpoint = "${google_cloud_run_v2_service.api.uri}/pubsub/push" }
    kind: Subscription, spec: {topic: orders, routes: {default: /orders}}           # of Dapr
    http_target { uri = "${google_cloud_run_v2_service.api.uri}/jobs/nightly" }      # of a google_cloud_scheduler_job
    @router.post("/callbacks/done")                                 # in a router with prefix="/api"
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from callcheck.model.errors import SourceError
from callcheck.model.evidence import Evidence, Location, Lost
from callcheck.model.facts.network import AddressUnreachable
from callcheck.model.noun import dataclass
from callcheck.model.pattern import pattern
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
from callcheck.sources.environment.callers import called, runs, services
from callcheck.sources.environment.files import FILES
from callcheck.sources.launch import aside

_PUSHES = pattern(
    r"(?:\bpush_endpoint\s*=\s*|--push-endpoint[= ]|\bpushEndpoint:\s*)[\"']?(?P<base>https?://[\w.-]{1,200}|\$\{[^}\n]{1,200}\}|\$\w{1,60}|https?://\$\{[^}\n]{1,200}\})(?P<path>/[\w./-]{1,200})"
)
"""A subscription of Pub/Sub that pushes: in Terraform, for gcloud, in a resource of Config Connector."""
_ELSEWHERE = pattern(
    r"(?:\binvocation_endpoint\s*=\s*|\bInvocationEndpoint:\s*|\bwebhook_endpoint\s*\{\s*url\s*=\s*|\bprotocol\s*=\s*\"https?\"\s*\n\s*endpoint\s*=\s*)[\"']?(?:https?://[\w.-]{1,200}|(?:https?://)?\$\{[^}\n]{1,200}\})(?P<path>/[\w./-]{1,200})"
)
"""A subscription of SNS or Event Grid, or an API destination of EventBridge, which may be another's, so only a path that comes near to a route is that of one."""
_ROUTED = pattern(r"\bkind:\s*(?:Subscription|Trigger)\b(?:(?!\n---)[\s\S]){0,1500}?^\s*(?:- )?(?:route|default|path|uri):\s*[\"']?(?P<path>/[\w./-]{1,200})|\bcloud_run_service\s*\{[^}]{0,300}?\bpath\s*=\s*\"(?P<arc>/[\w./-]{1,200})", re.MULTILINE)
"""A subscription of Dapr, a trigger of Knative and one of Eventarc, which name the path of the app that they call."""
_TIMED = pattern(r"(?:google_cloud_scheduler_job\"[^\n]*\n(?:(?!resource\s).*\n){0,40}?\s*uri\s*=\s*|\bscheduler\s+jobs\s+(?:create|update)\s+http\b[\s\S]{0,400}?--uri[= ])[\"']?(?:\$\{[^}\n]{1,200}\}|\$\w{1,60}|https?://\$\{[^}\n]{1,200}\})(?P<path>/[\w./-]{1,200})")
"""A job of Cloud Scheduler that calls an address of the deployment's own."""
_FILES = ("*.tf", "*.sh", "Makefile", "*.yaml", "*.yml", "*.mk", "justfile")
_OTHER_LANGUAGES = ("*.go", "*.java", "*.rb", "*.php", "*.cs", "*.kt", "*.rs", "*.ex")
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


class ToldPaths:
    """Silent where the routes of the app that is called are not all known, and where none comes near unless it has one alone."""

    name = "told-paths"
    looks_at = (*FILES, *_FILES)
    marks = ("http://", "push_endpoint", "push-endpoint", "pushEndpoint", "scheduler_job", "scheduler jobs", "invocation_endpoint", "InvocationEndpoint", "webhook_endpoint", "sns_topic_subscription", "dapr.io", "eventing.knative.dev", "eventarc")
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
    found = nearest(told.path, told.known, False)
    if told.near_only or found is not None or any(answers(route, told.path) for route in told.known):
        return found
    posts = [route for route in told.known if route.whole and (".post(" in (line := module_of(route.node).line_of(route.node)) or "POST" in line or "@Post" in line)]
    return (posts[0], "wrong-path") if len(posts) == 1 and all(route.whole for route in told.known) else None


def _told(eyes: Eyes) -> Iterator[_Told]:
    code = eyes.code
    around = services(eyes)
    calls = [(host, path.split("?")[0], each) for host, path, each in called(list(settings(eyes)), around) if len(path) > 1 and "$" not in path]
    pushes = list(_pushed(eyes))
    if not calls and not pushes or unread_routes(code.project.sources):
        return
    known = [route for route in routes(code) if not is_test(module_of(route.node).path)]
    for host, path, each in calls:
        own = [route for route in known if runs(around[host], module_of(route.node).path)]
        if not any(route.path == "" for route in own):
            yield _Told(path, each.name, each.unit, each.where, own)
    if not eyes.tree.named(*_OTHER_LANGUAGES):
        yield from (_Told(path, "", "", where, known, near_only) for path, where, near_only in pushes)


def _pushed(eyes: Eyes) -> Iterator[tuple[str, Location, bool]]:
    """Path, place, and whether a timer calls, or what may call somebody else, so that another path is not taken for this app's."""
    for file in eyes.tree.named(*_FILES):
        if aside(eyes, file) or file.size > _LARGEST_BYTES:
            continue
        try:
            text = eyes.text(file)
        except SourceError:
            continue
        for found in _PUSHES.finditer(text) if "ush" in text else ():
            yield found["path"], Location(clean(file.name), text.count("\n", 0, found.start()) + 1), False
        for found in _ELSEWHERE.finditer(text) if "ndpoint" in text else ():
            yield found["path"], Location(clean(file.name), text.count("\n", 0, found.start("path")) + 1), True
        for found in _ROUTED.finditer(text) if "dapr.io" in text or "eventing.knative.dev" in text or "eventarc" in text else ():
            at = "path" if found["path"] else "arc"
            yield found[at], Location(clean(file.name), text.count("\n", 0, found.start(at)) + 1), False
        for found in _TIMED.finditer(text) if "scheduler" in text else ():
            yield found["path"], Location(clean(file.name), text.count("\n", 0, found.start("path")) + 1), True


PROBE = ToldPaths()
