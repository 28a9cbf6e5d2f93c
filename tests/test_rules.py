"""Do all rules that come with callcheck load, keep to the known causes, and do what their own examples say?"""

from __future__ import annotations

from pathlib import Path

import yaml

from callcheck import rulebooks
from callcheck.engine.examples import problems

KNOWN = frozenset(
    """
    per-request-registration listener-leak late-registration wrong-instance event-name-mismatch receiver-not-loaded
    receiver-garbage-collected listener-removed missing-subscription emission-bypassed
    non-streaming-call unconsumed-call runtime-not-started context-not-propagated
    upstream-auth upstream-rate-limit upstream-timeout upstream-unavailable upstream-rejected swallowed-error
    cross-process-delivery serverless-lifetime missing-adapter missing-sticky-sessions lossy-pubsub unreachable-callback-url
    callback-rejected competing-consumers
    payload-mismatch handler-exception blocked-event-loop duplicate-delivery
    """.split()
)
"""The ids are a contract: none is renamed, and a retired one is never used again."""


def test_every_rule_loads_under_a_known_id() -> None:
    found = [rule.cause for rule in rulebooks.load_rules()]
    assert found, "no rules at all"
    assert set(found) <= KNOWN
    assert len(found) == len(set(found))


def test_every_rule_does_what_its_examples_say() -> None:
    rules = rulebooks.load_rules()
    assert [f"{rule.cause}: {problem}" for rule in rules for problem in problems(rule, rules)] == []


def test_every_rule_yields_to_causes_that_are_known() -> None:
    assert [(rule.cause, other) for rule in rulebooks.load_rules() for other in (*rule.yields_to, *rule.explained_by) if other not in KNOWN] == []


def test_every_rule_explains_itself_and_says_how_to_cure_it() -> None:
    assert [rule.cause for rule in rulebooks.load_rules() if not (rule.explain and rule.fix)] == []


def test_counts_stand_for_known_causes(root: Path) -> None:
    table = yaml.safe_load((root / "rules" / "precision.yaml").read_text())["causes"]
    assert set(table) <= KNOWN
    assert [cause for cause, each in table.items() if not 0 <= each["right"] <= each["named"]] == []
