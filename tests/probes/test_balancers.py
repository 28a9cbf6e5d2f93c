"""Pools of HAProxy, Caddy, Traefik and the clouds, and whether clients stick in them."""

from __future__ import annotations

import pytest

from callcheck.probes.balancers import PROBE
from tests.tools.deployed import look_with, told

look = look_with(PROBE)
HAPROXY = "frontend f\n    bind *:80\nbackend app\n    balance {}\n    server a node-a:3000 check\n    server b node-b:3000 check\n"

TRAEFIK = "http:\n  services:\n    app:\n      loadBalancer:\n        servers:\n          - url: http://10.0.0.1:3000\n          - url: http://10.0.0.2:3000\n"


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"haproxy.cfg": HAPROXY.format("roundrobin")}, ["load.balanced app @haproxy.cfg:3", "instances.factor app 2 @haproxy.cfg:3", "balancer.pool app @haproxy.cfg:3"]),
        ({"haproxy.cfg": HAPROXY.format("source")}, ["sticky.sessions app ip @haproxy.cfg:4", "instances.factor app 2 @haproxy.cfg:3", "balancer.pool app @haproxy.cfg:3"]),
        ({"haproxy.cfg": HAPROXY.format("roundrobin\n    cookie SRV insert")}, ["sticky.sessions app cookie @haproxy.cfg:5", "instances.factor app 2 @haproxy.cfg:3", "balancer.pool app @haproxy.cfg:3"]),
        ({"haproxy.cfg": "defaults\n    balance source\n" + HAPROXY.format("roundrobin")}, ["load.balanced app @haproxy.cfg:5", "instances.factor app 2 @haproxy.cfg:5", "balancer.pool app @haproxy.cfg:5"]),
        ({"haproxy.cfg": "defaults\n    balance source\nbackend app\n    server a n-a:3000\n    server b n-b:3000\n"}, ["sticky.sessions app ip @haproxy.cfg:2", "instances.factor app 2 @haproxy.cfg:3", "balancer.pool app @haproxy.cfg:3"]),
        ({"haproxy.cfg": "backend app\n    server-template n 3 api:3000 resolvers d\n"}, ["load.balanced app @haproxy.cfg:1", "instances.possible app @haproxy.cfg:1"]),
        ({"Caddyfile": ":80 {\n  reverse_proxy a:3000 b:3000\n}\n"}, ["load.balanced @Caddyfile:2", "instances.factor 2 @Caddyfile:2", "balancer.pool @Caddyfile:2"]),
        ({"Caddyfile": ":80 {\n  reverse_proxy a:3000 b:3000 {\n    lb_policy ip_hash\n  }\n}\n"}, ["sticky.sessions ip @Caddyfile:3", "instances.factor 2 @Caddyfile:2", "balancer.pool @Caddyfile:2"]),
        ({"Caddyfile": ":80 {\n  reverse_proxy api:3000\n}\n"}, []),
        ({"compose.yml": 'services:\n  api:\n    labels:\n      - "traefik.http.services.api.loadbalancer.sticky.cookie=true"\n'}, ["sticky.sessions cookie @compose.yml:4"]),
        ({"main.tf": 'resource "aws_lb_target_group" "a" {\n  stickiness {\n    type = "lb_cookie"\n    enabled = true\n  }\n}\n'}, ["sticky.sessions cookie @main.tf:2"]),
        ({"main.tf": 'resource "aws_lb_target_group" "a" {\n  stickiness {\n    type = "lb_cookie"\n    enabled = false\n  }\n}\n'}, []),
        ({"main.tf": 'resource "azurerm_linux_web_app" "a" {\n  client_affinity_enabled = true\n}\n'}, ["sticky.sessions cookie @main.tf:2"]),
        ({"main.tf": 'resource "azurerm_linux_web_app" "a" {\n  client_affinity_enabled = false\n}\n'}, []),
        ({"deploy.sh": "az webapp update -n boards -g rg --client-affinity-enabled true\n"}, ["sticky.sessions cookie @deploy.sh:1"]),
        ({"deploy.sh": "az webapp update -n boards -g rg --client-affinity-enabled false\n"}, []),
        ({"deploy.sh": "az containerapp ingress sticky-sessions set -n boards -g rg --affinity sticky\n"}, ["sticky.sessions cookie @deploy.sh:1"]),
        ({"t.yml": "TargetGroupAttributes:\n  - Key: stickiness.enabled\n    Value: 'true'\n"}, ["sticky.sessions cookie @t.yml:2"]),
        ({"traefik/dynamic.yml": TRAEFIK}, ["load.balanced app @traefik/dynamic.yml:6", "instances.factor app 2 @traefik/dynamic.yml:6", "balancer.pool app @traefik/dynamic.yml:6"]),
        ({"dynamic.yml": TRAEFIK + "        sticky:\n          cookie: {}\n"}, ["instances.factor app 2 @dynamic.yml:6", "balancer.pool app @dynamic.yml:6", "sticky.sessions cookie @dynamic.yml:8"]),
    ],
    ids=["haproxy", "haproxy by source", "haproxy by cookie", "haproxy with a balance of its own", "haproxy by its defaults", "haproxy from a template", "caddy", "caddy by address", "one backend", "traefik", "terraform", "terraform off", "terraform of azure", "terraform of azure off", "az", "az off", "az of container apps", "cloudformation", "traefik's own file", "traefik's own file by cookie"],
)  # fmt: skip
def test_a_pool(tmp_path, files, expected) -> None:
    assert told(look(tmp_path, files)) == expected
