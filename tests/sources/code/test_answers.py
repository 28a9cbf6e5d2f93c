"""Questions that come back to themselves are answered alike, whichever of them is asked first."""

from __future__ import annotations

from itertools import permutations

import pytest

from callcheck.sources.code.answers import Answers, Asking

CALLERS = {"f": ("g", "top"), "g": ("f", "other"), "h": ("g",), "top": (), "other": ()}


class _Above:
    """The ends of the calls that lead to a function; calls go round in a circle."""

    def __init__(self) -> None:
        self.asking = Asking()
        self.asking.exact = True
        self._answers = Answers[frozenset[str]](self.asking)

    def of(self, name: str) -> frozenset[str]:
        return self._answers.of(hash(name), lambda: self._found(name), frozenset())

    def _found(self, name: str) -> frozenset[str]:
        return frozenset().union(*map(self.of, CALLERS[name])) if CALLERS[name] else frozenset({name})


@pytest.mark.parametrize("order", [*permutations("fgh")])
def test_a_circle_of_calls_is_followed_alike_wherever_one_begins(order: tuple[str, ...]) -> None:
    above = _Above()
    assert [above.of(name) for name in order] == [{"top", "other"}] * 3
    assert [above.of(name) for name in order] == [{"top", "other"}] * 3


def test_an_answer_that_met_no_open_question_is_kept_for_all() -> None:
    above = _Above()
    above.of("f")
    cuts = above.asking.cuts
    assert above.of("top") == {"top"}
    assert above.asking.cuts == cuts
