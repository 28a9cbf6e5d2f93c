"""Are the batches of OpenTelemetry's file exporter read entry by entry?"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from callcheck.model.log import Level
from callcheck.sources.logs import Survey, otlp
from tests.tools.shipped import shipped_logs

RESOURCE = {"attributes": [{"key": "service.name", "value": {"stringValue": "wall"}}, {"key": "service.instance.id", "value": {"stringValue": "w-1"}}]}


def span(**more: Any) -> dict[str, Any]:
    """A batch with one span, as `otelcol`'s file exporter writes it (OTLP/JSON 1.x)."""
    return {"resourceSpans": [{"resource": RESOURCE, "scopeSpans": [{"scope": {}, "spans": [{"traceId": "a" * 32, "name": "x"} | more]}]}]}


def sent(key: str, value: str) -> list[dict[str, Any]]:
    return [{"key": key, "value": {"stringValue": value}}]


def test_a_producer_publishes_and_a_consumer_handles_under_the_trace_it_links_to() -> None:
    destination = sent("messaging.destination.name", "seat.taken")
    (out,) = otlp.entries(span(kind=4, attributes=destination, startTimeUnixNano="1795420101321000000"))
    (back,) = otlp.entries(span(kind=5, attributes=destination, links=[{"traceId": "b" * 32}]))
    assert out["message"] == f"published event=seat.taken trace={'a' * 32}"
    assert (round(out["time"], 3), out["instance"]) == (1795420101.321, "wall:w-1")
    assert back["message"] == f"handled event=seat.taken trace={'b' * 32}"


def test_a_consumer_that_links_to_a_batch_handles_each_trace_once() -> None:
    links = [{"traceId": "b" * 32}, {"traceId": "c" * 32}, {"traceId": "b" * 32}]
    back = otlp.entries(span(kind=5, attributes=sent("messaging.destination.name", "seat.taken"), links=links))
    assert [each["message"] for each in back] == [f"handled event=seat.taken trace={key * 32}" for key in "bc"]


def test_the_routing_key_of_an_exchange_is_the_event_at_both_ends() -> None:
    key = sent("messaging.rabbitmq.destination.routing_key", "load.rejected")
    (out,) = otlp.entries(span(kind=4, attributes=[*sent("messaging.destination.name", "harvest"), *key]))
    (back,) = otlp.entries(span(kind=5, attributes=[*sent("messaging.destination.name", "notices"), *key]))
    assert out["message"] == f"published event=load.rejected trace={'a' * 32} through=harvest"
    assert back["message"] == f"handled event=load.rejected trace={'a' * 32} through=notices"


def test_a_failed_span_says_its_exception() -> None:
    event = {"name": "exception", "attributes": [*sent("exception.type", "KeyError"), *sent("exception.message", "'id'"), *sent("exception.stacktrace", "Traceback\n  x")]}
    (entry,) = otlp.entries(span(kind=1, events=[event], status={"code": 2}))
    assert "KeyError: 'id'" in entry["message"]
    assert (entry["level"], entry["more"]) == (Level.ERROR, ["Traceback", "  x"])


def test_a_log_record_keeps_body_level_and_attributes() -> None:
    record = {"timeUnixNano": "1795420101000000000", "severityNumber": 17, "body": {"stringValue": "boom"}, "attributes": [{"key": "n", "value": {"intValue": "7"}}]}
    (entry,) = otlp.entries({"resourceLogs": [{"resource": RESOURCE, "scopeLogs": [{"scope": {"name": "app"}, "logRecords": [record]}]}]})
    assert (entry["message"], entry["level"], entry["logger"]) == ("boom n=7", Level.ERROR, "app")


def test_nonsense_in_a_batch_is_passed_over() -> None:
    assert list(otlp.entries({"resourceSpans": [None, {"scopeSpans": [{"spans": ["x"]}]}, {"scopeSpans": 3}]})) == []


def test_a_batch_longer_than_other_lines_may_be_is_read_whole(tmp_path: Path) -> None:
    batch = span(kind=4)
    spans = batch["resourceSpans"][0]["scopeSpans"][0]["spans"]
    spans += [spans[0] | {"name": f"span {n}"} for n in range(999)]
    path = tmp_path / "traces.jsonl"
    path.write_text(json.dumps(batch, separators=(",", ":")) + "\n")
    assert path.stat().st_size > 40_000
    assert Survey([path], None, shipped_logs(), tmp_path).summary.records == 1000
