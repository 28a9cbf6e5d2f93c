"""Facts in, confidence out."""

from __future__ import annotations

from typing import Any

import pytest

from callcheck.engine.rank import BASIS_WEIGHT, CLAUSE_BITS, LIMIT_BITS, PRIOR_BITS, confidence, fill, rank
from callcheck.model.evidence import Evidence, Ledger, Location, Looked
from callcheck.model.facts.deployment import Instances, LoadBalanced, StickySessions
from callcheck.model.facts.logs import RaisedAt
from callcheck.model.noun import replace
from callcheck.model.rule import Clause, Condition, Rule, Way
from callcheck.model.rule import Test as Comparison
from callcheck.model.words import Basis, Outcome, Strength

MANY = Condition("instances", (Comparison("callcheck.instance.count", "gt", 1),))
STICKY = Condition("sticky.sessions")
SPREAD = Condition("load.balanced")


def evidence(*facts: Any, basis: Basis = Basis.OBSERVED) -> list[Evidence]:
    return [Evidence(fact, basis, "test", Location("compose.yml", line)) for line, fact in enumerate(facts, 1)]


def rule(cause: str = "cause", yields_to: tuple[str, ...] = (), **way: Any) -> Rule:
    return Rule(cause, "transport", "{service.name} runs {callcheck.instance.count} times", (Way(**{"when": (MANY,), **way}),), yields_to)


FOUR = Instances(4, False, "web")


def test_an_even_chance_is_zero_bits_and_nothing_is_ever_certain() -> None:
    assert confidence(0) == 0.5
    assert confidence(1000) == confidence(LIMIT_BITS) < 0.99
    assert confidence(-1000) > 0.01


def test_a_stronger_word_always_weighs_more() -> None:
    for table in (PRIOR_BITS, CLAUSE_BITS):
        assert [table[word] for word in Strength] == sorted(table.values())
    assert BASIS_WEIGHT[Basis.OBSERVED] > BASIS_WEIGHT[Basis.DECLARED] > BASIS_WEIGHT[Basis.INFERRED]


def test_without_grounds_nothing_is_said() -> None:
    assert rank([rule()], Ledger(evidence(Instances(1, False, "web")))) == []
    assert rank([rule()], Ledger()) == []


def test_the_title_and_the_grounds_come_from_the_facts() -> None:
    found = rank([rule()], Ledger(evidence(FOUR)))
    assert [(d.title, str(d.grounds[0].where)) for d in found] == [("web runs 4 times", "compose.yml:1")]


def test_support_raises_and_contradiction_lowers() -> None:
    plain = rank([rule()], Ledger(evidence(FOUR)))[0]
    more = rule(supports=(Clause(SPREAD, Strength.STRONG, "{callcheck.balancer.system} spreads"),))
    less = rule(contradicts=(Clause(SPREAD, Strength.DECISIVE, "no"),))
    spread = Ledger(evidence(FOUR, LoadBalanced("nginx", "web")))
    up, down = rank([more], spread)[0], rank([less], spread)[0]
    assert down.confidence < plain.confidence < up.confidence
    assert [w.because for w in up.supports] == ["nginx spreads"]
    assert [w.bits < 0 for w in down.contradicts] == [True]


def test_an_unknown_clause_weighs_nothing_and_becomes_an_open_question() -> None:
    asking = rule(contradicts=(Clause(STICKY, Strength.DECISIVE, "sticky"),))
    unknown = rank([asking], Ledger(evidence(FOUR)))[0]
    settled = rank([asking], Ledger(evidence(FOUR), [Looked("test", frozenset({StickySessions.kind}), Outcome.DONE)]))[0]
    assert unknown.confidence == settled.confidence
    assert (unknown.open_questions, settled.open_questions) == ((STICKY,), ())


def test_what_was_read_out_of_code_counts_less_than_what_was_seen() -> None:
    seen, declared, read = (rank([rule(prior=Strength.STRONG)], Ledger(evidence(FOUR, basis=b)))[0].confidence for b in Basis)
    assert seen > declared > read


