"""No credential of any kind gets through the one door, in no disguise that logs give it; ordinary words do."""

from __future__ import annotations

import base64
import importlib.util
import json
import sys
import time
import urllib.parse
from pathlib import Path
from typing import Any

import pytest

from callcheck.model.printable import clean, redact

_spec = importlib.util.spec_from_file_location("callcheck_planted", Path(__file__).parent.parent / "tools" / "planted.py")
assert _spec is not None and _spec.loader is not None
planted: Any = importlib.util.module_from_spec(_spec)
sys.modules["callcheck_planted"] = planted
_spec.loader.exec_module(planted)
PLANTS = planted.PLANTS


def test_there_are_over_eighty_kinds() -> None:
    assert len({plant.kind for plant in PLANTS}) == len(PLANTS) > 80


@pytest.mark.parametrize("plant", PLANTS, ids=lambda plant: plant.kind)
def test_none_gets_through(plant: Any) -> None:
    for text in (plant.written, f"  {plant.written}", f"{plant.written}\r\n", f"ERROR could not start: {plant.line.replace('{}', plant.secret)}" if not plant.line.startswith(("password:", "PGPASS")) else plant.written):
        assert plant.secret not in clean(text), text
        assert plant.secret not in redact(text), text


@pytest.mark.parametrize("plant", PLANTS, ids=lambda plant: plant.kind)
def test_none_gets_through_as_the_text_of_a_json_log(plant: Any) -> None:
    once = json.dumps({"level": "error", "msg": plant.written})
    assert plant.secret not in clean(once)
    if '"' not in plant.written:
        assert plant.secret not in clean(json.dumps({"log": once}))


@pytest.mark.parametrize("plant", [p for p in PLANTS if len(p.secret) >= 16 and "%" not in p.secret], ids=lambda plant: plant.kind)
@pytest.mark.parametrize("splinter", ["\x1b[31m", "\x1b[0m", "\u200b", "\x00", "\ufeff"], ids=ascii)
def test_none_gets_through_split_by_what_nobody_sees(plant: Any, splinter: str) -> None:
    half = len(plant.secret) // 2
    text = plant.line.replace("{}", plant.secret[:half] + splinter + plant.secret[half:])
    shown = clean(text)
    assert plant.secret[:half] not in shown or plant.secret[half:] not in shown
    assert plant.secret[half:] not in shown


@pytest.mark.parametrize("name", ["password", "api_key", "clientSecret", "authToken"])
def test_none_gets_through_in_another_spelling_behind_its_name(name: str) -> None:
    secret = "pa55+word/of=Mine9"
    for spelt in (base64.b64encode(secret.encode()).decode(), urllib.parse.quote(secret, safe=""), secret.encode().hex(), secret.replace("/", "\\/")):
        for line in (f'"{name}": "{spelt}"', f"{name}={spelt}", f"{name}: {spelt}", f"?{name}={spelt}&x=1"):
            assert spelt not in clean(line), line


KEPT = Path(__file__).with_name("kept_lines.txt").read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("line", KEPT)
def test_what_is_none_stays(line: str) -> None:
    assert clean(line, 1000) == line


@pytest.mark.parametrize("text", ["://a:" * 600, "password=" * 300, "secret:" * 400, "sk-" * 900, "eyJ." * 700, "a=b;" * 600, "Cookie: " + "a=b;" * 600, "\\" * 2000, "token\\" * 300, "bearer " * 300, "4111 " * 400, "A" * 2000, "--token " * 250, "[\"" * 900])
def test_text_made_to_be_slow_is_not(text: str) -> None:
    began = time.process_time()
    clean(text)
    assert time.process_time() - began < 0.5


@pytest.mark.parametrize("plant", PLANTS, ids=lambda plant: plant.kind)
def test_what_is_masked_stays_as_it_is(plant: Any) -> None:
    once = clean(plant.written)
    assert clean(once) == once
