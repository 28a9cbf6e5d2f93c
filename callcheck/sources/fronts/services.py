"""Which service do an Ingress of Kubernetes and the labels of Traefik send each path to, and from which folder is it built?

    - {path: /api, backend: {service: {name: api}}}          traefik.http.routers.api.rule: PathPrefix(`/api`)
    - {path: /, backend: {service: {name: site}}}
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from callcheck.model.noun import dataclass
from callcheck.model.pattern import pattern
from callcheck.sources.documents import Table, each_of, tables, value_at
from callcheck.sources.environment.compose import context
from callcheck.sources.files import File
from callcheck.sources.fronts import ADDRESSES, Front, Way, below, exactly, inside
from callcheck.sources.launch import dockerfile_of
from callcheck.sources.launch.find import folder_of

if TYPE_CHECKING:
    from callcheck.sources import Eyes

_RULE = pattern(r"^traefik\.http\.routers\.([\w@-]{1,80})\.rule(?:=(.*))?$", re.DOTALL)
_CHAIN = pattern(r"^traefik\.http\.routers\.([\w@-]{1,80})\.middlewares=(.{1,300})$")
_HOST = pattern(r"Host(?:Regexp|SNI)?\(([^)]{0,300})\)")
_PATH = pattern(r"(Path|PathPrefix)\(([^)]{0,500})\)")
_PUBLIC = pattern(r"(?:[\w-]+\.)?(?:docker\.(?:io|com)|quay\.io|ghcr\.io|gcr\.io|k8s\.io|mcr\.microsoft\.com|lscr\.io|public\.ecr\.aws|docker\.elastic\.co|codeberg\.org|nvcr\.io)$")
"""Registries from which anybody takes other people's programs."""
_QUOTED = pattern(r"[`'\"]([^`'\"]{1,200})[`'\"]")


def ingresses(eyes: Eyes) -> Iterator[Front]:
    """One for each host; a path that a controller rewrites is open."""
    from callcheck.sources.manifests import UNITS, collect
    from callcheck.sources.manifests.pods import labels_of

    found = collect(eyes)
    hosts: dict[str, list[tuple[bool, int, Way]]] = {}
    folders: dict[str, str] = {}
    for service in found.of("Service") if found.of("Ingress") else ():
        selector = service.get("spec", "selector")
        unit = next((each for each in found.of(*UNITS) if isinstance(selector, dict) and selector and selector.items() <= labels_of(each).items()), None)
        image = str(unit.get("spec", "template", "spec", "containers", 0, "image") or "") if unit else ""
        folders[service.name] = _folder(eyes, image, [service.name, *([unit.name] if unit else [])])
    for ingress in found.of("Ingress"):
        changed = any("rewrite" in key or key.endswith("snippet") for key in ingress.get("metadata", "annotations") or ())
        for at, rule in each_of(ingress.get("spec", "rules")):
            for index, path in each_of(value_at(rule, "http", "paths")):
                written = str(path.get("path") or "/")
                named = str(value_at(path, "backend", "service", "name") or value_at(path, "backend", "serviceName"))
                file, line = ingress.at("spec", "rules", at, "http", "paths", index)
                plain = re.fullmatch(r"[\w./-]+", written) is not None and not changed
                exact = path.get("pathType") == "Exact"
                match = exactly(written) if exact else re.compile(re.escape(written.rstrip("/")) + "(?:/|$)")
                goes = f"in:{folders[named]}" if plain and folders.get(named) else "open"
                hosts.setdefault(str(rule.get("host") or ""), []).append((not exact, -len(written), Way(match, goes, file, line)))
    for ways in hosts.values():
        yield Front("ingress", tuple(way for _, _, way in sorted(ways, key=lambda each: each[:2])))


def _above(folder: str) -> Iterator[str]:
    while folder:
        yield folder
        folder = folder_of(folder)


def _folder(eyes: Eyes, image: str, names: list[str]) -> str:
    """Where a service's sources lie: its Dockerfile's folder, or the only one of its name; "" if that cannot be told."""
    held = dockerfile_of(eyes, image, names)
    if held is not None and folder_of(held.name):
        return folder_of(held.name)
    base = image.split("@")[0].rsplit("/", 1)[-1].split(":")[0]
    folders = {folder_of(file.name) for file in eyes.tree.files}
    fitting = {folder for folder in {above for each in folders for above in _above(each)} if folder.rsplit("/", 1)[-1] in (base, *names)}
    return fitting.pop() if len(fitting) == 1 else ""


