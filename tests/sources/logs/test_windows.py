"""Is work that advances only under other requests told from work that goes on by itself?"""

from __future__ import annotations

from callcheck.model.log import Place, Record
from callcheck.sources.logs.trails import Step
from callcheck.sources.logs.view import View
from callcheck.sources.logs.windows import Windows


def served(*times: float) -> Windows:
    windows = Windows()
    for n, time in enumerate(times):
        text = '"GET /health HTTP/1.1" 200 latency=0.2s "-"'
        windows.see(View(Record(Place("a.log", n, n), text, time, instance="i"), n))
    return windows


def job(n: int, *times: float) -> list[Step]:
    words = ["job accepted", *["rendering page"] * (len(times) - 2), "job done"]
    return [
        Step("", "i", time, n * 100 + k, Place("b.log", n * 100 + k, n * 100 + k), frozenset([f"j{n}"]), text, "", text)
        for k, (time, text) in enumerate(zip(times, words, strict=True))
    ]


REQUESTS = tuple(60.0 * n for n in range(20))


def test_lines_that_stand_only_in_the_windows_of_other_requests_are_told() -> None:
    steps = [step for n in range(4) for step in job(n, 60.0 * n, 60.0 * n + 60, 60.0 * n + 120, 60.0 * n + 180.1)]
    moved = served(*REQUESTS).moved(steps)
    assert moved is not None
    assert (moved.inside, moved.outside, moved.units) == (12, 0, 4)


def test_work_that_goes_on_between_requests_is_not() -> None:
    steps = [step for n in range(4) for step in job(n, 60.0 * n, 60.0 * n + 5, 60.0 * n + 10, 60.0 * n + 15)]
    assert served(*REQUESTS).moved(steps) is None


def test_an_instance_that_is_always_busy_proves_nothing() -> None:
    steps = [step for n in range(4) for step in job(n, 60.0 * n, 60.0 * n + 60, 60.0 * n + 120, 60.0 * n + 180.1)]
    assert served(*[n / 2 for n in range(2400)]).moved(steps) is None


def _asked(*requests: tuple[float, str]) -> Windows:
    windows = Windows()
    for n, (time, asked) in enumerate(requests):
        windows.see(View(Record(Place("a.log", n, n), f'"{asked} HTTP/1.1" 200 latency=0.2s "-"', time, instance="i"), n))
    return windows


def _paid(back: str, *between: tuple[float, str]) -> Windows:
    """Four orders, and for each of them a request some minutes later."""
    return _asked(*((300.0 * n, "POST /orders") for n in range(4)), *((300.0 * n + 120, back) for n in range(4)), *between)


PAID = [step for n in range(4) for step in job(n, 300.0 * n, 300.0 * n + 120, 300.0 * n + 120.1, 300.0 * n + 120.2)]


def test_what_a_call_from_outside_brings_is_what_the_work_waits_for() -> None:
    assert _paid("POST /hooks/payments").moved(PAID) is None
    assert _paid("POST /hooks/payments", (1500.0, "GET /health")).moved(PAID) is None


def test_requests_that_come_for_something_else_bring_nothing() -> None:
    pings = tuple((300.0 * n + at, "POST /ping") for n in range(4) for at in (30.0, 60.0, 90.0, 200.0))
    assert _paid("POST /ping", *pings).moved(PAID) is not None
    assert _paid("GET /orders/7").moved(PAID) is not None
    assert _paid("POST /orders").moved(PAID) is not None


def test_parts_of_a_log_merge() -> None:
    left, right = served(*REQUESTS[:7]), served(*REQUESTS[7:])
    left.merge(right)
    assert left.spans == served(*REQUESTS).spans


def asked(*paths: str) -> Windows:
    windows = Windows()
    for n, path in enumerate(paths):
        windows.see(View(Record(Place("a.log", n, n), f'"{path} HTTP/1.1" 200 latency=0.2s "-"', 60.0 * n, instance="i"), n))
    return windows


def test_one_line_that_waits_for_any_other_request_is_enough_where_it_comes_with_several_routes() -> None:
    steps = [step for n in range(18) for step in job(n, 60.0 * n + 0.1, 60.0 * (n + 1) + 0.1)]
    assert asked(*["POST /jobs", "POST /prices"] * 10).moved(steps) is not None
    assert asked(*["GET /jobs/7"] * 20).moved(steps) is None


def test_what_is_done_soon_after_the_answer_tells_nothing() -> None:
    steps = [step for n in range(18) for step in job(n, 60.0 * n + 0.1, 60.0 * n + 2.1)]
    assert asked(*["POST /jobs", "POST /prices"] * 10).moved(steps) is None


def test_what_is_begun_anew_in_the_other_request_was_sent_again() -> None:
    steps = [step for n in range(4) for again in range(3) for step in job(n, 60.0 * (n + again), 60.0 * (n + again) + 0.1)]
    assert served(*REQUESTS).moved(steps) is None
