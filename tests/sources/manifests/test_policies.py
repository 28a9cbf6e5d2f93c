"""A policy shuts in the pods that it selects, in the directions that it names."""

from __future__ import annotations

from pathlib import Path

import pytest

from callcheck.model.knowledge import Knowledge
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.manifests import collect
from callcheck.sources.manifests.policies import closes_in, closes_out, selects

UNIT = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: w}\nspec: {template: {metadata: {labels: {app: w}}}}\n---\n"
POLICY = "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: a}\nspec: {%s}\n"


@pytest.mark.parametrize(
    ("spec", "told"),
    [
        ("podSelector: {}", (True, False, True)),
        ("podSelector: {matchLabels: {app: w}}, egress: []", (True, True, True)),
        ("podSelector: {matchLabels: {app: o}}, policyTypes: [Egress]", (False, True, False)),
        ("podSelector: {matchExpressions: [{key: app, operator: Exists}]}, policyTypes: [Ingress]", (True, False, None)),
    ],
)
def test_a_policy(tmp_path: Path, spec: str, told: tuple[bool, bool, bool | None]) -> None:
    (tmp_path / "k.yaml").write_text(UNIT + POLICY % spec, encoding="utf-8")
    eyes = Eyes(Target(base=tmp_path, folders=(tmp_path,)), Knowledge())
    found = collect(eyes)
    (policy,), (unit,) = found.of("NetworkPolicy"), found.of("Deployment")
    assert (closes_in(policy), closes_out(policy), selects(eyes, policy, unit)) == told
