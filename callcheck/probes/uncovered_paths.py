"""Does what stands in front let other paths of the app through, and not the one that a provider calls?

    - {path: /api, pathType: Prefix, backend: {service: {name: shop}}}       # of an Ingress
    app.get("/api/stock", ...); app.post("/webhooks/github", ...)            # the second gets 404 there

What hands paths to several places is looked at by `fronts`.
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Location, Lost
from callcheck.model.facts.webhooks import WebhookGuarded
from callcheck.model.noun import dataclass
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.model.target import Target
from callcheck.model.words import Basis
from callcheck.sources import Eyes
from callcheck.sources.code.hook_paths import hooked
from callcheck.sources.code.imports import is_test
from callcheck.sources.code.routes import routes
from callcheck.sources.code.scopes import module_of
from callcheck.sources.code.seen import where
from callcheck.sources.fronts.covered import Covered, covered, worker_programs
from callcheck.sources.languages import OTHERS

_PARAMETER = pattern(r"[:{<\[][^/]*")
_PART = pattern(r"\[[^\]]*\]+")
_OF_PAGES = pattern(r"^(?:.*/)?functions(/.+?)(?:/index)?\.(?:js|ts|mjs)$")


@dataclass(frozen=True, slots=True)
class _Path:
    """A path at which the app answers."""

    path: str
    where: Location
    language: str


class UncoveredPaths:
    """Silent where no path of the app is let through, as another app may be meant, and where anything else in front is not known to keep the path out."""

    name = "uncovered-paths"
    looks_at = ("*.yaml", "*.yml", "wrangler.toml", "wrangler.json", "wrangler.jsonc", "_routes.json", "haproxy*", "*.cfg", "*.toml")
    marks = ("kind: Ingress", "kind: VirtualService", "kind: HTTPRoute", "wrangler", "zone_name", "routes", '"include"', "http-request", "traefik.http.routers")
    answers = frozenset({WebhookGuarded})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.tree.named(*self.looks_at) else "nothing in front that names paths"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        fronts = covered(eyes) if eyes.code.present else None
        known = list(dict.fromkeys(_paths(eyes))) if fronts and not eyes.tree.named(*OTHERS) else []
        for each in known:
            if not hooked(each.path) or any(front.through(each.path) for front in fronts or ()):
                continue
            front = next((front for front in fronts or () if _is_of(front, each.path, known)), None)
            if front is not None:
                guard = "refused" if front.system == "haproxy" else "front"
                fact = WebhookGuarded(clean(each.path, 80), guard, "", each.language)
                there = Evidence(fact, Basis.INFERRED, self.name, each.where, label="this route is for a provider")
                yield Evidence(fact, Basis.DECLARED, self.name, Location(clean(front.file.name), front.line), label="these paths alone are handed on", because=(there,))


def _is_of(front: Covered, path: str, known: list[_Path]) -> bool:
    """Whether a front stands before this app: it lets another of its paths through, or names one exactly that this one goes on from."""
    return any(front.through(each.path) for each in known if each.path != path) or any(path.startswith(f"{each.rstrip('/')}/") for each in front.exact)


def _paths(eyes: Eyes) -> Iterator[_Path]:
    programs = worker_programs(eyes)
    for route in routes(eyes.code):
        module = module_of(route.node)
        if (route.whole or module.path in programs) and not is_test(module.path):
            yield _Path(_PARAMETER.sub("x", route.path), where(route.node), module.language)
    for name in eyes.code.project.sources if eyes.tree.named("_routes.json") else ():
        found = _OF_PAGES.match(name)
        if found is not None and "/_" not in found[1]:
            yield _Path(_PART.sub("x", found[1]), Location(clean(name), 1), "javascript")


PROBE = UncoveredPaths()
