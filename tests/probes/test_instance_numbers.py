"""Is it told what only the process of a number runs that no process has?"""

from __future__ import annotations

from pathlib import Path

import pytest

from callcheck.probes.instance_numbers import PROBE
from tests.tools.deployed import look_with
from tests.tools.shipped import shipped_knowledge

look = look_with(PROBE, shipped_knowledge())

PACKAGE = '{"scripts": {"start": "node app.js"}}'
APP = "const { start } = require('./jobs');\n%s\n"
ONE = "module.exports = { apps: [{ name: 'web', script: 'app.js', instances: 4 }] };\n"
TWO = "module.exports = { apps: [{ name: 'mail', script: 'mail.js' }, { name: 'web', script: 'app.js', instances: 2 }] };\n"
RENAMED = "module.exports = { apps: [{ name: 'web', script: 'app.js', instances: 4, instance_var: 'NTH' }] };\n"


def said(tmp_path: Path, files: dict[str, str]) -> list[str]:
    return [f"{item.fact.method} where {item.fact.event} @{item.where}" for item in look(tmp_path, {"package.json": PACKAGE, "jobs.js": "exports.start = () => 1;\n", **files})]


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"app.js": APP % "if (process.env.NODE_APP_INSTANCE === 0) start();", "ecosystem.config.js": ONE}, "start where NODE_APP_INSTANCE is the number 0, while a variable is a text @app.js:2"),
        ({"app.js": APP % "const { NODE_APP_INSTANCE: nth } = process.env;\nif (nth !== 0) { console.log('not here'); } else start();", "ecosystem.config.js": ONE}, "start where NODE_APP_INSTANCE is the number 0, while a variable is a text @app.js:3"),
        ({"app.js": APP % "const first = () => process.env['NODE_APP_INSTANCE'] === '0';\nfirst() && start();", "ecosystem.config.js": RENAMED}, "start where NODE_APP_INSTANCE is 0 @app.js:2"),
        ({"app.js": APP % "if (process.env.pm_id === '0') start();", "mail.js": "1;\n", "ecosystem.config.js": TWO}, "start where pm_id is 0 @app.js:2"),
        ({"app.js": APP % "function jobs() {\n  if (process.env.NODE_APP_INSTANCE !== '0') return;\n  start();\n}\njobs();", "Procfile": "web: node app.js\n"}, "start where NODE_APP_INSTANCE is 0, which PM2 alone would set @app.js:3"),
    ],
    ids=["a number", "a number, turned round", "another variable", "an app above", "no PM2"],
)
def test_no_process_has_the_number(tmp_path: Path, files: dict[str, str], expected: str) -> None:
    assert said(tmp_path, files) == [expected]


@pytest.mark.parametrize(
    "files",
    [
        {"app.js": APP % "if (process.env.NODE_APP_INSTANCE === '0') start();", "ecosystem.config.js": ONE},
        {"app.js": APP % "if (Number(process.env.NODE_APP_INSTANCE) === 0) start();", "ecosystem.config.js": ONE},
        {"app.js": APP % "if ((process.env.NODE_APP_INSTANCE ?? '0') === '0') start();", "Procfile": "web: node app.js\n"},
        {"app.js": APP % "if (!process.env.NODE_APP_INSTANCE || process.env.NODE_APP_INSTANCE === '0') start();", "Procfile": "web: node app.js\n"},
        {"app.js": APP % "if (process.env.NODE_APP_INSTANCE === '0') start();", "Procfile": "web: node app.js\n", "deploy.sh": "pm2 start app.js -i 4\n"},
        {"app.js": APP % "if (process.env.NODE_APP_INSTANCE === '0') start();", "compose.yaml": "services:\n  web:\n    command: node app.js\n    environment: {NODE_APP_INSTANCE: '0'}\n"},
        {"app.js": APP % "if (process.env.NODE_APP_INSTANCE === '0') start();"},
        {"app.js": APP % "if (process.env.NODE_APP_INSTANCE === 0) console.log('first');", "ecosystem.config.js": ONE},
        {"app.js": APP % "if (process.env.pm_id === '1') start();", "mail.js": "1;\n", "ecosystem.config.js": TWO},
        {"app.js": APP % "if (process.env.pm_id === '0') start();", "ecosystem.config.js": ONE},
    ],
    ids=["a text", "made a number", "a stand-in", "none is the first", "pm2 by a script", "set by hand", "nothing says how", "logs alone", "the second", "one app"],
)
def test_some_process_has_the_number(tmp_path: Path, files: dict[str, str]) -> None:
    assert said(tmp_path, files) == []