def traefik(file: File, services: Table, beside: str = "") -> Iterator[Front]:
    """The routers that labels of compose services describe; the longest rule counts first. `beside`: `middlewares.NAME.KIND.` of those that other files describe."""
    hosts: dict[str, list[tuple[int, Way]]] = {}
    everything = f"{services} {beside}"
    only = _only_image(services)
    for keys in tables(list(services.values())):
        labels = keys.get("labels") or value_at(keys, "deploy", "labels")
        folder = re.sub(r"^(?:\./)+|/$", "", context(keys.get("build"))) or ("." if keys is only else "")
        goes = f"in:{'' if folder == '.' else folder}" if folder and "stripprefix" not in str(labels).lower() else "open"
        for router, rule, line in _rules(labels):
            guard, keeps = _guard(labels, router, everything)
            paths = [(kind, each) for kind, given in _PATH.findall(rule) for each in _QUOTED.findall(given)] if "!" not in rule else []
            for kind, path in paths or [("PathPrefix", "/")]:
                match = below(path) if kind == "PathPrefix" else exactly(path)
                why, at = (keeps, guard) if guard and goes != "open" else ("", line)
                hosts.setdefault(",".join(_HOST.findall(rule)), []).append((-len(rule), Way(match, goes, file, at, None, why)))
    for ways in hosts.values():
        yield Front("traefik", tuple(way for _, way in sorted(ways, key=lambda each: each[0])))


def _only_image(services: Table) -> Table | None:
    """The one service with a router, where none is built here and its image is from a registry of the project's own: what runs in it is these sources."""
    routed = [keys for keys in tables(list(services.values())) if next(_rules(keys.get("labels") or value_at(keys, "deploy", "labels")), None) is not None]
    if len(routed) != 1 or any("build" in keys for keys in tables(list(services.values()))):
        return None
    registry, slash, _ = str(routed[0].get("image") or "").partition("/")
    return routed[0] if slash and ("$" in registry or "." in registry) and not _PUBLIC.match(registry) else None


def told_beside(documents: Iterable[object]) -> str:
    """`middlewares.NAME.KIND.` for each that a file of Traefik's own describes."""
    held = (value_at(document, "http", "middlewares") for document in documents)
    return " ".join(f"middlewares.{name}.{kind}." for each in held if isinstance(each, Table) for name, told in each.items() if isinstance(told, Table) for kind in told)


@dataclass(frozen=True, slots=True)
class Router:
    """A rule of one of Traefik's routers; `changed`: something takes a part of the path away, or puts one before it."""

    service: int
    rule: str
    line: int
    changed: bool


def routers(told: Table) -> Iterator[Router]:
    """Those that the labels of a compose service describe."""
    labels = told.get("labels") or value_at(told, "deploy", "labels")
    changed = any(each in str(labels).lower() for each in ("stripprefix", "replacepath", "addprefix"))
    yield from (Router(told.line, rule, line, changed) for _, rule, line in _rules(labels))


def _guard(labels: object, router: str, everything: str) -> tuple[int, str]:
    """The line on which a router is given a middleware that a provider cannot pass, and why it cannot; 0 if it is given none."""
    for text, line in labels_of(labels):
        found = _CHAIN.match(text)
        for name in found[2].replace(" ", "").split(",") if found and found[1] == router else ():
            middleware = rf"middlewares\.{re.escape(name.split('@')[0])}\."
            if re.search(rf"{middleware}(?:basic|digest|forward)auth\.", everything, re.IGNORECASE):
                return line, "asks for a login"
            ranges = re.search(rf"{middleware}ip(?:white|allow)list\.sourcerange['\"]?(?:=|: ?['\"]?)([\w.:/, ]+)", everything, re.IGNORECASE)
            if ranges and all(inside(each.strip()) for each in ranges[1].split(",")):
                return line, ADDRESSES
    return 0, ""


def labels_of(labels: object) -> Iterator[tuple[str, int]]:
    """Each label as `name=value`, with its line."""
    rows = labels.items() if isinstance(labels, Table) else enumerate(labels) if isinstance(labels, list) else ()
    for key, value in rows:
        yield f"{key}={value}" if isinstance(labels, Table) else str(value), labels.lines[key]  # type: ignore[attr-defined]


def _rules(labels: object) -> Iterator[tuple[str, str, int]]:
    """Each router with its rule and the line of that."""
    for text, line in labels_of(labels):
        if found := _RULE.match(text):
            yield found[1], found[2] or "", line

