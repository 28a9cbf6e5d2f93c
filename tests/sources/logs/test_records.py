"""Are tracebacks and stacks joined to the line they belong to?"""

from __future__ import annotations

from callcheck.model.log import Record
from callcheck.sources.logs.records import Joiner
from callcheck.sources.logs.unwrap import Unwrapper
from tests.tools.shipped import shipped_logs

FORMATS = shipped_logs().formats


def join(*lines: str) -> list[Record]:
    unwrapper, joiner = Unwrapper(FORMATS, lines), Joiner("a.log")
    found = [record for number, line in enumerate(lines, 1) for record in joiner.take(number, unwrapper.read(line))]
    return [*found, *joiner.rest()]


def test_a_page_of_html_belongs_to_the_error_whose_message_it_is() -> None:
    page = ["<head><title>504 Gateway Time-out</title></head>", "<body>", "<center><h1>504 Gateway Time-out</h1></center>", "</html>"]
    traced = ["Traceback (most recent call last):", '  File "a.py", line 1, in f', "openai.InternalServerError: <html>", *page]
    found = join("2025-01-01 00:00:00,001 ERROR app failed", *traced, "2025-01-01 00:00:01,001 ERROR app failed: <html>", *page, "2025-01-01 00:00:02,001 INFO app <b>", *page)
    assert [len(record.more) for record in found[:2]] == [7, 4]
    assert not found[2].more


def test_a_page_belongs_to_the_error_below_a_message_too() -> None:
    """RQ prints the frames of a stack without its first line, and a CDN's page has a line for the kind of document."""
    page = ["<!DOCTYPE html>", '<html lang="en-US">', "<head>", '<meta charset="UTF-8" />', "<title>api.example.com | 504: Gateway time-out</title>", "</head>", "</html>"]
    raised = ['  File "a.py", line 1, in f', f"openai.InternalServerError: {page[0]}", *page[1:]]
    found = join("08:00:28 [Job 7]: exception raised while executing (jobs.run)", *raised, "08:00:29 Job OK (8)")
    assert [len(record.more) for record in found] == [8, 0]


def test_a_python_traceback_belongs_to_the_line_above_it() -> None:
    found = join(
        "2025-01-01 00:00:00,001 ERROR app failed",
        "Traceback (most recent call last):",
        '  File "a.py", line 1, in f',
        "    g()",
        "ValueError: one",
        "",
        "During handling of the above exception, another exception occurred:",
        "",
        "Traceback (most recent call last):",
        '  File "a.py", line 3, in f',
        "KeyError: 'two'",
        "2025-01-01 00:00:01,001 INFO app on",
    )
    assert [(r.place.line, r.place.last) for r in found] == [(1, 11), (12, 12)]
    assert "KeyError" in found[0].full


def test_a_node_error_keeps_its_frames_and_cause() -> None:
    found = join(
        "[chat] run TypeError: fetch failed",
        "    at f (a.js:1:1) {",
        "  cause: Error: connect ECONNREFUSED 127.0.0.1:1",
        "}",
        "[chat] next",
    )
    assert [len(r.more) for r in found] == [3, 0]


def test_interleaved_sources_are_kept_apart() -> None:
    found = join(
        "web-1  | Traceback (most recent call last):",
        "web-2  | INFO:     up",
        'web-1  |   File "a.py", line 1, in f',
        "web-1  | ValueError: one",
        "web-2  | INFO:     down",
        "web-1  | INFO:     on",
    )
    one = next(r for r in found if "Traceback" in r.text)
    assert (one.instance, one.place.last, one.more[-1]) == ("web-1", 4, "ValueError: one")


def test_a_traceback_after_an_ordinary_line_is_an_entry_of_its_own() -> None:
    found = join(
        'INFO:     1.2.3.4:5 - "GET / HTTP/1.1" 200 OK',
        "Traceback (most recent call last):",
        '  File "a.py", line 1, in f',
        "ValueError: one",
    )
    assert [r.place.line for r in found] == [1, 2]


def test_an_endless_traceback_is_bounded() -> None:
    found = join(
        "2025-01-01 00:00:00,001 ERROR app failed",
        "Traceback (most recent call last):",
        *["  x"] * 5000,
        "ValueError: end",
    )
    assert len(found[0].more) < 200
    assert found[0].more[-1] == "ValueError: end"


def test_the_fields_below_a_pretty_line_belong_to_it_although_only_its_head_names_the_instance() -> None:
    found = join(
        "[2026-11-23 07:57:56.324 +0000] ERROR (worker/18 on host-0): completion failed",
        '    run: "abc123"',
        "    err: {",
        '      "type": "Error",',
        "    }",
        "[2026-11-23 07:57:57.324 +0000] INFO (worker/19 on host-1): up",
    )
    assert [(r.instance, r.text, r.place.last) for r in found] == [
        ("host-0/18", "completion failed run=abc123", 5),
        ("host-1/19", "up", 6),
    ]


