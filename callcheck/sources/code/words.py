"""In which source files does an identifier stand, be it in a comment or a string?

Asked by hundreds of words of every file of a big tree, so all words of all files are looked through once.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from callcheck.model.pattern import pattern

_NOT_A_NAME = bytes(byte if byte < 128 and chr(byte).isalnum() or byte in b"_$" else 32 for byte in range(256))
_PLAIN = pattern(r"[A-Za-z0-9_$]+")


class Words:
    """The words of some files."""

    def __init__(self, paths: Iterable[str], data: Callable[[str], bytes]) -> None:
        """`data` gives a file's bytes."""
        self.paths = tuple(paths)
        self._data = data
        self._having: dict[str, frozenset[str]] = {}
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
            self._having[word] = frozenset(self._looked_up(word) if _PLAIN.fullmatch(word) else self._searched(word.encode()))
        return self._having[word]

    def having_one(self, words: Iterable[str]) -> set[str]:
        """The files that have one of these words."""
        return set().union(*map(self.having, words))

    def beginning(self, start: str) -> set[str]:
        """The files with a word that begins so."""
        sought = start.encode()
        return self.having_one(word.decode() for word in self._places if word.startswith(sought))

    def _looked_up(self, word: str) -> Iterable[str]:
        places = self._places.get(word.encode(), ())
        return (self.paths[place] for place in ((places,) if isinstance(places, int) else places))

    def _searched(self, word: bytes) -> Iterable[str]:
        """For what is no plain word: `größe`, `on-done`. Its plain parts stand where it does."""
        standing = re.compile(rb"(?<![\w$])" + re.escape(word) + rb"(?![\w$])")
        parts = [self.having(part.decode()) for part in word.translate(_NOT_A_NAME).split()]
        paths = [path for path in self.paths if all(path in having for having in parts)]
        return (path for path in paths if word in (data := self._data(path)) and standing.search(data))
