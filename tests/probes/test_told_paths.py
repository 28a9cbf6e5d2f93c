"""Whether an app has a route for the path by which the deployment has it called."""

from __future__ import annotations

from pathlib import Path

import pytest

from callcheck.probes.told_paths import PROBE
from tests.tools.deployed import look_with, told
from tests.tools.shipped import shipped_knowledge

look = look_with(PROBE, shipped_knowledge())
COMPOSE = "services:\n  api: {build: ./api}\n  render:\n    image: acme/render:1\n    environment: {CALLBACK_URL: 'http://%s'}\n"
APP = "from fastapi import APIRouter, FastAPI\nrouter = APIRouter()\n@router.post('/done')\ndef done(): ...\n@router.get('/health')\ndef health(): ...\napp = FastAPI()\napp.include_router(router, prefix='/api')\n"


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("api:8000/done", 1),
        ("api:8000/finished", 1),  # nothing else takes what is posted
        ("api:8000/api/done", 0),
        ("api:8000/api/done?job=1", 0),
        ("api:8000", 0),
        ("other:8000/done", 0),
        ("shop.example.com/done", 0),
    ],
)
def test_a_path_is_laid_beside_the_routes_of_the_container_that_is_called(tmp_path: Path, address: str, said: int) -> None:
    found = [line for line in told(look(tmp_path, {"compose.yaml": COMPOSE % address, "api/main.py": APP})) if line.startswith("address.unreachable")]
    assert len(found) == said


@pytest.mark.parametrize(("folder", "said"), [("worker", 0), ("api", 1)])
def test_routes_of_another_folder_are_another_container_s(tmp_path: Path, folder: str, said: int) -> None:
    files = {"compose.yaml": COMPOSE % "api:8000/done", f"{folder}/main.py": APP}
    assert len([line for line in told(look(tmp_path, files)) if line.startswith("address.unreachable")]) == said


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("sub.yaml", "apiVersion: dapr.io/v2alpha1\nkind: Subscription\nspec:\n  topic: a\n  routes:\n    default: %s\n"),
        ("trigger.yaml", "apiVersion: eventing.knative.dev/v1\nkind: Trigger\nspec:\n  subscriber:\n    uri: %s\n"),
        ("main.tf", 'resource "google_eventarc_trigger" "a" {\n  destination {\n    cloud_run_service {\n      service = "a"\n      path = "%s"\n    }\n  }\n}\n'),
        ("main.tf", 'resource "aws_sns_topic_subscription" "a" {\n  protocol = "https"\n  endpoint = "https://api.example.com%s"\n}\n'),
        ("main.tf", 'resource "azurerm_eventgrid_event_subscription" "a" {\n  webhook_endpoint {\n    url = "https://api.example.com%s"\n  }\n}\n'),
    ],
)
def test_paths_of_resources_that_push(tmp_path: Path, name: str, text: str) -> None:
    assert len(told(look(tmp_path, {"app.py": APP, name: text % "/done"}))) == 1
    assert told(look(tmp_path, {"app.py": APP, name: text % "/api/done"})) == []


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("package.json", '{"scripts": {"hooks": "stripe listen --forward-to localhost:3000/hook"}}', 1),
        ("package.json", '{"scripts": {"hooks": "stripe listen --forward-to localhost:3000/hooks/stripe"}}', 0),
        ("package.json", '{"scripts": {"hooks": "stripe listen --forward-to localhost:3000"}}', 0),
        ("Makefile", "hooks:\n\tsmee --url https://smee.io/a --target http://localhost:3000/hook\n", 1),
        ("Makefile", "hooks:\n\tgh webhook forward --repo=a/b --events=push --url=http://localhost:3000/hooks/stripe\n", 0),
    ],
)
def test_a_command_that_hands_webhooks_on_names_a_path_of_the_app(tmp_path: Path, name: str, text: str, said: int) -> None:
    files = {name: text, "app.js": "import express from 'express';\nconst app = express();\napp.post('/hooks/stripe', (req, res) => res.end());\napp.listen(3000);\n"}
    assert len([line for line in told(look(tmp_path, files)) if line.startswith("address.unreachable")]) == said


EXPRESS = "const express = require('express');\nconst app = express();\napp.post('/tasks/bills', f);\napp.listen(8080);\n"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("cron.yaml", "cron:\n  - description: bills\n    url: %s\n    schedule: every day 04:00\n"),
        (".ebextensions/worker.config", "option_settings:\n  aws:elasticbeanstalk:sqsd:\n    HttpPath: %s\n"),
    ],
)
def test_a_schedule_of_app_engine_and_a_queue_of_beanstalk_call_a_path_too(tmp_path: Path, name: str, text: str) -> None:
    package = {"package.json": '{"name": "bills", "dependencies": {"express": "^4.19.2"}}', "server.js": EXPRESS}
    found = {path: [line for line in told(look(tmp_path / path.strip("/").replace("/", "-"), {**package, name: text % path})) if line.startswith("address.unreachable")] for path in ("/tasks/bill", "/tasks/bills")}
    assert [len(lines) for lines in found.values()] == [1, 0]
