"""Are JSON documents read entry by entry, with the line that holds the message?"""

from __future__ import annotations

import json
from pathlib import Path

from callcheck.sources.logs.export import entries, is_export

EVENTS = {
    "events": [
        {"logStreamName": "s", "timestamp": 1, "message": "START } {\n"},
        {"logStreamName": "s", "timestamp": 2, "message": "END"},
    ]
}


def read(text: str) -> list[tuple[int, str]]:
    return [(telling, value["message"]) for _, _, telling, value in entries(enumerate(text.split("\n"), 1))]


def test_a_pretty_printed_export_gives_each_event_at_its_message() -> None:
    text = json.dumps(EVENTS, indent=4)
    assert is_export(text.split("\n")[:3])
    assert read(text) == [(6, "START } {\n"), (11, "END")]


def test_a_pretty_printed_list_works_too() -> None:
    assert [message for _, message in read(json.dumps(EVENTS["events"], indent=2))] == ["START } {\n", "END"]


def test_one_line_for_the_document_or_for_each_event() -> None:
    assert [message for _, message in read(json.dumps(EVENTS))] == ["START } {\n", "END"]
    rows = "[\n" + ",\n".join(json.dumps(event) for event in EVENTS["events"]) + "\n]"
    assert read(rows) == [(2, "START } {\n"), (3, "END")]


def test_json_lines_are_no_export() -> None:
    assert not is_export(['{"level":30,"msg":"a"}', '{"level":30,"msg":"b"}'])
    assert not is_export(["", "plain"])


def test_what_is_cut_off_ends_quietly(tmp_path: Path) -> None:
    assert len(read(json.dumps(EVENTS, indent=4)[:-40])) <= 2
    assert read("{") == []
    assert read("}}}}]]]]") == []


def test_batches_of_opentelemetry_are_read_over_several_lines_too() -> None:
    batch = {"resourceSpans": [{"scopeSpans": [{"spans": [{"traceId": "a1", "name": "send"}]}]}]}
    text = [*json.dumps(batch, indent=1).split("\n"), *json.dumps(batch, indent=1).split("\n")]
    assert is_export(text[:3])
    found = list(entries(enumerate(text, 1)))
    assert [(first, value) for first, _, _, value in found] == [(1, batch), (len(text) // 2 + 1, batch)]
    assert [telling for *_, telling, _ in found] == [1, len(text) // 2 + 1]
