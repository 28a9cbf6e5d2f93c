"""Is it found by an earlier line of whom a delivery is for that it arrives in his process alone, and nothing where something else explains it?"""

from __future__ import annotations

import pytest

from callcheck.model.log import Place
from callcheck.sources.logs.housed import from_houses
from callcheck.sources.logs.trails import Step
from callcheck.sources.logs.units import units_of


def found(lost: str, *, apart: bool = True, home: str = "stall listening", many: int = 24) -> list[tuple[int, int]]:
    """Deliveries that arrive and that do not; stalls are at home in either of two processes, and prices are set in both."""
    steps: list[Step] = []

    def say(who: str, text: str, *ids: str) -> None:
        line = len(steps) + 1
        steps.append(Step("", who, float(line), line, Place("a.log", line, line), frozenset(ids), text, "", text))

    for stall in range(6):
        say(f"web-{1 + stall % 2}", home, f"s-{stall}")
    for n in range(many):
        stall = n % 6
        here, who = f"web-{1 + stall % 2}", f"web-{1 + n // 6 % 2}"
        say(who, "price set", f"s-{stall}", f"p{n}7f")
        if here == who or not apart and n % 2:
            say(who, "stall told", f"s-{stall}", f"p{n}7f")
        elif lost:
            say(who, lost, f"s-{stall}", f"p{n}7f")
    say("web-1", "the end", "z-77z")
    return [(len(one.fine), len(one.lost)) for one in from_houses(units_of(steps), steps, float(len(steps) + 100))]


def test_what_is_told_to_nobody_away_from_home_is_found() -> None:
    assert found("no stall to tell") == [(12, 12)]


def test_where_nothing_is_said_of_it_there_must_be_more_of_them() -> None:
    assert found("") == [(12, 12)]
    assert found("", many=16) == []


@pytest.mark.parametrize("text", ["told by the broker", "cache: nothing here, read anew"])
def test_another_good_end_or_what_each_process_holds_for_itself_is_no_loss(text: str) -> None:
    assert found(text) == []


def test_what_arrives_away_from_home_too_shows_that_home_is_not_the_reason() -> None:
    assert found("no stall to tell", apart=False) == []
