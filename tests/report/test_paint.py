"""Do styled words become lines of the right width?"""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from callcheck.report.paint import Page, cells, cut, words, wrap


def test_a_text_wraps_between_words_and_keeps_them_all() -> None:
    assert ["".join(t for t, _ in line) for line in wrap(words("one two three four"), 9)] == [
        "one two",
        "three",
        "four",
    ]


def test_a_word_longer_than_a_line_is_broken() -> None:
    assert ["".join(t for t, _ in line) for line in wrap(words("abcdefghijkl"), 8)] == ["abcdefgh", "ijkl"]


def test_code_between_backticks_takes_its_own_style() -> None:
    assert list(words("call `run` now")) == [("call ", ""), ("`run`", "cyan"), (" now", "")]


def test_wide_characters_take_two_columns_and_combining_ones_none() -> None:
    assert cells("日本") == 4
    assert cells("e\u0301") == 1
    assert cut("日本語", 5) == "日本…"


@given(st.text(max_size=200), st.integers(8, 60))
def test_no_wrapped_line_is_too_wide_and_no_letter_is_lost(text: str, width: int) -> None:
    lines = ["".join(t for t, _ in line) for line in wrap([(text, "")], width)]
    assert all(cells(line) <= width for line in lines)
    assert "".join("".join(lines).split()) == "".join(text.split())


def test_a_page_never_has_two_empty_lines_and_ends_in_one_newline() -> None:
    page = Page(20)
    page.blank()
    page.line(("a", ""))
    page.blank()
    page.blank()
    page.line(("b", ""))
    page.blank()
    assert page.text(False) == "a\n\nb\n"
