"""Does a finished report end with the status that the table promises?"""

from __future__ import annotations

from pathlib import Path

from callcheck.cli.exit_status import ExitStatus, of
from callcheck.model.diagnosis import Diagnosed, Report
from callcheck.model.evidence import Ledger, Looked
from callcheck.model.rule import Rule
from callcheck.model.target import Target
from callcheck.model.words import Outcome


def _report(confidence: float | None, *outcomes: Outcome, joins: bool = False) -> Report:
    rule = Rule("x", "transport", "x", ())
    found = () if confidence is None else (Diagnosed(rule, confidence, "x", ()),)
    looks = [Looked("x", frozenset(), outcome, joins=joins) for outcome in outcomes]
    return Report(found, Ledger([], looks), Target(Path()), "0", 0.0)


def test_a_cause_at_the_threshold_is_1_and_below_it_0() -> None:
    assert of(_report(0.5, Outcome.DONE), 0.5) is ExitStatus.LIKELY
    assert of(_report(0.49, Outcome.DONE), 0.5) is ExitStatus.NOTHING_LIKELY
    assert of(_report(0.9, Outcome.DONE), 0.5, exit_zero=True) is ExitStatus.NOTHING_LIKELY


def test_nothing_examined_is_3_and_a_part_is_enough() -> None:
    assert of(_report(None, Outcome.NOTHING, Outcome.BLOCKED), 0.5) is ExitStatus.NOTHING_EXAMINED
    assert of(_report(None, Outcome.PART), 0.5) is ExitStatus.NOTHING_LIKELY


def test_a_link_examines_nothing() -> None:
    assert of(_report(None, Outcome.DONE, joins=True), 0.5) is ExitStatus.NOTHING_EXAMINED
