"""By which statement of the source was a line printed?"""

from __future__ import annotations

import re
from collections.abc import Sequence

from callcheck.model.statement import Statement

_MOST = 1_000
"""Characters of a line that are compared."""


class Printed:
    """Finds statements by what they write; each kind of line is looked up once."""

    def __init__(self, known: Sequence[Statement]) -> None:
        self._by_word: dict[str, list[tuple[int, re.Pattern[str], Statement]]] = {}
        """By the longest word of a statement, which a line of it must hold."""
        for statement in known:
            words = re.findall(r"[^\W_]+", " ".join(statement.texts))
            if words:
                size = sum(map(len, statement.texts))
                written = re.compile(".{0,300}?".join(map(re.escape, statement.texts)), re.S)
                self._by_word.setdefault(max(words, key=len), []).append((size, written, statement))
        for held in self._by_word.values():
            held.sort(key=lambda entry: (-entry[0], entry[2].path, entry[2].line))
        self._known: dict[str, Statement | None] = {}

    def __bool__(self) -> bool:
        return bool(self._by_word)

    def by(self, text: str, shape: str = "") -> Statement | None:
        """The statement with the most text that fits, None where none fits or two of the same words stand in the source."""
        if shape and shape in self._known:
            return self._known[shape]
        found = self._find(text[:_MOST])
        if shape:
            self._known[shape] = found
        return found

    def _find(self, text: str) -> Statement | None:
        best: list[tuple[int, Statement]] = []
        for word in dict.fromkeys(re.findall(r"[^\W_]+", text)):
            for size, written, statement in self._by_word.get(word, ()):
                if (not best or size >= best[0][0]) and written.search(text):
                    best = [(size, statement), *(each for each in best if each[0] == size)]
        if not best:
            return None
        # The same words in two places are known by neither.
        return best[0][1] if len({(s.path, s.line) for _, s in best}) == 1 else None
