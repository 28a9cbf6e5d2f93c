"""Which emitted name was meant by a listener whose own name never goes out?"""

from __future__ import annotations

from collections.abc import Iterable

from callcheck.model.pattern import pattern

ALIKE = 0.75
"""How much two names must look the same (difflib's ratio) to be taken for a slip."""
_WORD = pattern(r"[A-Z]?[a-z0-9]+|[A-Z]+(?![a-z])")


def meant(listened: str, unheard: Iterable[str], heard: Iterable[str], alone: bool) -> str:
    """The name that was meant, "" if none is likely.

    A name that somebody else listens to is taken only if it differs in nothing but case and signs. `alone`: this listener is the only one
    without an emission; a single emission without a listener is then its own.
    """
    import difflib

    plain = _plain(listened)
    if len(plain) < 2:
        return ""
    free = [name for name in unheard if len(_plain(name)) > 1]
    for name in (*free, *heard):
        if _plain(name) == plain:
            return name
    near = difflib.get_close_matches(plain, [_plain(name) for name in free], 1, ALIKE)
    if near:
        return next(name for name in free if _plain(name) == near[0])
    words = _words(listened)
    for name in free:
        other = _words(name)
        if words and other and (words <= other or other <= words or len(words & other) * 2 >= len(words | other)):
            return name
    return free[0] if alone and len(free) == 1 else ""


def _plain(name: str) -> str:
    return "".join(c for c in name.lower() if c.isalnum())


def _words(name: str) -> frozenset[str]:
    """The words of a name in their simplest form: `ordersPaid` has order and paid."""
    return frozenset(_stem(word.lower()) for word in _WORD.findall(name))


def _stem(word: str) -> str:
    return word[:-1] if word.endswith("s") and len(word) > 3 else word
