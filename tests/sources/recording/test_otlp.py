from __future__ import annotations

import json
from pathlib import Path

import pytest

from callcheck.model.target import Target
from callcheck.pipeline import diagnose
from callcheck.sources.recording.counts import stops
from callcheck.sources.recording.failed_calls import failure_of
from callcheck.sources.recording.read import read

CAPTURE = Path(__file__).resolve().parents[3] / "fixtures" / "captures" / "autogen-core-0.7-otlp" / "spans.jsonl"
"""Of autogen-core 0.7.5: three messages that are handled, three on a topic that nobody subscribes to, two whose handler raises, two in a runtime
that is never started."""

CALLS = next(CAPTURE.parents[1].glob("opentelemetry-node-*-otlp"))
"""Of the automatic instrumentation of Node.js: four calls of a model's API each, that are refused, limited, never answered (by `fetch` and by `http`), and
fine. Only the spans of clients are kept, without stack traces."""


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


@pytest.mark.parametrize(("name", "cause"), [("refused", "upstream-auth"), ("limit", "upstream-rate-limit"), ("mute", "upstream-timeout"), ("mute-http", "upstream-timeout"), ("fine", "")])
def test_calls_that_fail_are_named(name: str, cause: str) -> None:
    found = diagnose(Target(CALLS, recordings=(CALLS / f"{name}.jsonl",))).report.diagnoses
    assert [(each.rule.cause, each.confidence > 0.95) for each in found if each.confidence >= 0.5] == ([(cause, True)] if cause else [])


def _client(number: int, parent: str = "", **said: object) -> str:
    attributes = [{"key": key.replace("__", "."), "value": {"stringValue": str(value)}} for key, value in said.items()]
    span = {"traceId": f"t{number}", "spanId": f"s{number}{parent}", "parentSpanId": parent, "name": "chat", "kind": 3, "startTimeUnixNano": "1000", "endTimeUnixNano": "2000", "attributes": attributes, "status": {"code": 2}}
    return json.dumps({"resourceSpans": [{"scopeSpans": [{"spans": [span]}]}]})


@pytest.mark.parametrize(
    ("said", "failure"),
    [
        ({"http__method": "POST", "http__url": "https://api.openai.com/v1/chat/completions", "http__status_code": 401}, ("api.openai.com", 443, "auth")),
        ({"http__method": "GET", "net__peer__name": "stock", "net__peer__port": 8080, "http__target": "/items?secret=1", "http__status_code": 503}, ("stock", 8080, "unavailable")),
        ({"gen_ai__system": "openai", "server__address": "api.openai.com", "error__type": "openai.AuthenticationError"}, ("api.openai.com", 0, "auth")),
        ({"gen_ai__system": "openai", "server__address": "api.openai.com", "error__type": "RateLimitError"}, ("api.openai.com", 0, "rate-limit")),
        ({"gen_ai__system": "openai", "server__address": "api.openai.com", "error__type": "APITimeoutError"}, ("api.openai.com", 0, "timeout")),
    ],
)
def test_calls_are_read_by_older_conventions_and_of_model_clients(tmp_path: Path, said: dict[str, object], failure: tuple[str, int, str]) -> None:
    path = tmp_path / "spans.jsonl"
    path.write_text("\n".join(_client(number, **said) for number in range(3)))
    calls = read(path).calls
    assert {(call.address, call.port, failure_of(call)) for call in calls} == {failure}
    assert len(calls) == 3 and not any("secret" in call.path for call in calls)


def test_a_model_call_and_its_http_request_are_one(tmp_path: Path) -> None:
    path = tmp_path / "spans.jsonl"
    outer = _client(1, gen_ai__system="openai", server__address="api.openai.com", error__type="AuthenticationError")
    inner = _client(1, "s1", http__request__method="POST", server__address="api.openai.com", server__port=443, http__response__status_code=401)
    path.write_text(f"{outer}\n{inner}\n")
    assert [call.status for call in read(path).calls] == [401]


def test_a_call_of_a_database_is_none_of_these(tmp_path: Path) -> None:
    path = tmp_path / "spans.jsonl"
    path.write_text(_client(1, db__system="postgresql", server__address="db"))
    assert read(path).calls == []


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
