"""A unit's ports for its neighbours are told apart from those on the host."""

from __future__ import annotations

import pytest

from callcheck.probes.ports import PROBE
from tests.tools.deployed import look_with

look = look_with(PROBE)
SERVICE = "apiVersion: v1\nkind: Service\nmetadata: {name: api}\nspec:\n  ports: [{port: 80, targetPort: 3000}, {port: 9000}]\n"

POD = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: a}}\nspec: {{template: {{spec: {{{}}}}}}}\n"
INGRESS = "apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {{name: a, annotations: {{{}}}}}\nspec: {{rules: [{{host: a.example.org}}, {{host: '*.example.net'}}, {{http: {{}}}}]}}\n"


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"compose.yml": 'services: {a: {image: x, ports: ["8090:3000", "127.0.0.1:9000:9001/tcp"], expose: [7000]}}'}, ["a 3000,9001,7000 8090,9000 compose"]),
        ({"compose.yml": "services: {a: {image: x, ports: [{target: 3000, published: 80}]}}"}, ["a 3000 80 compose"]),
        ({"compose.yml": "services: {a: {image: x, ports: ['${PORT:-8090}:3000'], network_mode: host}}"}, ["a 3000 8090 host"]),
        ({"compose.yml": "services: {a: {image: x, network_mode: 'service:b'}, b: {image: y}}"}, ["a   host", "b   host"]),
        ({"k.yaml": SERVICE}, ["api 80,9000 3000 kubernetes"]),
        ({"k.yaml": POD.format("hostNetwork: true, containers: [{name: a, image: a}]")}, ["a   host"]),
        ({"k.yaml": POD.format("containers: [{name: a, image: a}, {name: front, image: 'nginx:1.27'}]")}, ["a   host"]),
        ({"k.yaml": POD.format("containers: [{name: a, image: a}, {name: b, image: b}]")}, []),
        ({"k.yaml": INGRESS.format("")}, ["a.example.org 80,443  ingress"]),
        ({"k.yaml": INGRESS.format("alb.ingress.kubernetes.io/listen-ports: '[{\"HTTPS\": 8443}]'")}, ["a.example.org 80,443,8443  ingress"]),
        ({"k.yaml": INGRESS.format("traefik.ingress.kubernetes.io/router.entrypoints: hooks")}, []),
    ],
    ids=["short", "long", "a variable", "another's network", "Kubernetes", "the host's network", "a proxy in the pod", "two containers", "the hosts of an Ingress", "ports of a balancer", "entry points of Traefik"],
)  # fmt: skip
def test_ports_of(tmp_path, files, expected) -> None:
    assert [f"{e.fact.service} {e.fact.inside} {e.fact.outside} {e.fact.system}" for e in look(tmp_path, files)] == expected


@pytest.mark.parametrize(
    ("row", "expected"),
    [("'127.0.0.1:5050:5050'", "5050"), ("'[::1]:8443:443'", "8443"), ("'${BIND:-127.0.0.1}:5050:5050'", "5050"), ("{target: 5050, published: 5051, host_ip: 127.0.0.1}", "5051")]
    + [("'5050:5050'", ""), ("'0.0.0.0:5050:5050'", ""), ("'${BIND}:5050:5050'", ""), ("{target: 5050, published: 5051}", "")],
)  # fmt: skip
def test_which_ports_are_the_hosts_alone(tmp_path, row, expected) -> None:
    assert [e.fact.host_only for e in look(tmp_path, {"compose.yml": f"services: {{a: {{image: x, ports: [{row}]}}}}"})] == [expected]
