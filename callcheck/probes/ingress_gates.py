"""Does an ingress ask a provider's request for a login, or for an address of its own, before the app sees it?

    nginx.ingress.kubernetes.io/auth-url: https://$host/oauth2/auth        # for path: /
    @app.post("/hooks/github")                                            # GitHub has no cookie: it gets a redirect to the sign-in page

A route is a provider's by its path, or since another product is told to post to it under the ingress's host (Grafana, Alertmanager), or the app gives it to one to call back. Silent where another
ingress, without the check, takes the path. Source: kubernetes.github.io/ingress-nginx, annotations.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.facts.webhooks import WebhookGuarded
from callcheck.model.noun import dataclass
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.model.target import Target
from callcheck.model.words import Basis
from callcheck.sources import Eyes
from callcheck.sources.code.hook_paths import hooked
from callcheck.sources.code.routes import Route, routes
from callcheck.sources.code.scopes import module_of
from callcheck.sources.code.seen import seen
from callcheck.sources.documents import Table
from callcheck.sources.fronts import inside
from callcheck.sources.fronts.posters import FILES, Posted
from callcheck.sources.fronts.senders import senders
from callcheck.sources.manifests import Manifest, collect

_CHECKS = pattern(r"nginx\.ingress\.kubernetes\.io/(?:auth-url|auth-type|auth-tls-secret|whitelist-source-range|allowlist-source-range)$|alb\.ingress\.kubernetes\.io/(?:auth-type|inbound-cidrs)$")
_SIGNS_IN = pattern(r"/auth-(?:signin|type)$")
"""A check that sends a person to a page, or asks for a password: what a token of one's own does not pass."""
_RANGES = pattern(r"(?:source-range|inbound-cidrs)$")
_SPARES = pattern(r"-snippet$")
"""Lines of nginx's own, which may let some paths pass."""


@dataclass(frozen=True, slots=True)
class _Way:
    """One path that an ingress takes, and the annotation by which it checks; "" for none."""

    host: str
    path: str
    exact: bool
    check: str
    signs_in: bool
    ingress: Manifest


class IngressGates:
    """Compares the paths of ingresses with the app's routes for providers; the most specific path that fits is the one that serves."""

    name = "ingress-gates"
    looks_at = FILES
    marks = ("ingress.kubernetes.io/",)
    answers = frozenset({WebhookGuarded})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.tree.named(*self.looks_at) else "no YAML files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        ways = [way for ingress in collect(eyes).of("Ingress") for way in _ways(ingress)]
        if not any(way.check for way in ways) or not eyes.code.present:
            return
        for route in routes(eyes.code):
            told = senders(eyes, route)
            if any(each.brings == "login" for each in told):
                continue
            if hooked(route.path):
                yield from self._guarded(route, None, ways)
            elif told:
                yield from self._guarded(route, told[0], [way for way in ways if told[0].host in ("", way.host)])

    def _guarded(self, route: Route, told: Posted | None, ways: list[_Way]) -> Iterator[Evidence]:
        fitting = [way for way in ways if _takes(way, told.path if told is not None else route.path)]
        best = max(fitting, key=lambda way: (way.exact, len(way.path)), default=None)
        if best is None or not best.check or any(not way.check and way.path == best.path and way.host == best.host for way in fitting):
            return
        # Whoever is told to post may be inside of the addresses that pass, and a check of one's own may take the token that he brings.
        if told is not None and not told.outside and (_RANGES.search(best.check) or (told.brings and not best.signs_in)):
            return
        fact = WebhookGuarded(clean(route.path, 80), "proxy", "", module_of(route.node).language)
        there = seen(fact, route.node, self.name, label="this route is for a provider, which has no login here")
        sent = [Evidence(fact, Basis.DECLARED, self.name, told.where, label="who calls it is told to do so here")] if told is not None else []
        where = best.ingress.where("metadata", "annotations", best.check)
        yield Evidence(fact, Basis.DECLARED, self.name, where, because=(*sent, there))


def _ways(ingress: Manifest) -> Iterator[_Way]:
    annotations = ingress.get("metadata", "annotations")
    keys = [str(key) for key in annotations] if isinstance(annotations, Table) else []
    spared = any(_SPARES.search(key) for key in keys)
    check = "" if spared else next((key for key in keys if _CHECKS.search(key) and not (_RANGES.search(key) and _open(str(annotations[key])))), "")
    signs_in = check != "" and any(_SIGNS_IN.search(key) for key in keys)
    for rule in _tables(ingress.get("spec", "rules")):
        http = rule.get("http")
        for each in _tables(http.get("paths")) if isinstance(http, dict) else ():
            yield _Way(str(rule.get("host") or ""), str(each.get("path") or "/"), each.get("pathType") == "Exact", check, signs_in, ingress)


def _open(ranges: str) -> bool:
    """Whether some range of addresses may be a provider's."""
    return not all(inside(each.strip()) for each in ranges.split(","))


def _tables(value: Any) -> list[Any]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _takes(way: _Way, path: str) -> bool:
    """Whether a path goes this way: the same, or one below; what stands as a regular expression is read as one."""
    if way.exact:
        return way.path == path
    if "(" in way.path or "*" in way.path:
        try:
            return re.match(way.path, path) is not None
        except re.error:
            return False
    return path == way.path or path.startswith(way.path.rstrip("/") + "/")


PROBE = IngressGates()
