"""Does what stands in front of the app hand it a provider's requests?

    location /api/ { proxy_pass http://app:8000; }
    location /     { try_files $uri /index.html; }          # POST /webhooks/pay is answered with 405 here
    @app.post("/webhooks/pay")

The path is the provider's to call as the app knows it, that to which another product is told to post (Grafana, Alertmanager), or that which the app gives
away to be called back; under an address that a proxy changes into it, it is reached, too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from callcheck.model.errors import SourceError
from callcheck.model.evidence import Evidence, Location, Lost
from callcheck.model.facts.webhooks import WebhookGuarded
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.model.target import Target
from callcheck.model.words import Basis
from callcheck.sources import Eyes
from callcheck.sources.code.hook_paths import hooked
from callcheck.sources.code.imports import is_test
from callcheck.sources.code.routes import Route, routes
from callcheck.sources.code.scopes import module_of
from callcheck.sources.code.seen import seen
from callcheck.sources.documents import Table
from callcheck.sources.documents.read_hcl import Block
from callcheck.sources.files import File
from callcheck.sources.fronts import ADDRESSES, Front, Way
from callcheck.sources.fronts.nginx import FILES
from callcheck.sources.fronts.posters import Posted
from callcheck.sources.fronts.senders import senders
from callcheck.sources.fronts.servers import APACHE, CADDY
from callcheck.sources.launch import COMPOSE_FILES, aside

_TEMPLATES = ("*.yaml", "*.yml", "*.json", "*.template")
_PARAMETER = pattern(r"[:{<\[][^/]*")
_LARGEST_BYTES = 300_000


class Fronts:
    """Silent where any server that is described, or one that cannot be read in full, would deliver the request."""

    name = "fronts"
    looks_at = (*dict.fromkeys((*FILES, *CADDY, *APACHE, *COMPOSE_FILES, *_TEMPLATES, "*.tf", "_redirects", "netlify.toml")),)
    marks = ("_pass", "reverse_proxy", "ProxyPass", "kind: Ingress", "traefik.http.routers", "oauth2", "cloudfront", "CloudFront", "rewrites", "routes", "redirects")
    answers = frozenset({WebhookGuarded})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.tree.named(*self.looks_at) else "no configuration of what stands in front"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        if not eyes.code.present:
            return
        known = [route for route in routes(eyes.code) if route.whole and not is_test(module_of(route.node).path)]
        fronts = list(_fronts(eyes)) if known else []
        for route in known if fronts else ():
            for told in _senders(eyes, route):
                yield from self._kept_out(eyes, route, told, [front.seen_from(module_of(route.node).path) for front in fronts])

    def _kept_out(self, eyes: Eyes, route: Route, told: Posted | None, fronts: list[Front]) -> Iterator[Evidence]:
        path = _PARAMETER.sub("x", route.path)
        ours = [front for front in fronts if any(way.goes == "app" for way in front.ways)]
        if any(front.delivers(path) for front in [*ours, *(front for front in fronts if any(way.goes == "open" for way in front.ways))]):
            return
        ways = [way for front in ours if (way := front.way(path)) is not None]
        if not ways or all(way.goes == "app" and not way.refuses for way in ways):
            return
        way = next((way for way in ways if way.refuses), ways[0])
        if told is not None and told.host not in eyes.text(way.file):
            return
        if told is not None and not told.outside and (way.refuses == ADDRESSES or (way.refuses and told.brings and not _signs_in(ours, way))):
            return
        fact = WebhookGuarded(clean(route.path, 80), "front" if not way.refuses else "refused", "", module_of(route.node).language)
        there = seen(fact, route.node, self.name, label="this route is for a provider")
        label = f"it {way.refuses}" if way.refuses else "this is where the path goes"
        sent = [Evidence(fact, Basis.DECLARED, self.name, told.where, label="who calls it is told to do so here")] if told is not None else []
        yield Evidence(fact, Basis.DECLARED, self.name, Location(clean(way.file.name), way.line), label=label, because=(*_instead(ours, way, fact), *sent, there))


def _senders(eyes: Eyes, route: Route) -> list[Posted | None]:
    """Who calls a route from outside: None for a provider, by the route's path; nobody where a sender brings a login."""
    told = senders(eyes, route)
    if any(each.brings == "login" for each in told):
        return []
    return [None] if hooked(route.path) else list(told[:1])


