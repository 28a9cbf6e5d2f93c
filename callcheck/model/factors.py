"""Which texts must stand in whatever a regular expression finds, or behind it, where it looks ahead?

`retry|\\bgave up\\b` finds nothing in a line without `retry` and without `gave up`, and looking for two texts takes a fiftieth of the time.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

try:
    from re import _constants as _sre  # type: ignore[attr-defined]
    from re import _parser as _parse  # type: ignore[attr-defined]
except ImportError:  # Python 3.10
    import sre_constants as _sre
    import sre_parse as _parse

_MOST = 160
"""More texts than this cost more than they save."""
_PRODUCT = 24
"""So many texts a run of nodes may give; where it would be more, those of its first part are as telling."""
_LEAST_LENGTH = 2
_Texts = frozenset[str]
_EMPTY: _Texts = frozenset(("",))
_ZERO_WIDTH = (_sre.AT, _sre.ASSERT, _sre.ASSERT_NOT)


def factors(text: str, flags: int = 0) -> tuple[frozenset[str], bool] | None:
    """Texts of which at least one stands in every match, and whether case counts; None if there are none worth looking for."""
    try:
        tree = _parse.parse(text, flags)
    except Exception:  # noqa: BLE001  (whoever compiles it will say what is wrong with it)
        return None
    # The parser's tree is no public thing: what we do not know in it takes part in no factor.
    exact, needed = _sequence(tree)
    best = _best([*needed, *([exact] if exact is not None else [])])
    if best is None:
        return None
    folded = bool(tree.state.flags & _sre.SRE_FLAG_IGNORECASE)
    return (frozenset(map(str.casefold, best)) if folded else best), not folded


def _sequence(nodes: Iterable[tuple[Any, Any]]) -> tuple[_Texts | None, list[_Texts]]:
    """All that the nodes match, if that is a few texts, and the sets of texts of which each match has one."""
    needed: list[_Texts] = []
    run, whole = _EMPTY, True
    text = ""
    for kind, value in getattr(nodes, "data", nodes):  # the list inside is gone through five times as fast
        if kind is _sre.LITERAL:
            text += chr(value)
            continue
        if text:
            run, text = frozenset(each + text for each in run), ""
        exact, inner = _node(kind, value)
        needed += inner
        if exact is not None and len(run) * len(exact) <= _PRODUCT:
            run = frozenset(a + b for a in run for b in exact)
            continue
        whole = False
        needed += [run] if exact is None else [run, exact]
        run = _EMPTY
    if text:
        run = frozenset(each + text for each in run)
    return (run if whole else None), ([] if whole else [*needed, run])


def _node(kind: Any, value: Any) -> tuple[_Texts | None, list[_Texts]]:
    if kind is _sre.LITERAL:
        return frozenset((chr(value),)), []
    if kind is _sre.ASSERT and value[0] > 0:
        exact, needed = _sequence(value[1])
        return _EMPTY, [*needed, *([exact] if exact is not None else [])]
    if kind in _ZERO_WIDTH:
        return _EMPTY, []
    if kind is _sre.IN:
        return _class(value), []
    if kind is _sre.SUBPATTERN:
        return (None, []) if value[1] or value[2] else _sequence(value[3])
    if kind is _sre.BRANCH:
        return _branch(value[1])
    if kind in (_sre.MAX_REPEAT, _sre.MIN_REPEAT, getattr(_sre, "POSSESSIVE_REPEAT", None)):
        least, most, item = value
        exact, needed = _sequence(item)
        if most == 1 and exact is not None:
            return (exact if least else exact | _EMPTY), []
        if least == 0:
            return None, []
        return None, [*needed, *([exact] if exact is not None else [])]
    return None, []


def _class(items: Sequence[tuple[Any, Any]]) -> _Texts | None:
    if len(items) > 6 or any(kind is not _sre.LITERAL for kind, _ in items):
        return None
    return frozenset(chr(value) for _, value in items)


def _branch(ways: Iterable[Any]) -> tuple[_Texts | None, list[_Texts]]:
    every: set[str] = set()
    is_exact = True
    for way in ways:
        exact, needed = _sequence(way)
        if exact is None:
            is_exact = False
            best = _best(needed)
            if best is None:
                return None, []
            every |= best
        else:
            every |= exact
    texts = frozenset(every)
    return (texts, []) if is_exact and len(texts) <= _MOST else (None, [texts])


def _best(sets: Iterable[_Texts]) -> _Texts | None:
    """The set that says most: no short text in it, and few of them."""
    worth = [(min(5, min(map(len, least))) - 0.05 * len(least), sorted(least)) for s in sets if (least := _least(s))]
    return frozenset(max(worth)[1]) if worth else None


def _least(texts: _Texts) -> list[str]:
    """The texts without those that hold another one; [] if there are too many, or one says next to nothing."""
    if not texts or min(map(len, texts)) < _LEAST_LENGTH:
        return []
    kept = [t for t in texts if not any(o is not t and o in t for o in texts)]
    return kept if len(kept) <= _MOST else []


def first_letters(text: str, flags: int = 0) -> frozenset[str] | None:
    """The ASCII characters with which a match can begin; None if it can be any. Other characters are not told apart."""
    try:
        tree = _parse.parse(text, flags)
        found, empty = _first(tree)
    except Exception:  # noqa: BLE001  (as above)
        return None
    return None if found is None or empty or tree.state.flags & _sre.SRE_FLAG_IGNORECASE else found


_ASCII = frozenset(map(chr, range(128)))
_BLANKS = frozenset(" \t\n\r\f\v")
"""Without re.ASCII the separators U+001C to U+001F are blanks too, with it they are not; so they count on both sides."""
_CATEGORIES = {
    _sre.CATEGORY_DIGIT: frozenset(c for c in _ASCII if c.isdigit()),
    _sre.CATEGORY_WORD: frozenset(c for c in _ASCII if c.isalnum() or c == "_"),
    _sre.CATEGORY_SPACE: frozenset(c for c in _ASCII if c.isspace()),
    _sre.CATEGORY_NOT_DIGIT: frozenset(c for c in _ASCII if not c.isdigit()),
    _sre.CATEGORY_NOT_WORD: frozenset(c for c in _ASCII if not (c.isalnum() or c == "_")),
    _sre.CATEGORY_NOT_SPACE: _ASCII - _BLANKS,
}


def _first(nodes: Iterable[tuple[Any, Any]]) -> tuple[frozenset[str] | None, bool]:
    """The first characters of what the nodes match, and whether they may match nothing."""
    found: frozenset[str] = frozenset()
    for kind, value in nodes:
        one, empty = _first_of(kind, value)
        if one is None:
            return None, empty
        found |= one
        if not empty:
            return found, False
    return found, True


def _first_of(kind: Any, value: Any) -> tuple[frozenset[str] | None, bool]:
    if kind is _sre.LITERAL:
        return frozenset((chr(value),)), False
    if kind in _ZERO_WIDTH:
        return frozenset(), True
    if kind is _sre.IN:
        return _letters(value), False
    if kind is _sre.SUBPATTERN:
        return (None, True) if value[1] or value[2] else _first(value[3])
    if kind is _sre.BRANCH:
        ways = [_first(way) for way in value[1]]
        if any(one is None for one, _ in ways):
            return None, True
        return frozenset().union(*(one for one, _ in ways if one)), any(empty for _, empty in ways)
    if kind in (_sre.MAX_REPEAT, _sre.MIN_REPEAT, getattr(_sre, "POSSESSIVE_REPEAT", None)):
        least, _, item = value
        one, empty = _first(item)
        return one, empty or least == 0
    return None, True


def _letters(items: Iterable[tuple[Any, Any]]) -> frozenset[str] | None:
    found: frozenset[str] = frozenset()
    negated = False
    for kind, value in items:
        if kind is _sre.NEGATE:
            negated = True
        elif kind is _sre.LITERAL:
            found |= {chr(value)}
        elif kind is _sre.RANGE:
            found |= frozenset(map(chr, range(value[0], min(value[1], 127) + 1)))
        elif kind is _sre.CATEGORY and value in _CATEGORIES:
            found |= _CATEGORIES[value]
        else:
            return None
    return _ASCII - found if negated else found
