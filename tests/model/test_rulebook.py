"""Does a rulebook give every rule that could say something, and does it survive being kept?"""

from __future__ import annotations

import pickle

from callcheck.model.rule import Condition, Rule, Way
from callcheck.model.rulebook import Rulebook


def rule(cause: str, *ways: tuple[str, ...]) -> Rule:
    return Rule(cause, "transport", cause, tuple(Way(tuple(Condition(fact) for fact in facts)) for facts in ways))


RULES = [rule("one", ("a", "b")), rule("either", ("c",), ("a",)), rule("other", ("d",))]


def test_a_rule_is_opened_when_one_of_its_ways_has_facts_of_every_kind() -> None:
    for book in (Rulebook(RULES), pickle.loads(pickle.dumps(Rulebook(RULES)))):  # noqa: S301
        assert book.causes == {"one", "either", "other"}
        assert [each.cause for each in book.speaking_of({"a"})] == ["either"]
        assert book.speaking_of({"a", "b", "x"}) == RULES[:2]
        assert book.speaking_of(()) == []
