"""A scenario is read as it is meant, and what is wrong with one is said with line and column."""

from __future__ import annotations

import json
from typing import Any

import pytest

from callcheck.model.errors import RuleError
from callcheck.model.scenario import Body, Connections, Order, Scenario
from callcheck.sources.documents import load
from callcheck.sources.scenario.read import parse
from callcheck.sources.scenario.shape import schema_text

WHOLE = """\
version: 1
scenarios:
  - name: job callback
    trigger:
      request: POST http://127.0.0.1:8000/jobs
      json: {id: "{{ run.id }}", callback_url: "{{ callback.url }}"}
      repeat: 10
      connections: fresh            # fresh | keep-alive
      order: sequential             # sequential | shuffled
      expect: {status: 202}
    callback:
      match: {json: {id: "{{ run.id }}"}}
      signature: {header: x-signature, scheme: hmac-sha256, prefix: "sha256=", secret_env: WEBHOOK_SECRET}
      reply: {status: [503, 503, 200], delay: 250ms}
    expect: {count: 1, within: 5s, settle: 2m}
"""
PAIR = """\
version: 1
scenarios:
  - name: start and execute
    register: {request: "GET http://localhost:8000/stream/{{ run.id }}", held: true}
    trigger: {request: "POST http://localhost:8000/execute/{{ run.id }}", repeat: 8}
"""


def only(text: str) -> Scenario:
    (one,) = parse(text, "s.yml")
    return one


def test_every_part_is_read() -> None:
    one = only(WHOLE)
    call = one.trigger.call
    assert (one.name, one.trigger.repeat, one.trigger.order, one.trigger.connections) == ("job callback", 10, Order.SEQUENTIAL, Connections.FRESH)
    assert (call.method, call.url, call.kind, call.statuses) == ("POST", "http://127.0.0.1:8000/jobs", Body.JSON, (202,))
    assert (call.where.path, call.where.line, call.where.column) == ("s.yml", 5, 16)
    assert one.callback is not None
    assert one.callback.signature is not None
    assert (one.callback.signature.header, one.callback.signature.algorithm, one.callback.signature.prefix) == ("x-signature", "sha256", "sha256=")
    assert [one.callback.reply.status(attempt) for attempt in (1, 2, 3, 4)] == [503, 503, 200, 200]
    assert (one.callback.reply.delay_s(9), one.expect.within_s, one.expect.settle_s) == (0.25, 5.0, 120.0)


def test_requests_in_pairs_go_out_both_ways_unless_one_is_asked_for() -> None:
    assert only(PAIR).trigger.order is Order.BOTH
    assert only(PAIR.replace("repeat: 8", "order: shuffled")).trigger.order is Order.SHUFFLED
    assert only(WHOLE.replace("      order: sequential             # sequential | shuffled\n", "")).trigger.order is Order.SEQUENTIAL


WRONG = [
    ("repeat: 10", "repeet: 10", "7:7", "unknown key `repeet`", "did you mean repeat?"),
    ("repeat: 10", "repeat: 900", "7:15", "a number from 1 to 500", ""),
    ("connections: fresh", "connections: frsh", "8:20", "fresh or keep-alive", "did you mean fresh?"),
    ("POST http", "SEND http", "5:16", "method and address", ""),
    ('"{{ run.id }}", c', "{{ run.id }}, c", "line 6", "as a key", "between quotes"),
    ('id: "{{ run.id }}", c', 'id: "{{ run.idd }}", c', "6:18", "unknown template {{ run.idd }}", "did you mean run.id?"),
    ("[503, 503, 200]", "[503, 5033]", "14:29", "`status[1]` is an HTTP status", ""),
    ("within: 5s", "within: 5 parsecs", "15:32", "`within` is a time", ""),
    ("within: 5s", "within: 20m", "15:32", "at most ten minutes", ""),
    ("header: x-signature, ", "", "13:18", "`header` is missing", "X-Signature"),
    ("hmac-sha256", "github", "13:19", "`github` knows its `header`", "hmac-sha256"),
    ("{{ callback.url }}", "x", "5:7", "nothing tells the app where", "{{ callback.url }}"),
    ("version: 1", "version: 2", "1:10", "`version` is 1", ""),
    ("version: 1", "version: true", "1:10", "`version` is 1", ""),
    ("version: 1", "version: 1\nversion: 1", "line 2, column 1", "said twice", ""),
    ("    expect: {count", "    expekt: {count", "15:5", "unknown key `expekt`", "expect"),
    ("      expect: {status", "      body: x\n      expect: {status", "10:7", "either `json` or `body`", ""),
    ('match: {json: {id: "{{ run.id }}"}}', "path: /hooks", "12:13", "must say by {{ run.id }}", "match"),
    ("scenarios:", "scenarios: *a\nothers:", "line 2", "alias", ""),
    ("prefix: \"sha256=\"", "signed: \"{timestamp}.{body}\"", "13:18", "go together", "signed"),
    ("reply: {", "reply: {headers: {\"a b\": c}, ", "14:25", "is no name", ""),
]  # fmt: skip


@pytest.mark.parametrize(("good", "bad", "place", "message", "hint"), WRONG, ids=[bad[:30] for _, bad, *_ in WRONG])
def test_what_is_wrong_is_said_with_its_place(good: str, bad: str, place: str, message: str, hint: str) -> None:
    assert good in WHOLE
    with pytest.raises(RuleError) as told:
        parse(WHOLE.replace(good, bad), "s.yml")
    assert place in told.value.message
    assert message in told.value.message
    assert hint in told.value.hint


@pytest.mark.parametrize("text", ["", "- 1", "[" * 5000, "version: 1\n---\nversion: 1\n", "a: &a [*a]", "x: \x1b[2J", "{}"])
def test_what_is_no_scenario_at_all_is_refused_and_printable(text: str) -> None:
    with pytest.raises(RuleError) as told:
        parse(text, "s.yml")
    assert told.value.message.isprintable()


def test_names_that_come_twice_and_too_many_triggers_are_refused() -> None:
    item = WHOLE.partition("scenarios:\n")[2]
    with pytest.raises(RuleError, match="two scenarios are called"):
        parse(WHOLE + item, "s.yml")
    many = "".join(item.replace("job callback", f"n{n}").replace("repeat: 10", "repeat: 500") for n in range(5))
    with pytest.raises(RuleError, match="more than 2,000 triggers"):
        parse("version: 1\nscenarios:\n" + many, "s.yml")


def test_the_schema_and_the_reader_agree() -> None:
    jsonschema: Any = pytest.importorskip("jsonschema")
    validator = jsonschema.Draft202012Validator(json.loads(schema_text()))
    validator.check_schema(json.loads(schema_text()))
    for text in (WHOLE, PAIR):
        validator.validate(load(text, "s.yml"))
    by_shape = [(good, bad) for good, bad, _, message, _ in WRONG if message.startswith(("unknown key", "a number", "`version`", "fresh", "method and", "`status[1]`", "`within` is a time")) and bad != "within: 20m"]  # fmt: skip
    assert len(by_shape) > 6
    for good, bad in by_shape:
        assert not validator.is_valid(load(WHOLE.replace(good, bad), "s.yml")), bad
