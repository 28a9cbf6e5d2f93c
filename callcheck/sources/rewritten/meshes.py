"""Which paths do an Ingress of nginx, the Gateway API and Envoy change on the way to the app?

    nginx.ingress.kubernetes.io/rewrite-target: /$2        path: /api(/|$)(.*)
    filters: [{type: URLRewrite, urlRewrite: {path: {type: ReplacePrefixMatch, replacePrefixMatch: /}}}]         # HTTPRoute
    match: {prefix: /api/}   route: {prefix_rewrite: /}                                                          # Envoy, and Istio's `rewrite: {uri: /}`

Sources: kubernetes.github.io/ingress-nginx, rewrite; gateway-api.sigs.k8s.io, HTTPPathModifier; envoyproxy.io, route.RouteAction; istio.io, HTTPRewrite.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from callcheck.model.pattern import pattern
from callcheck.sources.documents import Table, each_of, value_at
from callcheck.sources.files import File
from callcheck.sources.launch import aside
from callcheck.sources.manifests import Manifest, collect
from callcheck.sources.rewritten.way import Way, prefix

if TYPE_CHECKING:
    from callcheck.sources import Eyes

_ENVOY = pattern(r"\bprefix_rewrite\b")


def read(eyes: Eyes) -> Iterator[Way]:
    """Every rule, with the line of what is put in the place."""
    if not eyes.tree.named("*.yaml", "*.yml"):
        return
    found = collect(eyes)
    for ingress in found.of("Ingress"):
        yield from _ingress(ingress)
    for route in found.of("HTTPRoute"):
        yield from _gateway(route)
    for service in found.of("VirtualService"):
        yield from _istio(service)
    for file in eyes.tree.named("*envoy*.y*ml"):
        document = eyes.readable_document(file) if not aside(eyes, file) and _ENVOY.search(eyes.readable(file)) else None
        yield from _envoy(document, file)


def _ingress(ingress: Manifest) -> Iterator[Way]:
    annotations = ingress.get("metadata", "annotations")
    key = next((key for key in annotations if key.endswith("ingress.kubernetes.io/rewrite-target")), "") if isinstance(annotations, Table) else ""
    for at, rule in each_of(ingress.get("spec", "rules")):
        for index, path in each_of(value_at(rule, "http", "paths")):
            written = str(path.get("path") or "/")
            if not key:
                yield Way(prefix(written), None, *ingress.at("spec", "rules", at, "http", "paths", index))
                continue
            try:
                yield Way(re.compile(written), str(annotations[key]), *ingress.at("metadata", "annotations", key))
            except re.error:
                continue


def _gateway(route: Manifest) -> Iterator[Way]:
    for at, rule in each_of(route.get("spec", "rules")):
        for index, match in each_of(rule.get("matches") if "filters" not in rule else None):
            if isinstance(path := value_at(match, "path", "value"), str):
                yield Way(prefix(path), None, *route.at("spec", "rules", at, "matches", index))
        for index, changed in each_of(rule.get("filters")):
            put = value_at(changed, "urlRewrite", "path", "replacePrefixMatch")
            for _, match in each_of(rule.get("matches")) if isinstance(put, str) else ():
                path = value_at(match, "path", "value")
                if isinstance(path, str) and value_at(match, "path", "type") in (None, "PathPrefix"):
                    yield Way(prefix(path), str(put), *route.at("spec", "rules", at, "filters", index, "urlRewrite", "path", "replacePrefixMatch"))


def _istio(service: Manifest) -> Iterator[Way]:
    for at, row in each_of(service.get("spec", "http")):
        put = value_at(row, "rewrite", "uri")
        for _, match in each_of(row.get("match")) if isinstance(put, str) or "rewrite" not in row else ():
            path = value_at(match, "uri", "prefix")
            if isinstance(path, str):
                yield Way(re.compile(re.escape(path)), put, *service.at("spec", "http", at, *(("rewrite", "uri") if put else ())))


def _envoy(value: Any, file: File) -> Iterator[Way]:
    """The routes of a bootstrap file, wherever they stand in it."""
    if isinstance(value, Table):
        path, put = value_at(value, "match", "prefix"), value_at(value, "route", "prefix_rewrite")
        if isinstance(path, str) and isinstance(value.get("route"), Table) and "regex_rewrite" not in value["route"]:
            yield Way(re.compile(re.escape(path)), put if isinstance(put, str) else None, file, value["route"].lines.get("prefix_rewrite", value.line))
    for inner in value.values() if isinstance(value, Table) else value if isinstance(value, list) else ():
        yield from _envoy(inner, file)
