"""A pattern that an earlier run compiled is the very pattern that `re.compile` makes."""

from __future__ import annotations

import importlib
import re
from pathlib import Path

import pytest

from callcheck.model import pattern
from callcheck.sources.kept_patterns import KeptPatterns

ROOT = Path(__file__).parents[2]
TEXTS = ["", "a|b", r"(?i)(?P<one>\w+)\s(two)?(?P=one)", r"(?m)^[^\n\x00-\x1f]{2,6000}?(?<!x)$", "[äöü\U0001f600-\U0001f64f]+", r"(?s:a.)(?x: b # c" "\n)"]


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.delenv("CALLCHECK_NO_CACHE", raising=False)
    return tmp_path / "callcheck"


def compiled_anew(monkeypatch: pytest.MonkeyPatch, texts: list[tuple[str, int]]) -> tuple[list[re.Pattern[str]], list[str]]:
    """The patterns of these texts and flags in a run of their own, and which of them `re` compiled in it."""
    anew: list[str] = []
    real = re.compile
    with monkeypatch.context() as patched, KeptPatterns():
        patched.setattr(re, "compile", lambda text, flags=0: anew.append(text) or real(text, flags))
        pattern.compiled.cache_clear()
        return [pattern.compiled(*each) for each in texts], anew


def test_a_second_run_compiles_none_and_has_the_same(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [(text, flags) for text in TEXTS for flags in (0, re.IGNORECASE | re.ASCII)]
    first, anew = compiled_anew(monkeypatch, texts)
    assert anew == [text for text, _ in texts]
    second, anew = compiled_anew(monkeypatch, texts)
    assert anew == []
    for one, other in zip(first, second, strict=True):
        assert one is not other
        assert (one, one.groups, one.groupindex, one.flags) == (other, other.groups, other.groupindex, other.flags)
    _, anew = compiled_anew(monkeypatch, [*texts, ("new", 0)])
    assert anew == ["new"]
    assert compiled_anew(monkeypatch, [*texts, ("new", 0)])[1] == []


def test_all_of_our_own_can_be_kept(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    modules = [importlib.import_module(".".join(file.relative_to(ROOT).with_suffix("").parts)) for file in (ROOT / "callcheck" / "model").glob("[!_]*.py")]
    texts = [each.given for module in modules for each in vars(module).values() if type(each).__name__ == "_Pattern" and isinstance(each.given[0], str)]
    assert len(texts) > 30
    first, _ = compiled_anew(monkeypatch, texts)
    second, anew = compiled_anew(monkeypatch, texts)
    assert (anew, second) == ([], first)


@pytest.mark.parametrize("left", [0, 40, -1])
def test_a_file_that_was_cut_short_costs_time_alone(cache: Path, monkeypatch: pytest.MonkeyPatch, left: int) -> None:
    first, _ = compiled_anew(monkeypatch, [("a+", 0)])
    (file,) = cache.glob("patterns-*")
    file.write_bytes(file.read_bytes()[:left])
    assert compiled_anew(monkeypatch, [("a+", 0)]) == (first, ["a+"])
    assert compiled_anew(monkeypatch, [("a+", 0)]) == (first, [])


def test_a_run_that_fails_or_is_to_keep_nothing_keeps_nothing(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ZeroDivisionError), KeptPatterns():
        pattern.compiled("b+")
        1 / 0  # noqa: B018
    monkeypatch.setenv("CALLCHECK_NO_CACHE", "1")
    compiled_anew(monkeypatch, [("b+", 0)])
    assert not cache.exists()
