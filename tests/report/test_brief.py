"""Does a reader with little room get the causes, what was cut, and what could not be looked at?"""

from __future__ import annotations

import json
from types import ModuleType

import pytest

from callcheck.report import brief

COULD_NOT_SEE = {"blocked", "part"}


@pytest.mark.parametrize("most_bytes", [2_000, 6_000, 60_000])
def test_it_fits_and_says_what_was_cut(sample: ModuleType, most_bytes: int) -> None:
    text = brief.render(sample.full(), sample.lines, most_bytes)
    document = json.loads(text)
    assert len(text) <= most_bytes
    report = sample.full()
    assert document["diagnoses"][0]["cause"] == report.diagnoses[0].rule.cause
    shown = len(document["diagnoses"]) + len(document["not_shown"]["causes"])
    assert 1 <= shown <= len(report.diagnoses)


def test_what_was_seen_in_part_is_said_as_what_was_not_seen_at_all(sample: ModuleType) -> None:
    report = sample.full()
    wanted = {look.probe for look in report.ledger.looks if str(look.outcome) in COULD_NOT_SEE}
    assert {str(look.outcome) for look in report.ledger.looks} >= COULD_NOT_SEE
    assert {each["probe"] for each in json.loads(brief.render(report, sample.lines, 60_000))["could_not_be_looked_at"]} == wanted
