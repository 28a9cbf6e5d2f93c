"""A platform that sends requests to another port than the program's is told of; one that may be right is left alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from callcheck.model.evidence import Evidence
from callcheck.probes.routed_ports import PROBE
from tests.tools.deployed import look_with
from tests.tools.shipped import shipped_knowledge

look = look_with(PROBE, shipped_knowledge())
PACKAGE = '{"name": "shop", "dependencies": {"express": "^4.19.2"}}'
SERVER = "const express = require('express');\nconst app = express();\napp.listen(%s);\n"
FLY = "[http_service]\n  internal_port = 8080\n"


def places(folder: Path, listens: str, **files: str) -> list[str]:
    given = {"package.json": PACKAGE, "server.js": SERVER % listens, **{name.replace("__", "."): text for name, text in files.items()}}
    return [str(each.where) for each in look(folder, given) if isinstance(each, Evidence)]


@pytest.mark.parametrize(
    ("name", "text", "line"),
    [
        ("fly.toml", FLY, 2),
        (".do/app.yaml", "services:\n  - name: a\n    http_port: 8080\n", 3),
        ("main.bicep", "resource a 'Microsoft.App/containerApps@2024-03-01' = {\n  properties: {\n    configuration: {\n      ingress: {\n        targetPort: 8080\n      }\n    }\n  }\n}\n", 5),
        ("main.tf", 'resource "aws_ecs_service" "a" {\n  load_balancer {\n    container_port = 8080\n  }\n}\n', 3),
        ("compose.yaml", "services:\n  a:\n    build: .\n    labels:\n      - traefik.http.services.a.loadbalancer.server.port=8080\n", 5),
        ("deploy.sh", "gcloud run deploy shop --source .\n", 1),
        ("main.tf", 'resource "google_cloud_run_v2_service" "a" {\n  name = "a"\n}\n', 1),
    ],
)
def test_another_port_than_the_programs_is_told_where_the_platform_is_told_it(tmp_path: Path, name: str, text: str, line: int) -> None:
    assert places(tmp_path, "3000", **{name: text}) == [f"{name}:{line}"]


def test_heroku_says_the_port_itself(tmp_path: Path) -> None:
    heroku = {"Procfile": "web: node server.js\n", "app.json": '{"name": "shop"}'}
    assert places(tmp_path / "own", "3000", **heroku) == ["Procfile:1"]
    assert places(tmp_path / "told", "process.env.PORT || 3000", **heroku) == []
    assert places(tmp_path / "other", "3000", Procfile=heroku["Procfile"]) == []


@pytest.mark.parametrize(
    ("listens", "files"),
    [
        ("8080", {"fly.toml": FLY}),
        ("process.env.PORT || 3000", {"fly.toml": f'{FLY}[env]\n  PORT = "8080"\n'}),
        ("process.env.PORT || 8080", {"fly.toml": FLY}),
        ("settings.port", {"fly.toml": FLY}),
        ("3000", {"fly.toml": f"{FLY}[[services]]\n  internal_port = 3000\n"}),
        ("3000", {"fly.toml": FLY, "nginx.conf": "server {\n  listen 8080;\n}\n"}),
        ("3000", {"fly.toml": FLY, "Dockerfile": 'FROM python:3.12\nCMD ["uvicorn", "main:app", "--port", "8080"]\n'}),
        ("3000", {"fly.toml": FLY, "admin.js": SERVER % "8080"}),
        ("3000", {"fly.toml": FLY, "cmd/main.go": "package main\n"}),
        ("process.env.PORT || 3000", {"deploy.sh": "gcloud run deploy shop --source .\n"}),
        ("3000", {"deploy.sh": "gcloud run deploy shop --source . --port 3000\n"}),
    ],
    ids=["the same", "set to it", "by default", "not known", "two ports", "a proxy", "a command", "two servers", "another language", "told by PORT", "said to Cloud Run"],
)
def test_a_port_that_may_be_right_is_left_alone(tmp_path: Path, listens: str, files: dict[str, str]) -> None:
    assert places(tmp_path, listens, **files) == []


GROUPS = '[env]\n  PORT = "8080"\n  BOT_PORT = "9000"\n[processes]\n  app = "node server.js"\n  bot = "{0}"\n[[services]]\n  internal_port = 9000\n{1}'


@pytest.mark.parametrize(
    ("bot", "service", "found"),
    [
        ("node bot.js", "", ["fly.toml:8"]),
        ("uvicorn bot:app --port 9000", "", ["fly.toml:8"]),
        ("node bot.js", '  processes = ["bot"]\n', []),
        ("node bot.js", '  processes = ["app", "bot"]\n', []),
        ("npm run bot", "", []),
    ],
    ids=["by default", "a command's port", "the right group", "both", "not known"],
)
def test_a_service_of_fly_for_another_group_than_the_one_that_listens(tmp_path: Path, bot: str, service: str, found: list[str]) -> None:
    files = {"fly.toml": GROUPS.format(bot, service), "bot.js": SERVER % "process.env.BOT_PORT"}
    assert places(tmp_path, "process.env.PORT", **files) == found


def test_a_group_whose_port_is_not_known_may_listen(tmp_path: Path) -> None:
    assert places(tmp_path, "settings.port", **{"fly.toml": GROUPS.format("node bot.js", ""), "bot.js": SERVER % "process.env.BOT_PORT"}) == []
