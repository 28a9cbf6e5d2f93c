"""Does a finished report end with the status that the table promises?"""

from __future__ import annotations

from pathlib import Path

import pytest

from callcheck.cli.diagnose import status
from callcheck.cli.exit_status import ExitStatus, of
from callcheck.cli.settings import Settings
from callcheck.model.diagnosis import Diagnosed, Report
from callcheck.model.evidence import Ledger, Looked
from callcheck.model.knowledge import Knowledge
from callcheck.model.noun import replace
from callcheck.model.rule import Rule
from callcheck.model.target import Target
from callcheck.model.words import Outcome
from callcheck.pipeline import Run
from callcheck.sources import Eyes


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


def test_who_could_examine_nothing_is_told_what_kept_us_out(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    kept_out = replace(_report(None), ledger=Ledger([], [Looked("processes", frozenset(), Outcome.BLOCKED, "nobody listens on port 7; start the app")]))
    for report, said in ((kept_out, "nobody listens on port 7; start the app"), (_report(None, Outcome.NOTHING), "no probe found anything to look at")):
        assert status(Run(report, Eyes(Target(tmp_path), Knowledge()), files=True), Settings()) is ExitStatus.NOTHING_EXAMINED
        assert f"nothing could be examined: {said}" in capsys.readouterr().err


def test_a_link_examines_nothing() -> None:
    assert of(_report(None, Outcome.DONE, joins=True), 0.5) is ExitStatus.NOTHING_EXAMINED
