"""What a policy lets out is told for the pods that it selects alone."""

from __future__ import annotations

from pathlib import Path

from callcheck.model.knowledge import Knowledge
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.manifests import collect
from callcheck.sources.manifests.egress import anywhere, let_out, ports

UNIT = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: w}\nspec: {template: {metadata: {labels: {app: w}}}}\n---\n"
POLICY = "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: %s}\nspec: {podSelector: {matchLabels: {app: %s}}, policyTypes: [%s], egress: %s}\n---\n"


def test_the_rules_of_all_policies_of_a_unit_add_up(tmp_path: Path) -> None:
    text = UNIT + POLICY % ("a", "w", "Egress", "[{ports: [{port: 53}]}]") + POLICY % ("b", "w", "Egress", "[]") + POLICY % ("c", "o", "Egress", "[{}]") + POLICY % ("d", "w", "Ingress", "[{}]")
    (tmp_path / "k.yaml").write_text(text, encoding="utf-8")
    eyes = Eyes(Target(base=tmp_path, folders=(tmp_path,)), Knowledge())
    found = collect(eyes)
    out = let_out(eyes, found, found.of("Deployment")[0])
    assert ([each.name for each in out.policies], [ports(each) for each in out.rules], out.ruled) == (["a", "b"], [{"53"}], False)


def test_ports_and_addresses_of_a_rule() -> None:
    assert (ports({}), ports({"ports": [{"port": 443}]}), ports({"ports": [{"port": 1, "endPort": 9}]})) == (None, {"443"}, None)
    assert [anywhere(each) for each in ({}, {"to": [{"ipBlock": {"cidr": "0.0.0.0/0"}}]}, {"to": [{"podSelector": {}}]})] == [True, True, False]
