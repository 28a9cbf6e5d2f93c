"""Are tracebacks and stacks joined to the line they belong to?"""

from __future__ import annotations

from callcheck.knowledge import logs, shipped
from callcheck.model.log import Record
from callcheck.sources.logs.records import Joiner
from callcheck.sources.logs.unwrap import Unwrapper

FORMATS = logs.load([shipped()]).formats


def join(*lines: str) -> list[Record]:
    unwrapper, joiner = Unwrapper(FORMATS, lines), Joiner("a.log")
    found = [record for number, line in enumerate(lines, 1) for record in joiner.take(number, unwrapper.read(line))]
    return [*found, *joiner.rest()]


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
