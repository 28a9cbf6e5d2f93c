"""Network policies that leave out who calls."""

from __future__ import annotations

from pathlib import Path

import pytest

from callcheck.probes.let_in import PROBE
from tests.tools.deployed import look_with

look = look_with(PROBE)
UNIT = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: %s}\nspec: {template: {metadata: {labels: {app: %s}}, spec: {containers: [{name: a, env: [%s]}]}}}\n---\n"
SERVICE = "apiVersion: v1\nkind: Service\nmetadata: {name: portal}\nspec: {selector: {app: portal}}\n---\n"
POLICY = "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: portal-in}\nspec:\n  podSelector: {matchLabels: {app: portal}}\n  ingress:\n    - from: [%s]\n"
GATEWAY = "{podSelector: {matchLabels: {app: gateway}}}"


def said(folder: Path, peers: str, name: str = "CALLBACK_URL", more: str = "") -> list[str]:
    units = UNIT % ("render", "render", f"{{name: {name}, value: 'http://portal:8080/done'}}") + UNIT % ("portal", "portal", "")
    found = look(folder, {"all.yaml": units + SERVICE + POLICY % peers + more})
    return [f"{item.fact.why} {item.fact.instead} {item.where.line}" for item in found]


@pytest.mark.parametrize(("peers", "name", "why"), [(GATEWAY, "CALLBACK_URL", "policy"), (GATEWAY, "PORTAL_URL", "policy-call"), ("{ipBlock: {cidr: 10.1.0.0/16}}", "HOOK_URL", "policy")])
def test_the_caller_is_not_among_those_that_are_let_in(tmp_path: Path, peers: str, name: str, why: str) -> None:
    assert said(tmp_path, peers, name) == [f"{why} portal-in 22"]


@pytest.mark.parametrize(
    "peers",
    [
        "{podSelector: {matchLabels: {app: render}}}",
        f"{GATEWAY}, {{podSelector: {{}}}}",
        "{namespaceSelector: {matchLabels: {team: a}}, podSelector: {matchLabels: {app: gateway}}}",
        "{podSelector: {matchExpressions: [{key: app, operator: In, values: [render]}]}}",
        "",
    ],
)
def test_the_caller_is_let_in_or_may_be(tmp_path: Path, peers: str) -> None:
    assert not said(tmp_path, peers)


def test_another_policy_lets_it_in(tmp_path: Path) -> None:
    other = "---\n" + POLICY.replace("portal-in", "more") % "{podSelector: {matchLabels: {app: render}}}"
    assert not said(tmp_path, GATEWAY, more=other)
    cilium = "---\napiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata: {name: c}\nspec: {}\n"
    assert not said(tmp_path, GATEWAY, more=cilium)
