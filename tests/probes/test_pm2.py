"""Does a PM2 configuration say its apps and instances?"""

from __future__ import annotations

from pathlib import Path

from callcheck.probes.pm2 import PROBE
from tests.tools.deployed import look_with, told

look = look_with(PROBE)


ECOSYSTEM = """\
const os = require("os");
module.exports = {
  apps: [
    { name: "api", script: "dist/server.js", instances: "max", env_production: { instances: 3 } },
    { name: "one", script: "one.js" },
    { name: "half", script: "half.js",
      instances: process.env.N || 4 },
    { name: "cpus", script: "c.js", instances: os.cpus().length - 1 },
    { name: "open", script: "o.js", instances: process.env.N },
  ],
};
"""


def test_every_app_gives_its_count_at_its_line(tmp_path: Path) -> None:
    found = told(look(tmp_path, {"ecosystem.config.js": ECOSYSTEM}))
    assert [line for line in found if "instances" in line] == [
        "instances.factor api 2+ @ecosystem.config.js:4",
        "instances.factor one 1 @ecosystem.config.js:5",
        "instances.factor half 4 @ecosystem.config.js:7",
        "instances.factor cpus 2+ @ecosystem.config.js:8",
        "instances.possible open @ecosystem.config.js:9",
    ]


def test_json_and_yaml_are_read_too(tmp_path: Path) -> None:
    files = {
        "pm2.json": '{"apps": [{"name": "a", "script": "a.js", "instances": 0}]}',
        "process.yml": "apps:\n  - script: b.js\n    instances: 2\n",
    }
    found = told(look(tmp_path, files))
    assert "instances.factor a 2+ @pm2.json:1" in found
    assert "instances.factor b 2 @process.yml:3" in found


def test_a_function_of_the_file_makes_its_apps(tmp_path: Path) -> None:
    text = """const app = (name, extra = {}) => ({ name, script: `${name}.js`, ...extra });
function many(name) { return app(name, { instances: 3 }); }
module.exports = { apps: [app("one"), app("two", { instances: 2 }), many("three")] };
"""
    found = told(look(tmp_path, {"ecosystem.config.js": text}))
    assert [line.split(" @")[0] for line in found if "instances" in line] == ["instances.factor one 1", "instances.factor two 2", "instances.factor three 3"]


def test_a_configuration_is_known_by_the_end_of_its_name(tmp_path: Path) -> None:
    assert "instances.factor a 2 @deploy/a.pm2.json:1" in told(look(tmp_path, {"deploy/a.pm2.json": '{"apps": [{"name": "a", "script": "a.js", "instances": 2}]}'}))


def test_a_pm2_log_in_json_is_no_configuration(tmp_path: Path) -> None:
    assert told(look(tmp_path, {"pm2.json": '[{"message": "x"}]'})) == []
