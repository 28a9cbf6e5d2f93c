"""Lines without a time stand where they were written, and what a process says behind its own emission answers no other one's."""

from __future__ import annotations

from callcheck.model.log import Place
from callcheck.sources.logs.beside import beside
from callcheck.sources.logs.trails import Step, Trails

AT = 1_770_000_000.0


def trails(*rows: tuple[int, str, str, float, str]) -> Trails:
    """Rows of line, stage, instance, time (0 for none) and path."""
    made = Trails()
    for line, stage, instance, time, path in rows:
        step = Step(stage, instance, time or float(line), line, Place(path, line, line), frozenset({"seats-14"}), f"{stage} seats-14")
        made.staged.add(step)
        made.by_id.add("seats-14", step)
    return made


def test_a_line_without_a_time_has_that_of_the_lines_before_it() -> None:
    known = trails((1, "registered", "web", 0, "a"), (2, "emitted", "worker", AT, "a"), (3, "handled", "web", 0, "a"), (4, "emitted", "worker", AT + 9, "a"), (5, "handled", "web", 0, "b"))
    time = beside(known)
    assert time is not None
    assert {step.order: time(step) for step in known.staged} == {1: AT, 2: AT, 3: AT, 4: AT + 9, 5: 5.0}


def test_nothing_is_placed_where_all_lines_have_a_time_or_none() -> None:
    assert beside(trails((1, "emitted", "web", AT, "a"), (2, "handled", "web", AT + 1, "a"))) is None
    assert beside(trails((1, "emitted", "web", 0, "a"), (2, "handled", "web", 0, "a"))) is None


def test_what_is_handled_behind_an_own_emission_is_no_answer_to_another_process() -> None:
    lost = trails(
        (1, "registered", "web", AT, "a"), (2, "emitted", "worker", AT + 1, "a"), (3, "emitted", "web", AT + 5, "a"), (4, "handled", "web", AT + 5, "a"), (5, "handled", "web", AT + 5, "a"), (6, "emitted", "web", AT + 90, "a")
    ).emitted()
    assert (lost.lost, lost.arrived, lost.same) == (1, 0, 1)
    fine = trails((1, "registered", "web", AT, "a"), (2, "emitted", "worker", AT + 1, "a"), (3, "handled", "web", AT + 1, "a"), (4, "emitted", "web", AT + 5, "a"), (5, "handled", "web", AT + 5, "a")).emitted()
    assert (fine.lost, fine.arrived, fine.same) == (0, 1, 1)
