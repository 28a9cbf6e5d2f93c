"""A comment beside the code keeps a diagnosis out of the ranking, and the reports say so."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from callcheck import collect, pipeline
from callcheck.model.diagnosis import Report
from callcheck.model.target import Target
from callcheck.report import json_v1, terminal

CODE = """\
import { Queue } from 'bullmq';
const q = new Queue('mail');
q.on('completed', f);
"""
CAUSE = "event-name-mismatch"


def _report(folder: Path, code: str, options: collect.Options = collect.Options()) -> Report:
    (folder / "a.ts").write_text(code)
    return pipeline.diagnose(Target(folder, folders=(folder,)), options).report


def _ignoring(text: str) -> str:
    return CODE.replace("f);", f"f); // callcheck: {text}")


def _causes(report: Report) -> list[str]:
    return [d.rule.cause for d in report.diagnoses]


def test_without_a_comment_it_is_ranked(tmp_path: Path) -> None:
    report = _report(tmp_path, CODE)
    assert CAUSE in _causes(report)
    assert (report.suppressed, report.ignore_problems) == ((), ())


@pytest.mark.parametrize(
    "code", [_ignoring(f"ignore[{CAUSE}] a bridge emits it"), CODE.replace("q.on", f"/* callcheck: ignore[listener-leak, {CAUSE}] a bridge emits it */\nq.on")]
)
def test_a_comment_takes_it_out_of_the_ranking(tmp_path: Path, code: str) -> None:
    report = _report(tmp_path, code)
    assert CAUSE not in _causes(report)
    assert [(s.diagnosed.rule.cause, s.ignore.reason) for s in report.suppressed] == [(CAUSE, "a bridge emits it")]


def test_another_place_of_the_same_cause_stays(tmp_path: Path) -> None:
    report = _report(tmp_path, _ignoring(f"ignore[{CAUSE}] why") + "q.on('failed', g);\n")
    [left] = [d for d in report.diagnoses if d.rule.cause == CAUSE]
    assert {str(e.where) for e in left.grounds} == {"a.ts:4"}
    assert [str(s.ignore) for s in report.suppressed] == ["a.ts:3"]


def test_a_comment_for_another_cause_changes_nothing_and_is_called_unused(tmp_path: Path) -> None:
    report = _report(tmp_path, _ignoring("ignore[listener-leak] why"))
    assert CAUSE in _causes(report)
    assert [(str(i), problem) for i, problem in report.ignore_problems] == [("a.ts:3", "listener-leak is not found here: the comment can go")]


@pytest.mark.parametrize(
    ("text", "said", "kept"),
    [
        (f"ignore[{CAUSE}]", "gives no reason", False),
        ("ignore[event-name-mishap] why", "no cause is called event-name-mishap", True),
        ("ignore", "names no cause, as in `ignore[late-registration] reason`: nothing is ignored", True),
    ],
)
def test_a_comment_that_is_not_in_order_is_named(tmp_path: Path, text: str, said: str, kept: bool) -> None:
    report = _report(tmp_path, _ignoring(text))
    assert [problem for _, problem in report.ignore_problems] == [said]
    assert (CAUSE in _causes(report)) is kept


def test_a_run_of_some_probes_calls_no_comment_unused(tmp_path: Path) -> None:
    report = _report(tmp_path, _ignoring("ignore[listener-leak] why"), collect.Options(probes=("library-events",)))
    assert report.ignore_problems == ()


def test_both_reports_say_what_was_kept_back(tmp_path: Path) -> None:
    report = _report(tmp_path, _ignoring(f"ignore[{CAUSE}]"))
    document = json_v1.document(report, lambda *_: [])
    jsonschema.validate(document, json.loads(json_v1.schema()), cls=jsonschema.Draft202012Validator)
    assert [(d["cause"], d["ignored_by"]) for d in document["suppressed"]] == [(CAUSE, {"file": "a.ts", "line": 3, "reason": ""})]
    assert document["ignore_problems"] == [{"file": "a.ts", "line": 3, "problem": "gives no reason"}]
    text = terminal.render(report, lambda *_: [])
    assert f"{CAUSE} a.ts:3" in text
    assert "a.ts:3: gives no reason" in text
