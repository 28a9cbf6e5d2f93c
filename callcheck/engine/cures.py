"""Which of a rule's cures fit what was found, and the user's own frameworks and languages?"""

from __future__ import annotations

from collections.abc import Sequence

from callcheck.engine.match import holds
from callcheck.model.diagnosis import Diagnosed
from callcheck.model.evidence import Evidence
from callcheck.model.noun import replace
from callcheck.model.rule import Condition, Fix

_LANGUAGES = ("typescript", "javascript", "python")
_FRAMEWORK = "callcheck.framework"


def fitting(diagnosed: Diagnosed, languages: Sequence[str], frameworks: Sequence[str]) -> tuple[Fix, ...]:
    """Cures for these very grounds first, then those for the user's frameworks, then those that fit any.

    Cures for other grounds are left out, as are those of other frameworks, unless nothing else is there.
    """
    found = [item for ground in diagnosed.grounds for item in ground.flat()]
    here = {str(item.fact.attributes().get(_FRAMEWORK, "")) for item in found}
    possible = [fix for fix in diagnosed.rule.fix if not fix.grounds or any(_meets(each, found) for each in fix.grounds)]
    own = [fix for fix in possible if not fix.frameworks or set(fix.frameworks) & {*frameworks, *here}]
    ordered = sorted(own or possible or diagnosed.rule.fix, key=lambda fix: _distance(fix, here))
    return tuple(_in_language(fix, languages) for fix in ordered) if languages else tuple(ordered)


def _distance(fix: Fix, here: set[str]) -> int:
    """How far a cure is from what was found: 0 for these grounds in this framework."""
    if fix.frameworks and set(fix.frameworks) & here:
        return 0 if fix.grounds else 2
    if fix.grounds:
        return 1
    return 3 if fix.frameworks else 4


def _meets(condition: Condition, found: Sequence[Evidence]) -> bool:
    for item in found:
        values = item.fact.attributes()
        if item.fact.kind == condition.fact and all(holds(test, values[test.attribute]) for test in condition.tests):
            return True
    return False


def _in_language(fix: Fix, languages: Sequence[str]) -> Fix:
    wanted = set(languages) | ({"typescript"} if "javascript" in languages else set())
    kept = tuple(s for s in fix.snippets if s.language in wanted or s.language not in _LANGUAGES)
    return replace(fix, snippets=kept or fix.snippets)
