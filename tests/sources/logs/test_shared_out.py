"""Are two services found that take from one queue and get half of the messages each, and none that are meant to share?"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from callcheck.model.log import Place, Record
from callcheck.sources.logs.shared_out import shared_out
from callcheck.sources.logs.sources import Sources
from callcheck.sources.logs.trails import Step
from callcheck.sources.logs.units import units_of
from callcheck.sources.logs.view import View


def found(takers: dict[str, str], takes: Callable[[int], list[str]], does: dict[str, str]) -> list[tuple[str, str, str]]:
    """`takers`: instance -> queue; `takes`: who gets the n-th message; `does`: what an instance writes of it."""
    sources, steps = Sources(), []
    for n, (who, queue) in enumerate(takers.items(), 1):
        sources.see(View(Record(Place("a.log", n, n), f"consuming queue={queue}", instance=who)))
    for n in range(16):
        for at, (who, said) in enumerate([("gate-1", "event written"), *((each, does[each]) for each in takes(n))]):
            line = 10 * n + at + 10
            stage = "" if at else "emitted"
            steps.append(Step(stage, who, float(line), line, Place("a.log", line, line), frozenset({f"m{n}x7"}), said, "gate.opened" if not at else "", said))
    return [(one.name, one.here, one.there) for one in shared_out(sources, units_of(steps))]


TWO = {"lamp-1": "gates", "audit-1": "gates"}
OWN = {"lamp-1": "light on", "audit-1": "row written"}


def turns(n: int) -> list[str]:
    return ["lamp-1" if n % 2 else "audit-1"]


def test_two_services_that_get_one_half_each_are_found() -> None:
    assert found(TWO, turns, OWN) == [("gates", "lamp", "audit")]


@pytest.mark.parametrize(
    ("takers", "takes", "does"),
    [
        (TWO, lambda n: ["lamp-1", "audit-1"], OWN),  # both hear all
        ({"lamp-1": "gates", "audit-1": "gates.audit"}, turns, OWN),  # a queue of its own
        (TWO, turns, {"lamp-1": "light on", "audit-1": "light on"}),  # two deployments of one program
        ({"lamp-1": "gates", "lamp-2": "gates"}, lambda n: [f"lamp-{1 + n % 2}"], {"lamp-1": "light on", "lamp-2": "lamp lit"}),  # replicas
        (TWO, lambda n: ["lamp-1"], OWN),  # the other one gets nothing
    ],
)
def test_services_that_hear_all_or_are_one_are_not(takers: dict[str, str], takes: Callable[[int], list[str]], does: dict[str, str]) -> None:
    assert found(takers, takes, does) == []


@pytest.mark.parametrize(("other", "is_said"), [("loaves", False), ("gates", True)])
def test_members_of_one_group_that_read_other_topics_share_nothing(other: str, is_said: bool) -> None:
    takers = {"lamp-1": "keepers topic=gates", "audit-1": f"keepers topic={other}"}
    assert bool(found(takers, turns, OWN)) is is_said


def test_the_name_of_a_logger_makes_no_other_program() -> None:
    assert found(TWO, turns, {"lamp-1": "geo east info fix stored", "audit-1": "geo west info fix stored"}) == []
    assert found(TWO, turns, {"lamp-1": "geo east info fix stored", "audit-1": "geo west info map drawn"}) == [("gates", "lamp", "audit")]


def two_lines(turn: Callable[[int], list[str]], *, sender: bool = True, own: bool = True, queue: str = "queue=gates") -> bool:
    """Either writes that it takes the message in the same words as the other, and then what it does with it."""
    sources, steps = Sources(), []
    for n, who in enumerate(("lamp-1", "audit-1"), 1):
        sources.see(View(Record(Place("a.log", n, n), f"consuming {queue}", instance=who)))
    for n in range(16):
        said = [("gate-1", "event written")] if sender else []
        for who in turn(n):
            said += [(who, "gate event taken"), (who, OWN[who] if own else "done with it")]
        for at, (who, text) in enumerate(said):
            line = 10 * n + at + 10
            steps.append(Step("", who, float(line), line, Place("a.log", line, line), frozenset({f"m{n}x7"}), text, "", text))
    return any(shared_out(sources, units_of(steps)))


def test_two_programs_may_take_a_message_in_the_same_words() -> None:
    assert two_lines(turns)
    assert not two_lines(turns, own=False)  # two deployments of one program
    assert not two_lines(lambda n: ["lamp-1", "audit-1"])


def test_the_sender_may_write_elsewhere_where_both_name_one_queue_or_topic() -> None:
    assert two_lines(turns, sender=False)
    assert two_lines(turns, sender=False, queue="group=keepers topic=gates")
    assert not two_lines(turns, sender=False, queue="group=keepers")
    assert not two_lines(lambda n: ["lamp-1", "audit-1"], sender=False)
