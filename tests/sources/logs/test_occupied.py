"""Do parts of a log, in any order, tell the same of when a kind of line came?"""

from __future__ import annotations

import random

import pytest

from callcheck.sources.logs.occupied import MOST, Occupied


def of(times: list[float]) -> Occupied:
    made = Occupied()
    for time in times:
        made.add(time)
    return made


@pytest.mark.parametrize("spread", [10, 600, 5_000, 90_000, 3_000_000])
def test_parts_in_any_order_give_the_same_whole(spread: int) -> None:
    choose = random.Random(spread)
    times = [1_700_000_000 + choose.random() * spread for _ in range(300)]
    whole = of(times)
    for _ in range(8):
        choose.shuffle(times)
        at = choose.randrange(1, 299)
        one, other = of(times[:at]), of(times[at:])
        one.merge(other)
        assert one == whole
    assert whole.parts() == sorted({int(time) >> whole.shift for time in times})
    assert whole.mask.bit_length() <= MOST


def test_of_nothing_there_are_no_parts() -> None:
    made = of([5.0])
    made.merge(Occupied())
    assert (made.parts(), list(made.gaps()), Occupied().parts()) == ([5], [], [])


def test_gaps_lie_between_the_parts() -> None:
    assert list(of([10.2, 20.9, 21.0, 50.0]).gaps()) == [(10, 20), (20, 21), (21, 50)]
    assert of([10.2, 20.9, 21.0, 50.0]).within(11, 50) == [20, 21]
