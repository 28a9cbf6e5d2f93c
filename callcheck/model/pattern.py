"""How is a regular expression written down? As with `re.compile`; it is compiled when it is first used.

Compiling takes 0.1 to 0.5 ms, and a run uses one in three of those in the modules that it imports. Those that an earlier run compiled are put
together out of what it kept (`sources/kept_patterns.py`), which takes a hundredth of that.
"""

from __future__ import annotations

import functools
import re
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from re import compile as pattern
    from re import compile as rare

__all__ = ["compile_by", "compiled", "made", "pattern", "rare", "written"]

_USES = ("search", "match", "fullmatch", "sub", "split", "findall", "finditer", "pattern", "flags")
_way: Callable[..., re.Pattern[Any]] | None = None


def compile_by(way: Callable[..., re.Pattern[Any]] | None) -> None:
    """From now on what is written down here is compiled by this; None for `re.compile`."""
    global _way
    _way = way


def _compile(text: Any, flags: int) -> re.Pattern[Any]:
    return (_way or re.compile)(text, flags)


@functools.lru_cache(maxsize=4096)
def compiled(text: str, flags: int = 0) -> re.Pattern[str]:
    """As `re.compile`, once, for a text that comes from a rule. Not for one with something of the target in it: what is compiled here may be kept."""
    return _compile(text, flags)


def written(one: re.Pattern[str]) -> tuple[str, int]:
    """The text and the flags of a pattern, without compiling one that nobody has used yet."""
    given: tuple[str, int] = getattr(one, "given", None) or (one.pattern, one.flags)
    return given


class _Pattern:
    """Becomes the compiled pattern's methods at the first use of one of them."""

    def __init__(self, text: str | bytes, flags: int = 0) -> None:
        self.given = text, flags

    def __reduce__(self) -> tuple[Any, ...]:
        """Kept, and given to other processes, as it is written: who needs it compiles it."""
        return type(self), self.given

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Pattern) and self.given == other.given

    def __hash__(self) -> int:
        return hash(self.given)

    def __repr__(self) -> str:
        return f"pattern{self.given!r}"

    def __getattr__(self, name: str) -> Any:
        if name == "pattern":
            return self.given[0]
        if name not in _USES:
            raise AttributeError(name)
        made = _compile(*self.given)
        self.__dict__.update({use: getattr(made, use) for use in _USES})
        return getattr(made, name)


Words = tuple[list[str], bool]
"""Texts, and whether case counts."""
made: list[_Rare] = []
"""All rare patterns, in the order of their making."""
_OFTEN = 200
"""Searches after which it pays to know a pattern's words."""


class _Rare(_Pattern):
    """A pattern that most texts do not hold: `search` looks first whether one of its words is there at all."""

    def __init__(self, text: str, flags: int = 0) -> None:
        super().__init__(text, flags)
        self.need = 0
        """The bit that a sieve has for it, if it has one."""
        self.bare: Any = None
        """Its `search`, once it has a bit."""
        self.low: Any = None
        """The `search` of the same pattern for text in lower case, if case does not count: a tenth of the time."""
        self.known: Words | None = None
        """What `texts` gives, once somebody has it."""
        made.append(self)

    def texts(self) -> Words:
        """Its words."""
        if self.known is None:
            self.known = words_of(str(self.given[0]), self.given[1])
        return self.known

    def __getattr__(self, name: str) -> Any:
        found = super().__getattr__(name)
        search, searches = self.__dict__["search"], 0

        def counted(*given: Any) -> Any:
            nonlocal searches
            searches += 1
            if searches == _OFTEN:
                self.search = sifted(search, *self.texts())
            return search(*given)

        self.search = counted
        return counted if name == "search" else found


def words_of(text: str, flags: int = 0) -> Words:
    """The texts of which one stands in every match, short ones first, none if there need be none; and whether their case counts."""
    from callcheck.model.factors import factors

    texts, exact = factors(text, flags) or ((), False)
    return sorted(texts, key=len), exact


def sifted(search: Callable[..., Any], words: Sequence[str], as_it_is: bool) -> Callable[..., Any]:
    """A pattern's `search` that answers the same, and soon where none of the pattern's words is there; without `as_it_is` the text's case is folded first."""
    if not words:
        return search

    def sift(text: str, start: int = 0, end: int = sys.maxsize) -> Any:
        part = text[start:end]
        if not as_it_is:
            part = part.casefold()
        for word in words:
            if word in part:
                return search(text, start, end)
        return None

    return sift


if not TYPE_CHECKING:
    pattern = _Pattern
    rare = _Rare
