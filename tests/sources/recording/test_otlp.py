from __future__ import annotations

import json
from pathlib import Path

import pytest

from callcheck.model.target import Target
from callcheck.pipeline import diagnose
from callcheck.sources.recording.counts import stops
from callcheck.sources.recording.read import read

CAPTURE = Path(__file__).resolve().parents[3] / "fixtures" / "captures" / "autogen-core-0.7-otlp" / "spans.jsonl"
"""Of autogen-core 0.7.5: three messages that are handled, three on a topic that nobody subscribes to, two whose handler raises, two in a runtime
that is never started."""


def test_each_fate_of_a_message_is_told() -> None:
    found = stops(read(CAPTURE)).stops
    assert sorted((stop.event, stop.fates[0].how, stop.count, stop.of) for stop in found) == [
        ("job.(default)-T", "unsubscribed", 3, 3),
        ("jobs.(default)-T", "swallowed", 2, 5),
        ("unstarted.(default)-T", "not-running", 2, 2),
    ]
    assert {stop.fates[0].near for stop in found if stop.fates[0].how == "unsubscribed"} == {"jobs.(default)-T"}


def test_the_causes_are_named() -> None:
    run = diagnose(Target(CAPTURE.parent, recordings=(CAPTURE,)))
    named = {found.rule.cause for found in run.report.diagnoses if found.confidence >= 0.5}
    assert named == {"missing-subscription", "runtime-not-started", "payload-mismatch"}


def test_no_message_body_reaches_the_report() -> None:
    assert 'message_id' in CAPTURE.read_text()
    assert "message_id" not in repr(diagnose(Target(CAPTURE.parent, recordings=(CAPTURE,))).report.ledger.evidence)


@pytest.mark.parametrize("line", ["{", "[]", '{"resourceSpans": 7}', '{"resourceSpans": [7]}', '{"resourceSpans": [{"scopeSpans": [{"spans": [{"name": "autogen create x", "startTimeUnixNano": "soon"}]}]}]}', "\x00"])
def test_a_line_that_is_no_otlp_costs_that_line(tmp_path: Path, line: str) -> None:
    path = tmp_path / "spans.jsonl"
    path.write_text(line + "\n" + CAPTURE.read_text())
    found = read(path)
    assert len(found.emissions) == 10
    assert found.lost == [("spans.jsonl", "1 lines are no OTLP in JSON")]


def test_spans_of_others_are_passed_over(tmp_path: Path) -> None:
    span = {"name": "GET /health", "spanId": "a1", "traceId": "b2", "startTimeUnixNano": "1"}
    path = tmp_path / "spans.jsonl"
    path.write_text(json.dumps({"resourceSpans": [{"scopeSpans": [{"spans": [span]}]}]}) + "\n")
    found = read(path)
    assert (found.emissions, found.lost) == ([], [])
