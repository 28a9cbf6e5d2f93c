"""Which clauses of a rule do the facts answer, and with what?"""

from __future__ import annotations

import functools
import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass

from callcheck.model.evidence import Evidence, Ledger
from callcheck.model.fact import Value, kinds
from callcheck.model.rule import Condition, Test, Way
from callcheck.model.words import Answer

Subject = tuple[tuple[str, Value], ...]
"""The values of `per` that one trial is about."""


@dataclass(frozen=True, slots=True)
class Answered:
    """A condition's answer, and the evidence behind a yes."""

    condition: Condition
    answer: Answer
    evidence: tuple[Evidence, ...] = ()


def holds(test: Test, value: Value) -> bool:
    """Whether an attribute's value passes one comparison."""
    want = test.value
    if test.operator == "is":
        return bool(value == want)
    if test.operator == "in":
        return value in want if isinstance(want, tuple) else False
    if test.operator == "matches":
        return _pattern(str(want)).search(str(value)) is not None
    if isinstance(value, str) or isinstance(want, (str, tuple)):
        return False
    return value > want if test.operator == "gt" else value < want


@functools.lru_cache(maxsize=512)
def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text)


def subjects(way: Way, ledger: Ledger) -> list[Subject]:
    """Every combination of `per` values that some fact of the `when` clauses has; one empty subject without `per`."""
    if not way.per:
        return [()]
    found: dict[Subject, None] = {}
    wanted = {condition.fact for condition in way.when}
    for item in ledger.evidence:
        if item.fact.kind in wanted:
            attributes = item.fact.attributes()
            if all(name in attributes for name in way.per):
                found[tuple((name, attributes[name]) for name in way.per)] = None
    return list(found)


def ask(condition: Condition, ledger: Ledger, subject: Subject) -> Answered:
    """Answer one condition about one subject: yes with evidence, no if it was looked for, else unknown."""
    hits = tuple(item for item in ledger.of(condition.fact) if _fits(item, condition, subject))
    if hits:
        return Answered(condition, Answer.YES, hits)
    kind = kinds()[condition.fact]
    return Answered(condition, Answer.NO if ledger.settled(kind) else Answer.UNKNOWN)


def _fits(item: Evidence, condition: Condition, subject: Subject) -> bool:
    attributes = item.fact.attributes()
    for name, value in subject:
        if name in attributes and attributes[name] != value:
            return False
    return all(test.attribute in attributes and holds(test, attributes[test.attribute]) for test in condition.tests)


def grounds(way: Way, ledger: Ledger) -> Iterator[tuple[Subject, tuple[Answered, ...]]]:
    """The subjects for which all of `when` is yes and all of `unless` is not yes, with the answers to `when`."""
    for subject in subjects(way, ledger):
        answers = tuple(ask(condition, ledger, subject) for condition in way.when)
        if any(a.answer is not Answer.YES for a in answers):
            continue
        if any(ask(condition, ledger, subject).answer is Answer.YES for condition in way.unless):
            continue
        yield subject, answers


def evidence_of(answers: tuple[Answered, ...]) -> tuple[Evidence, ...]:
    """The evidence behind several answers, in clause order, each item once."""
    return tuple(dict.fromkeys(itertools.chain.from_iterable(a.evidence for a in answers)))
