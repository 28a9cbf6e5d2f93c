"""Does what takes a webhook fit how it is made?"""

from __future__ import annotations

from pathlib import Path

import pytest

from callcheck.probes.made_hooks import PROBE
from tests.tools.deployed import look_with
from tests.tools.shipped import shipped_knowledge

look = look_with(PROBE, shipped_knowledge())

HOOK = 'resource "github_repository_webhook" "ci" {\n  events = ["push"]\n  configuration {\n    url          = "https://ci.example.org%s"\n    content_type = "%s"\n%s  }\n}\n'
SECRET = "    secret = var.secret\n"
ROUTE = "from flask import Flask, abort, request\napp = Flask(__name__)\n\n\n@app.post('/push')\ndef push():\n    if request.headers.get('X-Hub-Signature-256') != own():\n        abort(401)\n    return request.get_json()['after']\n"
OCTOKIT = "import { Webhooks, createNodeMiddleware } from '@octokit/webhooks';\nimport { createServer } from 'node:http';\nconst hooks = new Webhooks({ secret: S });\ncreateServer(createNodeMiddleware(hooks%s)).listen(3000);\n"
BOT = "from fastapi import FastAPI, Header, HTTPException\napp = FastAPI()\n\n\n@app.post('/tg')\nasync def take(body: dict, x_telegram_bot_api_secret_token: str = Header('')):\n    if x_telegram_bot_api_secret_token != SECRET:\n        raise HTTPException(401)\n"
TASK = "- hosts: localhost\n  tasks:\n    - community.general.github_webhook:\n        repository: a/b\n        url: https://ci.example.org/push\n        content_type: json\n        events: [push]\n%s"
SET = 'curl "https://api.telegram.org/bot$TOKEN/setWebhook" -d url=https://bot.example.org%s/tg%s\n'


@pytest.mark.parametrize(
    ("files", "told"),
    [
        ({"ci.tf": HOOK % ("/push", "json", SECRET), "ci.py": ROUTE}, []),
        ({"ci.tf": HOOK % ("/push", "json", ""), "ci.py": ROUTE}, ["callback-rejected ci.tf:1"]),
        ({"hook.sh": "gh api repos/a/b/hooks -f 'events[]=push' \\\n  -f config[url]=https://ci.example.org/push -f config[secret]=$S -f config[content_type]=json\n", "ci.py": ROUTE}, []),
        ({"ci.tf": HOOK % ("/hook", "json", SECRET), "ci.mjs": OCTOKIT % ""}, ["unreachable-callback-url ci.tf:4"]),
        ({"ci.tf": HOOK % ("/api/github/webhooks", "json", SECRET), "ci.mjs": OCTOKIT % ""}, []),
        ({"ci.tf": HOOK % ("/hook", "json", SECRET), "ci.mjs": OCTOKIT % ", { path: '/hook' }"}, []),
        ({"hooks.yml": TASK % "        secret: '{{ secret }}'\n", "ci.py": ROUTE}, []),
        ({"hooks.yml": TASK % "", "ci.py": ROUTE}, ["callback-rejected hooks.yml:3"]),
        ({"hooks.yml": TASK % "        state: absent\n", "ci.py": ROUTE}, []),
        ({"set.sh": SET % ("", ""), "bot.py": BOT}, ["callback-rejected set.sh:1"]),
        ({"set.sh": SET % ("", " -d secret_token=$S"), "bot.py": BOT}, []),
        ({"set.sh": SET % (":5000", " -d secret_token=$S"), "bot.py": BOT}, ["unreachable-callback-url set.sh:1"]),
        ({"set.sh": SET % (":8443", " -d secret_token=$S"), "bot.py": BOT}, []),
    ],
    ids=["a secret", "no secret", "gh told", "another path", "Octokit's path", "a path of its own", "Ansible's secret", "Ansible's hook without one", "a hook that Ansible takes away", "no token", "a token", "a port", "a port that is called"],
)  # fmt: skip
def test_a_hook_and_what_takes_it(tmp_path: Path, files: dict[str, str], told: list[str]) -> None:
    assert [f"{item.fact.effect} {item.where.path}:{item.where.line}" for item in look(tmp_path, files)] == told
