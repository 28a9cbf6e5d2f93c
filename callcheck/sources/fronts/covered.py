"""Which paths alone does what stands in front let through at all, where it says that path by path?

    - {path: /api, pathType: Prefix, backend: {service: {name: shop}}}       # an Ingress: anything else gets 404
    - match: [{uri: {prefix: /api}}]                                         # a VirtualService of Istio; an HTTPRoute of the Gateway API says it alike
    routes = [{ pattern = "shop.example.com/api/*", zone_name = "..." }]     # a Worker of Cloudflare is not asked for anything else
    {"version": 1, "include": ["/api/*"]}                                    # _routes.json of Pages
    http-request deny unless { path_beg /api /healthz }                      # HAProxy
    traefik.http.routers.shop.rule=Host(`shop.example`) && PathPrefix(`/api`)  # the only router of the service

Sources: kubernetes.io, ingress; istio.io, virtual-service; gateway-api.sigs.k8s.io; developers.cloudflare.com, routes and Pages' function invocation routes; docs.haproxy.org; doc.traefik.io, routers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from callcheck.model.evidence import Lost
from callcheck.model.noun import dataclass
from callcheck.model.pattern import pattern
from callcheck.sources.documents import Table, each_of, value_at
from callcheck.sources.environment import compose
from callcheck.sources.files import File
from callcheck.sources.fronts import below, exactly, globbed
from callcheck.sources.fronts.services import routers
from callcheck.sources.launch import COMPOSE_FILES, mappings, own_texts

if TYPE_CHECKING:
    from callcheck.sources import Eyes

_DENIES = pattern(r"^[ \t]*http-request[ \t]+(?:deny|reject)\b[^\n]*?\b(?:unless[ \t]+\{|if[ \t]+!\{)[ \t]*path_beg(?:[ \t]+-i)?[ \t]+([^}\n]+)\}[ \t]*$", re.MULTILINE)
_WRANGLER = ("wrangler.toml", "wrangler.json", "wrangler.jsonc")
_HOST = pattern(r"^(?:https?://)?[^/]*")
_PATHS = pattern(r"\bPath(Prefix)?\(`(/[\w./-]{1,200})`\)")
_OPEN = pattern(r"\{|PathRegexp|HostSNI|\|\|[ \t]*(?:Host|Query|Header)")
"""What lets through more than its paths say."""
_LARGEST_BYTES = 200_000


@dataclass(frozen=True, slots=True)
class Covered:
    """The paths of one front; all others are not handed on. `exact` are those that name one path."""

    system: str
    lets: tuple[re.Pattern[str], ...]
    exact: tuple[str, ...]
    file: File
    line: int

    def through(self, path: str) -> bool:
        """Whether a path is handed on."""
        return any(each.match(path) for each in self.lets)


def covered(eyes: Eyes) -> list[Covered] | None:
    """Every front that says it path by path; None where one of them lets anything through, or changes paths."""
    found: list[Covered] = []
    for each in (*_kubernetes(eyes), *_workers(eyes), *_pages(eyes), *_haproxy(eyes), *_traefik(eyes)):
        if each is None:
            return None
        found.append(each)
    return found


def _prefix(path: str) -> re.Pattern[str]:
    return re.compile(re.escape(path.rstrip("/")) + "(?:/|$)")


def _kubernetes(eyes: Eyes) -> Iterator[Covered | None]:
    from callcheck.sources.manifests import collect

    found = collect(eyes)
    for ingress in found.of("Ingress"):
        notes = ingress.get("metadata", "annotations")
        changed = any("rewrite" in str(key) or str(key).endswith("snippet") or "use-regex" in str(key) for key in notes or ())
        rows = [path for _, each in each_of(ingress.get("spec", "rules")) for _, path in each_of(value_at(each, "http", "paths"))]
        written = [(str(path.get("path") or "/"), path.get("pathType") == "Exact") for path in rows]
        if changed or ingress.get("spec", "defaultBackend") or not rows or not all(re.fullmatch(r"/[\w./-]*", path) for path, _ in written):
            yield None
        else:
            where = ingress.at("spec", "rules")
            yield Covered("ingress", tuple(exactly(path) if exact else _prefix(path) for path, exact in written), tuple(path for path, exact in written if exact), *where)
    for kind, key, rule in (("VirtualService", "http", _of_istio), ("HTTPRoute", "rules", _of_gateway)):
        for each in found.of(kind):
            rows_of = [row for _, row in each_of(each.get("spec", key))]
            paths = [path for row in rows_of for path in rule(row)]
            if not rows_of or any(path is None for path in paths) or any("rewrite" in str(row).lower() for row in rows_of):
                yield None
            else:
                known = [path for path in paths if path is not None]
                yield Covered(kind, tuple(exactly(path) if exact else below(path) for path, exact in known), tuple(path for path, exact in known if exact), *each.at("spec", key))


def _of_istio(row: Table) -> Iterator[tuple[str, bool] | None]:
    """The paths of one route; None for one that takes any, or is told by an expression."""
    matches = [each for _, each in each_of(row.get("match"))]
    for each in matches:
        uri = each.get("uri")
        told = next(((str(uri[kind]), kind == "exact") for kind in ("prefix", "exact") if isinstance(uri, Table) and kind in uri), None)
        yield told if told is not None and told[0] != "/" else None
    if not matches:
        yield None


def _of_gateway(row: Table) -> Iterator[tuple[str, bool] | None]:
    matches = [each for _, each in each_of(row.get("matches"))]
    for each in matches:
        path = each.get("path")
        kind, value = (path.get("type", "PathPrefix"), str(path.get("value", "/"))) if isinstance(path, Table) else ("", "/")
        yield (value, kind == "Exact") if kind in ("PathPrefix", "Exact") and value != "/" else None
    if not matches:
        yield None


def _documents(eyes: Eyes, *names: str) -> Iterator[tuple[File, Table]]:
    yield from (each for each in mappings(eyes, names) if not isinstance(each, Lost))


def worker_programs(eyes: Eyes) -> set[str]:
    """The files that are Workers of Cloudflare by themselves: nothing is mounted around them."""
    return {file.name[: len(file.name) - len(file.base)] + str(document.get("main") or "").removeprefix("./") for file, document in _documents(eyes, *_WRANGLER)}


def _workers(eyes: Eyes) -> Iterator[Covered | None]:
    for file, document in _documents(eyes, *_WRANGLER):
        stages = [document, *(each for each in _tables(document.get("env")))]
        rows = [row for stage in stages for row in (*_list(stage.get("routes")), *_list(stage.get("route")))]
        if not rows:
            continue
        patterns = [_route(row) for row in rows]
        if any(stage.get("workers_dev") is True for stage in stages) or any(each in ("", "/*", "*") for each in patterns):
            yield None
        else:
            line = document.lines.get("routes", document.lines.get("route", 1)) or 1
            yield Covered("cloudflare", tuple(globbed(each) for each in patterns), tuple(each for each in patterns if "*" not in each), file, line)


def _tables(value: Any) -> Iterator[Table]:
    if isinstance(value, Table):
        yield from (each for each in value.values() if isinstance(each, Table))


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _route(row: Any) -> str:
    """The path of a route's pattern; "" for a domain of its own, which takes all."""
    if isinstance(row, Table):
        return "" if row.get("custom_domain") else _HOST.sub("", str(row.get("pattern") or ""))
    return _HOST.sub("", str(row))


