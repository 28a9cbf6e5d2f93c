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
