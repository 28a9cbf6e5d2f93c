"""Webhooks of GitHub's that post a form to code that reads JSON are told."""

from __future__ import annotations

import pytest

from callcheck.probes.hook_forms import PROBE
from tests.tools.deployed import look_with
from tests.tools.shipped import shipped_knowledge

look = look_with(PROBE, shipped_knowledge())

HOOK = 'resource "github_repository_webhook" "a" {\n  repository = "r"\n  events = ["push"]\n  configuration {\n    url = "https://bot.example/in/github"\n    TYPE\n  }\n}\n'
TAKES = "import express from 'express';\nconst app = express();\napp.use(express.urlencoded({ extended: true }));\napp.post('/in/github', (req, res) => {\n  const event = req.get('x-github-event');\n  console.log(event, BODY);\n  res.end();\n});\n"
TASK = "- hosts: localhost\n  tasks:\n    - github_webhook:\n        url: https://bot.example/in/github\n        STATE\n"


@pytest.mark.parametrize(
    ("kind", "body", "told"),
    [
        ('content_type = "form"', "req.body.ref", ["main.tf:6"]),
        ("insecure_ssl = false", "req.body.ref", ["main.tf:1"]),
        ('content_type = "json"', "req.body.ref", []),
        ("content_type = var.kind", "req.body.ref", []),
        ('content_type = "form"', "JSON.parse(req.body.payload).ref", []),
        ('content_type = "form"', "req.headers.host", []),
    ],
    ids=["a form", "by default", "JSON", "not known", "taken out of the form", "no body is read"],
)
def test_a_resource_of_terraform(tmp_path, kind: str, body: str, told: list[str]) -> None:
    assert [str(each.where) for each in look(tmp_path, {"main.tf": HOOK.replace("TYPE", kind), "app.js": TAKES.replace("BODY", body)})] == told


def test_a_hook_of_somebody_elses(tmp_path) -> None:
    files = {"main.tf": HOOK.replace("TYPE", 'content_type = "form"').replace("/in/github", "/github-webhook/"), "app.js": TAKES.replace("BODY", "req.body.ref")}
    assert look(tmp_path, files) == []


@pytest.mark.parametrize(("state", "told"), [("events: [push]", ["site.yml:3"]), ("content_type: form", ["site.yml:5"]), ("content_type: json", []), ("state: absent", [])])
def test_a_task_of_ansible(tmp_path, state: str, told: list[str]) -> None:
    assert [str(each.where) for each in look(tmp_path, {"site.yml": TASK.replace("STATE", state), "app.js": TAKES.replace("BODY", "req.body.ref")})] == told


@pytest.mark.parametrize(("kind", "told"), [("", ["hook.sh:1"]), (" -f config[content_type]=json", [])], ids=["by default", "JSON"])
def test_a_command(tmp_path, kind: str, told: list[str]) -> None:
    route = "from flask import Flask, request\napp = Flask(__name__)\n\n\n@app.post('/push')\ndef push():\n    return request.get_json()['after']\n"
    made = f"gh api repos/a/b/hooks -f 'events[]=push' \\\n  -f config[url]=https://ci.example.org/push{kind}\n"
    assert [str(each.where) for each in look(tmp_path, {"hook.sh": made, "ci.py": route})] == told


def test_the_middleware_of_octokit(tmp_path) -> None:
    code = "import { Webhooks, createNodeMiddleware } from '@octokit/webhooks';\nhttp.createServer(createNodeMiddleware(hooks)).listen(3000);\n"
    made = "gh api repos/a/b/hooks -f config[url]=https://ci.example.org/api/github/webhooks\n"
    assert [str(each.where) for each in look(tmp_path, {"hook.sh": made, "ci.mjs": code})] == ["hook.sh:1"]
