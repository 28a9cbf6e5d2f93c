"""Does a Dockerfile say what it starts?"""

from __future__ import annotations

from pathlib import Path

from callcheck.probes.dockerfile import PROBE
from tests.tools.deployed import look_with, told

look = look_with(PROBE)


def test_the_last_stage_decides_in_either_form(tmp_path: Path) -> None:
    text = "FROM node AS build\nCMD node wrong.js\nFROM node\nENV WEB_CONCURRENCY=3\nCMD exec uvicorn a:b \\\n  --port 80\n"
    assert told(look(tmp_path, {"Dockerfile": text})) == [
        "service.run a:b @Dockerfile:5",
        "server.bound @Dockerfile:5",
        "instances.factor 3 @Dockerfile:5",
    ]


def test_an_entry_script_gives_way_to_the_command(tmp_path: Path) -> None:
    files = {
        "Dockerfile": 'FROM python\nENTRYPOINT ["./entry.sh"]\nCMD ["gunicorn", "-w", "2", "a:b"]\n',
        "entry.sh": '#!/bin/sh\nexec "$@"\n',
    }
    assert told(look(tmp_path, files)) == ["service.run a:b @Dockerfile:3", "server.trait sync-workers @Dockerfile:3", "instances.factor 2 @Dockerfile:3"]


def test_the_lambda_adapter_makes_it_a_function(tmp_path: Path) -> None:
    text = 'FROM python\nCOPY --from=public.ecr.aws/awsguru/aws-lambda-adapter:0.8.1 /lambda-adapter /opt/x\nCMD ["uvicorn", "a:b"]\n'
    assert told(look(tmp_path, {"Dockerfile": text}))[0] == "serverless.function aws-lambda @Dockerfile:2"


def test_a_dockerfile_without_a_command_says_nothing(tmp_path: Path) -> None:
    assert look(tmp_path, {"Dockerfile": "FROM python\nRUN pip install x\n"}) == []


def test_gunicorns_configuration_is_read_and_never_run(tmp_path: Path) -> None:
    conf = "import multiprocessing\nraise SystemExit\nworkers = multiprocessing.cpu_count() * 2 + 1\n"
    found = told(look(tmp_path, {"Dockerfile": 'FROM python\nCMD ["gunicorn", "a:b"]\n', "gunicorn.conf.py": conf}))
    assert found == ["service.run a:b @Dockerfile:2", "server.trait sync-workers @gunicorn.conf.py:3", "instances.factor 2+ @gunicorn.conf.py:3"]


def test_threads_that_a_unit_gives_an_image_are_not_forgotten(tmp_path: Path) -> None:
    image = "FROM python:3.12\nCMD exec gunicorn app:app\n"
    assert any(line.startswith("server.trait") for line in told(look(tmp_path, {"Dockerfile": image})))
    compose = "services:\n  web:\n    build: .\n    environment: {GUNICORN_CMD_ARGS: '--threads=8'}\n"
    assert not any(line.startswith("server.trait") for line in told(look(tmp_path / "b", {"Dockerfile": image, "compose.yml": compose})))
