"""Facts in, answers out: yes, no and unknown are three things."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from callcheck.engine.match import ask, grounds, holds, subjects
from callcheck.model.evidence import Evidence, Ledger, Location, Looked
from callcheck.model.facts.deployment import Instances, StickySessions
from callcheck.model.rule import Condition, Way
from callcheck.model.rule import Test as Comparison
from callcheck.model.words import Answer, Basis, Outcome

MANY = Condition("instances", (Comparison("callcheck.instance.count", "gt", 1),))
STICKY = Condition("sticky.sessions")


def instances(count: int, service: str = "") -> Evidence:
    return Evidence(Instances(count, False, service), Basis.DECLARED, "test")


def sticky(service: str = "") -> Evidence:
    return Evidence(StickySessions("cookie", service), Basis.DECLARED, "test")


def in_code(path: str) -> Evidence:
    return Evidence(StickySessions("cookie", ""), Basis.INFERRED, "test", Location(path, 1))


def looked(outcome: Outcome, *kinds: Any) -> Looked:
    return Looked("test", frozenset(kind.kind for kind in kinds), outcome)


@pytest.mark.parametrize(
    ("operator", "want", "value", "passes"),
    [
        ("is", "web", "web", True),
        ("is", "web", "worker", False),
        ("in", ("web", "worker"), "worker", True),
        ("in", ("web",), "worker", False),
        ("in", "web", "web", False),
        ("gt", 1, 2, True),
        ("gt", 1, 1, False),
        ("lt", 1, 0.5, True),
        ("lt", 1, 1, False),
        ("gt", 1, "many", False),
        ("matches", "^app\\.", "app.main", True),
        ("matches", "^app\\.", "my.app.main", False),
    ],
)
def test_each_comparison_says_yes_and_no(operator: str, want: Any, value: Any, passes: bool) -> None:
    assert holds(Comparison("any", operator, want), value) is passes


def test_a_fitting_fact_answers_yes_and_brings_its_evidence() -> None:
    answered = ask(MANY, Ledger([instances(4)]), ())
    assert (answered.answer, answered.evidence) == (Answer.YES, (instances(4),))


def test_what_was_looked_for_in_full_and_not_found_is_no() -> None:
    assert ask(MANY, Ledger([instances(1)], [looked(Outcome.DONE, Instances)]), ()).answer is Answer.NO


@pytest.mark.parametrize("outcomes", [[], [Outcome.BLOCKED], [Outcome.PART], [Outcome.DONE, Outcome.BLOCKED], [Outcome.DONE, Outcome.PART]])
def test_what_nobody_could_look_for_in_full_is_unknown(outcomes: list[Outcome]) -> None:
    ledger = Ledger([], [looked(outcome, Instances) for outcome in outcomes])
    assert ask(MANY, ledger, ()).answer is Answer.UNKNOWN


def test_a_look_for_another_kind_settles_nothing() -> None:
    assert ask(MANY, Ledger([], [looked(Outcome.DONE, StickySessions)]), ()).answer is Answer.UNKNOWN


def test_per_tries_each_value_once() -> None:
    way = Way((MANY,), per=("service.name",))
    ledger = Ledger([instances(4, "web"), instances(2, "web"), instances(1, "jobs")])
    assert subjects(way, ledger) == [(("service.name", "web"),), (("service.name", "jobs"),)]
    assert [trial.subject for trial in grounds(way, ledger)] == [(("service.name", "web"),)]


def test_per_does_not_lay_the_fact_of_one_service_beside_that_of_another() -> None:
    way = Way((MANY, STICKY), per=("service.name",))
    assert not list(grounds(way, Ledger([instances(4, "web"), sticky("jobs")])))
    assert list(grounds(way, Ledger([instances(4, "web"), sticky("web")])))


def test_without_per_facts_of_any_service_stand_together() -> None:
    assert list(grounds(Way((MANY, STICKY)), Ledger([instances(4, "web"), sticky("jobs")])))


def test_one_unanswered_condition_keeps_a_way_silent() -> None:
    assert not list(grounds(Way((MANY, STICKY)), Ledger([instances(4)])))


def test_unless_keeps_a_way_silent_once_its_fact_is_there() -> None:
    way = Way((MANY,), unless=(STICKY,))
    settled = looked(Outcome.DONE, StickySessions)
    assert list(grounds(way, Ledger([instances(4)], [settled])))
    assert not list(grounds(way, Ledger([instances(4), sticky()], [settled])))


def test_facts_that_no_unit_has_in_common_do_not_stand_together() -> None:
    ledger = Ledger([replace(instances(8, "worker"), service="worker"), in_code("api/bus.py")])
    ledger.apps = frozenset({"api", "worker"})
    ledger.loaded = {"api/bus.py": frozenset({"api"}), "shared.py": frozenset({"api", "worker"})}
    way = Way((MANY, STICKY))
    assert not list(grounds(way, ledger))
    ledger.evidence.append(in_code("shared.py"))
    assert [trial.unit for trial in grounds(way, ledger)] == ["worker"]
    ledger.evidence[1:] = [in_code("elsewhere.py")]
    assert list(grounds(way, ledger)), "a file of which nothing is known may be loaded anywhere"


def test_an_exception_that_nobody_could_look_for_becomes_an_open_question() -> None:
    (trial,) = grounds(Way((MANY,), unless=(STICKY,)), Ledger([instances(4)]))
    assert trial.open == (STICKY,)
