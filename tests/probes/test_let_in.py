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


PORTS = SERVICE.replace("selector", "ports: [{port: 80, targetPort: web}], selector")
OPEN = UNIT.replace("{name: a, env", "{name: a, ports: [{name: web, containerPort: 8080}], env")
RENDER = "{podSelector: {matchLabels: {app: render}}}"


@pytest.mark.parametrize(("caller", "port", "expected"), [("render", "80", ["policy portal-in 23"]), ("portal", "80", ["policy portal-in 23"]), ("render", "8080", []), ("portal", "web", []), ("portal", "9100", [])])
def test_ports_are_those_of_the_pods(tmp_path: Path, caller: str, port: str, expected: list[str]) -> None:
    held = "{name: CALLBACK_URL, value: 'http://portal/done'}"
    units = OPEN % ("render", "render", held if caller == "render" else "") + OPEN % ("portal", "portal", held if caller == "portal" else "")
    found = look(tmp_path, {"all.yaml": units + PORTS + POLICY % RENDER + f"      ports: [{{port: {port}}}]\n"})
    assert [f"{item.fact.why} {item.fact.instead} {item.where.line}" for item in found] == expected


def test_another_rule_lets_the_same_in_by_the_right_port(tmp_path: Path) -> None:
    held = "{name: CALLBACK_URL, value: 'http://portal/done'}"
    other = f"    - from: [{RENDER}]\n      ports: [{{port: 8080}}]\n"
    assert not look(tmp_path, {"all.yaml": OPEN % ("portal", "portal", held) + PORTS + POLICY % RENDER + "      ports: [{port: 80}]\n" + other})


@pytest.mark.parametrize(
    ("peers", "role", "told"),
    [(GATEWAY, "a", ["policy portal-in 27"]), (RENDER, "a", []), ("{namespaceSelector: {}}", "a", []), (GATEWAY, "redis:7", [])],
    ids=["not the one that is called", "the one that is called", "of any namespace", "a store calls nobody"],
)
def test_whoever_a_unit_calls_calls_it_back(tmp_path: Path, peers: str, role: str, told: list[str]) -> None:
    own = "{name: CALLBACK_URL, value: 'http://portal:8080/done'}, {name: RENDER_URL, value: 'http://render:8080'}"
    units = (UNIT % ("render", "render", "")).replace("{name: a,", f"{{name: a, image: '{role}',") + UNIT % ("portal", "portal", own)
    found = look(tmp_path, {"all.yaml": units + SERVICE.replace("portal", "render") + SERVICE + POLICY % peers})
    assert [f"{item.fact.why} {item.fact.instead} {item.where.line}" for item in found if item.fact.name == "CALLBACK_URL"] == told


OUT = "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: render-out}\nspec:\n  podSelector: {matchLabels: {app: render}}\n  policyTypes: [Egress]\n  egress:\n%s"


@pytest.mark.parametrize(
    ("rules", "name", "told"),
    [
        (f"    - to: [{GATEWAY}]\n", "PORTAL_URL", ["policy-call render-out 22"]),
        (f"    - to: [{GATEWAY}]\n", "CALLBACK_URL", ["policy render-out 22"]),
        ("    - ports: [{port: 443}]\n", "PORTAL_URL", ["policy-call render-out 22"]),
        ("    - to: [{podSelector: {matchLabels: {app: portal}}}]\n", "PORTAL_URL", []),
        ("    - to: [{ipBlock: {cidr: 10.0.0.0/8}}]\n", "PORTAL_URL", []),
        ("    - to: [{namespaceSelector: {}}]\n", "PORTAL_URL", []),
        ("    []\n", "PORTAL_URL", []),  # what is wanted is opened by others
    ],
)
def test_whoever_calls_is_let_out(tmp_path: Path, rules: str, name: str, told: list[str]) -> None:
    units = UNIT % ("render", "render", f"{{name: {name}, value: 'http://portal:8080/done'}}") + UNIT % ("portal", "portal", "")
    found = look(tmp_path, {"all.yaml": units + SERVICE.replace("spec: {", "spec: {ports: [{port: 8080}], ") + OUT % rules})
    assert [f"{item.fact.why} {item.fact.instead} {item.where.line}" for item in found] == told
