"""Where is it worth to look, when nothing was found?

Source and configuration show much of a delivery and never all of it: who else takes from a queue, what a bot was given the right to hear, whether what is
published meanwhile is kept. A rule's `leads` name the facts that rest on such a thing. They are no findings, and never likely.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from callcheck.engine.rank import rank
from callcheck.model.diagnosis import Diagnosed
from callcheck.model.evidence import Ledger
from callcheck.model.ignore import Ignore
from callcheck.model.noun import replace
from callcheck.model.rule import Rule
from callcheck.model.words import Strength

CONFIDENCE = {Strength.STRONG: 0.2, Strength.FAIR: 0.15, Strength.WEAK: 0.1}
"""What is told of each. Of 14 cases in which nothing was found, and which these leads were written beside, the first one is right in five; of seven that
nobody had looked at, four had leads, of which none was right first and one second."""
MOST = 3


def leads(rules: Sequence[Rule], ledger: Ledger, languages: Sequence[str] = (), frameworks: Sequence[str] = (), ignores: Sequence[Ignore] = ()) -> list[Diagnosed]:
    """The first leads, one a cause, those first that lead somewhere more often."""
    found = sorted(_each(rules, ledger, languages, frameworks, ignores), key=lambda d: -d.confidence)
    first: dict[str, Diagnosed] = {}
    for each in found:
        first.setdefault(each.rule.cause, each)
    return list(first.values())[:MOST]


def _each(rules: Sequence[Rule], ledger: Ledger, languages: Sequence[str], frameworks: Sequence[str], ignores: Sequence[Ignore]) -> Iterator[Diagnosed]:
    for rule in rules:
        for way in rule.leads:
            told = rank([replace(rule, ways=(way,), yields_to=(), explained_by=())], ledger, languages, frameworks, ignores)
            yield from (replace(each, rule=rule, confidence=CONFIDENCE[way.prior], lead=True) for each in told)
