"""Does package.json say what the app starts?"""

from __future__ import annotations

from pathlib import Path

from callcheck.probes.package_scripts import PROBE
from tests.tools.deployed import look_with, told

look = look_with(PROBE)


def test_the_start_script_is_read_and_the_development_ones_are_not(tmp_path: Path) -> None:
    text = '{"scripts": {\n "dev": "pm2 start x.js -i 9",\n "start": "pm2-runtime start dist/server.js -i max",\n "start:cluster:dev": "pm2 start y.js -i 4"}}'
    assert told(look(tmp_path, {"package.json": text})) == [
        "service.run dist/server.js @package.json:3",
        "instances.factor 2+ @package.json:3",
    ]


def test_scripts_named_after_process_types_are_services(tmp_path: Path) -> None:
    found = told(
        look(
            tmp_path,
            {"package.json": '{"scripts": {"start:api": "node api.js", "worker": "node worker.js", "build": "tsc"}}'},
        )
    )
    assert [line for line in found if "run" in line] == [
        "service.run api api.js @package.json:1",
        "service.run worker worker.js @package.json:1",
    ]


def test_a_library_without_scripts_says_nothing(tmp_path: Path) -> None:
    assert look(tmp_path, {"package.json": '{"name": "x"}'}) == []
