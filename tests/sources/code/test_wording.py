"""Which words must stand where a pattern is found, also where the pattern is made of the names at a call?"""

from __future__ import annotations

import pytest

from callcheck.model.knowledge import Idiom
from callcheck.sources.code.wording import words_of


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        (r"\(CacheMiddleware\b|MIDDLEWARE\w*\s*\+?=", ("(CacheMiddleware", "MIDDLEWARE")),
        (r"class \w+", ("class ",)),
        (r"(?i)cachemiddleware", ()),
        (r"\w+", ()),
        ("(", ()),
    ],
)
def test_a_pattern_that_the_rules_do_not_know_has_the_words_of_its_own(wanted: str, words: tuple[str, ...]) -> None:
    assert words_of(Idiom("trap", "any"), wanted) == words


def test_what_the_rules_found_is_taken_as_it_is() -> None:
    assert words_of(Idiom("trap", "any", words={"publish:": ("publish",)}), "publish:") == ("publish",)
