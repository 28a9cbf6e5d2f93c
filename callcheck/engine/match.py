"""Which clauses of a rule do the facts answer, and with what?"""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Ledger
from callcheck.model.fact import Value, places
from callcheck.model.noun import dataclass, replace
from callcheck.model.pattern import compiled
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
        return compiled(str(want)).search(str(value)) is not None
    if isinstance(value, str) or isinstance(want, (str, tuple)):
        return False
    return value > want if test.operator == "gt" else value < want


def subjects(way: Way, ledger: Ledger) -> list[Subject]:
    """Every combination of `per` values that some fact of the `when` clauses has; one empty subject without `per`."""
    if not way.per:
        return [()]
    found: dict[Subject, None] = {}
    wanted = {condition.fact for condition in way.when}
    for item in ledger.evidence:
        if item.fact.kind in wanted:
            at = places(type(item.fact))
            if all(name in at for name in way.per):
                found[tuple((name, getattr(item.fact, at[name])) for name in way.per)] = None
    return list(found)


def ask(condition: Condition, ledger: Ledger, subject: Subject, unit: str = "") -> Answered:
    """Answer one condition about one subject, in one unit if given: yes with evidence, no if it was looked for, else unknown."""
    hits = tuple(
        item for item in ledger.of(condition.fact) if _fits(item, condition, subject) and _within(item, unit, ledger)
    )
    if hits:
        return Answered(condition, Answer.YES, hits)
    return Answered(condition, Answer.NO if ledger.settled(condition.fact) else Answer.UNKNOWN)


def _fits(item: Evidence, condition: Condition, subject: Subject) -> bool:
    fact = item.fact
    at = places(type(fact))
    for name, value in subject:
        if name in at and getattr(fact, at[name]) != value:
            return False
    return all(test.attribute in at and holds(test, getattr(fact, at[test.attribute])) for test in condition.tests)


@dataclass(frozen=True, slots=True)
class Trial:
    """One subject, in one deployment unit, for which all of `when` is yes."""

    subject: Subject
    unit: str
    """The unit in whose processes all the evidence can be; "" if no evidence names one."""
    answers: tuple[Answered, ...]
    open: tuple[Condition, ...] = ()
    """Conditions of `unless` that nobody could answer."""


def grounds(way: Way, ledger: Ledger) -> Iterator[Trial]:
    """The trials for which all of `when` is yes, within one unit, and none of `unless` is."""
    for subject in subjects(way, ledger):
        answers = tuple(ask(condition, ledger, subject) for condition in way.when)
        if any(a.answer is not Answer.YES for a in answers):
            continue
        for unit, own in _by_unit(answers, ledger):
            exceptions = [ask(condition, ledger, subject, unit) for condition in way.unless]
            if not any(a.answer is Answer.YES for a in exceptions):
                yield Trial(subject, unit, own, tuple(a.condition for a in exceptions if a.answer is Answer.UNKNOWN))


def _by_unit(answers: tuple[Answered, ...], ledger: Ledger) -> Iterator[tuple[str, tuple[Answered, ...]]]:
    """The answers for each unit in which all of them can be yes at once: two workers of the queue are not two of the web server."""
    named = [ledger.units(item) for answered in answers for item in answered.evidence]
    units = sorted(frozenset().union(*named))
    for unit in units or [""]:
        own = _of_one_app(tuple(replace(a, evidence=tuple(e for e in a.evidence if _within(e, unit, ledger))) for a in answers), ledger)
        if all(a.evidence for a in own):
            yield unit, own


def _of_one_app(answers: tuple[Answered, ...], ledger: Ledger) -> tuple[Answered, ...]:
    """The answers without the code of other apps of the repository, where a fact is said of some apps alone: `apps/web/vercel.json` says nothing of `apps/worker`."""
    apart = [e for answered in answers for e in answered.evidence if e.fact.of_one_app]
    homes = {ledger.home(e) for e in apart}
    if not apart or "" in homes:
        return answers
    rest = [e for answered in answers for e in answered.evidence if not e.fact.of_one_app]
    held = {home for e in rest if (home := ledger.home(e)) in (*homes, "")}
    wanted = homes if "" in held else held
    return tuple(replace(a, evidence=tuple(e for e in a.evidence if (home := ledger.home(e)) in wanted or (not home and not e.fact.of_one_app))) for a in answers)


def _within(item: Evidence, unit: str, ledger: Ledger) -> bool:
    units = ledger.units(item)
    return not unit or not units or unit in units


def evidence_of(answers: tuple[Answered, ...]) -> tuple[Evidence, ...]:
    """The evidence behind several answers, in clause order, each item once."""
    return tuple(dict.fromkeys(itertools.chain.from_iterable(a.evidence for a in answers)))
