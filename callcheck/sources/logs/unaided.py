"""Where do the texts stand that make a line worth reading, without hyperscan?

Piece by piece it is asked which of them may be there at all: google-re2, if it is installed, knows that in one go; otherwise the words of the
piece tell. Those are then looked for one by one. Both find what hyperscan finds. (One expression of all texts for Python's own `re` takes
two seconds a megabyte; the words take a hundredth of that.)
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from callcheck.model.pattern import pattern
from callcheck.sources.logs.anchors import Anchor

_PIECE = 16_384
_LEAST = 3
_MOST_WORDS = 100_000
_WORDS = pattern(rb"[a-z]{3,}")

Maybe = Callable[[bytes, bytes], Iterable[int]]
"""Given a piece, and the same in lower case: which of the texts may stand in it, by their numbers; too many, but never too few."""


class Unaided:
    """Finds a set of texts."""

    def __init__(self, texts: Sequence[Anchor], once: bool) -> None:
        self._texts = [(anchor.text.encode(), anchor.exact) for anchor in texts]
        self._once = once
        self._overlap = max((len(text) for text, _ in self._texts), default=1) - 1
        by_re2 = _by_re2(texts)
        self.engine = "google-re2" if by_re2 else ""
        self._maybe = by_re2 or _Words(texts)

    def find(self, data: bytes, shift: int) -> Iterator[int]:
        """The hits, each as its end above `shift` bits and the number of the text; in no order."""
        seen: set[int] = set()
        for begin in range(0, len(data), _PIECE):
            piece = data[begin : begin + _PIECE + self._overlap]
            low = piece.lower()
            for which in self._maybe(piece, low):
                if which in seen:
                    continue
                text, exact = self._texts[which]
                inside = piece if exact else low
                at = inside.find(text)
                # What begins in the overlap is the next piece's.
                while 0 <= at < _PIECE:
                    yield begin + at + len(text) << shift | which
                    if self._once:
                        seen.add(which)
                        break
                    at = inside.find(text, at + 1)


def _by_re2(texts: Sequence[Anchor]) -> Maybe | None:
    try:
        import re2
    except ImportError:
        return None
    options = re2.Options()
    options.encoding, options.never_capture, options.log_errors = re2.Options.Encoding.LATIN1, True, False
    options.max_mem = 64 << 20
    every: Any = re2.Set.SearchSet(options)
    for anchor in texts:
        quoted = "".join(chr(byte) if chr(byte).isalnum() and byte < 128 else f"\\x{byte:02x}" for byte in anchor.text.encode())
        every.Add(quoted if anchor.exact else f"(?i:{quoted})")
    every.Compile()

    def maybe(piece: bytes, _: bytes) -> Iterable[int]:
        return every.Match(piece) or ()

    return maybe


class _Words:
    """Goes by the longest word of each text; which texts a word of a log brings is found out once."""

    def __init__(self, texts: Sequence[Anchor]) -> None:
        self._always: list[int] = []
        self._runs: list[tuple[bytes, int]] = []
        self._known: dict[bytes, tuple[int, ...]] = {}
        for which, anchor in enumerate(texts):
            run = max(_WORDS.findall(anchor.text.encode().lower()), key=len, default=b"")
            if len(run) >= _LEAST:
                self._runs.append((run, which))
            else:
                self._always.append(which)

    def __call__(self, _: bytes, low: bytes) -> Iterable[int]:
        may = set(self._always)
        known = self._known
        for word in set(_WORDS.findall(low)):
            brought = known.get(word)
            if brought is None:
                if len(known) >= _MOST_WORDS:
                    known.clear()
                brought = known[word] = tuple(which for run, which in self._runs if run in word)
            may.update(brought)
        return may
