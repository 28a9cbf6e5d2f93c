"""An address of http that is given away is told where plain http is sent on to https; a server that serves it, or sends on so that a product posts again, is left alone."""

from __future__ import annotations

import pytest

from callcheck.probes.https_only import PROBE
from tests.tools.deployed import look_with
from tests.tools.shipped import shipped_knowledge

look = look_with(PROBE, shipped_knowledge())

APP = {"app.js": "const express = require('express');\nconst app = express();\napp.post('/alarms', (req, res) => res.sendStatus(204));\napp.listen(3000);\n"}
TOLD = {"alertmanager.yml": "receivers:\n  - name: desk\n    webhook_configs:\n      - url: http://desk.example.org/alarms\n"}
LIVEKIT = {"livekit.yaml": "webhook:\n  api_key: k\n  urls:\n    - http://desk.example.org/alarms\n"}
SCRIPT = {"hook.sh": 'curl -fsS "https://api.telegram.org/bot$T/setWebhook" -d url=http://desk.example.org/alarms\n'}
SERVER = "server {\n  listen 80;\n  server_name desk.example.org;\n  %s\n}\n"


@pytest.mark.parametrize(
    ("told", "front", "line"),
    [
        (TOLD, {"nginx.conf": SERVER % "return 301 https://$host$request_uri;"}, 4),
        (LIVEKIT, {"nginx.conf": SERVER % "rewrite ^ https://$host$request_uri permanent;"}, 4),
        (TOLD, {"nginx.conf": SERVER % "if ($host = desk.example.org) {\n    return 301 https://$host$request_uri;\n  }\n  return 404;"}, 5),
        (TOLD, {"nginx.conf": SERVER % "location /.well-known/ { root /var/www; }\n  location / { return 302 https://$host$request_uri; }"}, 5),
        (TOLD, {"desk.conf": "<VirtualHost *:80>\n  ServerName desk.example.org\n  RewriteEngine On\n  RewriteRule ^ https://%{HTTP_HOST}%{REQUEST_URI} [L,R=301]\n</VirtualHost>\n"}, 4),
        (TOLD, {"haproxy.cfg": "frontend web\n  bind :80\n  redirect scheme https if !{ ssl_fc }\n"}, 3),
        (TOLD, {"lb.tf": 'resource "google_compute_url_map" "plain" {\n  default_url_redirect {\n    https_redirect = true\n    strip_query = false\n  }\n}\n'}, 3),
        (SCRIPT, {"Caddyfile": "desk.example.org {\n\treverse_proxy app:3000\n}\n"}, 1),
    ],
)
def test_an_address_that_is_sent_on_to_https(tmp_path, told, front, line) -> None:
    (found,) = look(tmp_path, {**APP, **told, **front})
    assert found.fact.why == "redirected" and [each.where.line for each in found.because] == [line]


@pytest.mark.parametrize(
    ("told", "front"),
    [
        (TOLD, {"nginx.conf": SERVER % "location /alarms { proxy_pass http://127.0.0.1:3000; }\n  location / { return 301 https://$host$request_uri; }"}),
        (TOLD, {"nginx.conf": (SERVER % "return 301 https://$host$request_uri;").replace("desk", "www") + SERVER % "location / { proxy_pass http://127.0.0.1:3000; }"}),
        (TOLD, {"Caddyfile": "desk.example.org {\n\treverse_proxy app:3000\n}\n"}),
        (TOLD, {"Caddyfile": "http://desk.example.org {\n\treverse_proxy app:3000\n}\n"}),
        ({"alertmanager.yml": TOLD["alertmanager.yml"].replace("http:", "https:")}, {"nginx.conf": SERVER % "return 301 https://$host$request_uri;"}),
        ({"alertmanager.yml": TOLD["alertmanager.yml"].replace("/alarms", "/elsewhere")}, {"nginx.conf": SERVER % "return 301 https://$host$request_uri;"}),
    ],
    ids=["its path is served", "another server's", "posted again", "served plainly", "told https", "no route of ours"],
)
def test_an_address_that_is_served_or_posted_to_again(tmp_path, told, front) -> None:
    assert look(tmp_path, {**APP, **told, **front}) == []
