"""A route that does not take the method it is called with is found; one beside it that does makes it good."""

from __future__ import annotations

import pytest

from callcheck.probes.called_methods import PROBE
from tests.tools.deployed import look_with
from tests.tools.shipped import shipped_knowledge

look = look_with(PROBE, shipped_knowledge())
APP = "const app = require('express')();\napp.post('/jobs/nightly', f);\n"


def test_a_route_of_another_method(tmp_path) -> None:
    (found,) = look(tmp_path, {"app.js": APP, "crontab": "0 6 * * * curl -fsS http://localhost:3000/jobs/nightly\n"})
    assert (found.where.path, found.where.line, found.fact.effect) == ("crontab", 1, "callback-rejected")
    assert "with GET, and the route takes POST" in found.fact.why


@pytest.mark.parametrize(
    ("code", "command"),
    [
        (APP, "curl -X POST http://localhost:3000/jobs/nightly"),
        (APP + "app.get('/jobs/nightly', g);\n", "curl http://localhost:3000/jobs/nightly"),
        (APP + "app.all('/jobs/:name', g);\n", "curl http://localhost:3000/jobs/nightly"),
        (APP, "curl http://localhost:3000/jobs/hourly"),
        ("module.exports = (router) => router.post('/jobs/nightly', f);\n", "curl http://localhost:3000/jobs/nightly"),
    ],
    ids=["the same method", "a second route", "a route of any method", "no route of ours", "a router that is mounted somewhere"],
)
def test_silent(tmp_path, code: str, command: str) -> None:
    assert not look(tmp_path, {"app.js": code, "crontab": f"0 6 * * * {command}\n"})


FAST = "from fastapi import FastAPI\napp = FastAPI()\n@app.post('/jobs/nightly')\ndef nightly():\n    pass\n"
JOB = "apiVersion: batch/v1\nkind: CronJob\nmetadata: {name: a}\nspec:\n  schedule: '0 6 * * *'\n  jobTemplate: {spec: {template: {spec: {containers: [{name: a, image: curlimages/curl, args: [%s]}]}}}}\n"


@pytest.mark.parametrize(
    ("name", "text", "line"),
    [
        ("crontab", "0 6 * * * curl -fsS -X POST http://localhost:8000/jobs/nightly/\n", 1),
        ("job.yaml", JOB % "-XPOST, http://desk/jobs/nightly/", 6),
        (".github/workflows/nightly.yml", "on:\n  schedule:\n    - cron: '0 6 * * *'\njobs:\n  a:\n    steps:\n      - run: curl -X POST https://desk.example.net/jobs/nightly/\n", 7),
    ],
    ids=["a crontab", "a CronJob", "a workflow"],
)
def test_a_redirect_that_curl_does_not_follow(tmp_path, name: str, text: str, line: int) -> None:
    (found,) = look(tmp_path, {"main.py": FAST, name: text})
    assert (found.where.path, found.where.line, found.fact.why, found.fact.instead) == (name, line, "redirected", "/jobs/nightly")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("crontab", "0 6 * * * curl -fsSL -X POST http://localhost:8000/jobs/nightly/\n"),
        ("crontab", "0 6 * * * curl -X POST --location http://localhost:8000/jobs/nightly/\n"),
        ("crontab", "0 6 * * * wget -qO- --post-data= http://localhost:8000/jobs/nightly/\n"),
        ("crontab", "0 6 * * * curl -X POST http://localhost:8000/jobs/nightly\n"),
        ("smoke.sh", "curl -X POST http://localhost:8000/jobs/nightly/\n"),
    ],
    ids=["-L", "--location", "wget follows", "as the route is", "on no schedule"],
)
def test_a_redirect_that_is_followed_or_none(tmp_path, name: str, text: str) -> None:
    assert not look(tmp_path, {"main.py": FAST, name: text})
