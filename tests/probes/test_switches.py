"""Is it told what is started only for a value that no unit is given?"""

from __future__ import annotations

from pathlib import Path

import pytest

from callcheck.probes.switches import PROBE
from tests.tools.deployed import look_with
from tests.tools.shipped import shipped_knowledge

look = look_with(PROBE, shipped_knowledge())

PACKAGE = '{"dependencies": {"node-cron": "3.0.3"}}'
APP = "const cron = require('node-cron');\n%s\n"
GUARD = APP % "if (process.env.RUN_JOBS === 'true') {\n  cron.schedule('0 6 * * *', f);\n}"
COMPOSE = "services:\n  web:\n    build: .\n    environment: {RUN_JOBS: %s}\n"
PYTHON = "import os\nfrom apscheduler.schedulers.background import BackgroundScheduler\ns = BackgroundScheduler()\nif os.environ.get('RUN_JOBS', '').lower() in ('1', 'true'):\n    s.start()\n"
PM2 = "module.exports = { apps: [{ name: 'web', script: 'app.js',\n  env_production: { RUN_JOBS: 'true' } }] };\n"


def said(tmp_path: Path, files: dict[str, str]) -> list[str]:
    return [f"{item.fact.name} wants {item.fact.wanted}, given {item.fact.given}: {item.fact.starts} @{item.where}" for item in look(tmp_path, files)]


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"package.json": PACKAGE, "app.js": GUARD, "compose.yaml": COMPOSE % "'yes'"}, "RUN_JOBS wants true, given yes: schedule @app.js:2"),
        ({"package.json": PACKAGE, "app.js": APP % "const on = process.env.RUN_JOBS === 'true';\nfunction jobs() { cron.schedule('0 6 * * *', f); }\nif (on) jobs();", "compose.yaml": COMPOSE % "'1'"}, "RUN_JOBS wants true, given 1: schedule @app.js:2"),
        ({"package.json": PACKAGE, "app.js": APP % "function jobs() {\n  if (process.env.RUN_JOBS !== 'true') return;\n  cron.schedule('0 6 * * *', f);\n}\njobs();", "compose.yaml": COMPOSE % "'on'"}, "RUN_JOBS wants true, given on: schedule @app.js:3"),
        ({"package.json": PACKAGE, "app.js": APP % "process.env.RUN_JOBS === 'true' && cron.schedule('0 6 * * *', f);", "compose.yaml": COMPOSE % "'on'"}, "RUN_JOBS wants true, given on: schedule @app.js:2"),
        ({"app.py": PYTHON, "compose.yaml": COMPOSE % "'yes'"}, "RUN_JOBS wants 1 or true, given yes: start @app.py:4"),
        ({"package.json": PACKAGE, "app.js": GUARD, "ecosystem.config.js": PM2, "deploy.sh": "pm2 reload ecosystem.config.js\n"}, "RUN_JOBS wants true, given : schedule @app.js:2"),
    ],
    ids=["if", "kept under a name", "early return", "and", "one of several", "pm2"],
)
def test_no_unit_turns_it_on(tmp_path: Path, files: dict[str, str], expected: str) -> None:
    assert said(tmp_path, files) == [expected]


@pytest.mark.parametrize(
    "files",
    [
        {"package.json": PACKAGE, "app.js": GUARD, "compose.yaml": COMPOSE % "'true'"},
        {"package.json": PACKAGE, "app.js": GUARD, "compose.yaml": COMPOSE % "'no'" + "  jobs:\n    build: .\n    environment: {RUN_JOBS: 'true'}\n"},
        {"package.json": PACKAGE, "app.js": GUARD, "compose.yaml": COMPOSE % "'${RUN_JOBS}'"},
        {"package.json": PACKAGE, "app.js": GUARD},
        {"package.json": PACKAGE, "app.js": GUARD.replace("===", "!=="), "compose.yaml": COMPOSE % "'yes'"},
        {"app.py": PYTHON, "compose.yaml": COMPOSE % "'True'"},
        {"package.json": PACKAGE, "app.js": GUARD, "ecosystem.config.js": PM2, "deploy.sh": "pm2 reload ecosystem.config.js --env production\n"},
    ],
    ids=["on", "on in another unit", "not written out", "never set", "the other way round", "whatever its case", "pm2 asks for it"],
)
def test_some_unit_does_or_nobody_can_tell(tmp_path: Path, files: dict[str, str]) -> None:
    assert said(tmp_path, files) == []
