"""What a function reads of a request is laid beside the format that its route hands on."""

from __future__ import annotations

from pathlib import Path

import pytest

from callcheck.model.evidence import Lost
from callcheck.probes.route_formats import PROBE
from tests.tools.deployed import look_with
from tests.tools.shipped import shipped_knowledge

look = look_with(PROBE, shipped_knowledge())

FRAMEWORK = "service: x\nprovider: {name: aws%s}\nfunctions:\n  in:\n    handler: src/app.handle\n    events:\n      - %s\n"
HTTP_API = FRAMEWORK % ("", "httpApi: POST /in")
SAM = "Resources:\n  In:\n    Type: AWS::Serverless::Function\n    Properties:\n      Handler: app.handle\n      CodeUri: src/\n      Events:\n        In: {Type: %s, Properties: {Path: /in, Method: post%s}}\n"
FUNCTION = 'resource "aws_lambda_function" "a" {\n  handler = "app.handle"\n  filename = "a.zip"\n}\n'
INTEGRATION = 'resource "aws_apigatewayv2_integration" "a" {\n  integration_type = "AWS_PROXY"\n  integration_uri = aws_lambda_function.a.invoke_arn\n%s}\n'
LET_IN = 'resource "aws_lambda_permission" "a" {\n  function_name = aws_lambda_function.a.arn\n  principal = "apigateway.amazonaws.com"\n}\n'
OLD = "exports.handle = async (event) => {\n  if (event.httpMethod !== 'POST') return { statusCode: 405 };\n  await take(event.body);\n};\n"
NEW = "exports.handle = async (event) => {\n  if (event.requestContext.http.method !== 'POST') return { statusCode: 405 };\n  await take(event.body);\n};\n"
OLD_PY = "def handle(event, context):\n    if event['httpMethod'] == 'POST':\n        take(event['body'])\n"


def places(tmp_path: Path, files: dict[str, str]) -> list[str]:
    return [str(each.where) for each in look(tmp_path, files) if not isinstance(each, Lost)]


@pytest.mark.parametrize(
    ("files", "place"),
    [
        ({"serverless.yml": HTTP_API, "src/app.js": OLD}, "src/app.js:2"),
        ({"serverless.yml": FRAMEWORK % ("", "http: POST in"), "src/app.js": NEW}, "src/app.js:2"),
        ({"serverless.yml": FRAMEWORK % (', httpApi: {payload: "1.0"}', "httpApi: POST /in"), "src/app.js": NEW}, "src/app.js:2"),
        ({"serverless.yml": (FRAMEWORK % ("", "sns: x")).replace("    events:\n      - sns: x\n", "    url: true\n"), "src/app.js": OLD}, "src/app.js:2"),
        ({"template.yaml": SAM % ("HttpApi", ""), "src/app.py": OLD_PY}, "src/app.py:2"),
        ({"template.yaml": SAM % ("Api", ""), "src/app.js": NEW}, "src/app.js:2"),
        ({"main.tf": FUNCTION + LET_IN + INTEGRATION % '  payload_format_version = "2.0"\n', "app.js": OLD}, "app.js:2"),
        ({"main.tf": FUNCTION + INTEGRATION % "", "app.js": NEW}, "app.js:2"),
        ({"serverless.yml": HTTP_API, "src/app.js": "exports.handle = async ({ path, body }) => { const work = table[path]; if (work) await work(body); };\n"}, "src/app.js:1"),
        ({"serverless.yml": HTTP_API, "src/app.js": "exports.handle = async (event) => {\n  const user = event.requestContext.authorizer.claims.sub;\n  await take(user);\n};\n"}, "src/app.js:2"),
        ({"serverless.yml": HTTP_API, "src/app.js": "const express = require('aws-serverless-express');\nconst server = express.createServer(app);\nexports.handle = (event, context) => express.proxy(server, event, context);\n"}, "src/app.js:3"),
    ],
    ids=["an HTTP API", "a REST API", "as asked for", "an address", "of SAM", "a REST API of SAM", "of Terraform", "by default", "taken apart", "who signed in", "by an adapter"],
)
def test_fields_of_the_other_format_are_told_of(tmp_path: Path, files: dict[str, str], place: str) -> None:
    assert places(tmp_path, files) == [place]


@pytest.mark.parametrize(
    "files",
    [
        {"serverless.yml": HTTP_API, "src/app.js": NEW},
        {"serverless.yml": FRAMEWORK % ("", "http: POST in"), "src/app.js": OLD},
        {"serverless.yml": FRAMEWORK % (', httpApi: {payload: "1.0"}', "httpApi: POST /in"), "src/app.js": OLD},
        {"serverless.yml": FRAMEWORK % ("", "{httpApi: POST /in, http: POST in}"), "src/app.js": OLD},
        {"serverless.yml": 'frameworkVersion: "1"\n' + HTTP_API, "src/app.js": OLD},
        {"template.yaml": SAM % ("HttpApi", ', PayloadFormatVersion: "1.0"'), "src/app.py": OLD_PY},
        {"main.tf": FUNCTION + INTEGRATION % "  payload_format_version = var.format\n", "app.js": OLD},
        {"main.tf": FUNCTION + INTEGRATION % "" + 'resource "aws_lb_target_group_attachment" "a" {\n  target_id = aws_lambda_function.a.arn\n}\n', "app.js": NEW},
        {"serverless.yml": HTTP_API, "src/app.js": "exports.handle = async (event) => {\n  const method = event.httpMethod || event.requestContext.http.method;\n  if (method === 'POST') await take(event.body);\n};\n"},
        {"serverless.yml": HTTP_API, "src/app.js": "const { methodOf } = require('./method');\nexports.handle = async (event) => { if (event.httpMethod ? true : methodOf(event)) await take(event.body); };\n", "src/method.js": "exports.methodOf = (event) => event.requestContext.http.method;\n"},
        {"serverless.yml": HTTP_API, "src/app.js": "exports.handle = async (event) => {\n  if (event.httpMethod === 'OPTIONS') return { statusCode: 204 };\n  await take(event.body);\n};\n"},
        {"serverless.yml": HTTP_API, "src/app.js": "exports.handle = async (event) => {\n  const { path } = event;\n  console.log('in', { path });\n  await take({ body: event.body, path: event.path });\n};\n"},
        {"serverless.yml": HTTP_API, "src/app.py": "def handle(event, context):\n    if event.get('httpMethod', 'POST') == 'POST':\n        take(event['body'])\n"},
    ],
    ids=["of its own", "of a REST API", "as asked for", "both kinds", "the first version", "as asked for of SAM", "not known", "a balancer too", "both", "by another file", "by the way", "written down", "something in its place"],
)
def test_what_fits_or_does_not_matter_is_left_alone(tmp_path: Path, files: dict[str, str]) -> None:
    assert not places(tmp_path, files)
