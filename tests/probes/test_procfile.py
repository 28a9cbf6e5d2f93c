"""Does a Procfile say its process types?"""

from __future__ import annotations

from pathlib import Path

from callcheck.probes.procfile import PROBE
from tests.tools.deployed import look_with, told

look = look_with(PROBE)


def test_each_line_is_a_process_type_and_release_is_none(tmp_path: Path) -> None:
    text = "release: flask db upgrade\nweb: gunicorn -w 4 app:app\nworker: rq worker jobs\n"
    assert told(look(tmp_path, {"Procfile": text})) == [
        "service.run web app:app @Procfile:2",
        "server.trait web sync-workers @Procfile:2",
        "instances.factor web 4 @Procfile:2",
        "service.run worker @Procfile:3",
        "instances.factor worker 1 @Procfile:3",
    ]


def test_gunicorn_without_a_number_is_only_a_possibility(tmp_path: Path) -> None:
    assert told(look(tmp_path, {"Procfile": "web: gunicorn app:app\n"}))[2] == "instances.possible web @Procfile:1"


def test_node_does_not_read_the_platforms_variable(tmp_path: Path) -> None:
    assert told(look(tmp_path, {"Procfile": "web: node server.js\n"}))[1] == "instances.factor web 1 @Procfile:1"


def test_heroku_sets_the_number_of_workers(tmp_path: Path) -> None:
    files = {"Procfile": "web: gunicorn shop:app\n", "runtime.txt": "python-3.12.3\n"}
    assert "instances.factor web 2+ @Procfile:1" in told(look(tmp_path, files))
    files["Procfile"] = "web: gunicorn -w 1 shop:app\n"
    assert "instances.factor web 1 @Procfile:1" in told(look(tmp_path, files))
