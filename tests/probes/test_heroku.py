"""Do app.json and railway.json say how many?"""

from __future__ import annotations

from pathlib import Path

from callcheck.probes.heroku import PROBE
from tests.tools.deployed import look_with, told

look = look_with(PROBE)


def test_formation_and_replicas_are_read(tmp_path: Path) -> None:
    files = {
        "app.json": '{"formation": {\n "web": {"quantity": 2}}}',
        "railway.json": '{"deploy": {"startCommand": "node a.js",\n "numReplicas": 3}}',
    }
    found = told(look(tmp_path, files))
    assert "instances.factor web 2 @app.json:2" in found
    assert "instances.factor 3 @railway.json:2" in found


def test_an_expo_app_says_nothing(tmp_path: Path) -> None:
    assert look(tmp_path, {"app.json": '{"expo": {"name": "x"}}'}) == []
