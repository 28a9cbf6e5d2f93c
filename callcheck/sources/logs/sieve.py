"""Which of our patterns and known texts can a record hold at all, by the words that stand in it?

A log repeats its words. What a word lets through (`reconnecting`: the pattern of retries, two signatures) is found out once, so a record
takes one look-up a word instead of a search a pattern. What is let through is still searched for: a sieve may let too much through, never
too little.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from callcheck.model.digest import digest
from callcheck.model.pattern import compiled, made, pattern

ALL = -1
"""Anything may be there."""
_FIRST_TEXT = 512
"""The bits below are the patterns'."""
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

    __slots__ = ("may", "shapes", "template")

    def __init__(self, may: int) -> None:
        self.may = may
        self.template: str | None = None
        self.shapes: dict[str, str] = {}
        """By the event that the line names."""


class Sieve:
    """For all `rare` patterns, and for the texts that signatures look for."""

    def __init__(self, texts: Sequence[str]) -> None:
        self.texts = texts
        self._words: dict[str, int] = {}
        self._lines: dict[bytes, Stencil] = {}
        self._let: dict[int, list[str]] = {}
        """By what is let through, the texts of it."""
        self._runs: dict[str, list[tuple[str, int]]] = {}
        """By their first letters, what has to stand in a word and what that lets through."""
        self._always = 0
        """The texts without a word of their own."""
        self._find: Callable[[str], list[str]] | None = None

    def of(self, text: str) -> int:
        """A bit for each pattern (`need`) and each text that may be in this one, which is in lower case."""
        find = self._find or self._make()
        words, may = self._words, self._always
        for word in set(find(text)):
            known = words.get(word)
            may |= self._learn(word) if known is None else known
        return may

    def stencil(self, text: str) -> Stencil:
        """That of a text in ASCII."""
        key = text.encode().translate(_ZEROS)
        known = self._lines.get(key)
        if known is None:
            known = Stencil(self.of(text.lower()))
            if len(text) <= _LONGEST:
                if len(self._lines) >= _MOST_LINES:
                    self._lines.clear()
                self._lines[key] = known
        return known

    def within(self, may: int, text: str) -> list[str]:
        """The texts that stand in this one."""
        let = self._let.get(may)
        if let is None:
            if len(self._let) >= _MOST_LINES:
                self._let.clear()
            let = self._let[may] = [self.texts[number] for number in _bits(may >> _FIRST_TEXT)] if may != ALL else list(self.texts)
        return [each for each in let if each in text]

    def _make(self) -> Callable[[str], list[str]]:
        """Once all patterns are there. Taking them apart takes 20 ms, so what was found out is kept."""
        from callcheck.sources.kept import kept

        patterns = made[:_FIRST_TEXT]
        written = digest(repr(([each.given for each in patterns], self.texts)))
        needs, runs = kept(f"sieve-{written[:16]}", (), lambda: _taken_apart(patterns, self.texts))
        for number, (each, needed) in enumerate(zip(patterns, needs, strict=True)):
            if needed or each.given[1] & re.I:
                _equip(each)
            if needed:
                each.need = 1 << number
        for run, numbers in runs.items():
            mask = sum(1 << number for number in numbers)
            if run:
                self._runs.setdefault(run[:_LEAST], []).append((run, mask))
            else:
                self._always = mask
        self._find = _LETTERS.findall
        return self._find

    def _learn(self, word: str) -> int:
        may = 0
        for start in range(len(word) - _LEAST + 1):
            for run, mask in self._runs.get(word[start : start + _LEAST], ()):
                if word.startswith(run, start):
                    may |= mask
        if len(self._words) >= _MOST_WORDS:
            self._words.clear()
        self._words[word] = may
        return may


def _taken_apart(patterns: Sequence[Any], texts: Sequence[str]) -> tuple[list[bool], dict[str, list[int]]]:
    """Whether each pattern needs a word, and by word, "" for none, the bits of the patterns and texts that it lets through."""
    needs: list[bool] = []
    runs: dict[str, list[int]] = {}
    for number, each in enumerate(patterns):
        needed = _runs(each.texts())
        needs.append(bool(needed))
        for run in set(needed):
            runs.setdefault(run, []).append(number)
    for number, text in enumerate(texts, _FIRST_TEXT):
        run = _longest(text)
        runs.setdefault(run if len(run) >= _LEAST else "", []).append(number)
    return needs, runs


def _bits(mask: int) -> Iterator[int]:
    """The places of those that are set: some dozens of some thousands, so that to ask each would take thirty times as long."""
    while mask:
        last = mask & -mask
        yield last.bit_length() - 1
        mask ^= last


def lowered(text: str) -> str:
    """As a sieve takes it."""
    return text.lower() if text.isascii() else text.casefold()


def _equip(each: Any) -> None:
    """Give a pattern its own `search`, and that of the same in lower case; each is compiled when it is first used."""
    text, flags = str(each.given[0]), each.given[1]

    def bare(*given: Any) -> Any:
        same = each.low is bare
        each.bare = compiled(text, flags).search
        each.low = each.bare if same else each.low
        return each.bare(*given)

    def low(*given: Any) -> Any:
        written = _UPPER.sub(lambda found: found[0] if found[0][0] in "\\(" else found[0].lower(), text)
        each.low = compiled(written, flags & ~re.I).search
        return each.low(*given)

    each.bare = bare
    each.low = low if flags & re.I else None if _UPPER.search(text) else bare


def _runs(texts: Iterable[str] | None) -> list[str]:
    """The words by which the texts are known; [] where one has none."""
    found = [_longest(text) for text in texts or ()]
    return found if found and min(map(len, found)) >= _LEAST else []


def _longest(text: str) -> str:
    found: list[Any] = _LETTERS.findall(text.casefold())
    return max(found, key=len, default="")
