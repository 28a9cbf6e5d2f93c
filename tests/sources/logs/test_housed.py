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


def taken(text: str = "event consumed", *, twice: bool = False, sender: str = "orders-1") -> list[tuple[int, int, bool]]:
    """Deliveries that another service sends, and that one of two processes takes, each of which has half of the people."""
    steps: list[Step] = []

    def say(who: str, text: str, *ids: str) -> None:
        line = len(steps) + 1
        steps.append(Step("", who, float(line), line, Place("a.log", line, line), frozenset(ids), text, "", text))

    for user in range(6):
        say(f"push-{1 + user % 2}", "stream opened", f"u-{user}")
    for n in range(30):
        user = n % 6
        here, who = f"push-{1 + user % 2}", f"push-{1 + n // 6 % 2}"
        say(sender, "event published", f"u-{user}", f"e{n}7f")
        for each in (who, here) if twice and here != who else (who,):
            say(each, text, f"u-{user}", f"e{n}7f")
            if each == here:
                say(each, "sent", f"u-{user}", f"e{n}7f")
    say("push-1", "the end", "z-77z")
    return [(len(one.fine), len(one.lost), one.taken) for one in from_houses(units_of(steps), steps, float(len(steps) + 100))]


def test_what_another_service_sends_is_compared_by_who_takes_it() -> None:
    assert taken() == [(15, 15, True)]
    assert taken("in the works") == [(15, 15, False)]
    assert taken(twice=True) == []