def _signs_in(fronts: list[Front], taken: Way) -> bool:
    """Whether what asks for a login takes that of a person alone, and no token that a sender may bring."""
    return any(front.system == "oauth2-proxy" for front in fronts if taken in front.ways)


def _instead(fronts: list[Front], taken: Way, fact: WebhookGuarded) -> Iterator[Evidence]:
    """The way that would have led to the app."""
    for front in fronts:
        other = next((way for way in front.ways if way.goes == "app"), None)
        if taken in front.ways and other is not None and other is not taken:
            yield Evidence(fact, Basis.DECLARED, "fronts", Location(clean(other.file.name), other.line), label="this alone goes to the app")


def _fronts(eyes: Eyes) -> Iterator[Front]:
    from callcheck.sources.fronts import hosted, servers, services, sign_in
    from callcheck.sources.fronts.proxies import proxies

    yield from proxies(eyes)
    yield from _each(eyes, CADDY, "reverse_proxy", servers.caddy)
    yield from _each(eyes, ("_redirects",), "/.netlify/functions", lambda file, text: hosted.netlify(file, hosted.netlify_lines(text)))
    yield from _each(eyes, ("netlify.toml",), "redirects", lambda file, text: hosted.netlify(file, hosted.netlify_toml(eyes.document(file))))
    yield from _each(eyes, ("vercel.json",), "", lambda file, text: hosted.vercel(file, eyes.document(file)))
    yield from _each(eyes, _TEMPLATES, "AWS::CloudFront::Distribution", lambda file, text: hosted.cloudfront(file, eyes.document(file)))
    yield from _each(eyes, COMPOSE_FILES, "traefik.http.routers", lambda file, text: _traefik(eyes, file))
    yield from _each(eyes, COMPOSE_FILES, "oauth2", lambda file, text: _signed_in(eyes, file))
    yield from _each(eyes, ("*.tf",), "aws_cloudfront_distribution", lambda file, text: _distributions(file, eyes.hcl(file)))
    yield from services.ingresses(eyes)
    yield from sign_in.kubernetes(eyes)


def _each(eyes: Eyes, globs: tuple[str, ...], mark: str, read: Callable[[File, str], Iterator[Any]]) -> Iterator[Front]:
    for file in eyes.tree.named(*globs):
        if aside(eyes, file) or file.size > _LARGEST_BYTES:
            continue
        try:
            text = eyes.text(file)
            if mark in text:
                yield from read(file, text)
        except SourceError:
            continue


def _traefik(eyes: Eyes, file: File) -> Iterator[Front]:
    from callcheck.sources.fronts import services

    held = _services(eyes, file)
    beside = "" if "@file" not in eyes.text(file) else services.told_beside(eyes.document(each) for each in eyes.tree.named("*.yml", "*.yaml", "*.toml") if each.size <= _LARGEST_BYTES and "middlewares" in eyes.text(each) and not aside(eyes, each))
    return services.traefik(file, held, beside) if held is not None else iter(())


def _signed_in(eyes: Eyes, file: File) -> Iterator[Front]:
    from callcheck.sources.fronts import sign_in

    held = _services(eyes, file)
    return sign_in.compose(eyes, file, held) if held is not None else iter(())


def _services(eyes: Eyes, file: File) -> Table | None:
    document = eyes.document(file)
    held = document.get("services") if isinstance(document, Table) else None
    return held if isinstance(held, Table) else None


def _distributions(file: File, root: Block) -> Iterator[Front]:
    from callcheck.sources.fronts.hosted import cloudfront_hcl

    for block in root.blocks:
        if block.kind == "resource" and block.labels[:1] == ("aws_cloudfront_distribution",):
            yield from cloudfront_hcl(file, block)


PROBE = Fronts()
