"""Which of our patterns and known texts can a record hold at all, by the words that stand in it?

A log repeats its words. What a word lets through (`reconnecting`: the pattern of retries, two signatures) is found out once, so a record
takes one look-up a word instead of a search a pattern. What is let through is still searched for: a sieve may let too much through, never
too little.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from callcheck.model.digest import digest
from callcheck.model.pattern import Words, compiled, made, pattern, sifted

ALL = -1
"""Anything may be there."""
_MOST_PATTERNS = 512
_TELLS = 1 << _MOST_PATTERNS
"""The bit of the words that let a known text through; those below are the patterns'."""
_LEAST = 3
"""Letters of a word that tells enough."""
_MOST_WORDS = 40_000
_MOST_LINES = 10_000
_LONGEST = 300
_ZEROS = bytes.maketrans(b"123456789", b"000000000")
_UPPER = pattern(r"\\.|\(\?P|[A-Z]")
_LETTERS = pattern(r"[a-z]{3,}")


class Stencil:
    """What holds for all lines that differ in their digits only; what is worked out of one is kept for the others."""

    __slots__ = ("let", "may", "shapes", "template")

    def __init__(self, may: int, let: Sequence[str]) -> None:
        self.may, self.let = may, let
        self.template: str | None = None
        self.shapes: dict[str, str] = {}
        """By the event that the line names."""


class Sieve:
    """For all `rare` patterns, and for the texts that signatures look for."""

    def __init__(self, texts: Sequence[str]) -> None:
        self.texts = texts
        self._words: dict[str, int] = {}
        self._tell: dict[str, list[int]] = {}
        """By words, the numbers of the texts that they let through."""
        self._lines: dict[bytes, Stencil] = {}
        self._runs: dict[str, list[tuple[str, int, list[int]]]] = {}
        """By their first letters, what has to stand in a word, and the bits of the patterns and the numbers of the texts that it lets through."""
        self._wordless: list[int] = []
        """The numbers of the texts without a word of their own."""
        self._always: list[str] = []
        """Those texts."""
        self._by_words: dict[tuple[str, ...], list[str]] = {}
        self._find: Callable[[str], list[str]] | None = None

    def of(self, text: str) -> tuple[int, list[str]]:
        """A bit for each pattern (`need`), and each text, that may be in this one, which is in lower case."""
        find = self._find or self._make()
        if len(self._words) >= _MOST_WORDS:
            self._words.clear()
            self._tell.clear()
        known, may = self._words, 0
        telling: list[str] = []
        for word in set(find(text)):
            bits = known.get(word)
            if bits is None:
                bits = self._learn(word)
            if bits:
                may |= bits
                if bits >= _TELLS:
                    telling.append(word)
        return may, self._let(tuple(sorted(telling))) if telling else self._always

    def _let(self, words: tuple[str, ...]) -> list[str]:
        """The texts that these words let through, and those that have none."""
        known = self._by_words.get(words)
        if known is None:
            if len(self._by_words) >= _MOST_LINES:
                self._by_words.clear()
            numbers = sorted({*self._wordless, *(number for word in words for number in self._tell[word])})
            known = self._by_words[words] = [self.texts[number] for number in numbers]
        return known

    def stencil(self, text: str) -> Stencil:
        """That of a text in ASCII."""
        key = text.encode().translate(_ZEROS)
        known = self._lines.get(key)
        if known is None:
            known = Stencil(*self.of(text.lower()))
            if len(text) <= _LONGEST:
                if len(self._lines) >= _MOST_LINES:
                    self._lines.clear()
                self._lines[key] = known
        return known

    def _make(self) -> Callable[[str], list[str]]:
        """Once all patterns are there. Taking them apart takes 20 ms, so what was found out is kept."""
        from callcheck.sources.kept import kept

        patterns = made[:_MOST_PATTERNS]
        written = digest(repr(([each.given for each in patterns], self.texts)))
        needs, runs, texts = kept(f"sieve-{written[:16]}", (), lambda: _taken_apart(patterns, self.texts))
        for number, (each, (needed, known)) in enumerate(zip(patterns, needs, strict=True)):
            each.known = known
            if needed or each.given[1] & re.I:
                _equip(each)
            if needed:
                each.need = 1 << number
        # What is kept is shared with the next sieve: nothing is taken out of it.
        self._wordless = texts.get("", [])
        self._always = [self.texts[number] for number in self._wordless]
        for run in {*runs, *texts} - {""}:
            mask = sum(1 << number for number in runs.get(run, ()))
            self._runs.setdefault(run[:_LEAST], []).append((run, mask, texts.get(run, [])))
        self._find = _LETTERS.findall
        return self._find

    def _learn(self, word: str) -> int:
        may, tell = 0, []
        for start in range(len(word) - _LEAST + 1):
            for run, mask, texts in self._runs.get(word[start : start + _LEAST], ()):
                if word.startswith(run, start):
                    may |= mask
                    tell += texts
        if tell:
            self._tell[word] = tell
            may |= _TELLS
        self._words[word] = may
        return may


def _taken_apart(patterns: Sequence[Any], texts: Sequence[str]) -> tuple[list[tuple[bool, Words]], dict[str, list[int]], dict[str, list[int]]]:
    """Whether each pattern is known by words, and its texts; by word the numbers of the patterns, and by word, "" for none, those of the texts that it lets through."""
    needs: list[tuple[bool, Words]] = []
    runs: dict[str, list[int]] = {}
    for number, each in enumerate(patterns):
        known = each.texts()
        needed = _runs(known[0])
        needs.append((bool(needed), known))
        for run in set(needed):
            runs.setdefault(run, []).append(number)
    words = [_LETTERS.findall(text.casefold()) for text in texts]
    often = Counter(word for each in words for word in set(each))
    telling: dict[str, list[int]] = {}
    for number, each in enumerate(words):
        # `refused` says more than `connection`, which stands in a hundred of them.
        telling.setdefault(min(each, key=lambda word: (often[word], -len(word)), default=""), []).append(number)
    return needs, runs, telling


def lowered(text: str) -> str:
    """As a sieve takes it."""
    return text.lower() if text.isascii() else text.casefold()


def _equip(each: Any) -> None:
    """Give a pattern its own `search`, and that of the same in lower case; each is compiled when it is first used.

    Both look first for the words of which one stands in each match: those take a tenth of a search that tries each of several words at each letter.
    """
    text, flags = str(each.given[0]), each.given[1]
    words, exact = each.texts()

    def bare(*given: Any) -> Any:
        same = each.low is bare
        search = compiled(text, flags).search
        each.bare = sifted(search, words, True) if exact else search
        each.low = each.bare if same else each.low
        return each.bare(*given)

    def low(*given: Any) -> Any:
        written = _UPPER.sub(lambda found: found[0] if found[0][0] in "\\(" else found[0].lower(), text)
        each.low = sifted(compiled(written, flags & ~re.I).search, words, True)
        return each.low(*given)

    each.bare = bare
    each.low = low if flags & re.I else None if _UPPER.search(text) else bare


def _runs(texts: Iterable[str]) -> list[str]:
    """The words by which the texts are known; [] where one has none."""
    found = [_longest(text) for text in texts]
    return found if found and min(map(len, found)) >= _LEAST else []


def _longest(text: str) -> str:
    found: list[Any] = _LETTERS.findall(text.casefold())
    return max(found, key=len, default="")
