"""The cure that is shown fits the grounds, the framework and the language."""

from __future__ import annotations

from callcheck.engine.cures import fitting
from callcheck.model.diagnosis import Diagnosed, Weighed
from callcheck.model.evidence import Evidence
from callcheck.model.facts.deployment import ServiceStops
from callcheck.model.facts.work import WorkUnserved
from callcheck.model.noun import replace
from callcheck.model.rule import Clause, Condition, Fix, Rule, Snippet, Test
from callcheck.model.words import Basis, Strength

STOPS = ServiceStops("jobs", "worker", "http", "fly")
UNSERVED = WorkUnserved("mail", "bullmq", "", "web", "javascript")


def diagnosed(*fixes: Fix, fact: ServiceStops | WorkUnserved = STOPS) -> Diagnosed:
    return Diagnosed(Rule("c", "execution", "t", (), fix=fixes), 0.8, "t", (Evidence(fact, Basis.DECLARED, "test"),))


def test_cures_are_shown_in_the_languages_of_the_target() -> None:
    found = diagnosed(
        Fix("Do it", (Snippet("typescript", "a", "b"), Snippet("python", "c", "d"), Snippet("yaml", "e", "f")))
    )
    assert [s.language for s in fitting(found, ["python"], [])[0].snippets] == ["python", "yaml"]
    assert [s.language for s in fitting(found, ["javascript"], [])[0].snippets] == ["typescript", "yaml"]


def test_a_cure_for_a_framework_that_is_used_comes_before_the_general_one() -> None:
    general, own, other = Fix("general"), Fix("own", frameworks=("bullmq",)), Fix("other", frameworks=("celery",))
    assert fitting(diagnosed(general, other, own), [], ["bullmq"]) == (own, general)


def test_a_cure_for_the_very_grounds_comes_first_and_one_for_others_is_left_out() -> None:
    general, own = Fix("general"), Fix("own", frameworks=("bullmq",))
    stops = Fix("keep it up", grounds=(Condition("service.stops", (Test("callcheck.service.role", "is", "worker"),)),))
    unserved = Fix("declare it", grounds=(Condition("work.unserved"),))
    fixes = (general, own, unserved, stops)
    assert fitting(diagnosed(*fixes), [], ["bullmq"]) == (stops, own, general)
    assert fitting(diagnosed(*fixes, fact=UNSERVED), [], ["bullmq"]) == (unserved, own, general)


def test_a_cure_for_what_speaks_for_the_cause_comes_after_one_for_its_ground_and_before_any_other() -> None:
    general, own = Fix("general"), Fix("own", frameworks=("bullmq",))
    stops, unserved = Fix("keep it up", grounds=(Condition("service.stops"),)), Fix("serve {callcheck.queue.name}", grounds=(Condition("work.unserved"),))
    found = diagnosed(general, own, unserved, stops)
    clause = Clause(Condition("work.unserved"), Strength.FAIR, "so it is")
    beside = (Evidence(UNSERVED, Basis.DECLARED, "test"),)
    told = replace(found, supports=(Weighed(clause, "so it is", beside, 1.0),))
    assert [fix.title for fix in fitting(told, [], ["bullmq"])] == ["keep it up", "serve mail", "own", "general"]
    assert fitting(replace(found, others=beside), [], ["bullmq"])[1].title == "serve mail"


def test_something_is_shown_where_no_cure_fits() -> None:
    other = Fix("other", frameworks=("celery",))
    assert fitting(diagnosed(other), [], ["bullmq"]) == (other,)


def test_a_cure_in_another_language_than_the_code_that_was_found_is_left_out() -> None:
    own, python = (
        Fix("own", (Snippet("typescript", "a", "b"),), grounds=(Condition("work.unserved"),)),
        Fix("general", (Snippet("python", "c", "d"),)),
    )
    setting = Fix("setting", (Snippet("yaml", "e", "f"),))
    assert fitting(diagnosed(own, python, setting, fact=UNSERVED), ["python"], []) == (own, setting)
    assert fitting(diagnosed(python, fact=UNSERVED), ["python"], []) == (python,)


def test_a_cure_names_what_was_found() -> None:
    fix = Fix(
        "Serve {callcheck.queue.name}",
        (Snippet("typescript", "", 'new Worker("{callcheck.queue.name}", `${job.id}`)'),),
    )
    shown = fitting(diagnosed(fix, fact=UNSERVED), [], [])[0]
    assert (shown.title, shown.snippets[0].after) == ("Serve mail", 'new Worker("mail", `${job.id}`)')


def test_of_cures_of_one_name_the_nearest_is_shown() -> None:
    other, general, own = (
        Fix("b"),
        Fix("a", check="general"),
        Fix("a", check="own", grounds=(Condition("work.unserved"),)),
    )
    assert fitting(diagnosed(other, general, own, fact=UNSERVED), [], []) == (own, other)
