"""Is it seen that a value of the request is none from some line on, and not that it never was to be there?"""

from __future__ import annotations

import pytest

from callcheck.model.log import Place
from callcheck.sources.logs.lost_contexts import emptied
from callcheck.sources.logs.trails import Step
from callcheck.sources.logs.units import units_of


def found(first: str, later: str, by: str = "api", bad: bool = False, every: int = 1) -> list[tuple[str, int]]:
    """By two lines of each of eight deliveries, of which only some lack the value; `{n}` is the delivery's number."""
    steps = []
    for n in range(8):
        for at, (who, said) in enumerate([("api", first), (by, later if n % every == 0 else later.replace("None", "{n}c4"))]):
            line = 10 * n + at + 1
            steps.append(Step("", who, float(line), line, Place("a.log", line, line), frozenset({f"o{n}x7"}), said.format(n=n), "", f"line {at}", bad and at == 1))
    return [(one.key, len(one.pairs)) for one in emptied(units_of(steps))]


FIRST = "order placed request_id={n}c4"


@pytest.mark.parametrize("later", ["mail sent request_id=None", "mail sent request_id: null", "mail sent {{'request_id': 'undefined'}}"])
def test_a_value_that_is_none_further_on_is_missed(later: str) -> None:
    assert found(FIRST, later) == [("request_id", 8)]


def test_another_process_needs_it_where_it_does_nothing_without_it() -> None:
    assert found("upload accepted tenant=t{n}", "skipped tenant=None", "mail", bad=True) == [("tenant", 8)]
    assert found("upload accepted tenant=t{n}", "stored tenant=None", "mail") == []


@pytest.mark.parametrize(
    ("first", "later", "every"),
    [
        (FIRST, "mail sent request_id=-", 1),  # what a formatter writes outside of requests
        (FIRST, "mail sent user_id=None", 1),  # somebody who is not signed in
        ("order placed", "mail sent request_id=None", 1),  # never there
        (FIRST, "mail sent request_id=None", 3),  # mostly there
        (FIRST, "mail sent", 1),
    ],
)
def test_what_is_there_or_never_was_is_not_missed(first: str, later: str, every: int) -> None:
    assert found(first, later, every=every) == []


def test_what_comes_much_later_about_the_same_thing_is_no_work_of_that_request() -> None:
    steps = []
    for n in range(8):
        for at, said in enumerate(["order placed request_id=r{n}c4", "export of the order request_id=None"]):
            steps.append(Step("", "api", 100.0 * n + 40 * at, 2 * n + at, Place("a.log", 2 * n + at, 2 * n + at), frozenset({f"o{n}x7"}), said.format(n=n), "", f"line {at}"))
    assert list(emptied(units_of(steps))) == []
