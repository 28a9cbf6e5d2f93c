"""Are deliveries found that name nobody but the one they are for, and none where they have an id of their own or name what all lines name?"""

from __future__ import annotations

from callcheck.model.log import Place
from callcheck.sources.logs.housed import from_houses
from callcheck.sources.logs.rounds import rounds
from callcheck.sources.logs.trails import Step
from callcheck.sources.logs.units import units_of


def lines(*, apart: bool = True, own: bool = False, common: bool = False, bays: int = 6) -> list[Step]:
    """Bays whose screens are open in one of three processes each; what becomes free is told by any of them."""
    steps: list[Step] = []

    def say(who: str, text: str, bay: int, *more: str) -> None:
        line = len(steps) + 1
        steps.append(Step("", who, float(line), line, Place("a.log", line, line), frozenset(["eu-3"] if common else [f"b-{bay}", *more]), text, "", text))

    for bay in range(bays):
        say(f"w-{bay % 3}", "screen open", bay)
    for n in range(36):
        bay, who = n % bays, f"w-{n // bays % 3}"
        more = [f"n{n}7f"] if own else []
        say(who, "freed", bay, *more)
        if who == f"w-{bay % 3}" or not apart:
            say(f"w-{bay % 3}", "drawn", bay, *more)
    return steps


def found(steps: list[Step]) -> list[tuple[int, int]]:
    return [(len(one.fine), len(one.lost)) for one in from_houses(units_of(steps), steps, 1e9)]


def test_what_reaches_a_screen_of_the_same_process_alone_is_found() -> None:
    assert found(lines()) == [(12, 24)]
    assert found(lines(apart=False)) == []


def test_a_round_goes_up_to_the_next_one_and_has_the_line_with_which_its_id_began() -> None:
    ((home, units),) = [each for each in rounds(lines(apart=False)) if each[1][0].first.shape == "freed"]
    assert (home, len(units), [*units[0].steps]) == ("screen open", 36, ["screen open", "freed", "drawn"])


def test_deliveries_with_an_id_of_their_own_and_what_all_lines_name_are_no_rounds() -> None:
    assert [*rounds(lines(own=True))] == []
    assert [*rounds(lines(common=True))] == []
    assert [*rounds(lines(bays=2))] == []
