"""Does Compose say which services run, how often?"""

from __future__ import annotations

from pathlib import Path

import pytest

from callcheck.model.facts.deployment import ServerBound
from callcheck.probes.compose import PROBE
from tests.tools.deployed import look_with, told

look = look_with(PROBE)


COMPOSE = """\
services:
  redis:
    image: redis:7-alpine
  api:
    build: .
    ports: ["80:80"]
  worker:
    image: registry.example.com/app
    command: celery -A app worker -c 4
    deploy:
      replicas: 2
"""


def test_services_replicas_and_the_images_own_command_are_read(tmp_path: Path) -> None:
    found = told(
        look(tmp_path, {"compose.yaml": COMPOSE, "Dockerfile": 'FROM python\nCMD ["gunicorn", "-w", "3", "app:app"]\n'})
    )
    assert found == [
        "service.run redis @compose.yaml:2",
        "service.run api app:app @compose.yaml:4",
        "server.trait api sync-workers @Dockerfile:2",
        "instances.factor api 3 @Dockerfile:2",
        "instances.factor api 1 @compose.yaml:4",
        "service.run worker app @compose.yaml:7",
        "server.trait worker preloaded @compose.yaml:9",
        "instances.factor worker 4 @compose.yaml:9",
        "instances.factor worker 2 @compose.yaml:11",
    ]


@pytest.mark.parametrize(("image", "command"), [("acme/gateway:2", ""), ("acme/shop-api:2", "app:app "), ("", "app:app ")])
def test_what_is_pulled_under_a_name_of_its_own_is_not_what_another_service_builds(tmp_path: Path, image: str, command: str) -> None:
    pulled = f"image: {image}" if image else "build: ."
    text = f"services:\n  shop-api:\n    build: .\n  other:\n    {pulled}\n"
    found = told(look(tmp_path, {"compose.yaml": text, "Dockerfile": 'FROM python\nCMD ["gunicorn", "app:app"]\n'}))
    assert [line for line in found if line.startswith("service.run other")] == [f"service.run other {command}@compose.yaml:4"]


@pytest.mark.parametrize(("image", "entry"), [("acme/gateway:2", ""), ("acme/shop-api:2", "server.js "), ("", "server.js ")])
def test_nor_what_its_package_starts_where_there_is_no_dockerfile(tmp_path: Path, image: str, entry: str) -> None:
    pulled = f"image: {image}" if image else "build: ."
    text = f"services:\n  shop-api:\n    build: .\n  other:\n    {pulled}\n"
    found = told(look(tmp_path, {"compose.yaml": text, "package.json": '{"scripts": {"start": "node server.js"}}'}))
    assert [line for line in found if line.startswith("service.run other")] == [f"service.run other {entry}@compose.yaml:4"]


@pytest.mark.parametrize(("name", "entry"), [("shop-api", ""), ("shop", "server.js "), ("shop-search", "server.js ")])
def test_a_package_that_bears_the_name_of_one_image_is_not_what_another_starts(tmp_path: Path, name: str, entry: str) -> None:
    text = "services:\n  a:\n    image: acme/shop-api\n  b:\n    image: acme/shop-search\n"
    found = told(look(tmp_path, {"compose.yaml": text, "package.json": f'{{\n  "name": "{name}",\n  "scripts": {{"start": "node server.js"}}}}'}))
    assert [line for line in found if line.startswith("service.run b")] == [f"service.run b {entry}@compose.yaml:4"]


def test_the_production_file_has_the_last_word_and_the_development_one_none(tmp_path: Path) -> None:
    files = {
        "docker-compose.yml": "services:\n  api:\n    command: node server.js\n",
        "docker-compose.prod.yml": "services:\n  api:\n    deploy: {replicas: 4}\n",
        "docker-compose.dev.yml": "services:\n  api:\n    scale: 9\n",
    }
    found = told(look(tmp_path, files))
    assert "instances.factor api 4 @docker-compose.prod.yml:3" in found
    assert not any(" 9 " in line for line in found)


def test_a_start_script_is_followed_to_its_flag(tmp_path: Path) -> None:
    files = {
        "compose.yml": 'services:\n  web:\n    build: .\n    command: ["bash", "start.sh"]\n    environment: {N: "6"}\n',
        "start.sh": '#!/bin/sh\nexec uvicorn a:b \\\n  --workers "${N:-8}"\n',
    }
    assert "instances.factor web 6 @start.sh:3" in told(look(tmp_path, files))


def test_a_broken_file_is_lost_and_examples_are_left_alone(tmp_path: Path) -> None:
    assert told(look(tmp_path, {"compose.yml": "services: [", "examples/compose.yml": COMPOSE})) == ["lost compose.yml"]


def test_values_of_the_wrong_shape_are_passed_over(tmp_path: Path) -> None:
    text = "services:\n  a: {command: 1, entrypoint: true, build: [x], environment: 3, deploy: {replicas: .inf}}\n  b: null\n"
    assert [line.split(" @")[0] for line in told(look(tmp_path, {"compose.yml": text}))][-1] == "instances.factor b 1"


def test_a_base_that_is_extended_gives_its_replicas(tmp_path: Path) -> None:
    files = {
        "common.yaml": "services:\n  base:\n    build: .\n    deploy:\n      replicas: 3\n",
        "compose.yaml": "services:\n  web:\n    extends: {file: common.yaml, service: base}\n",
    }
    assert "instances.factor web 3 @common.yaml:5" in told(look(tmp_path, files))


def test_a_number_comes_from_the_env_file(tmp_path: Path) -> None:
    text = "services:\n  web:\n    image: x\n    deploy:\n      replicas: ${WEB:-1}\n"
    assert "instances.factor web 3 @compose.yaml:5" in told(look(tmp_path, {"compose.yaml": text, ".env": "WEB=3\n"}))


def test_a_server_of_models_runs_none_of_the_projects_code(tmp_path: Path) -> None:
    text = "services:\n  gate:\n    image: ghcr.io/berriai/litellm:main-stable\n    command: [--port, '4000']\n  own:\n    image: registry.example.com/acme/litellm-gate\n"
    runs = [each.fact for each in look(tmp_path, {"compose.yaml": text}) if each.fact.kind == "service.run"]
    assert [each.role for each in runs] == ["database", "unknown"]


@pytest.mark.parametrize(
    ("command", "given", "bound"),
    [
        ("gunicorn a:app", "", ["127.0.0.1"]),
        ("gunicorn a:app", "GUNICORN_CMD_ARGS: --bind=0.0.0.0", []),
        ("gunicorn -c prod.py a:app", "", []),
        ("gunicorn -c file:local.py a:app", "", ["127.0.0.1"]),
        ("gunicorn -b 0.0.0.0:80 a:app", "", []),
    ],
)
def test_gunicorn_s_address_is_that_of_the_file_which_its_command_takes(tmp_path: Path, command: str, given: str, bound: list[str]) -> None:
    files = {
        "compose.yaml": f"services:\n  web:\n    image: x\n    command: {command}\n    environment: {{{given}}}\n",
        "gunicorn.conf.py": 'bind = "127.0.0.1:8000"\n',
        "local.py": 'bind = "127.0.0.1:9000"\n',
        "prod.py": 'bind = "0.0.0.0:8000"\n',
    }
    assert [e.fact.address for e in look(tmp_path, files) if isinstance(e.fact, ServerBound)] == bound
