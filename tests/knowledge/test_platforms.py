"""Each format of deployment files gives, where its files say nothing, what its table says."""

from __future__ import annotations

from pathlib import Path

import pytest

from callcheck import knowledge, pipeline
from callcheck.knowledge import platforms
from callcheck.model.errors import RuleError
from callcheck.model.fact import Fact
from callcheck.model.platform import Platform
from callcheck.model.target import Target

KNOWN = platforms.load([knowledge.shipped()])
KINDS = ("instances.factor", "instances.possible", "serverless.function", "service.stops", "load.balanced")


def _said(fact: Fact) -> str:
    many = f"{getattr(fact, 'count', '')}{'+' if getattr(fact, 'at_least', False) else ''}"
    return " ".join(word for word in (fact.kind, getattr(fact, "system", "") or getattr(fact, "platform", ""), many) if word)


@pytest.mark.parametrize("platform", KNOWN, ids=lambda each: each.name)
def test_the_default_is_what_is_found(tmp_path: Path, platform: Platform) -> None:
    for name, text in platform.sample.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    ledger = pipeline.diagnose(Target(tmp_path, folders=(tmp_path,))).report.ledger
    assert {_said(item.fact) for item in ledger.evidence if item.fact.kind in KINDS} == platform.gives


def test_every_format_gives_something_and_has_a_source() -> None:
    assert len(KNOWN) > 30
    assert [each.name for each in KNOWN if not each.gives or not each.source.startswith("http")] == []


def test_a_file_that_is_no_table(tmp_path: Path) -> None:
    (tmp_path / "platforms").mkdir()
    (tmp_path / "platforms" / "x.yaml").write_text("title: X\n")
    with pytest.raises(RuleError, match="no format of deployment files"):
        platforms.load([tmp_path])
