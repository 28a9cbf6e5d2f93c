"""What a route hands over in Base64 is laid beside what reads it as text."""

from __future__ import annotations

from pathlib import Path

import pytest

from callcheck.model.evidence import Lost
from callcheck.probes.encoded_forms import PROBE
from tests.tools.deployed import look_with
from tests.tools.shipped import shipped_knowledge

look = look_with(PROBE, shipped_knowledge())

FRAMEWORK = "service: x\nprovider: {name: aws%s}\nfunctions:\n  in:\n    handler: src/app.handle\n    events:\n      - %s\n"
HTTP_API = FRAMEWORK % ("", "httpApi: POST /in")
REST = FRAMEWORK % ("", "http: POST in")
BINARY = FRAMEWORK % (', apiGateway: {binaryMediaTypes: ["*/*"]}', "http: POST in")
SAM_URL = "Resources:\n  In:\n    Type: AWS::Serverless::Function\n    Properties:\n      Handler: app.handle\n      CodeUri: src/\n      FunctionUrlConfig: {AuthType: NONE}\n"
TERRAFORM = (
    'resource "aws_lambda_function" "a" {\n  handler = "app.handle"\n  filename = "a.zip"\n}\n'
    'resource "aws_lambda_function_url" "a" {\n  function_name = aws_lambda_function.a.arn\n  authorization_type = "NONE"\n}\n'
)
FORM = "export const handle = async (event) => {\n  const form = new URLSearchParams(event.body);\n  await save(form.get('From'));\n  return { statusCode: 204 };\n};\n"
TAKEN_OUT = "import qs from 'qs';\nexport const handle = async ({ body, headers }) => {\n  const form = qs.parse(body ?? '');\n  await save(form.From);\n};\n"
CHECKED = "import hmac\nfrom urllib.parse import parse_qs\nfrom slack_sdk.signature import SignatureVerifier\nverifier = SignatureVerifier('s')\ndef handle(event, context):\n    text = event.get('body') or ''\n    if not verifier.is_valid(text, event['headers']['ts'], event['headers']['sig']):\n        return {'statusCode': 401}\n    return run(parse_qs(text)['command'][0])\n"
PYTHON = "from urllib.parse import parse_qsl\ndef handle(event, context):\n    save(dict(parse_qsl(event['body'])))\n"
SIGNED = "from svix.webhooks import Webhook\nhook = Webhook('s')\ndef handle(event, context):\n    return hook.verify(event['body'], event['headers'])\n"


def told(tmp_path: Path, files: dict[str, str]) -> list[str]:
    return [f"{each.fact.effect} {each.where}" for each in look(tmp_path, files) if not isinstance(each, Lost)]


@pytest.mark.parametrize(
    ("files", "found"),
    [
        ({"serverless.yml": HTTP_API, "src/app.js": FORM}, "payload-mismatch src/app.js:2"),
        ({"serverless.yml": HTTP_API, "src/app.mjs": TAKEN_OUT}, "payload-mismatch src/app.mjs:3"),
        ({"template.yaml": SAM_URL, "src/app.py": PYTHON}, "payload-mismatch src/app.py:3"),
        ({"main.tf": TERRAFORM, "app.py": CHECKED}, "callback-rejected app.py:9"),
        ({"serverless.yml": BINARY, "src/app.js": FORM}, "payload-mismatch src/app.js:2"),
    ],
)
def test_a_body_is_read_as_it_came(tmp_path: Path, files: dict[str, str], found: str) -> None:
    assert told(tmp_path, files) == [found]


@pytest.mark.parametrize(
    "files",
    [
        {"serverless.yml": REST, "src/app.js": FORM},
        {"serverless.yml": HTTP_API, "src/app.py": SIGNED},
        {"serverless.yml": HTTP_API, "src/app.js": FORM.replace("event.body", "event.rawQueryString")},
        {"serverless.yml": HTTP_API, "src/app.js": FORM.replace("event.body", "event.isBase64Encoded ? atob(event.body) : event.body")},
        {"serverless.yml": HTTP_API, "src/app.js": FORM.replace("event.body", "Buffer.from(event.body, 'base64').toString()")},
        {"serverless.yml": HTTP_API, "src/app.js": "import { text } from './text.js';\n" + FORM.replace("event.body", "text(event)"), "src/text.js": "export const text = (e) => {\n  return e.isBase64Encoded ? atob(e.body) : e.body;\n};\n"},
        {"serverless.yml": HTTP_API, "src/app.js": "import { plain } from './plain.js';\n" + FORM.replace("  const", "  event.body = plain(event);\n  const"), "src/plain.js": "export const plain = (e) => e.isBase64Encoded ? atob(e.body) : e.body;\n"},
        {"serverless.yml": HTTP_API + "      - http: POST in\n", "src/app.js": FORM},
        {"src/app.js": FORM},
    ],
    ids=["a REST API", "JSON that is signed", "not the body", "it asks", "it decodes", "a helper asks", "another body is put in", "two kinds of routes", "nothing is deployed"],
)  # fmt: skip
def test_silent_where(tmp_path: Path, files: dict[str, str]) -> None:
    assert told(tmp_path, files) == []


def test_an_answer_that_says_it_is_not_encoded_asks_nothing(tmp_path: Path) -> None:
    code = FORM.replace("{ statusCode: 204 }", "{ statusCode: 204, isBase64Encoded: false }")
    assert told(tmp_path, {"serverless.yml": HTTP_API, "src/app.js": code}) == ["payload-mismatch src/app.js:2"]
