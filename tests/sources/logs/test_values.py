"""Is it told by which value, size, partition or turn deliveries are lost, and nothing where somebody takes them or it may be meant?"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from callcheck.model.log import Place
from callcheck.sources.logs.contrasts import from_emission
from callcheck.sources.logs.trails import Step
from callcheck.sources.logs.units import units_of

Said = Callable[[int], str]


def told(said: Said, lost: Callable[[int], bool], seen: str = "", many: int = 24) -> list[tuple[str, str, str, int]]:
    """What is sent says so in these words; `seen`: what the taker writes of those that are lost."""
    steps: list[Step] = []

    def say(stage: str, who: str, n: int, text: str, shape: str) -> None:
        line = len(steps) + 1
        steps.append(Step(stage, who, float(line), line, Place("a.log", line, line), frozenset([f"k-{n}71"]), text, "", shape))

    for n in range(many):
        say("emitted", "desk-1", n, f"published {said(n)}", "published")
        if not lost(n):
            say("", "print-1", n, "letter printed", "letter printed")
        elif seen:
            say("", "print-1", n, seen, seen)
    return [(one.how, one.one, one.other, len(one.lost)) for one in from_emission(units_of(steps), 1e9)]


def third(n: int) -> bool:
    return n % 3 == 2


def by_three(*names: str) -> Said:
    return lambda n: f"district={names[n % 3]}"


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (by_three("north", "harbour", "south"), ("value", "district", "south", 8)),
        (lambda n: f"bytes={70_000 + n if third(n) else 300 + n}", ("size", "size", "70002", 8)),
        (lambda n: f"to letters-{n % 3}@{90 + n}", ("part", "partition", "2", 8)),
        (lambda n: f"letter n={n}", ("turn", "turn", "3", 8)),
    ],
)
def test_what_tells_the_lost_ones_apart_is_found(said: Said, expected: tuple[str, str, str, int]) -> None:
    assert told(said, third) == [expected]


@pytest.mark.parametrize("said", [by_three("north", "harbour", "south"), lambda n: f"bytes={70_000 + n if third(n) else 300 + n}", lambda n: f"letter n={n}"])
def test_what_somebody_takes_and_leaves_has_its_reason(said: Said) -> None:
    assert told(said, third, "letter not wanted") == []


def test_kinds_of_which_nothing_is_to_come_and_few_are_nothing() -> None:
    assert told(by_three("north", "harbour", "test"), third) == []
    assert told(by_three("north", "harbour", "south"), third, many=12) == []


def test_what_is_lost_now_and_then_has_no_turn() -> None:
    assert told(lambda n: f"letter n={n}", lambda n: third(n) and n != 11) == []
    assert told(lambda n: f"bytes={70_000 + n if n % 4 == 1 else 300 + n}", lambda n: n % 5 == 1) == []
