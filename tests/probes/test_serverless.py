"""Do files say that functions run the code?"""

from __future__ import annotations

from pathlib import Path

import pytest

from callcheck.probes.serverless import PROBE
from tests.tools.deployed import look_with, told

look = look_with(PROBE)


def test_each_platforms_file_names_it(tmp_path: Path) -> None:
    files = {
        "a/serverless.yml": "provider: {name: aws}\nfunctions:\n  api:\n    handler: src/h.handler\n",
        "b/template.yaml": "Resources:\n  Api:\n    Type: AWS::Serverless::Function\n    Properties: {Role: !GetAtt R.Arn}\n",
        "c/vercel.json": '{"functions":\n {"api/x.ts": {}}}',
        "d/wrangler.toml": 'name = "w"\nmain = "src/index.ts"\n',
        "e/netlify.toml": '[functions]\n  node_bundler = "esbuild"\n',
        "f/host.json": '{"version": "2.0", "extensionBundle": {}}',
        "g/zappa_settings.json": '{"live":\n {"aws_region": "eu-west-1",\n  "app_function": "shop.app"}}',
    }
    assert told(look(tmp_path, files)) == [
        "serverless.function api aws-lambda @a/serverless.yml:4",
        "serverless.function Api aws-lambda @b/template.yaml:3",
        "serverless.function vercel @c/vercel.json:2",
        "serverless.function netlify @e/netlify.toml:1",
        "serverless.function w cloudflare-workers @d/wrangler.toml:2",
        "serverless.function azure-functions @f/host.json:1",
        "serverless.function live aws-lambda @g/zappa_settings.json:3",
    ]


def test_next_alone_is_no_function(tmp_path: Path) -> None:
    assert look(tmp_path, {"package.json": '{"dependencies": {"next": "15"}}', "netlify.toml": "[build]\n"}) == []


@pytest.mark.parametrize(("line", "platform"), [("functions-framework==3.8", "google-cloud-functions"), ("azure-functions", "azure-functions"), ("mangum>=0.17", "aws-lambda"), ("flask", "")])
def test_what_requirements_ask_for(tmp_path, line: str, platform: str) -> None:
    found = [item.fact.platform for item in look(tmp_path, {"requirements.txt": f"requests\n{line}\n"})]
    assert found == ([platform] if platform else [])


def test_a_page_for_every_path_is_no_function(tmp_path: Path) -> None:
    page = '{"rewrites": [{"source": "/api/:rest*", "destination": "https://shop.example.com/api/:rest*"}, {"source": "/(.*)", "destination": "/index.html"}]}'
    assert look(tmp_path, {"web/vercel.json": page, "src/server.ts": "export const a = 1;\n"}) == []
    assert look(tmp_path, {"web/api/order.ts": "export const POST = () => 1;\n"}) != []
