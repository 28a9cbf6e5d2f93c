"""Is a signature checked on the Base64 that a gateway makes of a body?"""

from __future__ import annotations

from pathlib import Path

import pytest

from callcheck.probes.encoded_bodies import PROBE
from tests.tools.deployed import look_with
from tests.tools.shipped import shipped_knowledge

look = look_with(PROBE, shipped_knowledge())

ALL = 'provider:\n  apiGateway:\n    binaryMediaTypes:\n      - "*/*"\n'
IMAGES = "provider:\n  apiGateway:\n    binaryMediaTypes: [image/png]\n"
NEWER = "functions:\n  hook:\n    handler: hook.take\n    events:\n      - httpApi: POST /hook\n"
SVIX = "from svix.webhooks import Webhook\n\n\ndef take(event, context):\n    Webhook(SECRET).verify(%s, event['headers'])\n"
FORM = "from urllib.parse import parse_qs\n\nfrom slack_sdk.signature import SignatureVerifier\n\n\ndef take(event, context):\n    body = event['body']\n    SignatureVerifier(S).is_valid(body, T, H)\n    return parse_qs(body)\n"
HELPED = "import {createHmac} from 'node:crypto';\nconst own = (raw) => createHmac('sha256', S).update(raw).digest('hex');\nexport const take = async ({ body, headers }) => own(body) === headers['x-signature'];\n"


@pytest.mark.parametrize(
    ("files", "told"),
    [
        ({"serverless.yml": ALL, "hook.py": SVIX % "event['body']"}, ["every one hook.py:5"]),
        ({"serverless.yml": ALL, "hook.py": SVIX % "event.get('body', '').encode()"}, ["every one hook.py:5"]),
        ({"serverless.yml": ALL, "hook.mjs": HELPED}, ["every one hook.mjs:2"]),
        ({"api.tf": 'resource "aws_api_gateway_rest_api" "a" {\n  binary_media_types = ["application/json"]\n}\n', "hook.py": SVIX % "event['body']"}, ["every one hook.py:5"]),
        ({"serverless.yml": NEWER, "hook.py": FORM}, ["forms hook.py:8"]),
        ({"serverless.yml": NEWER, "hook.py": SVIX % "event['body']"}, []),
        ({"serverless.yml": IMAGES, "hook.py": SVIX % "event['body']"}, []),
        ({"serverless.yml": ALL, "hook.py": "import base64\n" + SVIX % "base64.b64decode(event['body'])"}, []),
        ({"serverless.yml": ALL, "hook.py": "from fastapi import Request\nfrom svix.webhooks import Webhook\n\n\nasync def take(request: Request):\n    Webhook(SECRET).verify(await request.body(), dict(request.headers))\n"}, []),
    ],
    ids=["all binary", "with a default", "by a helper", "JSON is binary", "a form over an HTTP API", "JSON over an HTTP API", "images alone", "decoded", "no function's event"],
)  # fmt: skip
def test_what_the_signature_is_checked_on(tmp_path: Path, files: dict[str, str], told: list[str]) -> None:
    assert [f"{item.fact.what} {item.where.path}:{item.where.line}" for item in look(tmp_path, files)] == told
