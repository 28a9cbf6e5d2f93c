"""Does one name meet another, with wildcards and with parts that are computed, and if not: is it a slip of the pen?"""

from __future__ import annotations

import functools
from collections.abc import Collection

from callcheck.model.pattern import pattern

_WORD = pattern(r"[A-Z]?[a-z0-9]+|[A-Z]+(?![a-z])")
_CLOSE = 0.75
"""difflib's ratio of two words that are taken for one with a slip in it."""
_NEAR = 0.6
"""The same where no other word can be meant."""
_VERSION = pattern(r"v\d{1,4}")


def meets(heard: str, sent: str, wildcard: str = "") -> bool:
    """Whether a message under a name reaches who listens to another; `*` in a name that is sent is a part that is computed.

    `wildcard` is as in `Idiom.wildcard`: separator, sign for one part, sign for any number of them; "" for names without.
    """
    if heard == sent:
        return True
    if not wildcard:
        return _globs(heard, sent)
    separator, one, many = wildcard.split()[-3:]
    return _parts(tuple(heard.split(separator)), tuple(sent.split(separator)), one, many)


def takes_all(heard: str, names: Collection[str], wildcard: str) -> bool:
    """Whether a listener is there for whatever is sent, as one that keeps a record: `load.#` beside several names."""
    many = wildcard.split()[-1:]
    return bool(many) and len(names) > 1 and many[0] in heard and all(meets(heard, name, wildcard) for name in names)


@functools.lru_cache(maxsize=4096)
def _globs(one: str, other: str) -> bool:
    """Whether two texts in which `*` stands for anything can be the same."""
    if not one or not other:
        return not (one or other).strip("*")
    if one[0] == "*":
        return _globs(one[1:], other) or (other[0] != "*" and _globs(one, other[1:])) or (other[0] == "*" and _globs(one, other[1:]))
    if other[0] == "*":
        return _globs(other, one)
    return one[0] == other[0] and _globs(one[1:], other[1:])


def _parts(heard: tuple[str, ...], sent: tuple[str, ...], one: str, many: str) -> bool:
    if not heard:
        return not sent
    if heard[0] == many:
        return any(_parts(heard[1:], sent[skip:], one, many) for skip in range(len(sent) + 1))
    if not sent:
        return False
    if sent[0] == "*" and len(sent) == 1 and len(heard) > 1:
        return True  # the rest of the name is computed
    return (heard[0] == one or _globs(heard[0], sent[0])) and _parts(heard[1:], sent[1:], one, many)


def alike(heard: str, sent: str, wildcard: str = "") -> bool:
    """Whether two names that do not meet were meant to: the same words otherwise written or of another version, one word slipped, or a wildcard that is too short."""
    mine, theirs = words(heard), words(sent)
    if not mine or not theirs:
        return False
    if sorted(mine) == sorted(theirs) or "".join(mine) == "".join(theirs):
        return True
    if _unversioned(mine) == _unversioned(theirs) != []:
        return True
    if len(mine) == len(theirs):
        apart = [(a, b) for a, b in zip(mine, theirs, strict=True) if a != b]
        return len(apart) == 1 and _slip(*apart[0])
    if wildcard and _begins(heard, sent, wildcard.split()[-3]):
        return True
    covers = bool(wildcard) and any(sign in heard for sign in wildcard.split()[-2:])
    if covers and _by_parts(heard, sent, *wildcard.split()[-3:-1]):
        return True
    return covers and mine[0] == theirs[0] and mine[-1] == theirs[-1] and set(mine) <= set(theirs)


def _unversioned(parts: list[str]) -> list[str]:
    """What is left of `order.paid.v2` without its version, which one side is often raised to alone."""
    return [part for part in parts if not _VERSION.fullmatch(part)]


def kin(heard: str, sent: str) -> bool:
    """Whether two names have a word in common: `export-done` and `export-finished`. Nothing by itself, as there may be many of a kind."""
    return not set(words(heard)).isdisjoint(words(sent))


def _begins(heard: str, sent: str, separator: str) -> bool:
    """Whether a name is the first parts of another: `road.blocked` for `road.blocked.snow`, where a wildcard is missing at its end."""
    mine, theirs = heard.split(separator), sent.split(separator)
    return 1 < len(mine) < len(theirs) and mine == theirs[: len(mine)]


def _by_parts(heard: str, sent: str, separator: str, one: str) -> bool:
    """Whether a pattern would fit but for one part with a slip in it (`orders.*`, `order.paid`), or for parts that are too many (`plant/+`, `plant/*/state`)."""
    mine, theirs = heard.split(separator), sent.split(separator)
    apart = [(a, b) for a, b in zip(mine, theirs, strict=False) if a != one and not _globs(a, b)]
    if len(mine) < len(theirs):
        return mine[-1] == one and not apart
    return len(mine) == len(theirs) and len(apart) == 1 and (words(apart[0][0]) == words(apart[0][1]) != [] or _slip(*apart[0]))


def nearly(heard: str, sent: str) -> bool:
    """Whether two names have all words but one in common, and that one may be written amiss: `order.payed`, `order.paid`. Enough only where no other name can be meant."""
    mine, theirs = words(heard), words(sent)
    apart = [(a, b) for a, b in zip(mine, theirs, strict=False) if a != b]
    return len(mine) == len(theirs) and len(apart) == 1 and _slip(*apart[0], _NEAR)


def _slip(one: str, other: str, least: float = _CLOSE) -> bool:
    import difflib

    return min(len(one), len(other)) > 2 and difflib.SequenceMatcher(None, one, other).ratio() >= least


def words(name: str) -> list[str]:
    """The words of a name in their simplest form: `ordersPaid` has order and paid."""
    return [word[:-1] if word.endswith("s") and len(word) > 3 else word for word in (each.lower() for each in _WORD.findall(name))]
