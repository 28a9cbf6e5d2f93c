"""What lies between units and the outside: name servers, proxies with a login, clients that stick, Services without pods."""

from __future__ import annotations

import pytest

from callcheck.model.facts.deployment import LoadBalanced, StickySessions
from callcheck.model.facts.network import EgressWithoutNames, ServiceWithoutPods
from callcheck.model.facts.webhooks import WebhookGuarded
from callcheck.probes.egress import PROBE as EGRESS
from callcheck.probes.empty_services import PROBE as EMPTY
from callcheck.probes.ingress_gates import PROBE as GATES
from callcheck.probes.kubernetes import PROBE as KUBERNETES
from callcheck.probes.listener_gates import PROBE as LISTENERS
from tests.tools.deployed import look_with
from tests.tools.shipped import shipped_knowledge

KNOWN = shipped_knowledge()
UNIT = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: notes}\nspec:\n  replicas: 3\n  template:\n    metadata: {labels: {app: notes}}\n    spec: {containers: [{name: a, image: notes}]}\n"
POLICY = "---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: %s}\nspec:\n  podSelector: {%s}\n  policyTypes: [Egress]\n  egress: %s\n"
WEB = "[{ports: [{protocol: TCP, port: 443}]}]"
SERVICE = "---\napiVersion: v1\nkind: Service\nmetadata: {name: notes}\nspec: {sessionAffinity: ClientIP, selector: {app: notes}, ports: [{port: 80}]}\n"
INGRESS = "---\napiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: %s, annotations: {%s}}\nspec: {rules: [{host: a.io, http: {paths: [{path: %s, pathType: %s, backend: {service: {name: notes, port: {number: 80}}}}]}}]}\n"
LOGIN = "nginx.ingress.kubernetes.io/auth-url: https://b.io"
APP = "from flask import Flask\napp = Flask(__name__)\n@app.post('/hooks/github')\ndef hook(): ...\n"


def _policy(egress: str, labels: str = "matchLabels: {app: notes}", more: str = "") -> dict[str, str]:
    return {"k8s.yaml": UNIT + POLICY % ("out", labels, egress) + more}


@pytest.mark.parametrize("files", [_policy(WEB), _policy(WEB, ""), _policy("[{to: [{podSelector: {}}], ports: [{port: 6379}]}, {to: [{ipBlock: {cidr: 0.0.0.0/0}}], ports: [{port: 443}]}]")])
def test_no_name_server(tmp_path, files) -> None:
    (found,) = look_with(EGRESS, KNOWN)(tmp_path, files)
    assert found.fact == EgressWithoutNames("out", "notes")


@pytest.mark.parametrize(
    "files",
    [
        _policy("[{ports: [{port: 443}, {protocol: UDP, port: 53}]}]"),
        _policy("[{}]"),
        _policy("[{to: [{namespaceSelector: {}}]}, {ports: [{port: 443}]}]"),
        _policy("[]"),
        _policy("[{to: [{ipBlock: {cidr: 10.0.0.0/8}}], ports: [{port: 5432}]}]"),
        _policy(WEB, "matchLabels: {app: other}"),
        _policy(WEB, more=POLICY % ("names", "", "[{ports: [{protocol: UDP, port: 53}]}]")),
        _policy(WEB, more="---\napiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata: {name: c}\nspec: {}\n"),
    ],
)
def test_a_name_server_or_not_to_be_told(tmp_path, files) -> None:
    assert not look_with(EGRESS, KNOWN)(tmp_path, files)


def test_the_ingress_asks_for_a_login(tmp_path) -> None:
    (found,) = look_with(GATES, KNOWN)(tmp_path, {"app.py": APP, "k8s.yaml": INGRESS % ("web", LOGIN, "/", "Prefix")})
    assert isinstance(found.fact, WebhookGuarded)
    assert (found.fact.route, found.fact.guard) == ("/hooks/github", "proxy")