def test_an_error_that_nobody_catches_is_one_entry_with_the_line_of_code_above_it() -> None:
    found = join(
        "GET /healthz 200",
        "/app/dist/paid.js:12",
        "    const total = event.order.total",
        "                              ^",
        "",
        "TypeError: Cannot read properties of undefined (reading 'total')",
        "    at Bus.onPaid (/app/dist/paid.js:12:31)",
        "",
        "Node.js v20.20.2",
    )
    assert [(r.place.line, r.place.last) for r in found] == [(1, 1), (2, 9)]


def test_the_escaped_stack_of_a_logfmt_line_is_read_as_its_lines() -> None:
    found = join('ts=2026-11-23T07:57:56Z level=error msg="run failed" error="Traceback (most recent call last):\\n  boom\\nValueError: x" run=r7')
    assert found[0].text.startswith("run failed error=")
    assert found[0].more[-1] == 'ValueError: x" run=r7'


def test_the_message_of_a_panic_belongs_to_the_line_that_names_its_place() -> None:
    found = join(
        "2025-01-01T00:00:00.100Z  INFO feed: quote stored",
        "thread 'feed' panicked at src/feed.rs:31:9:",
        'called `Result::unwrap()` on an `Err` value: Error("missing field `bid`", line: 1, column: 34)',
        "note: run with `RUST_BACKTRACE=1` environment variable to display a backtrace",
        "2025-01-01T00:00:01.100Z  INFO feed: page shown",
    )
    assert [(r.place.line, r.place.last) for r in found] == [(1, 1), (2, 3), (4, 4), (5, 5)]


def test_the_exception_that_ends_a_thread_of_ruby_belongs_to_the_line_that_tells_of_its_end() -> None:
    found = join(
        "I, [2025-01-01T00:00:00.100000 #7]  INFO -- : relayed",
        "#<Thread:0x00007f3c /srv/relay.rb:14 run> terminated with exception (report_on_exception is true):",
        "/srv/relay.rb:22:in `relay': wrong number of arguments (given 1, expected 2) (ArgumentError)",
        "\tfrom /srv/relay.rb:16:in `block in start'",
        "relayed by hand",
    )
    assert [(r.place.line, r.place.last) for r in found] == [(1, 1), (2, 4), (5, 5)]


def test_the_end_of_a_thread_is_an_entry_of_its_own_right_behind_the_error_that_ends_it() -> None:
    found = join(
        "2025-01-01T00:00:00.100Z ERROR feed: Caught exception in on_close: closed() takes 2 positional arguments but 4 were given",
        "Exception in thread feed-reader:",
        "Traceback (most recent call last):",
        '  File "/srv/feed.py", line 9, in _run',
        "    on_close(",
        "TypeError: closed() takes 2 positional arguments but 4 were given",
        "2025-01-01T00:00:01.100Z  INFO feed: page shown",
    )
    assert [(r.place.line, r.place.last) for r in found] == [(1, 1), (2, 6), (7, 7)]


def test_lines_that_bear_no_pod_go_on_with_the_entry_before_them_and_with_no_earlier_one() -> None:
    traced = ["Traceback (most recent call last):", '  File "a.py", line 1, in f', "KeyError: 'id'"]
    pods = [f"2026-03-01T10:00:0{n}.100Z api-7f6c9d5b8-{'x2k4q' if n % 2 else 'm9w7d'} INFO up" for n in range(6)]
    failed = ["2026-03-01T10:00:07.100Z api-7f6c9d5b8-x2k4q ERROR request failed", *traced]
    found = join(*pods, *failed, "2026-03-01T10:00:08.100Z api-7f6c9d5b8-m9w7d INFO up", *failed)
    assert [len(record.more) for record in found if record.text.startswith("ERROR") or "failed" in record.text] == [3, 3]


def test_what_node_prints_last_belongs_to_the_error_that_ends_it() -> None:
    crash = ["node:internal/process/promises:394", "      triggerUncaughtException(err, true);", "      ^", "", "[UnhandledPromiseRejection: the reason \"#<Object>\".] {", "  code: 'ERR_UNHANDLED_REJECTION'", "}", "", "Node.js v20.20.2"]
    found = join("2026-03-01T10:00:00.100Z INFO up", *crash, "2026-03-01T10:00:02.100Z INFO up", "Node.js v20.20.2")
    assert [record.more[-1] for record in found if record.more] == ["Node.js v20.20.2"]
    assert [record.text for record in found][-1] == "Node.js v20.20.2"
