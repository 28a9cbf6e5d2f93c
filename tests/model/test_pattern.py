"""A pattern behaves as a compiled regular expression, once it is used."""

from __future__ import annotations

import pickle
import re

import pytest

from callcheck.model.pattern import pattern, written


def test_every_use_is_that_of_the_compiled_expression() -> None:
    for use, given in [("search", ("xab",)), ("match", ("ab", 0)), ("fullmatch", ("AB",))]:
        found = getattr(pattern(r"(a)(b)", re.I), use)(*given)
        assert found and found.groups() in (("a", "b"), ("A", "B"))
    assert pattern(r"(a)(b)").sub(r"\2\1", "abab") == "baba"
    assert pattern(r",").split("a,b", 1) == ["a", "b"]
    assert pattern(rb"\d").findall(b"1 2") == [b"1", b"2"]
    assert [found[0] for found in pattern(r"\d").finditer("1 2")] == ["1", "2"]
    assert pattern(r"\d").pattern == r"\d"


def test_it_is_compiled_once_and_not_before_it_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    compiled: list[str] = []
    real = re.compile
    monkeypatch.setattr(re, "compile", lambda text, flags=0: compiled.append(text) or real(text, flags))
    lazy = pattern("a+")
    assert compiled == []
    assert (lazy.search("aa"), lazy.sub("", "aa"), lazy.search("b")) != (None, "", None)
    assert compiled == ["a+"]


def test_it_has_no_other_attribute() -> None:
    with pytest.raises(AttributeError):
        pattern("a").__deepcopy__  # type: ignore[attr-defined]  # noqa: B018


def test_it_goes_elsewhere_as_it_is_written_and_is_known_again(monkeypatch: pytest.MonkeyPatch) -> None:
    lazy = pattern("a+", re.ASCII)
    used = pattern("a+", re.ASCII)
    assert used.search("aa")
    monkeypatch.setattr(re, "compile", None)
    assert pickle.loads(pickle.dumps(lazy)) == lazy == pickle.loads(pickle.dumps(used))  # noqa: S301
    assert lazy != pattern("a+")
    assert (written(lazy), lazy.pattern) == (("a+", re.ASCII), "a+")


def test_what_is_written_of_a_compiled_expression_makes_the_same() -> None:
    given = re.compile("(?i)a+")
    assert re.compile(*written(given)) == given