@pytest.mark.parametrize(
    "ingresses",
    [
        INGRESS % ("web", "", "/", "Prefix"),
        INGRESS % ("web", LOGIN, "/admin", "Prefix"),
        INGRESS % ("web", LOGIN, "/", "Prefix") + INGRESS % ("open", "", "/hooks", "Prefix"),
        INGRESS % ("web", LOGIN, "/", "Prefix") + INGRESS % ("open", "", "/hooks/github", "Exact"),
        INGRESS % ("web", LOGIN + ", nginx.ingress.kubernetes.io/configuration-snippet: x", "/", "Prefix"),
    ],
)
def test_the_webhook_passes_the_ingress(tmp_path, ingresses) -> None:
    assert not look_with(GATES, KNOWN)(tmp_path, {"app.py": APP, "k8s.yaml": ingresses})


TOLD = "receivers:\n  - webhook_configs:\n      - url: https://%s/wake\n%s"
PAGE = LOGIN + ", nginx.ingress.kubernetes.io/auth-signin: https://b.io/start"
TOKEN = "        http_config: {authorization: {credentials_file: /t}}\n"


def _asked_of(folder, check: str, told: str) -> list[tuple[str, str]]:
    files = {"app.py": APP.replace("hooks/github", "wake"), "k8s.yaml": INGRESS % ("web", check, "/", "Prefix"), "alertmanager.yml": told}
    return [(each.fact.route, each.fact.guard) for each in look_with(GATES, KNOWN)(folder, files) if isinstance(each.fact, WebhookGuarded)]


@pytest.mark.parametrize(("check", "told"), [(LOGIN, TOLD % ("a.io", "")), (PAGE, TOLD % ("a.io", TOKEN))])
def test_who_is_told_to_post_has_no_login(tmp_path, check, told) -> None:
    assert _asked_of(tmp_path, check, told) == [("/wake", "proxy")]


@pytest.mark.parametrize(
    ("check", "told"),
    [
        (LOGIN, TOLD % ("c.io", "")),
        (LOGIN, TOLD % ("a.io", TOKEN)),
        (PAGE, TOLD % ("a.io", "        http_config: {basic_auth: {username: a}}\n")),
        ("nginx.ingress.kubernetes.io/whitelist-source-range: 10.0.0.0/8", TOLD % ("a.io", "")),
        ("", TOLD % ("a.io", "")),
        (LOGIN, ""),
    ],
)
def test_silent_where_who_is_told_may_pass(tmp_path, check, told) -> None:
    assert _asked_of(tmp_path, check, told) == []


def _balance(tmp_path, text: str) -> list[type]:
    found = look_with(KUBERNETES, KNOWN)(tmp_path, {"k8s.yaml": text})
    return [type(item.fact) for item in found if isinstance(item.fact, (LoadBalanced, StickySessions))]


def test_an_ingress_does_not_ask_the_service_who_sticks(tmp_path) -> None:
    assert _balance(tmp_path, UNIT + SERVICE) == [StickySessions]
    assert _balance(tmp_path, UNIT + SERVICE + INGRESS % ("web", "", "/", "Prefix")) == [LoadBalanced]
    assert _balance(tmp_path, UNIT + SERVICE + INGRESS % ("web", 'nginx.ingress.kubernetes.io/service-upstream: "true"', "/", "Prefix")) == [StickySessions]
    assert _balance(tmp_path, UNIT + SERVICE + INGRESS % ("web", "nginx.ingress.kubernetes.io/affinity: cookie", "/", "Prefix")) == [StickySessions]


CALLER = "---\napiVersion: apps/v1\nkind: Deployment\nmetadata: {name: clerk}\nspec:\n  template:\n    metadata: {labels: {app: clerk}}\n    spec: {containers: [{name: a, image: clerk, env: [{name: %s, value: %s}]}]}\n"
SELECTS = "---\napiVersion: v1\nkind: Service\nmetadata: {name: notes}\nspec: {selector: {%s}, ports: [{port: 80}]}\n"


