"""Where TLS ends without a word to the app, the address that it checks is not the one that was signed."""

from __future__ import annotations

from pathlib import Path

import pytest

from callcheck.model.evidence import Evidence
from callcheck.probes.unforwarded_schemes import PROBE
from tests.tools.deployed import look_with
from tests.tools.shipped import shipped_knowledge

look = look_with(PROBE, shipped_knowledge())

NGINX = "server {\n  listen %s;\n  proxy_set_header Host $host;\n  location / {\n    proxy_pass http://app:3000;\n%s  }\n}\n"
TOLD = "    proxy_set_header X-Forwarded-Proto $scheme;\n"
APACHE = "<VirtualHost *:443>\n  SSLEngine on\n%s  ProxyPass / http://app:3000/\n</VirtualHost>\n"
TWILIO = "import express from 'express';\nimport twilio from 'twilio';\nconst app = express();\napp.set('trust proxy', 1);\napp.use(twilio.webhook(%s));\n"
PLIVO = "import plivo\nfrom flask import request\ndef genuine():\n    return plivo.utils.validate_v3_signature('POST', %s, nonce, token, sig, request.form)\n"


@pytest.mark.parametrize(
    ("files", "place"),
    [
        ({"nginx.conf": NGINX % ("443 ssl", ""), "app.js": TWILIO % "{ validate: true }"}, "nginx.conf:4"),
        ({"nginx.conf": NGINX % ("443 ssl", "    proxy_set_header X-Real-IP $remote_addr;\n"), "app.js": TWILIO % ""}, "nginx.conf:4"),
        ({"site.conf": APACHE % "", "app.js": TWILIO % ""}, "site.conf:3"),
        ({"nginx.conf": NGINX % ("443 ssl", ""), "app.py": PLIVO % "request.url"}, "nginx.conf:4"),
    ],
    ids=["nginx", "headers of its own", "Apache", "Plivo's helper"],
)
def test_the_app_is_not_told_of_https(tmp_path: Path, files: dict[str, str], place: str) -> None:
    assert [str(each.where) for each in look(tmp_path, files) if isinstance(each, Evidence)] == [place]


@pytest.mark.parametrize(
    "files",
    [
        {"nginx.conf": NGINX % ("443 ssl", TOLD), "app.js": TWILIO % ""},
        {"nginx.conf": NGINX % ("443 ssl", "    include proxy_params;\n"), "app.js": TWILIO % ""},
        {"nginx.conf": NGINX % ("80", ""), "app.js": TWILIO % ""},
        {"site.conf": APACHE % "  RequestHeader set X-Forwarded-Proto https\n", "app.js": TWILIO % ""},
        {"nginx.conf": NGINX % ("443 ssl", ""), "app.js": TWILIO % "{ protocol: 'https' }"},
        {"nginx.conf": NGINX % ("443 ssl", ""), "app.js": TWILIO % "{ validate: false }"},
        {"nginx.conf": NGINX % ("443 ssl", ""), "app.py": PLIVO % "PUBLIC_URL + request.path"},
        {"nginx.conf": NGINX % ("443 ssl", ""), "app.js": "import Stripe from 'stripe';\napp.post('/s', (req) => stripe.webhooks.constructEvent(req.body, s, k));\n"},
    ],
    ids=["told", "by a file", "TLS ends elsewhere", "told by Apache", "given", "off", "the public address", "another signature"],
)
def test_it_is_told_or_does_not_ask(tmp_path: Path, files: dict[str, str]) -> None:
    assert not look(tmp_path, files)
