"""Does what looks for a pattern's words first find all that the pattern finds?"""

from __future__ import annotations

import importlib
import pkgutil
import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from callcheck.model.factors import factors, first_letters
from callcheck.model.pattern import _Pattern, sifted, words_of  # type: ignore[attr-defined]
from callcheck.sources import logs as package
from tests.tools.shipped import shipped_logs

KNOWN = shipped_logs()
SAMPLES = [text for entry in (*KNOWN.formats, *KNOWN.signatures, *KNOWN.boundaries) for text in entry.samples]
PATTERNS = [
    value.given
    for module in pkgutil.iter_modules(package.__path__)
    for value in vars(importlib.import_module(f"{package.__name__}.{module.name}")).values()
    if isinstance(value, _Pattern) and isinstance(value.given[0], str)
]


@pytest.mark.parametrize(
    ("pattern", "flags", "texts"),
    [
        (r"retry|retrying|\bgave up\b", re.I, {"retry", "gave up"}),
        (r"max(?:imum)? retries", 0, {"max retries", "maximum retries"}),
        (r"\d{3} (?:listeners?|handlers?)\b", 0, {" listener", " handler"}),
        (r"(?:event|topic)[=:]\w+", 0, {"event=", "event:", "topic=", "topic:"}),
        (r"late|lag|delay(?:ed)?", 0, {"late", "lag", "delay"}),
        (r"def \w+\((?=[\s\S]*(?:TopicArn|SubscribeURL))", 0, {"TopicArn", "SubscribeURL"}),
        (r"def \w+\((?![\s\S]*TopicArn)(?<!TopicArn)", 0, {"def "}),
    ],
)
def test_every_match_holds_one_of_these(pattern: str, flags: int, texts: set[str]) -> None:
    assert factors(pattern, flags) == (frozenset(texts), not flags)


@pytest.mark.parametrize("pattern", [r"\d+", r"(?:retry)?x", r"retry|\d+", r"a", r"(?i:retry)", r"("])
def test_a_pattern_without_a_sure_word_has_no_factors(pattern: str) -> None:
    assert factors(pattern) is None


def test_the_words_of_our_patterns_lose_nothing_in_the_known_lines() -> None:
    assert len(PATTERNS) > 60
    assert sum(factors(*known) is not None for known in PATTERNS) > 50
    for known in PATTERNS:
        search = re.compile(*known).search
        quick = sifted(search, *words_of(*known))
        for text in SAMPLES:
            found, sifted_ = search(text, 0, 600), quick(text, 0, 600)
            assert (found and found.span()) == (sifted_ and sifted_.span()), (known, text)


# What makes examples of a pattern is made as the first one is drawn, which takes long on a busy machine.
@settings(suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(PATTERNS), st.data())
def test_whatever_a_pattern_matches_is_found_through_its_words(given_: tuple[str, int], data: st.DataObject) -> None:
    expression = re.compile(*given_)
    text = data.draw(st.from_regex(expression))
    found = expression.search(text)
    quick = sifted(expression.search, *words_of(*given_))(text)
    assert found is not None
    assert quick is not None
    assert quick.span() == found.span()
    letters = first_letters(*given_)
    if letters is not None and text and (at := expression.match(text)) and at[0] and at[0][0].isascii():
        assert at[0][0] in letters


def test_case_is_folded_as_a_pattern_folds_it() -> None:
    expression = re.compile("mask", re.I)
    assert expression.search("ma\u017f\u212a")
    assert sifted(expression.search, *words_of("mask", re.I))("ma\u017f\u212a")
