"""Is work that goes on only as another request comes told from work that goes on by itself?"""

from __future__ import annotations

import pytest

from callcheck.model.log import Place, Record
from callcheck.sources.logs.thawed import Answered
from callcheck.sources.logs.view import View


def answered(gap: float, after: float, key: str = "requestId") -> Answered:
    """Eight requests, `gap` seconds apart; what each leaves undone goes on `after` so long past the begin of the next."""
    lines = [(n * gap, f"POST /hooks 200 {key}=req-{n:06d}") for n in range(8)]
    lines += [((n + 1) * gap + after, f"order {n} stored {key}=req-{n:06d}") for n in range(7)]
    held = Answered()
    for number, (time, text) in enumerate(sorted(lines), 1):
        held.see(View(Record(Place("a.log", number, number), text, time), number))
    return held


@pytest.mark.parametrize("key", ["requestId", "request_id", "reqId", "invocation_id"])
def test_what_goes_on_as_the_next_request_comes_is_told(key: str) -> None:
    thawed = answered(120.0, 0.01, key).thawed()
    assert thawed is not None
    assert thawed.count == 7
    assert [later[5] for _, later in thawed.pairs] == [f"order {n} stored {key}=req-{n:06d}" for n in range(3)]


@pytest.mark.parametrize(("gap", "after"), [(120.0, 30.0), (120.0, -110.0), (0.5, 0.01)])
def test_what_goes_on_by_itself_or_where_requests_come_all_the_time_is_not(gap: float, after: float) -> None:
    assert answered(gap, after).thawed() is None


def test_parts_say_the_same_together() -> None:
    whole, half = Answered(), answered(120.0, 0.01)
    whole.merge(half)
    assert whole.thawed() == answered(120.0, 0.01).thawed()


def test_a_request_that_brings_the_answer_for_an_earlier_one_is_no_thaw() -> None:
    lines = []
    for n in range(8):
        lines += [(n * 240.0, f"POST /jobs 202 requestId=req-a{n:05d} job=71{n:02d}"), (n * 240.0 + 60, f"callback received job=71{n:02d} requestId=req-b{n:05d}")]
        lines += [(n * 240.0 + 60.01, f"job=71{n:02d} done requestId=req-a{n:05d}"), (n * 240.0 + 60.02, f"POST /callback 200 requestId=req-b{n:05d}")]
    held = Answered()
    for number, (time, text) in enumerate(sorted(lines), 1):
        held.see(View(Record(Place("a.log", number, number), text, time), number))
    assert held.thawed() is None
