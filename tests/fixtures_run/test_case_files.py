"""Is every case.yml in fixtures/ whole: known causes, places that exist, and no generated files beside it?"""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
CASES = sorted(file.parent for file in (ROOT / "fixtures").rglob("case.yml"))
CAUSES = {file.stem for file in (ROOT / "rules" / "causes").rglob("*.yaml")}
KEYS = {"id", "source", "languages", "frameworks", "evidence", "expect", "also_ok", "difficulty", "why"}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_case_is_whole(case: Path) -> None:
    said = yaml.safe_load((case / "case.yml").read_text())
    assert set(said) >= KEYS
    assert said["id"] == case.name
    assert {expected["cause"] for expected in said["expect"]} | set(said["also_ok"]) <= CAUSES
    for expected in said["expect"]:
        for place in expected["at"]:
            name, _, line = place.rpartition(":")
            assert 1 <= int(line) <= len((case / "broken" / name).read_text().splitlines()), place
    assert (case / "fixed").is_dir()
