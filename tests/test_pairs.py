"""Each mechanism of `fixtures/pairs` is named in the broken app, first and surely (that of `hints.txt` as a hint), and the mended app is silent."""

from __future__ import annotations

from pathlib import Path

import pytest

from callcheck import pipeline
from callcheck.model.target import Target
from tests.tools.pairs import Pair, pairs, write

FOLDER = Path(__file__).parent.parent / "fixtures/pairs"
FILES = sorted(file for file in FOLDER.glob("*.txt") if file.stem != "hints")
HINTS = [pytest.param(pair, id=pair.name) for pair in pairs((FOLDER / "hints.txt").read_text(encoding="utf-8"))]
PAIRS = [pytest.param(pair, id=f"{file.stem}: {pair.name}") for file in FILES for pair in pairs(file.read_text(encoding="utf-8"))]
SURE = 0.5


def said(folder: Path, files: dict[str, str], least: float = SURE) -> list[str]:
    write(files, folder)
    report = pipeline.diagnose(Target(folder, folders=(folder,))).report
    return [each.rule.cause for each in report.diagnoses if each.confidence >= least and not each.lead]


@pytest.mark.parametrize("pair", PAIRS)
def test_the_cause_is_named_where_it_is_and_not_where_it_was_mended(tmp_path, pair: Pair) -> None:
    assert said(tmp_path / "broken", pair.broken)[:1] in [[cause] for cause in pair.causes]
    assert said(tmp_path / "fixed", pair.fixed) == []


@pytest.mark.parametrize("pair", HINTS)
def test_what_goes_wrong_now_and_then_is_a_hint_and_no_more(tmp_path, pair: Pair) -> None:
    assert said(tmp_path / "hint", pair.broken, 0.1)[:1] in [[cause] for cause in pair.causes]
    assert said(tmp_path / "broken", pair.broken) == []
    assert said(tmp_path / "fixed", pair.fixed, 0.1) == []
