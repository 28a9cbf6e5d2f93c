"""Whether what stands in front of the app hands it a provider's requests."""

from __future__ import annotations

from pathlib import Path

import pytest

from callcheck.probes.fronts import PROBE
from tests.tools.deployed import look_with, told
from tests.tools.shipped import shipped_knowledge

look = look_with(PROBE, shipped_knowledge())
APP = 'const express = require("express");\nconst app = express();\napp.post("/webhooks/pay", (req, res) => res.sendStatus(200));\napp.listen(3000);\n'
PACKAGE = '{"name": "shop", "dependencies": {"express": "^4.19.2"}}'


def kept_out(folder: Path, name: str, text: str, **more: str) -> list[str]:
    files = {"package.json": PACKAGE, "shop/app.js": APP, name: text, **more}
    return [line for line in told(look(folder, files)) if line.startswith("webhook.guarded")]


SITE = "server {\n  root /srv;\n  location /api/ { proxy_pass http://app:3000; }\n%s}\n"


@pytest.mark.parametrize(
    ("more", "line"),
    [
        ("  location / { try_files $uri /index.html; }\n", 4),
        ("", 2),
        ("  location ~ \\.(js|css)$ { expires 1d; }\n  location / {\n    index index.html;\n  }\n", 5),
        ("  location /webhooks { return 404; }\n", 4),
        ("  location / {\n    limit_except GET { deny all; }\n    proxy_pass http://app:3000;\n  }\n", 5),
        ("  location / {\n    auth_basic on;\n    proxy_pass http://app:3000;\n  }\n", 5),
    ],
)
def test_nginx_answers_it_itself(tmp_path: Path, more: str, line: int) -> None:
    assert [each.rsplit(":", 1)[-1] for each in kept_out(tmp_path, "nginx.conf", SITE % more)] == [str(line)]


@pytest.mark.parametrize(
    "more",
    [
        "  location /webhooks/ { proxy_pass http://app:3000; }\n",
        "  location = /webhooks/pay { proxy_pass http://app:3000; }\n  location / { try_files $uri =404; }\n",
        "  location ~ ^/(webhooks|hooks)/ { proxy_pass http://app:3000; }\n",
        "  location / { try_files $uri @app; }\n  location @app { proxy_pass http://app:3000; }\n",
        "  location /in/ { proxy_pass http://app:3000/; }\n",
        "  include conf.d/routes/*.conf;\n",
        "  rewrite ^/webhooks/(.*)$ /api/webhooks/$1 last;\n",
        "  location / { error_page 405 =200 $uri; return 301 https://other.example$uri; }\n",
        "}\nserver {\n  location / { proxy_pass http://app:3000; }\n",
        "  location / {\n    auth_basic on;\n    satisfy any;\n    allow 10.0.0.0/8;\n    proxy_pass http://app:3000;\n  }\n",
    ],
)
def test_nginx_hands_it_on_or_may_do_so(tmp_path: Path, more: str) -> None:
    assert not kept_out(tmp_path, "nginx.conf", SITE % more)


@pytest.mark.parametrize(
    ("name", "text", "line"),
    [
        ("Caddyfile", "a.example {\n  handle /api/* {\n    reverse_proxy app:3000\n  }\n  handle {\n    file_server\n  }\n}\n", 5),
        ("Caddyfile", "a.example\nreverse_proxy /api/* app:3000\nroot * /srv\nfile_server\n", 4),
        ("httpd-shop.conf", "<VirtualHost *:80>\nDocumentRoot /srv\nProxyPass /api http://app:3000/api\n</VirtualHost>\n", 2),
        ("_redirects", "/api/*  /.netlify/functions/api/:splat  200\n/*  /index.html  200\n", 2),
        ("vercel.json", '{"rewrites": [{"source": "/api/:path*", "destination": "/api"},\n {"source": "/(.*)", "destination": "/index.html"}]}', 2),
    ],
)
def test_other_servers_and_hosts(tmp_path: Path, name: str, text: str, line: int) -> None:
    assert [each.rsplit(":", 1)[-1] for each in kept_out(tmp_path, name, text)] == [str(line)]
    for one, other in (("/api/*", "/*"), ("/api ", "/webhooks "), ("app:3000/api", "app:3000/webhooks"), ("/api/:path*", "/:path*"), ("handle {", "handle /x {")):
        text = text.replace(one, other)
    assert not kept_out(tmp_path, name, text)


