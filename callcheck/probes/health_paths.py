"""Does a balancer or Kubernetes ask the app whether it is well at a path that no route answers, so that no request is ever handed to it?

    readinessProbe: {httpGet: {path: /healthz, port: 8000}}          # the app has /health: a pod that is never ready gets nothing
    health_check { path = "/healthz" }                               # of an aws_lb_target_group; healthCheckPath: /healthz in render.yaml

Sources: kubernetes.io, configure-liveness-readiness-startup-probes (200 to 399 is well); docs.aws.amazon.com/elasticloadbalancing, target-group-health-checks;
render.com/docs/health-checks.
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Location, Lost
from callcheck.model.facts.traps import LibraryTrap
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
from callcheck.sources.documents import each_of
from callcheck.sources.languages import OTHERS
from callcheck.sources.launch import own_texts
from callcheck.sources.manifests import UNITS, Manifest, collect
from callcheck.sources.terraform import made

_SAYS = "the check asks for {}, which no route answers, so the app counts as unwell and gets no request; ask for {}"
_KUBERNETES = ("readinessProbe", "startupProbe", "livenessProbe")
_RENDER = pattern(r"^\s*healthCheckPath:\s*[\"']?(/[\w./-]+)")
_WELL = pattern(r"(?i)/(?:health\w*|ready\w*|readiness|live\w*|ping|up|status|_?_?lbheartbeat__|alive)$")
_OWN = pattern(r"\b(?:python3?|uvicorn|gunicorn|hypercorn|granian|flask|node|npm|pnpm|yarn|bun|tsx|next)\b")


class HealthPaths:
    """Silent where some routes are not known, where the path stands anywhere in the sources, and for containers that need not be the app's."""

    name = "health-paths"
    looks_at = ("*.yaml", "*.yml", "*.tf")
    marks = ("httpGet", "health_check", "healthCheckPath")
    answers = frozenset({LibraryTrap})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.tree.named(*self.looks_at) else "no files of a deployment"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        checks = list(_checks(eyes)) if eyes.code.present else []
        code = eyes.code
        if not checks or unread_routes(code.project.sources) or eyes.tree.named(*OTHERS):
            return
        known = [route for route in routes(code) if not is_test(module_of(route.node).path)]
        for path, where, service in checks:
            meant = _meant(path, known)
            if meant is None or any(path in code.project.text(source) for source in code.project.sources):
                continue
            fact = LibraryTrap("unreachable-callback-url", "strong", clean(_SAYS.format(path, meant.path), 160), clean(path, 60), "", module_of(meant.node).language)
            yield Evidence(fact, Basis.DECLARED, self.name, where, service=service, because=(seen(fact, meant.node, self.name, label=f"the route is {clean(meant.path, 60)}"),))


def _meant(path: str, known: list[Route]) -> Route | None:
    """The route that the check was meant for: one that comes near, or the only one that tells how the app is; None where the path is answered, or nothing is known."""
    if path == "/" or not known or any(answers(route, path) for route in known):
        return None
    found = nearest(path, known, False)
    if found is not None:
        return found[0] if found[1] == "wrong-path" else None
    well = {route.path: route for route in known if _WELL.search(route.path)}
    return next(iter(well.values())) if len(well) == 1 and all(route.whole for route in known) else None


def _checks(eyes: Eyes) -> Iterator[tuple[str, Location, str]]:
    """Path, place and unit of each check of the app."""
    found = collect(eyes)
    units = found.of(*UNITS)
    for unit in units:
        yield from _of_unit(unit, len(units) == 1)
    for _, file, block in made(eyes):
        for each in block.blocks if block.labels[0] in ("aws_lb_target_group", "aws_alb_target_group") else ():
            if each.kind == "health_check" and "path" in each.keys:
                yield each.text("path"), Location(clean(file.name), each.keys["path"][1]), ""
    for file, text in own_texts(eyes, "render.yaml", "render.yml", most=100_000):
        for number, line in enumerate(text.splitlines(), 1):
            if asked := _RENDER.match(line):
                yield asked[1], Location(clean(file.name), number), ""


def _of_unit(unit: Manifest, alone: bool) -> Iterator[tuple[str, Location, str]]:
    containers = unit.get("spec", "template", "spec", "containers")
    for number, container in each_of(containers):
        if not (alone and len(containers) == 1) and not _OWN.search(f"{container.get('command')} {container.get('args')}"):
            continue
        for kind in _KUBERNETES:
            at = ("spec", "template", "spec", "containers", number, kind, "httpGet", "path")
            path = unit.get(*at)
            if isinstance(path, str) and path.startswith("/") and "{{" not in path:
                yield path.split("?")[0], unit.where(*at), unit.name
                break


PROBE = HealthPaths()
