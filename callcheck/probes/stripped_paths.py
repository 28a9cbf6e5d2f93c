"""Does a proxy take off, or change, the part of the path by which the app knows a provider's request?

    nginx.ingress.kubernetes.io/rewrite-target: /$2        path: /api(/|$)(.*)
    location /api/ { proxy_pass http://app:8000/; }        # with a path of its own, nginx puts it in the place of /api/
    @app.post("/api/webhooks/stripe")                      # the app is asked for /webhooks/stripe

Sources: kubernetes.github.io/ingress-nginx, rewrite; nginx.org, proxy_pass ("If proxy_pass is specified with a URI ...").
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
from callcheck.sources.code import Code
from callcheck.sources.code.hook_paths import hooked
from callcheck.sources.code.routes import Route, routes
from callcheck.sources.code.seen import seen
from callcheck.sources.documents import Table, each_of, value_at
from callcheck.sources.files import File
from callcheck.sources.launch import aside
from callcheck.sources.manifests import collect

_NGINX = ("*nginx*", "*.conf", "*.conf.template", "sites-*/*", "*/sites-*/*")
_LOCATION = pattern(r"^[ \t]*location[ \t]+(/[\w./-]{0,80})[ \t]*\{([^{}]{0,3000})\}", re.MULTILINE)
_PASS = pattern(r"^[ \t]*proxy_pass[ \t]+https?://[^\s/;$]{1,120}(/[\w./-]{0,80});", re.MULTILINE)
_SERVES = "serves-hook"
"""The trait of what begins a server for a webhook at a path (the event) and tells the provider its address (the scope)."""
_ORIGIN = pattern(r"(?:https?://)?[^/]+")
_PARAMETER = pattern(r"^(?::|\{|<|\[|\*)")


@dataclass(frozen=True, slots=True)
class _Way:
    """What a proxy matches (from the start of the path), what it puts in its place, and where that stands."""

    match: re.Pattern[str]
    put: str
    file: File
    line: int


class StrippedPaths:
    """For routes that providers call, whose whole path is known; silent where some route has the changed path, too."""

    name = "stripped-paths"
    looks_at = ("*.yaml", "*.yml", *_NGINX)
    marks = ("rewrite-target", "proxy_pass")
    answers = frozenset({AddressUnreachable})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.tree.named(*self.looks_at) else "no ingress or nginx configuration"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        ways = [*_ingresses(eyes), *_locations(eyes)]
        if not ways or not eyes.code.present:
            return
        known = [route for route in routes(eyes.code) if route.whole]
        for route in (*(each for each in known if hooked(each.path)), *_own_servers(eyes.code)):
            for way in ways:
                yield from self._lost(route, way, known)

    def _lost(self, route: Route, way: _Way, known: list[Route]) -> Iterator[Evidence]:
        found = way.match.match(route.path)
        if found is None:
            return
        asked = "/" + re.sub(r"\$(\d)", lambda group: found[int(group[1])] or "" if int(group[1]) <= found.re.groups else "", way.put).lstrip("/")
        asked += route.path[found.end() :].lstrip("/") if "$" not in way.put else ""
        if asked == route.path or any(_fits(each.path, asked) for each in known):
            return
        fact = AddressUnreachable("", clean(route.path, 100), "stripped", "", clean(asked, 100))
        because = (seen(fact, route.node, self.name, label="this is the path that the app knows"),)
        yield Evidence(fact, Basis.DECLARED, self.name, Location(clean(way.file.name), way.line), because=because)


def _own_servers(code: Code) -> Iterator[Route]:
    """The path under which a library serves its webhook by itself, if the address that it tells the provider ends with that, as it is or behind a host."""
    for use in code.idioms.of("note"):
        told = code.idioms.text(code.idioms.option(use.call, use.idiom.scope)) if _SERVES in use.idiom.traits else ""
        for path in code.idioms.events(use) if told else ():
            asked = "/" + path.lstrip("/")
            if path and "*" not in path and _ORIGIN.fullmatch(told.removesuffix(asked)) and told.endswith(asked):
                yield Route(asked, True, use.call, use.idiom.traits)


def _ingresses(eyes: Eyes) -> Iterator[_Way]:
    for ingress in collect(eyes).of("Ingress"):
        annotations = ingress.get("metadata", "annotations")
        key = next((key for key in annotations if key.endswith("ingress.kubernetes.io/rewrite-target")), "") if isinstance(annotations, Table) else ""
        for _, rule in each_of(ingress.get("spec", "rules")) if key else ():
            for _, path in each_of(value_at(rule, "http", "paths")):
                try:
                    yield _Way(re.compile(str(path.get("path") or "/")), str(annotations[key]), *ingress.at("metadata", "annotations", key))
                except re.error:
                    continue


def _locations(eyes: Eyes) -> Iterator[_Way]:
    for file in eyes.tree.named(*_NGINX):
        if aside(eyes, file) or file.size > 300_000:
            continue
        try:
            text = eyes.text(file)
        except SourceError:
            continue
        for found in _LOCATION.finditer(text) if "proxy_pass" in text else ():
            passed = _PASS.search(found[2])
            if passed and "rewrite" not in found[2]:
                line = text.count("\n", 0, found.start(2) + passed.start(1)) + 1
                yield _Way(re.compile(re.escape(found[1])), passed[1], file, line)


def _fits(route: str, path: str) -> bool:
    one, other = route.strip("/").split("/"), path.strip("/").split("/")
    return len(one) == len(other) and all(a == b or _PARAMETER.match(a) for a, b in zip(one, other, strict=True))


PROBE = StrippedPaths()
