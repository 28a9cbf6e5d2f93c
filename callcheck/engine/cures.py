"""Which of a rule's cures fit what was found, and the user's own frameworks and languages?"""

from __future__ import annotations

import re
from collections.abc import Sequence

from callcheck.engine.match import holds
from callcheck.model.diagnosis import Diagnosed
from callcheck.model.evidence import Evidence
from callcheck.model.holes import named
from callcheck.model.noun import replace
from callcheck.model.rule import Condition, Fix

_LANGUAGES = ("typescript", "javascript", "python")
_FRAMEWORK = "callcheck.framework"
_LANGUAGE = "code.language"
_BESIDE = 1.5
"""How far a cure is that is for what speaks for the cause, and not for its ground: see `_distance`."""
_TRAP = "library.trap"
"""It has a cure of its own, so that none in another language need stand in."""


def fitting(diagnosed: Diagnosed, languages: Sequence[str], frameworks: Sequence[str]) -> tuple[Fix, ...]:
    """Cures for these very grounds first, then those for what else was found of the cause, those for the user's frameworks, and those that fit any.

    Cures for other grounds are left out, as are those of other frameworks and in other languages, unless nothing else
    is there. The language is that of the code that was found; where none was, those of the target. What else was found is what speaks for the
    cause: where a log is the ground, the code and the files that it comes from.
    """
    found = [item for ground in diagnosed.grounds for item in ground.flat()]
    beside = [item for root in (*(each for weighed in diagnosed.supports for each in weighed.evidence), *diagnosed.others) for item in root.flat()]
    here = {str(item.fact.attributes().get(_FRAMEWORK, "")) for item in found}
    spoken = _with_javascript(_languages(found) or _languages(beside) or set(languages))
    near = [fix for fix in diagnosed.rule.fix if any(_meets(each, found) for each in fix.grounds)]
    possible = [fix for fix in diagnosed.rule.fix if not fix.grounds or fix in near or any(_meets(each, beside) for each in fix.grounds)]
    own = [fix for fix in possible if not fix.frameworks or set(fix.frameworks) & {*frameworks, *here}]
    said = [fix for fix in own if _spoken(fix, spoken)]
    if not any(item.fact.kind == _TRAP for item in found):
        said = said or own or possible or list(diagnosed.rule.fix)
    ordered = sorted(said, key=lambda fix: _distance(fix, here) if fix in near or not fix.grounds or fix.stopgap else _BESIDE)
    kept: dict[str, Fix] = {}
    for fix in (_filled(fix, [*found, *beside]) for fix in ordered):
        kept.setdefault(fix.title, fix)  # of one name the nearest
    return tuple(_in_language(fix, spoken) if spoken else fix for fix in kept.values())


def _languages(found: Sequence[Evidence]) -> set[str]:
    return {str(item.fact.attributes().get(_LANGUAGE, "")) for item in found} - {""}


def _distance(fix: Fix, here: set[str]) -> int:
    """How far a cure is from what was found: 0 for these grounds in this framework."""
    if fix.stopgap:
        return 5
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


def _filled(fix: Fix, found: Sequence[Evidence]) -> Fix:
    """With the names that were found in its holes, so that the user reads of his own event and not of an example."""
    values = {
        name: str(value) for item in reversed(found) for name, value in item.fact.attributes().items() if value != ""
    }

    def put(text: str) -> str:
        return named(text, lambda attribute: values.get(attribute, "…"))

    snippets = tuple(replace(s, before=put(s.before), after=put(s.after)) for s in fix.snippets)
    edits = tuple(replace(e, find=named(e.find, lambda attribute: re.escape(values.get(attribute, "…"))), put=put(e.put)) for e in fix.edits)
    return replace(fix, title=put(fix.title), snippets=snippets, check=put(fix.check), edits=edits)


def _with_javascript(languages: set[str]) -> set[str]:
    """Snippets are written in TypeScript, for JavaScript too."""
    return languages | ({"typescript"} if "javascript" in languages else set())


def _spoken(fix: Fix, languages: set[str]) -> bool:
    """Whether a cure is in one of these languages, or in none: a setting."""
    said = {snippet.language for snippet in fix.snippets} & set(_LANGUAGES)
    return not (languages and said) or bool(said & languages)


def _in_language(fix: Fix, languages: set[str]) -> Fix:
    kept = tuple(s for s in fix.snippets if s.language in languages or s.language not in _LANGUAGES)
    return replace(fix, snippets=kept or fix.snippets)
