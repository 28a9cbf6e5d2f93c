"""Is a schedule told that two programs of a deployment run?"""

from __future__ import annotations

from pathlib import Path

import pytest

from callcheck.probes.shared_schedules import PROBE
from tests.tools.deployed import look_with
from tests.tools.shipped import shipped_knowledge

look = look_with(PROBE, shipped_knowledge())

PACKAGE = '{"type": "module", "dependencies": {"node-cron": "3.0.3", "express": "4.19.2"}, "scripts": {"api": "node api.js", "jobs": "node jobs.js", "dev": "node --watch jobs.js"}}'
SCHEDULE = "import cron from 'node-cron';\nimport { send } from './send.js';\n%s\n"
BASE = {
    "package.json": PACKAGE,
    "send.js": "export const send = () => fetch('https://mail.example.org', { method: 'POST' });\n",
    "digest.js": SCHEDULE % "cron.schedule('0 7 * * *', send);",
    "api.js": "import express from 'express';\nimport './digest.js';\nexpress().listen(3000);\n",
    "jobs.js": "import './digest.js';\n",
}
UNITS = "web: node api.js\nworker: node jobs.js\n"


def said(tmp_path: Path, files: dict[str, str]) -> list[str]:
    return [f"{item.fact.why} @{item.where}" for item in look(tmp_path, {**BASE, **files})]


@pytest.mark.parametrize("units", [{"Procfile": UNITS}, {"Procfile": "web: npm run api\nworker: npm run jobs\n"}, {"compose.yaml": "services:\n  web: {command: node api.js}\n  worker: {command: [node, jobs.js]}\n"}], ids=["files", "scripts", "compose"])
def test_two_units_load_it(tmp_path: Path, units: dict[str, str]) -> None:
    assert said(tmp_path, units) == ["api.js and jobs.js both run this schedule, so its work is done twice; start it in one of them @digest.js:3"]


@pytest.mark.parametrize(
    "files",
    [
        {"Procfile": "web: node api.js\n"},
        {"Procfile": UNITS, "api.js": "import express from 'express';\nexpress().listen(3000);\n"},
        {"Procfile": UNITS, "digest.js": SCHEDULE % "if (process.env.ROLE === 'worker') cron.schedule('0 7 * * *', send);"},
        {"Procfile": UNITS, "send.js": "import { lock } from './lock.js';\nexport const send = () => lock.acquire('digest', () => fetch('https://mail.example.org'));\n"},
        {},
    ],
    ids=["one unit", "one program loads it", "a test", "a lock", "no deployment"],
)
def test_one_process_runs_it(tmp_path: Path, files: dict[str, str]) -> None:
    assert said(tmp_path, files) == []
