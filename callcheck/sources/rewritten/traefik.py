"""Which paths does Traefik change by a middleware that a router is given?

    traefik.http.middlewares.strip.stripprefix.prefixes=/api             # a label, or the same in a file of its own
    traefik.http.routers.api.middlewares=strip

    kind: Middleware   spec: {stripPrefix: {prefixes: [/api]}}           # which an IngressRoute, or an annotation of an Ingress, names

Source: doc.traefik.io/traefik/middlewares/http/stripprefix and replacepathregex.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from callcheck.model.pattern import pattern
from callcheck.sources.documents import Table, each_of, tables, value_at
from callcheck.sources.environment import compose
from callcheck.sources.files import File
from callcheck.sources.fronts.services import labels_of
from callcheck.sources.launch import aside
from callcheck.sources.manifests import collect
from callcheck.sources.rewritten.way import Way, prefix

if TYPE_CHECKING:
    from callcheck.sources import Eyes

_STRIPS = pattern(r"^traefik\.http\.middlewares\.([\w-]{1,80})\.stripprefix\.prefixes(?:\[\d\])?=(.{1,300})$", re.IGNORECASE)
_RULE = pattern(r"^traefik\.http\.routers\.([\w@-]{1,80})\.rule=(.{1,500})$", re.IGNORECASE)
_PATH = pattern(r"(?<!!)\bPath(?:Prefix)?\(\s*[`'\"]([^`'\"]{1,200})")
_CHAIN = pattern(r"^traefik\.http\.routers\.([\w@-]{1,80})\.middlewares(?:\[\d\])?=(.{1,300})$", re.IGNORECASE)
_NOTE = "traefik.ingress.kubernetes.io/router.middlewares"


def read(eyes: Eyes) -> Iterator[Way]:
    """Every prefix that is taken off for some router."""
    for file, services in compose.files(eyes):
        yield from _labels(file, services)
    for file in eyes.tree.named("*traefik*.y*ml", "traefik/*.y*ml", "dynamic*.y*ml", "*/traefik/*.y*ml"):
        document = None if aside(eyes, file) else eyes.readable_document(file)
        yield from _in_file(document, file)
    if eyes.tree.named("*.yaml", "*.yml"):
        yield from _in_cluster(eyes)


def _labels(file: File, services: Table) -> Iterator[Way]:
    rows = [row for keys in tables(list(services.values())) for row in labels_of(keys.get("labels") or value_at(keys, "deploy", "labels"))]
    chains = {chain[1]: [name.split("@")[0].strip() for name in chain[2].split(",")] for text, _ in rows if (chain := _CHAIN.match(text))}
    named = {name for names in chains.values() for name in names}
    strips = {found[1] for text, _ in rows if (found := _STRIPS.match(text))}
    for text, line in rows:
        rule = _RULE.match(text)
        for path in _PATH.findall(rule[2]) if rule and strips.isdisjoint(chains.get(rule[1], ())) else ():
            yield Way(prefix(path), None, file, line)
    for text, line in rows:
        found = _STRIPS.match(text)
        for path in found[2].split(",") if found and found[1] in named else ():
            yield Way(prefix("/" + path.strip().strip("/")), "/", file, line)


def _in_file(document: Any, file: File) -> Iterator[Way]:
    made, routers = value_at(document, "http", "middlewares"), value_at(document, "http", "routers")
    named = {str(name).split("@")[0] for router in tables(list(routers.values()) if isinstance(routers, Table) else None) for name in router.get("middlewares") or ()}
    for name, keys in made.items() if isinstance(made, Table) else ():
        if name in named:
            yield from _stripped(value_at(keys, "stripPrefix", "prefixes"), file)


def _stripped(prefixes: Any, file: File) -> Iterator[Way]:
    for index, path in enumerate(prefixes) if isinstance(prefixes, list) else ():
        yield Way(prefix("/" + str(path).strip("/")), "/", file, prefixes.lines[index])


def _in_cluster(eyes: Eyes) -> Iterator[Way]:
    found = collect(eyes)
    named = {str(row.get("name")) for route in found.of("IngressRoute") for _, rule in each_of(route.get("spec", "routes")) for _, row in each_of(rule.get("middlewares"))}
    notes = [str(notes.get(_NOTE) or "") for ingress in found.of("Ingress") if isinstance(notes := ingress.get("metadata", "annotations"), Table)]
    for middleware in found.of("Middleware"):
        if middleware.name in named or any(f"-{middleware.name}@kubernetescrd" in note for note in notes):
            for index, path in enumerate(middleware.get("spec", "stripPrefix", "prefixes") or ()):
                yield Way(prefix("/" + str(path).strip("/")), "/", *middleware.at("spec", "stripPrefix", "prefixes", index))
