"""Pods that no policy opens to who brings requests from outside, and those that are open."""

from __future__ import annotations

from pathlib import Path

import pytest

from callcheck.model.evidence import Evidence
from callcheck.probes.shut_ingress import PROBE
from tests.tools.deployed import look_with

look = look_with(PROBE)
UNIT = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: hooks}\nspec:\n  template:\n    metadata: {labels: {app: hooks}}\n    spec: {containers: [{name: hooks, image: 'shop/hooks:1'}]}\n"
SERVICE = "apiVersion: v1\nkind: Service\nmetadata: {name: hooks}\nspec: {%sselector: {app: hooks}, ports: [{port: 80}]}\n"
INGRESS = "apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: hooks}\nspec:\n  rules:\n    - http: {paths: [{path: /, backend: {service: {name: hooks, port: {number: 80}}}}]}\n"
POLICY = "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: hooks}\nspec:\n  podSelector: {matchLabels: {app: hooks}}\n  policyTypes: [Ingress]\n  ingress: %s\n"
OWN = "[{from: [{podSelector: {matchLabels: {app: web}}}]}]"


def said(folder: Path, *parts: str) -> int:
    return len([each for each in look(folder, {"all.yaml": "---\n".join(parts)}) if isinstance(each, Evidence)])


@pytest.mark.parametrize("parts", [(UNIT, SERVICE % "", INGRESS, POLICY % OWN), (UNIT, SERVICE % "type: LoadBalancer, ", POLICY % OWN)])
def test_pods_that_take_from_their_own_namespace_alone(tmp_path: Path, parts: tuple[str, ...]) -> None:
    assert said(tmp_path, *parts) == 1


@pytest.mark.parametrize(
    "parts",
    [
        (UNIT, SERVICE % "", POLICY % OWN),
        (UNIT, SERVICE % "", INGRESS, POLICY % "[{from: [{namespaceSelector: {matchLabels: {name: ingress-nginx}}}]}]"),
        (UNIT, SERVICE % "", INGRESS, POLICY % "[{from: [{podSelector: {matchLabels: {app: traefik}}}]}]"),
        (UNIT, SERVICE % "", INGRESS, POLICY % "[{from: [{ipBlock: {cidr: 0.0.0.0/0}}]}]"),
        (UNIT, SERVICE % "", INGRESS, POLICY % "[{ports: [{port: 3000}]}]"),
        (UNIT, SERVICE % "", INGRESS, (POLICY % OWN).replace("{app: hooks}}", "{app: db}}")),
        (UNIT, SERVICE % "", INGRESS, (POLICY % OWN).replace("policyTypes: [Ingress]", "policyTypes: [Egress]")),
        (UNIT, SERVICE % "", INGRESS, POLICY % OWN, (POLICY % "[{}]").replace("{name: hooks}", "{name: open}")),
    ],
)
def test_pods_that_others_may_reach(tmp_path: Path, parts: tuple[str, ...]) -> None:
    assert said(tmp_path, *parts) == 0
