"""Is it known which threads an exception ends, and when, in whatever order the parts of a log come?"""

from __future__ import annotations

import itertools

import pytest

from callcheck.model.log import Level, Place, Record
from callcheck.sources.logs.deaths import Deaths
from callcheck.sources.logs.view import View


def view(number: int, text: str, time: float | None, file: str = "hub.log") -> View:
    return View(Record(Place(file, number, number), text, time, Level.INFO, "hub", "", [], number << 16))


def deaths(*lines: tuple[int, str, float | None]) -> Deaths:
    made = Deaths()
    for line in lines:
        made.see(view(*line))
    return made


def marks(found: Deaths) -> list[tuple[int, float]]:
    return [(mark.place.line, mark.time) for _, mark in found.marks()]


@pytest.mark.parametrize(
    "text",
    [
        "Exception in thread mqtt-loop:",
        "Exception in thread Thread-3 (consume):",
        'Exception in thread "level-reader" java.lang.NumberFormatException: For input string: "n/a"',
        "#<Thread:0x00007f3c /srv/relay.rb:14 run> terminated with exception (report_on_exception is true):",
        "thread 'feed' panicked at src/feed.rs:31:9:",
        "thread 'feed' (41207) panicked at src/feed.rs:31:9:",
        "Unhandled exception in thread started by <function read at 0x7f3c>",
        "consumer thread died with KeyError: 'bid'",
        "listener 4 stopped because of an unexpected ValueError",
    ],
)
def test_a_thread_that_ends_is_dated_by_the_next_line_with_a_time(text: str) -> None:
    assert marks(deaths((1, "reading stored", 10.0), (2, text, None), (3, "  File", None), (4, "GET /status", 12.0), (5, "GET /status", 14.0))) == [(2, 12.0)]


@pytest.mark.parametrize(
    ("text", "shaped"),
    [
        ("Exception in thread Thread-3 (consume):\nTraceback (most recent call last):\nTypeError: on_lost() takes 3 positional arguments but 5 were given", True),
        ('Exception in thread "feed" java.lang.ClassCastException: class java.util.LinkedHashMap cannot be cast to class h.Berth', True),
        ('Exception in thread "feed" java.lang.IllegalStateException: the hall is full', False),
        ("Exception in thread Thread-3 (consume):\nTraceback (most recent call last):\nRuntimeError: the hall is full", False),
    ],
)
def test_whether_the_exception_is_about_what_the_handler_was_handed_is_kept(text: str, shaped: bool) -> None:
    first, *more = text.split("\n")
    seen = Deaths()
    seen.see(View(Record(Place("hub.log", 2, 2), first, 10.0, Level.INFO, "hub", "", more, 2 << 16)))
    assert [death.shaped for death in seen.found] == [shaped]


@pytest.mark.parametrize(
    "text", ['Exception in thread "main" java.lang.IllegalStateException', "thread 'main' panicked at src/main.rs:3:5:", "consumer stopped", "listener ended with 4 readings", "error in a thread", "unhandledRejection: Error: metrics refused"]
)
def test_the_end_of_a_program_or_of_work_is_none(text: str) -> None:
    assert marks(deaths((1, text, 10.0), (2, "GET /status", 12.0))) == []


def test_its_own_time_counts_before_that_of_others() -> None:
    assert marks(deaths((1, "consumer thread died with KeyError: 'bid'", 10.0), (2, "GET /status", 12.0))) == [(1, 10.0)]


def test_without_a_later_time_in_its_log_nothing_is_known() -> None:
    found = deaths((1, "reading stored", 10.0), (2, "Exception in thread mqtt-loop:", None))
    found.see(view(9, "GET /status", 12.0, "web.log"))
    assert marks(found) == []


def test_parts_in_any_order_say_the_same() -> None:
    parts = [
        [(1, "reading stored", 10.0), (2, "Exception in thread mqtt-loop:", None)],
        [(3, "Exception in thread feed-loop:", None)],
        [(4, "GET /status", 12.0), (5, "Exception in thread tide-loop:", None), (6, "GET /status", 13.0)],
        [(7, "GET /status", 14.0)],
    ]
    for order in itertools.permutations(parts):
        whole = Deaths()
        for part in order:
            whole.merge(deaths(*part))
        assert marks(whole) == [(2, 12.0), (3, 12.0), (5, 13.0)]
        assert whole == deaths(*itertools.chain(*parts))


def test_a_task_that_is_collected_while_it_waits_ends_what_it_wrote() -> None:
    found = deaths((3, "reading of tank 7 stored", 10.0), (4, "asyncio: Task was destroyed but it is pending!", 12.0), (5, "GET /status 200", 14.0))
    assert [(mark.what, mark.time) for _, mark in found.marks()] == [("collected", 12.0)]
