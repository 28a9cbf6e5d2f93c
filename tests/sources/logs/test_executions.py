"""Is work found that goes on in an execution which is about something else, where no line names its execution?"""

from __future__ import annotations

from callcheck.model.log import Place
from callcheck.sources.logs.executions import carried_over
from callcheck.sources.logs.trails import Step


def over(*lines: str, ids: str = "abcdefgh") -> list[tuple[int, int]]:
    """`<` and `>` begin and end an execution; each letter of `ids` in a line is an id that it names."""
    marks, steps = [], []
    for n, line in enumerate(lines, 1):
        place = Place("f.log", n, n)
        if line in "<>":
            marks.append(("f.log", n, "", line == ">", place))
        else:
            name, text = line.split(" ", 1)
            steps.append(Step("", "", float(n), n, place, frozenset(name) & frozenset(ids), text, bad="hang up" in text))
    return [(began.line, went_on.line) for began, went_on, _ in carried_over(marks, steps)]


def test_what_ends_in_an_execution_about_something_else_is_found_with_its_last_line_before() -> None:
    assert over("<", "a taken", ">", "<", "b taken", "a mailed", ">", "<", "b socket hang up", "c taken", ">") == [(2, 6), (5, 9)]


def test_what_is_about_the_same_thing_or_only_names_it_is_not() -> None:
    assert over("<", "a taken", ">", "<", "a mailed", ">") == []
    assert over("<", "a taken", ">", "<", "b taken", "a waits", ">") == []
    assert over("<", "a taken", ">", "<", "ab mailed together", ">") == []


def test_what_many_executions_name_is_nobodys() -> None:
    assert over("<", "am taken", ">", "<", "b taken", "m called", ">", "<", "c taken", "m called", ">") == []


def test_executions_beside_one_another_tell_nothing_and_one_that_was_cut_off_does_not_matter() -> None:
    assert over("<", "a taken", "<", "b taken", ">", "a mailed", ">") == []
    assert over("z early", ">", "<", "a taken", ">", "<", "b taken", "a mailed", ">") == [(4, 8)]