@pytest.mark.parametrize(
    ("asked", "through"),
    [
        (CALLER % ("NOTES_URL", "http://notes/v1"), "call"),
        (CALLER % ("NOTES_HOST", "notes.shop.svc.cluster.local:80"), "call"),
        (CALLER % ("ON_DONE_URL", "http://notes.shop"), "callback"),
        (INGRESS % ("web", "", "/", "Prefix"), "ingress"),
        ("", "ingress"),
        (CALLER % ("NOTES_URL", "http://my-notes/v1"), "ingress"),
    ],
)
def test_a_service_selects_no_pod(tmp_path, asked, through) -> None:
    (found,) = look_with(EMPTY, KNOWN)(tmp_path, {"k8s.yaml": UNIT + SELECTS % "app: notes, version: v1" + asked})
    assert found.fact == ServiceWithoutPods("notes", "version=v1", "notes", through)


@pytest.mark.parametrize(
    "text",
    [
        UNIT + SELECTS % "app: notes" + CALLER % ("NOTES_URL", "http://notes/v1"),
        UNIT.replace("name: notes", "name: pads").replace("app: notes", "app: pads") + SELECTS % "app: notes" + CALLER % ("NOTES_URL", "http://notes/v1"),
        UNIT + "# {{ .Values.x }}\n" + SELECTS % "app: notes, version: v1" + CALLER % ("NOTES_URL", "http://notes/v1"),
        UNIT + SELECTS % "app: notes, version: v1" + "---\napiVersion: v1\nkind: Pod\nmetadata: {name: p, labels: {app: notes, version: v1}}\n" + CALLER % ("NOTES_URL", "http://notes"),
    ],
)
def test_a_service_has_pods_or_they_are_elsewhere(tmp_path, text) -> None:
    assert not look_with(EMPTY, KNOWN)(tmp_path, {"k8s.yaml": text})


LISTENER = """\
resource "aws_lb_listener" "web" {
  default_action {
    type = "authenticate-oidc"
    authenticate_oidc {
      on_unauthenticated_request = "authenticate"
    }
  }
}
"""
RULE = """\
resource "aws_lb_listener_rule" "open" {
  listener_arn = aws_lb_listener.web.arn
  action {
    type = "%s"
  }
  condition {
    path_pattern {
      values = ["%s"]
    }
  }
}
"""
ADDRESSES = 'locals {\n  public = "https://a.io"\n  hook = "https://%s/hooks/sign"\n}\n'


@pytest.mark.parametrize("more", ["", RULE % ("forward", "/healthz"), RULE % ("authenticate-oidc", "/hooks/*")])
def test_the_load_balancer_asks_for_a_login(tmp_path, more) -> None:
    (by_code,) = look_with(LISTENERS, KNOWN)(tmp_path / "code", {"app.py": APP, "main.tf": LISTENER + more})
    (by_address,) = look_with(LISTENERS, KNOWN)(tmp_path / "address", {"main.tf": LISTENER + more + ADDRESSES % "a.io"})
    assert [(each.fact.route, each.fact.guard) for each in (by_code, by_address)] == [("/hooks/github", "balancer"), ("/hooks/sign", "balancer")]
    assert str(by_code.because[0].where).startswith("app.py:3")


@pytest.mark.parametrize(
    "text",
    [
        LISTENER.replace('"authenticate-oidc"', '"forward"') + "# authenticate-oidc\n" + ADDRESSES % "a.io",
        LISTENER.replace('"authenticate"', '"allow"') + ADDRESSES % "a.io",
        LISTENER + RULE % ("forward", "/hooks/*") + ADDRESSES % "a.io",
        LISTENER + RULE % ("forward", "/hooks/sign") + ADDRESSES % "a.io",
        LISTENER + (RULE % ("forward", "x")).replace("path_pattern", "http_header") + ADDRESSES % "a.io",
        LISTENER + ADDRESSES % "others.io",
    ],
)
def test_the_webhook_passes_the_load_balancer(tmp_path, text) -> None:
    assert not look_with(LISTENERS, KNOWN)(tmp_path, {"main.tf": text})