def _pages(eyes: Eyes) -> Iterator[Covered | None]:
    for file, document in _documents(eyes, "_routes.json"):
        include = [str(each) for each in _list(document.get("include"))]
        if "/*" in include or not include:
            yield None
        else:
            yield Covered("cloudflare-pages", tuple(globbed(each) for each in include), (), file, document.lines.get("include", 1) or 1)


def _haproxy(eyes: Eyes) -> Iterator[Covered]:
    for file, text in own_texts(eyes, "haproxy*", "*.cfg", most=_LARGEST_BYTES):
        for found in _DENIES.finditer(text):
            yield Covered("haproxy", tuple(map(below, found[1].split())), (), file, text.count("\n", 0, found.start()) + 1)


def _traefik(eyes: Eyes) -> Iterator[Covered]:
    """The one service that is built from what is here, where each router of it names paths; routers of a file, and paths that are changed on the way, are another matter."""
    if not eyes.holds(COMPOSE_FILES, ("traefik.http.routers",)):
        return
    rules = [(file, each) for file, services in compose.files(eyes) for told in services.values() if isinstance(told, Table) and told.get("build") for each in routers(told)]
    if not rules or len({each.service for _, each in rules}) != 1 or any(each.changed for _, each in rules):
        return
    paths = [list(_PATHS.finditer(each.rule)) for _, each in rules]
    if all(found and "!" not in each.rule and not _OPEN.search(each.rule) for found, (_, each) in zip(paths, rules, strict=True)) and not eyes.holds(("*.y*ml", "*.toml"), ("loadBalancer:", "[http.routers")):
        lets = tuple(below(path[2]) if path[1] else exactly(path[2]) for found in paths for path in found)
        yield Covered("traefik", lets, tuple(path[2] for found in paths for path in found if not path[1]), rules[0][0], rules[0][1].line)
