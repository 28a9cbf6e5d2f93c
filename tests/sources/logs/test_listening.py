"""Is it known who listens for an id, until a line closes it?"""

from __future__ import annotations

from callcheck.model.log import Place
from callcheck.model.noun import replace
from callcheck.sources.logs.listening import Listening, homes
from callcheck.sources.logs.trails import Step


def step(line: int, stage: str, instance: str, *ids: str) -> Step:
    return Step(stage, instance, float(line), line, Place("a.log", line, line), frozenset(ids), f"{stage} {ids}")


def test_a_listener_is_there_until_its_id_is_closed() -> None:
    listening = Listening()
    opened = step(1, "registered", "a", "d-7")
    listening.take(opened)
    emit = step(2, "emitted", "b", "r-1", "d-7")
    assert listening.to(emit) == {"a": opened}
    listening.take(step(3, "closed", "a", "d-7"))
    assert listening.to(emit) == {}


def test_another_instance_closes_its_own_listener_first() -> None:
    listening = Listening()
    for each in (step(1, "registered", "a", "d-7"), step(2, "registered", "b", "d-7"), step(3, "closed", "b", "d-7")):
        listening.take(each)
    assert set(listening.to(step(4, "emitted", "c", "d-7"))) == {"a"}


def test_an_emission_is_at_home_with_its_only_listener() -> None:
    opened, more = step(1, "registered", "a", "d-7"), step(3, "registered", "b", "d-7")
    first, second = step(2, "emitted", "b", "r-1", "d-7"), step(4, "emitted", "b", "r-2", "d-7")
    assert homes([opened, first, more, second]) == {("a.log", 2): opened}


def test_who_joined_the_room_that_a_step_names_listens_for_it() -> None:
    listening = Listening()
    listening.take(replace(step(1, "registered", "a", "c-1"), room="hall"))
    emit = replace(step(2, "emitted", "b", "r-1"), room="hall")
    assert {name: member.ids for name, member in listening.to(emit).items()} == {"a": {"c-1"}}
    listening.take(step(3, "closed", "a", "c-1"))
    assert listening.to(emit) == {}
