"""A product that is served to the world has to know its address there."""

from __future__ import annotations

import pytest

from callcheck.probes.self_hosted import PROBE
from tests.tools.deployed import look_with

look = look_with(PROBE)
N8N = "services:\n  flow:\n    image: n8nio/n8n:1.7\n    environment: {N8N_HOST: localhost%s}\n"
CADDY = "  web:\n    image: caddy:2\n"
WOOD = "services:\n  ci:\n    image: woodpeckerci/woodpecker-server:v2\n    labels: ['traefik.enable=true']\n    environment: {WOODPECKER_HOST: '%s'}\n"
DRONE = "services:\n  ci:\n    image: drone/drone:2\n    labels: ['traefik.enable=true']\n    environment: {%s}\n"
AUTOMATISCH = "services:\n  flows:\n    image: automatischio/automatisch:0.13\n    labels: ['traefik.enable=true']\n    environment: {%s}\n"
APP = "services:\n  app:\n    build: .\n    environment: {WEBHOOK_BASE_URL: 'http://localhost:3000'}\n"
NGINX = "server {\n  listen 443 ssl;\n  location / { proxy_pass http://127.0.0.1:%s; }\n}\n"


@pytest.mark.parametrize(
    ("files", "found"),
    [
        ({"compose.yml": N8N % "" + CADDY}, ["WEBHOOK_URL http://localhost:5678/ @4"]),
        ({"compose.yml": N8N % "", "flow.conf": NGINX % "5678"}, ["WEBHOOK_URL http://localhost:5678/ @4"]),
        ({"compose.yml": N8N % ", WEBHOOK_URL: 'http://localhost:5678/'" + CADDY}, ["WEBHOOK_URL http://localhost:5678/ @4"]),
        ({"compose.yml": WOOD % "http://localhost:8000"}, ["WOODPECKER_HOST http://localhost:8000 @5"]),
        ({"compose.yml": APP, "site.conf": NGINX % "3000"}, ["WEBHOOK_BASE_URL http://localhost:3000 @4"]),
        ({"compose.yml": DRONE % ""}, ["DRONE_SERVER_PROXY_HOST http://localhost:8080 @3"]),
        ({"compose.yml": DRONE % "DRONE_SERVER_HOST: localhost"}, ["DRONE_SERVER_HOST localhost @5"]),
        ({"compose.yml": DRONE % "DRONE_SERVER_HOST: localhost, DRONE_SERVER_PROXY_HOST: ci.example.org"}, []),
        ({"compose.yml": WOOD % "http://localhost:8000', WOODPECKER_EXPERT_WEBHOOK_HOST: 'https://ci.example.org"}, []),
        ({"compose.yml": AUTOMATISCH % "PORT: '3000'"}, ["WEBHOOK_URL http://localhost:3000 @3"]),
        ({"compose.yml": AUTOMATISCH % "HOST: flows.example.org"}, []),
        ({"compose.yml": N8N % ""}, []),
        ({"compose.yml": N8N % ", N8N_WEBHOOK_URL: 'https://flows.example.org/'" + CADDY}, []),
        ({"compose.yml": N8N % ", WEBHOOK_URL: '${WEBHOOK_URL}'" + CADDY}, []),
        ({"compose.yml": N8N.replace("localhost", "flow.example.org") % ", N8N_PORT: '443'" + CADDY}, []),
        ({"compose.yml": WOOD % "https://ci.example.org"}, []),
        ({"compose.yml": APP + CADDY}, []),
        ({"compose.yml": APP, "site.conf": NGINX % "8080"}, []),
    ],
)
def test_addresses_that_are_given_away(tmp_path, files, found) -> None:
    assert [f"{e.fact.name} {e.fact.url} @{e.where.line}" for e in look(tmp_path, files)] == found
