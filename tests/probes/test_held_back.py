"""Is it told which units are described, and kept from starting or from staying up?"""

from __future__ import annotations

from pathlib import Path

import pytest

from callcheck.probes.held_back import PROBE
from tests.tools.deployed import look_with
from tests.tools.shipped import shipped_knowledge

look = look_with(PROBE, shipped_knowledge())

PROFILE = "services:\n  worker:\n    build: .\n    command: node worker.js\n    profiles: [jobs]\n"
HEALTHY = "services:\n  redis:\n    image: %s\n  worker:\n    build: .\n    depends_on:\n      redis: {condition: service_healthy}\n"
PM2 = "module.exports = { apps: [\n  { name: 'api', script: 'api.js' },\n  { name: 'mailer', script: 'mailer.js' },\n] };\n"
SUPERVISOR = "[program:worker]\ncommand=rq worker\nautostart=%s\n"
POD = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: video}\nspec:\n  template:\n    spec:\n      containers:\n        - name: video\n          command: [%s]\n          livenessProbe:\n            httpGet: {path: /healthz, port: 3000}\n"
WORKER = "const { Worker } = require('bullmq');\nnew Worker('video', async (job) => job.id);\n"


def said(tmp_path: Path, files: dict[str, str]) -> list[str]:
    return [f"{item.fact.service} {item.fact.how} @{item.where}" for item in look(tmp_path, files)]


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"compose.yaml": PROFILE, "deploy.sh": "docker compose up -d\n"}, "worker profile @compose.yaml:5"),
        ({"compose.yaml": HEALTHY % "redis:7"}, "worker unhealthy @compose.yaml:7"),
        ({"ecosystem.config.js": PM2, "deploy.sh": "git pull\npm2 startOrReload ecosystem.config.js --only api\n"}, "mailer only @deploy.sh:2"),
        ({"supervisord.conf": SUPERVISOR % "false"}, "worker autostart @supervisord.conf:3"),
        ({"k8s.yaml": POD % "node, worker.js", "worker.js": WORKER}, "video probed @k8s.yaml:10"),
        ({"k8s.yaml": POD % "celery, -A, shop, worker"}, "video probed @k8s.yaml:10"),
    ],
    ids=["profile", "no health check", "pm2 --only", "supervisord", "a worker that is asked for HTTP", "celery"],
)
def test_a_line_keeps_it_down(tmp_path: Path, files: dict[str, str], expected: str) -> None:
    assert said(tmp_path, files) == [expected]


@pytest.mark.parametrize(
    "files",
    [
        {"compose.yaml": PROFILE, "deploy.sh": "docker compose --profile jobs up -d\n"},
        {"compose.yaml": PROFILE, ".env": "COMPOSE_PROFILES=web,jobs\n"},
        {"compose.yaml": PROFILE, "README.md": "Run `docker compose up -d worker` on the second machine.\n"},
        {"compose.yaml": HEALTHY % "redis:7\n    healthcheck: {test: [CMD, redis-cli, ping]}"},
        {"compose.yaml": HEALTHY % "bitnami/redis:7"},
        {"ecosystem.config.js": PM2, "deploy.sh": "pm2 startOrReload ecosystem.config.js --only api\npm2 startOrReload ecosystem.config.js --only mailer\n"},
        {"ecosystem.config.js": PM2, "deploy.sh": "pm2 reload ecosystem.config.js --only api\npm2 start ecosystem.config.js\n"},
        {"supervisord.conf": SUPERVISOR % "true"},
        {"supervisord.conf": SUPERVISOR % "false", "up.sh": "supervisorctl start worker\n"},
        {"k8s.yaml": POD % "node, worker.js", "worker.js": WORKER + "require('./health');\n", "health.js": "require('http').createServer(f).listen(3000);\n"},
        {"k8s.yaml": POD % "node, elsewhere.js"},
    ],
    ids=["profile asked for", "by .env", "started by name", "checked", "an image of its own", "each is started", "all are started", "autostart", "started by hand", "serves its probe", "not to be seen"],
)
def test_nothing_is_said_where_it_runs_or_may(tmp_path: Path, files: dict[str, str]) -> None:
    assert said(tmp_path, files) == []


WAITS = "services:\n  web:\n    build: .\n%s  worker:\n    build: .\n    depends_on:\n      web: {condition: service_completed_successfully}\n"


@pytest.mark.parametrize(
    ("more", "expected"),
    [("    ports: ['8000:8000']\n", ["worker uncompleted @compose.yaml:8"]), ("    restart: always\n", ["worker uncompleted @compose.yaml:8"]), ("    command: python migrate.py\n", []), ("    restart: on-failure\n", [])],
)
def test_what_waits_for_the_end_of_a_server_is_never_started(tmp_path: Path, more: str, expected: list[str]) -> None:
    assert said(tmp_path, {"compose.yaml": WAITS % more}) == expected


def test_a_program_of_a_broker_s_image_that_ends_is_no_broker(tmp_path: Path) -> None:
    asked = "services:\n  topics:\n    image: redis:7\n    entrypoint: [redis-cli, config, set, a, b]\n  worker:\n    build: .\n    depends_on:\n      topics: {condition: service_completed_successfully}\n"
    assert said(tmp_path / "ends", {"compose.yaml": asked}) == []
    assert said(tmp_path / "goes on", {"compose.yaml": asked.replace("    entrypoint: [redis-cli, config, set, a, b]\n", "")}) == ["worker uncompleted @compose.yaml:7"]
