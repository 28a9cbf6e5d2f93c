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


def test_what_railway_says_of_production_has_the_last_word(tmp_path: Path) -> None:
    text = '{"deploy": {"startCommand": "node a.js", "numReplicas": 1},\n"environments": {"STAGE": {"deploy": {"numReplicas": 3}}}}'
    assert "instances.factor 3 @railway.json:2" in told(look(tmp_path, {"railway.json": text.replace("STAGE", "production")}))
    assert "instances.factor 1 @railway.json:1" in told(look(tmp_path, {"railway.json": text.replace("STAGE", "pr")}))


def test_commands_for_images_are_read(tmp_path: Path) -> None:
    text = "run:\n  web: gunicorn -w 3 app:app\n  clock: {command: [node migrate.js, node clock.js], image: web}\n"
    found = told(look(tmp_path, {"heroku.yml": text}))
    assert "instances.factor web 3 @heroku.yml:2" in found
    assert "instances.factor clock 1 @heroku.yml:3" in found
