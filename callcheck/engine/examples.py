"""Does each rule do what its own examples say?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from callcheck.engine.rank import rank
from callcheck.model.confidence import LIKELY
from callcheck.model.evidence import Evidence, Ledger, Looked
from callcheck.model.fact import kinds
from callcheck.model.rule import Example, Rule
from callcheck.model.words import Basis, Outcome


def ledger_of(example: Example) -> Ledger:
    """The example's facts, as if everything else had been looked for and not found."""
    ledger = Ledger([Evidence(fact, Basis(example.basis), "example") for fact in example.given])
    ledger.looks.append(Looked("example", frozenset(kinds()), Outcome.DONE))
    return ledger


def run(rule: Rule, example: Example, rules: Sequence[Rule] = ()) -> float:
    """The confidence that the rule gives on the example; 0 when it is silent. Other rules count for `yields_to` and `explained_by`."""
    found = rank(rules or [rule], ledger_of(example))
    return next((d.confidence for d in found if d.rule.cause == rule.cause), 0.0)


def problems(rule: Rule, rules: Sequence[Rule] = ()) -> Iterator[str]:
    """What is wrong with a rule's examples: a confidence out of range, no firing one, no silent one."""
    for example in rule.examples:
        low, high = example.confidence
        got = run(rule, example, rules)
        if not low <= got <= high:
            yield f"example `{example.name}` gives {got:.2f}, not {low:.2f} to {high:.2f}"
    if not any(e.confidence[0] >= LIKELY for e in rule.examples):
        yield f"no example fires (confidence from {LIKELY})"
    if not any(e.confidence[1] < LIKELY for e in rule.examples):
        yield f"no example is silent (confidence below {LIKELY})"
