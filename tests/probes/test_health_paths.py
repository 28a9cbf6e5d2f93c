"""Paths at which the app is asked whether it is well, and that it has no route for."""

from __future__ import annotations

from pathlib import Path

import pytest

from callcheck.probes.health_paths import PROBE
from tests.tools.deployed import look_with
from tests.tools.shipped import shipped_knowledge

look = look_with(PROBE, shipped_knowledge())

APP = "from fastapi import FastAPI\napp = FastAPI()\n@app.get('/health')\ndef health(): ...\n@app.post('/hooks')\ndef hooks(): ...\n"
POD = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: a}\nspec:\n  template:\n    spec:\n      containers:\n        - name: a\n          %s\n          readinessProbe:\n            httpGet: {path: %s, port: 8000}\n"
OTHER = POD.replace("name: a", "name: b")
GROUP = 'resource "aws_lb_target_group" "a" {\n  port = 80\n  health_check {\n    path = "%s"\n  }\n}\n'
RENDER = "services:\n  - type: web\n    healthCheckPath: %s\n"
OURS = "command: [uvicorn, 'app:app']"


def said(tmp_path: Path, files: dict[str, str]) -> list[str]:
    return [f"{item.fact.method} @{item.where}" for item in look(tmp_path, {"app.py": APP} | files)]


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"a.yaml": POD % (OURS, "/healthz")}, ["/healthz @a.yaml:11"]),
        ({"a.yaml": POD % (OURS, "/api/health")}, ["/api/health @a.yaml:11"]),
        ({"a.yaml": POD % ("image: acme/a", "/ready")}, ["/ready @a.yaml:11"]),
        ({"main.tf": GROUP % "/healthz"}, ["/healthz @main.tf:4"]),
        ({"render.yaml": RENDER % "/healthz"}, ["/healthz @render.yaml:3"]),
        ({"a.yaml": POD % (OURS, "/health")}, []),
        ({"main.tf": GROUP % "/"}, []),
        # Which of two is the app's is not known without a command.
        ({"a.yaml": POD % ("image: acme/a", "/healthz"), "b.yaml": OTHER % ("image: quay.io/oauth2-proxy", "/ping")}, []),
        ({"a.yaml": POD % (OURS, "/healthz"), "more.py": "HEALTH = '/healthz'\n"}, []),
        ({"a.yaml": POD % (OURS, "/healthz"), "main.go": "package main\n"}, []),
    ],
)
def test_checks_of_the_app(tmp_path: Path, files: dict[str, str], expected: list[str]) -> None:
    assert said(tmp_path, files) == expected
