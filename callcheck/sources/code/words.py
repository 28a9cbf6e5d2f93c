"""In which source files does an identifier, or a piece of one, stand, be it in a comment or a string?

Asked by hundreds of words of every file of a big tree, so all words of all files are looked through once.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterable, Iterator

from callcheck.model.pattern import pattern

_NOT_A_NAME = bytes(byte if byte < 128 and chr(byte).isalnum() or byte in b"_$" else 32 for byte in range(256))
_PLAIN = pattern(r"[A-Za-z0-9_$]+")
_LEAST = 3
"""Characters of a name below which it stands nearly everywhere."""


class Words:
    """The words of some files."""

    def __init__(self, paths: Iterable[str], data: Callable[[str], bytes]) -> None:
        """`data` gives a file's bytes."""
        self.paths = tuple(paths)
        self._data = data
        self._having: dict[str, frozenset[str]] = {}
        self._holding: dict[bytes, frozenset[str]] = {}
        self._places: dict[bytes, int | list[int]] = {}
        """The numbers of the files that have a word; most words are in one."""
        for number, path in enumerate(self.paths):
            for word in set(data(path).translate(_NOT_A_NAME).split()):
                known = self._places.get(word)
                if known is None:
                    self._places[word] = number
                elif isinstance(known, int):
                    self._places[word] = [known, number]
                else:
                    known.append(number)

    def having(self, word: str) -> frozenset[str]:
        """The files that have a word."""
        if word not in self._having:
            self._having[word] = frozenset(self._looked_up(word.encode()) if _PLAIN.fullmatch(word) else self._searched(word.encode()))
        return self._having[word]

    def having_one(self, words: Iterable[str]) -> set[str]:
        """The files that have one of these words."""
        return set().union(*map(self.having, words))

    def beginning(self, start: str) -> set[str]:
        """The files with a word that begins so."""
        sought = start.encode()
        return self.having_one(word.decode() for word in self._places if word.startswith(sought))

    def holding_one(self, texts: Iterable[str]) -> set[str]:
        """The files in which one of these pieces of text may stand, `.close(` or `gave up`: those with a word that the longest name in it is part of."""
        return set().union(*map(self._holds, texts))

    def _holds(self, text: str) -> frozenset[str]:
        name = max(text.encode().translate(_NOT_A_NAME).split(), key=len, default=b"")
        if len(name) < _LEAST:
            return frozenset(self.paths)
        if name not in self._holding:
            self._holding[name] = frozenset(path for word in self._with(name) for path in self._looked_up(word))
        return self._holding[name]

    def _with(self, part: bytes) -> Iterator[bytes]:
        """The words that have a part: all of them together are a twentieth of what they were read out of."""
        at = self._all.find(part)
        while at >= 0:
            end = self._all.index(b"\n", at)
            yield self._all[self._all.rindex(b"\n", 0, at + 1) + 1 : end]
            at = self._all.find(part, end)

    @functools.cached_property
    def _all(self) -> bytes:
        return b"\n".join((b"", *self._places, b""))

    def _looked_up(self, word: bytes) -> Iterable[str]:
        places = self._places.get(word, ())
        return (self.paths[place] for place in ((places,) if isinstance(places, int) else places))

    def _searched(self, word: bytes) -> Iterable[str]:
        """For what is no plain word: `größe`, `on-done`. Its plain parts stand where it does."""
        standing = re.compile(rb"(?<![\w$])" + re.escape(word) + rb"(?![\w$])")
        parts = [self.having(part.decode()) for part in word.translate(_NOT_A_NAME).split()]
        paths = frozenset.intersection(*parts) if parts else self.paths
        return (path for path in paths if word in (data := self._data(path)) and standing.search(data))
