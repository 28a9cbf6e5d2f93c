"""Paths of providers that a proxy changes into what the app does not know."""

from __future__ import annotations

from pathlib import Path

import pytest

from callcheck.probes.stripped_paths import PROBE
from tests.tools.deployed import look_with
from tests.tools.shipped import shipped_knowledge

look = look_with(PROBE, shipped_knowledge())

APP = "const express = require('express');\nconst app = express();\napp.post('%s', (req, res) => res.sendStatus(200));\napp.listen(8080);\n"
INGRESS = "apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata:\n  name: api\n  annotations:\n    nginx.ingress.kubernetes.io/rewrite-target: %s\nspec:\n  rules:\n    - http:\n        paths:\n          - {path: '%s', pathType: ImplementationSpecific}\n"
NGINX = "server {\n  location /api/ {\n    proxy_pass http://app:8080%s;\n  }\n}\n"


def said(tmp_path: Path, files: dict[str, str], path: str = "/api/webhooks/stripe") -> list[str]:
    found = look(tmp_path, {"package.json": '{"dependencies": {"express": "4.21.2"}}', "app.js": APP % path, **files})
    return [f"{item.fact.url} as {item.fact.instead} @{item.where}" for item in found]


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"ingress.yaml": INGRESS % ("/$2", "/api(/|$)(.*)")}, "/api/webhooks/stripe as /webhooks/stripe @ingress.yaml:6"),
        ({"ingress.yaml": INGRESS % ("/", "/api/webhooks/stripe")}, "/api/webhooks/stripe as / @ingress.yaml:6"),
        ({"nginx.conf": NGINX % "/"}, "/api/webhooks/stripe as /webhooks/stripe @nginx.conf:3"),
    ],
)
def test_the_app_is_asked_for_what_it_has_not(tmp_path: Path, files: dict[str, str], expected: str) -> None:
    assert said(tmp_path, files) == [expected]


@pytest.mark.parametrize(
    ("files", "path"),
    [
        ({"ingress.yaml": INGRESS % ("/$2", "/api(/|$)(.*)")}, "/webhooks/stripe"),
        ({"ingress.yaml": INGRESS % ("/api/$2", "/api(/|$)(.*)")}, "/api/webhooks/stripe"),
        ({"nginx.conf": NGINX % ""}, "/api/webhooks/stripe"),
        ({"nginx.conf": NGINX % "/"}, "/api/orders"),
    ],
    ids=["the app has the changed path", "put back", "handed on", "no provider's path"],
)
def test_the_path_is_known_or_nobody_else_asks(tmp_path: Path, files: dict[str, str], path: str) -> None:
    assert said(tmp_path, files, path) == []
