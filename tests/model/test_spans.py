"""A pattern that spans lines finds what `re.search` finds, and takes no time with the square of a text."""

from __future__ import annotations

import re

import pytest

from callcheck.model.spans import FURTHEST, span

TEXTS = (
    "",
    "bus.subscribe(a)\nbus.publish(b)",
    "bus.publish(b)\nbus.subscribe(a)",
    "const a = make();\nuse(a)",
    "const a = make();\nuse(b)",
    "Timeout = None\ncustom_id = 1",
    "x = 'A'\ndef on_llm(self): ...\nignore_llm = True",
    "bus.subscribe(a)",
    "async (event) => {\n  log(event.data)\n}",
)
PATTERNS = (
    r"(?=[\s\S]*subscribe\()[\s\S]*publish\(",
    r"(?![\s\S]*publish\(|[\s\S]*emit\()bus",
    r"(?=[\s\S]*publish\()",
    r"(?is)(?=.*timeout\s*=\s*none).*CUSTOM_ID\s*=",
    r"(?i)(?s)(?=.*timeout).*custom",
    r"(?s)(?=.*ignore_(llm|chain)).*def on_\1",
    r"const (\w+) = [\s\S]*\buse\(\1\)",
    r"subscribe\((?:.|\n)*?publish\(",
    r"\A[\s\S]*publish\(b\)\Z",
    r"publish\(b\)$|custom_id",
    r"[(|)][\s\S]+?bus",
    r"^bus\.[^\n]*\)[\s\S]*^bus",
    r"(?:(\w+) = |\((\w+)\) => )[\s\S]*(?:\1\(|\2\.data)",
    r"(?=[\s\S]*publish\()[\s\S]*subscribe\(|(?<!x)(bus)\.none|const (\w+) = [\s\S]*\buse\(\2\)",
)


@pytest.mark.parametrize("pattern", PATTERNS)
def test_it_finds_what_the_pattern_finds(pattern: str) -> None:
    assert [span(pattern).found(text) for text in TEXTS] == [re.search(pattern, text, re.MULTILINE) is not None for text in TEXTS]


def test_what_is_asked_for_and_excluded_ahead_is_so_of_the_whole_text() -> None:
    one = span(r"(?=[\s\S]*subscribe\()(?![\s\S]*publish\()")
    assert [one.found(text) for text in TEXTS[1:3]] == [False, False]
    assert one.found("bus.subscribe(a)")


def test_what_lies_too_far_apart_is_not_found_but_both_parts_of_a_look_ahead_are() -> None:
    far = "subscribe(a)" + "\n" * (FURTHEST + 1) + "publish(b)"
    assert not span(r"subscribe\([\s\S]*publish\(").found(far)
    assert span(r"(?=[\s\S]*publish\()[\s\S]*subscribe\(").found(far)


def test_a_million_characters_without_the_second_half_are_no_matter_of_hours() -> None:
    assert not span(r"(?=[\s\S]*subscribe\()[\s\S]*publish\(").found("bus.subscribe(a);\n" * 60_000)


def test_a_pattern_that_is_none_is_told_as_by_re() -> None:
    with pytest.raises(re.error):
        span("(")


def test_what_must_not_follow_is_looked_for_further_away() -> None:
    wanted = r"^class (\w+)\(Event\)(?![\s\S]*\btake\(\1\))"
    text = "class Paid(Event): ...\n" + "# nothing\n" * (2 * FURTHEST // 10)
    assert span(wanted).found(text)
    assert not span(wanted).found(text + "take(Paid)\n")