def test_a_distribution_sends_what_no_behaviour_names_to_its_bucket(tmp_path: Path) -> None:
    template = """\
Resources:
  Site:
    Type: AWS::CloudFront::Distribution
    Properties:
      DistributionConfig:
        Origins:
          - {Id: web, DomainName: shop-web.s3.amazonaws.com, S3OriginConfig: {}}
          - {Id: app, DomainName: app.example.com}
        DefaultCacheBehavior: {TargetOriginId: web}
        CacheBehaviors:
          - {PathPattern: %s, TargetOriginId: app, AllowedMethods: [%s]}
"""
    assert [each.rsplit(":", 1)[-1] for each in kept_out(tmp_path, "t.yaml", template % ("/api/*", "GET, HEAD, POST"))] == ["9"]
    assert [each.rsplit(":", 1)[-1] for each in kept_out(tmp_path, "t.yaml", template % ("/webhooks/*", "GET, HEAD"))] == ["11"]
    assert not kept_out(tmp_path, "t.yaml", template % ("/webhooks/*", "GET, HEAD, POST"))


def test_a_router_of_traefik_asks_for_a_login_or_leaves_the_path_to_another(tmp_path: Path) -> None:
    compose = "services:\n  shop:\n    build: .\n    labels:\n      - traefik.http.routers.all.rule=Host(`a.example`)\n      - traefik.http.routers.all.middlewares=staff\n      - traefik.http.middlewares.staff.basicauth.users=x\n"
    assert [each.rsplit(":", 1)[-1] for each in kept_out(tmp_path, "compose.yaml", compose)] == ["6"]
    assert not kept_out(tmp_path, "compose.yaml", compose + "      - traefik.http.routers.hooks.rule=Host(`a.example`) && PathPrefix(`/webhooks`)\n")
    assert not kept_out(tmp_path, "compose.yaml", compose.replace("basicauth", "compress"))


LABELS = "    labels:\n      - traefik.http.routers.all.rule=Host(`a.example`)\n      - traefik.http.routers.all.middlewares=%s\n"


@pytest.mark.parametrize(("image", "kept"), [("registry.shop.example/desk:3", 1), ("'${REGISTRY}/desk:3'", 1), ("ghcr.io/other/desk:3", 0), ("desk:3", 0)])
def test_the_one_service_with_a_router_runs_these_sources_if_its_image_is_of_a_registry_of_ones_own(tmp_path: Path, image: str, kept: int) -> None:
    compose = f"services:\n  shop:\n    image: {image}\n" + LABELS % "staff" + "      - traefik.http.middlewares.staff.basicauth.users=x\n"
    assert len(kept_out(tmp_path, "compose.yaml", compose)) == kept
    assert not kept_out(tmp_path, "compose.yaml", compose + f"  other:\n    image: {image}\n    labels: [traefik.http.routers.o.rule=Host(`b.example`)]\n")
    assert not kept_out(tmp_path, "compose.yaml", compose + "  other: {build: ./other}\n")


@pytest.mark.parametrize(("kind", "kept"), [("basicAuth: {users: [a]}", 1), ("compress: {}", 0)])
def test_a_middleware_of_traefiks_own_file_asks_for_a_login(tmp_path: Path, kind: str, kept: int) -> None:
    compose = "services:\n  shop:\n    build: .\n" + LABELS % "staff@file"
    more = {"traefik/dynamic.yml": "http:\n  middlewares:\n    staff:\n      " + kind + "\n"}
    assert len(kept_out(tmp_path, "compose.yaml", compose, **more)) == kept


def test_an_ingress_hands_it_to_a_service_of_another_folder(tmp_path: Path) -> None:
    unit = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: {0}}}\nspec: {{template: {{metadata: {{labels: {{app: {0}}}}}, spec: {{containers: [{{name: a, image: {0}}}]}}}}}}\n---\napiVersion: v1\nkind: Service\nmetadata: {{name: {0}}}\nspec: {{selector: {{app: {0}}}}}\n---\n"
    path = "          - {path: %s, pathType: Prefix, backend: {service: {name: %s}}}\n"
    ingress = "apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: a}\nspec:\n  rules:\n    - http:\n        paths:\n" + path % ("/", "site")
    units = unit.format("shop") + unit.format("site")
    more = {"site/index.html": "", "units.yaml": units}
    assert [each.rsplit(":", 1)[-1] for each in kept_out(tmp_path, "in.yaml", ingress + path % ("/api", "shop"), **more)] == ["8"]
    assert not kept_out(tmp_path, "in.yaml", ingress + path % ("/webhooks", "shop"), **more)
    assert not kept_out(tmp_path, "in.yaml", ingress, **more)