def test_a_cause_yields_to_a_narrower_one_that_is_likely() -> None:
    wide = rule("wide", ("narrow",), prior=Strength.STRONG)
    ledger = Ledger(evidence(FOUR))
    alone = rank([wide], ledger)[0].confidence
    both = {d.rule.cause: d.confidence for d in rank([wide, rule("narrow", prior=Strength.FAIR)], ledger)}
    assert both["wide"] < alone
    assert list(both)[0] == "narrow"


def test_a_cause_does_not_yield_to_one_that_is_unlikely_or_absent() -> None:
    wide = rule("wide", ("narrow",), prior=Strength.STRONG)
    ledger = Ledger(evidence(FOUR))
    alone = rank([wide], ledger)[0].confidence
    unlikely = rank([wide, rule("narrow", prior=Strength.WEAK)], ledger)
    assert next(d.confidence for d in unlikely if d.rule.cause == "wide") == alone
    silent = rank([wide, rule("narrow", when=(STICKY,))], ledger)
    assert [(d.rule.cause, d.confidence) for d in silent] == [("wide", alone)]


def test_a_cause_is_explained_by_another_one_on_the_very_line_alone() -> None:
    fails = replace(rule("fails", prior=Strength.STRONG), explained_by=("reason",))
    ledger = Ledger([*evidence(FOUR), Evidence(LoadBalanced("nginx", "web"), Basis.OBSERVED, "test", Location("compose.yml", 1, 7)), Evidence(StickySessions("ip", ""), Basis.OBSERVED, "test", Location("nginx.conf", 1))])
    alone = rank([fails], ledger)[0].confidence
    here, elsewhere = rule("reason", when=(SPREAD,)), rule("reason", when=(STICKY,))
    assert next(d.confidence for d in rank([fails, here], ledger) if d.rule.cause == "fails") < alone
    assert next(d.confidence for d in rank([fails, elsewhere], ledger) if d.rule.cause == "fails") == alone
    assert next(d.confidence for d in rank([fails, rule("reason", when=(SPREAD,), prior=Strength.WEAK)], ledger) if d.rule.cause == "fails") == alone


def test_a_failure_that_nothing_explains_leads_those_that_something_does() -> None:
    raised = Evidence(RaisedAt("book"), Basis.OBSERVED, "test", Location("stock.py", 2))
    explained = Evidence(FOUR, Basis.OBSERVED, "test", Location("app.log", 4), because=(raised,))
    other = Evidence(Instances(3, False, "jobs"), Basis.OBSERVED, "test", Location("app.log", 9))
    reason = Evidence(LoadBalanced("nginx", "web"), Basis.INFERRED, "test", Location("stock.py", 2))
    fails = replace(rule("fails", per=("service.name",), prior=Strength.STRONG), explained_by=("reason",))
    found = rank([fails, rule("reason", when=(SPREAD,))], Ledger([explained, other, reason]))
    assert next(d.title for d in found if d.rule.cause == "fails") == "jobs runs 3 times"


def test_a_cause_is_named_once_however_many_places_show_it() -> None:
    found = rank([rule(per=("service.name",))], Ledger(evidence(FOUR, Instances(2, False, "jobs"))))
    assert len(found) == 1
    assert (found[0].title, len(found[0].others)) == ("web runs 4 times", 1)


def test_the_likeliest_comes_first_and_ties_go_by_name() -> None:
    rules = [rule("b"), rule("c", prior=Strength.STRONG), rule("a")]
    assert [d.rule.cause for d in rank(rules, Ledger(evidence(FOUR)))] == ["c", "a", "b"]


@pytest.mark.parametrize(("text", "filled"), [("{service.name} x", "web x"), ("{faas.name} x", "… x"), ("{ } {}", "{ } {}")])
def test_a_hole_that_nobody_can_fill_becomes_an_ellipsis(text: str, filled: str) -> None:
    assert fill(text, evidence(FOUR)) == filled
