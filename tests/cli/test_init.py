"""Does `callcheck init` write settings that hold, from what is there, and nothing over what somebody wrote?"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from callcheck.cli.config import settle
from callcheck.cli.schema import SCHEMAS
from callcheck.knowledge.read_yaml import read_yaml

APP = """const { EventEmitter } = require('node:events')
const bus = new EventEmitter()
bus.on('order.paid', (o) => { console.log(`auftrag=${o.id} verbucht`) })
function pay(o) { console.log("raus damit, order " + o.id + " in 'lager' " + o.store); bus.emit('order.paid', o) }
function other(o) { console.log("emitted order " + o.id); bus.emit('order.paid', o) }
"""


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    (tmp_path / "app.js").write_text(APP)
    (tmp_path / "Procfile").write_text("web: node app.js\n")
    return tmp_path


def test_the_file_is_in_order_and_changes_nothing_by_itself(callcheck: Any, shop: Path) -> None:
    assert callcheck("init", cwd=shop).returncode == 0
    written = read_yaml(shop / ".callcheck.yml")
    jsonschema.validate(written, json.loads(SCHEMAS["config"]()))
    assert settle({}, shop, {}).settings == settle({}, shop, {}, isolated=True).settings


def test_lines_in_words_of_ones_own_are_proposed_as_stages_that_find_them(callcheck: Any, shop: Path) -> None:
    text = callcheck("init", "-o", "-", cwd=shop).stdout
    assert not (shop / ".callcheck.yml").exists()
    (shop / ".callcheck.yml").write_text(re.sub(r"(?m)^# (stages:|  emitted:|  handled:|    - )", r"\1", text))
    stages = dict(settle({}, shop, {}).settings.stages)
    assert set(stages) == {"emitted", "handled"}
    for stage, line in (("emitted", "2026-11-26 raus damit, order A-7 in 'lager' 3"), ("handled", "auftrag=A-7 verbucht")):
        found = re.search(stages[stage], line)
        assert found is not None and found["id"] == "A-7"


def test_a_file_that_is_there_is_left_alone(callcheck: Any, shop: Path) -> None:
    (shop / ".callcheck.yml").write_text("fail-on: 0.9\n")
    done = callcheck("init", cwd=shop)
    assert done.returncode == 2 and "--force" in done.stderr
    assert (shop / ".callcheck.yml").read_text() == "fail-on: 0.9\n"
    assert callcheck("init", "--force", cwd=shop).returncode == 0
    assert "fail-on: 0.5" in (shop / ".callcheck.yml").read_text()


def test_an_empty_folder_gets_the_defaults_and_a_read_only_place_a_reason(callcheck: Any, tmp_path: Path) -> None:
    done = callcheck("init", "-o", "missing/.callcheck.yml", cwd=tmp_path)
    assert done.returncode == 2 and "cannot write" in done.stderr
    assert callcheck("init", cwd=tmp_path).returncode == 0
