"""Which of many known texts stand in a record?

Most records hold none. So texts that share a piece (`onnection`) are looked for only where the piece is there.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Protocol

_PIECE = 5


class Texts(Protocol):
    """Whatever finds texts in a record."""

    def within(self, text: str) -> list[str]:
        """Those that stand in the text."""


class Literals:
    """Some hundred texts, grouped by pieces that they share."""

    def __init__(self, texts: Iterable[str]) -> None:
        left = list(dict.fromkeys(texts))
        self._groups: list[tuple[str, list[str]]] = []
        shared = Counter(piece for text in left for piece in _pieces(text))
        for piece, _ in shared.most_common():
            group = [text for text in left if piece in text]
            if len(group) < 2:
                continue
            left = [text for text in left if piece not in text]
            self._groups.append((piece, group))
        self._groups += [(text, [text]) for text in left]

    def within(self, text: str) -> list[str]:
        """Those that stand in the text."""
        return [one for piece, group in self._groups if piece in text for one in group if one in text]


def _pieces(text: str) -> set[str]:
    return {text[n : n + _PIECE] for n in range(len(text) - _PIECE + 1)}
