"""Ways to a unit's pods: from Ingress to Service and from Service to container, where they hold and where they do not."""

from __future__ import annotations

from pathlib import Path

import pytest

from callcheck.model.knowledge import Knowledge
from callcheck.model.target import Target
from callcheck.probes.service_ways import PROBE
from callcheck.sources import Eyes

UNIT = """apiVersion: apps/v1
kind: Deployment
metadata: {{name: hooks}}
spec:
  template:
    metadata: {{labels: {{app: hooks}}}}
    spec: {{containers: [{{name: hooks, image: a/hooks, {container}}}]}}
---
"""
SERVICE = """apiVersion: v1
kind: Service
metadata: {{name: hooks}}
spec:
  selector: {{app: hooks}}
  ports: [{{port: 80, targetPort: {target}}}]
"""
INGRESS = """---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {{name: hooks}}
spec: {{rules: [{{http: {{paths: [{{path: /, backend: {{service: {{name: hooks, port: {{number: {port}}}}}}}}}]}}}}]}}
"""
DECLARED = "ports: [{name: web, containerPort: 8000}]"


@pytest.mark.parametrize(
    ("container", "target", "port", "strengths"),
    [
        (DECLARED, "8000", 80, []),
        (DECLARED, "web", 80, []),
        (DECLARED, "http", 80, ["strong"]),
        (DECLARED, "3000", 80, ["fair"]),
        ("command: [uvicorn, 'a:app', --port, '8000']", "3000", 80, ["strong"]),
        ("ports: [{name: metrics, containerPort: 9090}]", "3000", 80, []),
        ("command: [python, a.py]", "3000", 80, []),
        (DECLARED, "8000", 8000, ["strong"]),
    ],
)
def test_what_leads_nowhere_is_said(tmp_path: Path, container: str, target: str, port: int, strengths: list[str]) -> None:
    text = UNIT.format(container=container) + SERVICE.format(target=target) + INGRESS.format(port=port)
    (tmp_path / "app.yaml").write_text(text, encoding="utf-8")
    eyes = Eyes(Target(base=tmp_path, folders=(tmp_path,)), Knowledge(()))
    assert [item.fact.attributes()["callcheck.trap.strength"] for item in PROBE.look(eyes.target, eyes)] == strengths


@pytest.mark.parametrize("service", ["clusterIP: None, selector: {app: hooks}, ports: [{port: 4369}]", "selector: {app: hooks}, ports: [{name: web, port: 8000}, {name: gossip, port: 7946}]"])
def test_ports_between_the_pods_lead_nowhere_else(tmp_path: Path, service: str) -> None:
    text = UNIT.format(container=DECLARED) + f"apiVersion: v1\nkind: Service\nmetadata: {{name: peers}}\nspec: {{{service}}}\n"
    (tmp_path / "app.yaml").write_text(text, encoding="utf-8")
    eyes = Eyes(Target(base=tmp_path, folders=(tmp_path,)), Knowledge(()))
    assert not list(PROBE.look(eyes.target, eyes))
