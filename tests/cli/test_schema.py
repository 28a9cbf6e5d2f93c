"""Do the schemas that are printed fit what is shipped, refuse what the loaders refuse, and stand beside the rules as they are printed?"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from callcheck.cli.schema import SCHEMAS
from callcheck.cli.settings import KEYS
from callcheck.knowledge.read_yaml import read_yaml

FILES = {
    "rule": "causes/*/*.yaml",
    "framework": "frameworks/*.yaml",
    "traps": "traps/*.yaml",
    "events": "events/*.yaml",
    "log-formats": "logs/formats/*.yaml",
    "log-signatures": "logs/signatures/*.yaml",
    "log-boundaries": "logs/boundaries/*.yaml",
}


def _validator(name: str) -> Any:
    schema = json.loads(SCHEMAS[name]())
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


@pytest.mark.parametrize("name", FILES)
def test_every_file_that_is_shipped_fits(name: str, root: Path) -> None:
    validator = _validator(name)
    files = sorted((root / "rules").glob(FILES[name]))
    assert files
    wrong = [f"{file.name}: {error.message[:200]}" for file in files for error in validator.iter_errors(read_yaml(file))]
    assert wrong == []


@pytest.mark.parametrize("name", FILES)
def test_a_key_that_nobody_knows_does_not(name: str, root: Path) -> None:
    validator = _validator(name)
    first = min((root / "rules").glob(FILES[name]))
    assert not validator.is_valid({**read_yaml(first), "supprots": []})


@pytest.mark.parametrize("name", FILES)
def test_an_editor_finds_the_schema_beside_the_rules(name: str, root: Path, refresh: bool) -> None:
    path = root / "rules" / "schemas" / f"{name}.json"
    if refresh:
        path.write_text(SCHEMAS[name](), encoding="utf-8")
    assert path.read_text(encoding="utf-8") == SCHEMAS[name](), "pytest tests/cli/test_schema.py --refresh writes it anew"
    for file in sorted((root / "rules").glob(FILES[name])):
        named = file.read_text(encoding="utf-8").partition("\n")[0].removeprefix("# yaml-language-server: $schema=")
        assert (file.parent / named).resolve() == path, f"{file}: its first line names the schema"


def test_a_rule_with_a_misspelt_fact_or_attribute_does_not_fit(root: Path) -> None:
    validator = _validator("rule")
    rule = read_yaml(root / "rules" / "causes" / "registration" / "late-registration.yaml")
    for wrong in ({"listener.registred": {}}, {"listener.registered": {"callcheck.lifetim": "request"}}, {"listener.registered": {"callcheck.lifetime": {"above": 1}}}):
        found = {key: value for key, value in rule.items() if key != "any"} | {"when": [wrong]}
        assert not validator.is_valid(found), wrong
    assert validator.is_valid({key: value for key, value in rule.items() if key != "any"} | {"when": [{"listener.registered": {"callcheck.lifetime": {"in": ["request"]}}}]})


@pytest.mark.parametrize("key", list(KEYS), ids=lambda key: key.name)
def test_the_settings_of_a_file_are_those_of_the_schema(key: Any) -> None:
    assert (key.name in json.loads(SCHEMAS["config"]())["properties"]) is key.in_file


@pytest.mark.parametrize(
    ("settings", "fits"),
    [
        ({"fail-on": 0.7, "skip-probe": ["pm2"], "stages": {"emitted": "sent (?P<id>\\d+)", "handled": ["got"]}, "color": "never"}, True),
        ({}, True),
        ({"fail-on": 7}, False),
        ({"fial-on": 0.7}, False),
        ({"color": "green"}, False),
        ({"stages": {"emited": "x"}}, False),
        ({"online": True}, False),
    ],
)
def test_a_configuration_fits_as_the_reader_takes_it(settings: dict[str, Any], fits: bool, tmp_path: Path) -> None:
    from callcheck.cli.config import settle
    from callcheck.model.errors import CallcheckError

    assert _validator("config").is_valid(settings) is fits
    (tmp_path / ".callcheck.yml").write_text(json.dumps(settings))
    try:
        settle({}, tmp_path, {})
    except CallcheckError:
        assert not fits
    else:
        assert fits


def test_an_unknown_name_is_refused_with_those_that_are_known(callcheck: Any, tmp_path: Path) -> None:
    done = callcheck("schema", "nope", cwd=tmp_path)
    assert done.returncode == 2 and all(name in done.stderr for name in SCHEMAS)
