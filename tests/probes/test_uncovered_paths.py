"""A path that a provider calls is told of where what stands in front lets other paths of the app through alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from callcheck.probes.uncovered_paths import PROBE
from tests.tools.deployed import look_with, told
from tests.tools.shipped import shipped_knowledge

look = look_with(PROBE, shipped_knowledge())
APP = "const express = require('express');\nconst app = express();\napp.get('/api/stock', f);\napp.post('/webhooks/github', g);\napp.listen(3000);\n"
INGRESS = "apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: shop%s}\nspec:\n  rules:\n    - http:\n        paths:\n          - {path: %s, pathType: %s, backend: {service: {name: shop, port: {number: 80}}}}\n"
ISTIO = "apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: {name: shop}\nspec:\n  http:\n    - match: [{uri: {prefix: %s}}]\n      route: [{destination: {host: shop}}]\n"
GATEWAY = "apiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\nmetadata: {name: shop}\nspec:\n  rules:\n    - matches: [{path: {type: PathPrefix, value: %s}}]\n      backendRefs: [{name: shop, port: 80}]\n"
TRAEFIK = "services:\n  shop:\n    build: .\n    labels:\n      - traefik.http.routers.shop.rule=Host(`a.example`)%s\n"
HAPROXY = "frontend web\n  http-request deny unless { path_beg /api%s }\n"


def kept_out(folder: Path, **files: str) -> list[str]:
    given = {"package.json": '{"name": "shop", "dependencies": {"express": "^4.19.2"}}', "app.js": APP, **files}
    return [line for line in told(look(folder, given)) if line.startswith("webhook.guarded")]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.yaml", INGRESS % ("", "/api", "Prefix")),
        ("a.yaml", INGRESS % ("", "/webhooks", "Exact")),
        ("a.yaml", ISTIO % "/api"),
        ("a.yaml", GATEWAY % "/api"),
        ("haproxy.cfg", HAPROXY % ""),
        ("compose.yaml", TRAEFIK % " && PathPrefix(`/api`)"),
        ("compose.yaml", TRAEFIK % " && (PathPrefix(`/api`) || Path(`/webhooks`))"),
    ],
)
def test_a_path_that_is_not_among_those_let_through_is_told_of(tmp_path: Path, name: str, text: str) -> None:
    assert len(kept_out(tmp_path, **{name: text})) == 1


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.yaml", INGRESS % ("", "/", "Prefix")),
        ("a.yaml", INGRESS % ("", "/webhooks", "Prefix")),
        ("a.yaml", INGRESS % ("", "/admin", "Prefix")),
        ("a.yaml", INGRESS % (", annotations: {nginx.ingress.kubernetes.io/rewrite-target: /$2}", "/api", "Prefix")),
        ("a.yaml", INGRESS % ("", "/api", "Prefix") + "---\n" + (INGRESS % ("", "/webhooks", "Prefix")).replace("name: shop}", "name: hooks}", 1)),
        ("a.yaml", ISTIO % "/"),
        ("a.yaml", GATEWAY % "/webhooks"),
        ("haproxy.cfg", HAPROXY % " /webhooks"),
        ("compose.yaml", TRAEFIK % ""),
        ("compose.yaml", TRAEFIK % " && (PathPrefix(`/api`) || PathPrefix(`/webhooks`))"),
        ("compose.yaml", TRAEFIK % " && PathPrefix(`/api`)" + "      - traefik.http.routers.hooks.rule=PathPrefix(`/webhooks`)\n"),
        ("compose.yaml", TRAEFIK % " && PathPrefix(`/v1/api`)" + "      - traefik.http.middlewares.v.stripprefix.prefixes=/v1\n"),
    ],
    ids=["all", "the path", "another app's", "changed", "a second one", "all by Istio", "the path by the Gateway API", "the path by HAProxy", "any path", "its path", "a router of its own", "a path that is changed"],
)
def test_one_that_is_or_may_be_is_left_alone(tmp_path: Path, name: str, text: str) -> None:
    assert kept_out(tmp_path, **{name: text}) == []


WRANGLER = 'name = "shop"\nmain = "src/index.js"\nroutes = [{ pattern = "a.example.com/api/*", zone_name = "example.com" }%s]\n'
WORKER = "import { Hono } from 'hono';\nconst app = new Hono();\napp.get('/api/stock', f);\napp.post('/hooks/github', g);\nexport default app;\n"


def test_a_worker_is_asked_for_its_routes_alone(tmp_path: Path) -> None:
    package = {"package.json": '{"name": "shop", "dependencies": {"hono": "^4.6.0"}}', "src/index.js": WORKER, "app.js": ""}
    assert len(kept_out(tmp_path / "api", **{**package, "wrangler.toml": WRANGLER % ""})) == 1
    assert kept_out(tmp_path / "both", **{**package, "wrangler.toml": WRANGLER % ', { pattern = "a.example.com/hooks/*", zone_name = "example.com" }'}) == []
    assert kept_out(tmp_path / "own", **{**package, "wrangler.toml": WRANGLER % "" + "workers_dev = true\n"}) == []


def test_functions_of_pages_are_called_for_the_paths_in_a_list(tmp_path: Path) -> None:
    functions = {"functions/hooks/stripe.js": "export const onRequestPost = f;\n", "functions/api/stock.js": "export const onRequestGet = f;\n", "app.js": ""}
    assert len(kept_out(tmp_path / "api", **{**functions, "public/_routes.json": '{"version": 1, "include": ["/api/*"], "exclude": []}'})) == 1
    assert kept_out(tmp_path / "all", **{**functions, "public/_routes.json": '{"version": 1, "include": ["/*"], "exclude": []}'}) == []
