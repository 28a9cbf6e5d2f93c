"""Is a process told of that is asked for what another one registered, and not where all are asked, or the owner has nothing either?"""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from callcheck.model.log import Level, Place, Record
from callcheck.sources.logs.asked import unknown
from callcheck.sources.logs.summary import Summarizer
from callcheck.sources.logs.trails import Crossing
from tests.tools.shipped import shipped_logs

KNOWN = shipped_logs()
Line = tuple[float, str, str]


def found(lines: Iterable[Line]) -> Crossing:
    made = Summarizer(KNOWN.signatures, KNOWN.boundaries)
    for number, (time, who, text) in enumerate(lines, 1):
        made.take(Record(Place("lift.log", number, number), text, 1_000_000 + time, Level.INFO, who, "", [], number << 16))
    return unknown(made.summary.trails)


def counts(crossing: Crossing) -> tuple[int, int, int, int]:
    return crossing.lost, crossing.arrived, crossing.same, crossing.same_lost


@pytest.mark.parametrize("text", ["riders notified ride=7101 clients=0", "sent to 0 clients ride=7101", "no socket here ride=7101", "notice pushed ride=7101 recipients=none"])
def test_who_is_asked_for_what_another_process_has_does_not_know_it(text: str) -> None:
    told = text.replace("clients=0", "clients=2").replace("0 clients", "1 clients").replace("none", "1").replace("7101", "6003")
    crossing = found([(0, "lift-1", "stream opened ride=7101"), (9, "lift-2", text), (20, "lift-2", told)])
    assert counts(crossing) == (1, 0, 0, 0)
    assert [(own.place.line, other.place.line) for own, other in crossing.pairs] == [(1, 2)]
    assert crossing.instances == {"lift-1", "lift-2"}


def test_a_figure_that_is_always_none_is_about_something_else() -> None:
    assert found([(0, "lift-1", "stream opened ride=7101"), (9, "lift-2", "digest run ride=7101 sent=0")]).lost == 0


def test_the_process_itself_may_have_forgotten_it() -> None:
    assert counts(found([(0, "lift-1", "stream opened ride=7101"), (9, "lift-1", "riders notified ride=7101 clients=0")])) == (0, 0, 0, 1)


@pytest.mark.parametrize("owners", ["clients=1", "clients=0"])
def test_where_all_are_asked_at_once_nothing_is_lost_between_them(owners: str) -> None:
    lines = [(0, "lift-1", "stream opened ride=7101"), (9, "lift-2", "riders notified ride=7101 clients=0"), (9.4, "lift-1", f"riders notified ride=7101 {owners}")]
    assert found(lines).lost == 0


def test_an_answer_of_the_owner_long_before_is_that_to_another_event() -> None:
    lines = [(0, "lift-1", "stream opened ride=7101"), (9, "lift-1", "riders notified ride=7101 clients=1"), (90, "lift-2", "riders notified ride=7101 clients=0")]
    assert found(lines).lost == 1


@pytest.mark.parametrize("text", ["report sent=0 bytes ride=7101", "riders notified ride=7101 clients=10", "riders notified ride=7101"])
def test_other_figures_say_nothing_of_it(text: str) -> None:
    assert found([(0, "lift-1", "stream opened ride=7101"), (9, "lift-2", text)]).lost == 0


def test_what_is_said_to_have_come_and_then_to_be_waited_for_by_nobody_has_not_arrived() -> None:
    lines = [(0, "lift-1", "waiting for callback ride=7101"), (9, "lift-2", "callback received ride=7101"), (9.1, "lift-2", "no waiter for ride=7101")]
    assert counts(found(lines)) == (1, 0, 0, 0)


def test_where_no_process_is_named_a_line_may_say_that_there_are_others() -> None:
    waits = (0, "", "waiting for callback ride=7101")
    assert found([waits, (9, "", "no waiter for ride=7101 in this process")]).lost == 1
    assert found([waits, (9, "", "no waiter for ride=7101")]).lost == 0
