"""Does a rulebook give every rule that could say something, and does it survive being kept?"""

from __future__ import annotations

import pickle

from callcheck.model.facts.handlers import SubscribedOnce
from callcheck.model.facts.traps import LibraryTrap
from callcheck.model.rule import Condition, Rule, Way
from callcheck.model.rule import Test as Comparison
from callcheck.model.rulebook import Rulebook

ONCE = Condition(SubscribedOnce.kind)
LOST = Condition("library.trap", (Comparison("callcheck.trap.effect", "is", "lost"), Comparison("callcheck.framework", "matches", "^e")))
LATE = Condition("library.trap", (Comparison("callcheck.trap.effect", "is", "late"),))


def rule(cause: str, *ways: tuple[Condition, ...]) -> Rule:
    return Rule(cause, "transport", cause, tuple(Way(when) for when in ways))


def trap(effect: str) -> LibraryTrap:
    return LibraryTrap(effect, "strong", "why", "on", "express", "python")


RULES = [rule("one", (ONCE, LOST)), rule("either", (Condition("event.emit"),), (ONCE,)), rule("other", (LATE,))]


def test_a_rule_is_opened_when_facts_can_answer_all_of_one_of_its_ways() -> None:
    once = SubscribedOnce("orders", "redis", "python")
    for book in (Rulebook(RULES), pickle.loads(pickle.dumps(Rulebook(RULES)))):  # noqa: S301
        assert book.causes == {"one", "either", "other"}
        assert [each.cause for each in book.speaking_of([once])] == ["either"]
        assert [each.cause for each in book.speaking_of([once, trap("late")])] == ["either", "other"]
        assert book.speaking_of([trap("lost"), once]) == RULES[:2]
        assert book.speaking_of([]) == book.speaking_of([trap("lost")]) == []
