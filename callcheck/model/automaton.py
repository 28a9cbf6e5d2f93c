r"""Through which characters can a search go, and from which to which? A regular expression as a graph.

    \b[a-z]+ x      positions: [a-z] (repeated), x      edges: [a-z] -> [a-z], [a-z] -> x      entry: [a-z], after no word character

A position is one character class of the pattern, a set of characters is an integer with one bit for each ASCII character and one for each kind of other ones.
What a looking around or an anchor asks of one character is kept at the edge; looking ahead over more is a way that leads nowhere.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from callcheck.model.noun import dataclass, field

try:
    from re import _constants as _sre  # type: ignore[attr-defined]
    from re import _parser as _parse  # type: ignore[attr-defined]
except ImportError:  # Python 3.10
    import sre_constants as _sre
    import sre_parse as _parse

_ASCII = (1 << 128) - 1
_OTHER_WORD, _OTHER_DIGIT, _OTHER_SPACE, _OTHER_SIGN = (1 << (128 + n) for n in range(4))
ANY = (1 << 132) - 1
"""All characters."""
_EDGE = 1 << 132
"""In what is asked of a neighbour: that there is none."""
FREE = ANY | _EDGE
"""Whatever stands beside, or nothing."""
_NEWLINE = 1 << 10
COUNTED = 24
"""A repetition of one class up to so many times adds a little to a search, a longer one multiplies it."""
_COUNTED_GROUP = 6
"""The same for a group: its copies multiply among each other."""
_COPIES = 3
_Ask = tuple[int, int]
"""What the character before and the one behind may be."""
_FREELY: _Ask = (FREE, FREE)


def _of(holds: Any, *others: int) -> int:
    return sum(1 << n for n in range(128) if holds(chr(n))) | sum(others)


_WORD, _DIGIT, _SPACE = _of(lambda c: c.isalnum() or c == "_"), _of(str.isdigit), _of(str.isspace)
_WORDS = _WORD | _OTHER_WORD | _OTHER_DIGIT
_CATEGORIES = {
    _sre.CATEGORY_DIGIT: (_DIGIT, _OTHER_DIGIT, False),
    _sre.CATEGORY_WORD: (_WORD, _OTHER_WORD | _OTHER_DIGIT, False),
    _sre.CATEGORY_SPACE: (_SPACE, _OTHER_SPACE, False),
    _sre.CATEGORY_NOT_DIGIT: (_DIGIT, _OTHER_DIGIT, True),
    _sre.CATEGORY_NOT_WORD: (_WORD, _OTHER_WORD | _OTHER_DIGIT, True),
    _sre.CATEGORY_NOT_SPACE: (_SPACE, _OTHER_SPACE, True),
}
_UPPER, _LOWER = _of(str.isupper), _of(str.islower)
_REPEATS = (_sre.MAX_REPEAT, _sre.MIN_REPEAT, getattr(_sre, "POSSESSIVE_REPEAT", None))
_ATOMIC = getattr(_sre, "ATOMIC_GROUP", None)


@dataclass(slots=True)
class _Part:
    """A piece of the pattern: where it is entered and left, each with what is asked there, and how it is passed without a character."""

    first: list[tuple[_Ask, int]] = field(default_factory=list)
    last: list[tuple[int, _Ask]] = field(default_factory=list)
    empty: list[_Ask] = field(default_factory=list)


@dataclass(slots=True)
class Automaton:
    """Position 0 is the text before a match, since a search begins at each place; position 1 the beginning of the text."""

    classes: list[int] = field(default_factory=lambda: [ANY, _EDGE])
    edges: list[list[tuple[int, int, int]]] = field(default_factory=lambda: [[(ANY, ANY, 0)], [(_EDGE, ANY, 0)]])
    """For each position, what the character there and the next one must be, and the next position; the same one twice if two ways lead there."""
    most: list[float] = field(default_factory=lambda: [float("inf"), 1.0])
    """How often the repetitions around a position go round, multiplied; 1 where there are none."""
    done: set[int] = field(default_factory=set)
    """Positions after which the search has found something, whatever follows."""


def automaton(text: str | bytes, flags: int = 0) -> Automaton:
    """The graph of a pattern. Raises `re.error`."""
    tree = _parse.parse(text, flags)
    made = _Maker(tree.state.flags)
    whole = made.sequence(tree, tree.state.flags)
    made.join([(0, _FREELY), (1, _FREELY)], whole.first)
    made.made.done = {at for at, ask in whole.last if ask[0] & ANY == ANY and ask[1] == FREE}
    return made.made


class _Maker:
    def __init__(self, flags: int) -> None:
        self.made = Automaton()
        self._bytes = not flags & _sre.SRE_FLAG_UNICODE
        self._most = 1.0
        self._groups: dict[int, tuple[int, bool]] = {}
        """The characters of each group, and whether it may be empty."""

    def sequence(self, nodes: Iterable[tuple[Any, Any]], flags: int) -> _Part:
        whole = _Part(empty=[_FREELY])
        for kind, value in nodes:
            whole = self._after(whole, self._node(kind, value, flags))
        return whole

    def join(self, last: list[tuple[int, _Ask]], first: list[tuple[_Ask, int]]) -> None:
        """Leads from where one piece is left to where another is entered."""
        classes, edges = self.made.classes, self.made.edges
        for at, (before, behind) in last:
            for (also_before, also_behind), to in first:
                here, there = before & also_before & classes[at], behind & also_behind & classes[to]
                if here and there:
                    edges[at].append((here, there, to))

    def _after(self, one: _Part, two: _Part) -> _Part:
        self.join(one.last, two.first)
        return _Part(
            first=[*one.first, *((both, to) for ask in one.empty for also, to in two.first if (both := _both(ask, also)))],
            last=[*two.last, *((at, both) for also in two.empty for at, ask in one.last if (both := _both(ask, also)))],
            empty=list(dict.fromkeys(both for ask in one.empty for also in two.empty if (both := _both(ask, also)))),
        )

    def _position(self, letters: int) -> _Part:
        made = self.made
        made.classes.append(letters)
        made.edges.append([])
        made.most.append(self._most)
        at = len(made.classes) - 1
        return _Part(first=[(_FREELY, at)], last=[(at, _FREELY)]) if letters else _Part()

    def _node(self, kind: Any, value: Any, flags: int) -> _Part:
        letters = self._letters(kind, value, flags)
        if letters is not None:
            return self._position(letters)
        if kind is _sre.SUBPATTERN:
            return self._group(value[0], value[3], (flags | value[1]) & ~value[2])
        if kind is _ATOMIC:
            return self.sequence(value, flags)
        if kind is _sre.BRANCH:
            return _either(self.sequence(way, flags) for way in value[1])
        if kind in _REPEATS:
            least, most, item = value
            return self._repeat(least, most, item, flags)
        if kind is _sre.AT:
            return _Part(empty=list(_anchored(value, flags)))
        if kind in (_sre.ASSERT, _sre.ASSERT_NOT):
            return self._around(kind is _sre.ASSERT, value[0] < 0, value[1], flags)
        if kind is _sre.GROUPREF_EXISTS:
            return _either(self.sequence(way or (), flags) for way in value[1:])
        # A group that is referred to: there is nothing to choose.
        letters, empty = self._groups.get(value, (ANY, False))
        return _Part(empty=[_FREELY]) if empty else self._position(letters)

    def _group(self, number: int | None, nodes: Any, flags: int) -> _Part:
        begin = len(self.made.classes)
        whole = self.sequence(nodes, flags)
        if number is not None:
            letters = 0
            for each in self.made.classes[begin:]:
                letters |= each
            self._groups[number] = letters, bool(whole.empty)
        return whole

    def _repeat(self, least: int, most: Any, item: Any, flags: int) -> _Part:
        single = len(item) == 1 and self._letters(item[0][0], item[0][1], flags) is not None
        if most is _sre.MAXREPEAT or (least < most and most > (COUNTED if single else _COUNTED_GROUP)):
            before, self._most = self._most, self._most * (float("inf") if most is _sre.MAXREPEAT else float(most))
            whole = self.sequence(item, flags)
            self.join(whole.last, whole.first)
            self._most = before
        else:
            copies = min(int(most), 1 if single else _COPIES)
            whole = _Part(empty=[_FREELY])
            for number in range(copies):
                one = self.sequence(item, flags)
                whole = self._after(whole, one if number < least else _Part(one.first, one.last, [_FREELY]))
        return whole if least else _Part(whole.first, whole.last, [_FREELY])

    def _around(self, wanted: bool, behind: bool, nodes: Any, flags: int) -> _Part:
        """What stands before or behind: one character is asked for at the edge, more are a way of their own."""
        ways = [list(way) for way in nodes[0][1][1]] if len(nodes) == 1 and nodes[0][0] is _sre.BRANCH else [list(nodes)]
        asked = [self._asked(way, flags) for way in ways]
        if all(each is not None for each in asked):
            letters = 0
            for each in asked:
                letters |= each or 0
            letters = letters if wanted else FREE & ~letters
            return _Part(empty=[(letters, FREE) if behind else (FREE, letters)])
        if behind:
            return _Part(empty=[_FREELY])
        ahead = self.sequence(nodes, flags)
        if not wanted or ahead.empty:
            return _Part(first=ahead.first, empty=[_FREELY])
        letters = 0
        for (_, here), to in ahead.first:
            letters |= here & self.made.classes[to]
        return _Part(first=ahead.first, empty=[(FREE, letters)])

    def _asked(self, way: list[tuple[Any, Any]], flags: int) -> int | None:
        """The one character, or end of the text, that a way of looking around wants; None if it wants more."""
        if len(way) != 1:
            return None
        kind, value = way[0]
        if kind is _sre.SUBPATTERN and len(value[3]) == 1:
            return self._asked(list(value[3]), (flags | value[1]) & ~value[2])
        if kind is _sre.AT:
            return {_sre.AT_BEGINNING: _EDGE | (_NEWLINE if flags & _sre.SRE_FLAG_MULTILINE else 0), _sre.AT_BEGINNING_STRING: _EDGE, _sre.AT_END: _EDGE | _NEWLINE, _sre.AT_END_STRING: _EDGE}.get(value)
        return self._letters(kind, value, flags)

    def _letters(self, kind: Any, value: Any, flags: int) -> int | None:
        if kind is _sre.LITERAL:
            return _cased(_character(value), flags)
        if kind is _sre.NOT_LITERAL:
            return ANY & ~(_cased(1 << value, flags) if value < 128 else 0)
        if kind is _sre.ANY:
            return ANY if flags & _sre.SRE_FLAG_DOTALL else ANY & ~_NEWLINE
        return self._set(value, flags) if kind is _sre.IN else None

    def _set(self, items: Iterable[tuple[Any, Any]], flags: int) -> int:
        found, negated = 0, False
        for kind, value in items:
            if kind is _sre.NEGATE:
                negated = True
            elif kind is _sre.LITERAL:
                found |= 0 if negated and value >= 128 else _character(value)
            elif kind is _sre.RANGE:
                low, high = value
                found |= ((1 << (min(high, 127) + 1)) - 1) & ~((1 << low) - 1) if low < 128 else 0
                found |= ANY & ~_ASCII if high >= 128 and not negated else 0
            elif kind is _sre.CATEGORY:
                ascii_, others, reverse = _CATEGORIES[value]
                letters = ascii_ | (0 if self._bytes or flags & _sre.SRE_FLAG_ASCII else others)
                found |= ANY & ~letters if reverse else letters
        found = _cased(found, flags)
        return ANY & ~found if negated else found


def _both(one: _Ask, two: _Ask) -> _Ask | None:
    before, behind = one[0] & two[0], one[1] & two[1]
    return (before, behind) if before and behind else None


def _either(ways: Iterable[_Part]) -> _Part:
    whole = _Part()
    for way in ways:
        whole.first += way.first
        whole.last += way.last
        whole.empty += [ask for ask in way.empty if ask not in whole.empty]
    return whole


def _character(code: int) -> int:
    if code < 128:
        return 1 << code
    sign = chr(code)
    return _OTHER_DIGIT if sign.isdigit() else _OTHER_WORD if sign.isalnum() else _OTHER_SPACE if sign.isspace() else _OTHER_SIGN


def _cased(letters: int, flags: int) -> int:
    return letters | (letters & _UPPER) << 32 | (letters & _LOWER) >> 32 if flags & _sre.SRE_FLAG_IGNORECASE else letters


def _anchored(value: Any, flags: int) -> Iterable[_Ask]:
    lines = _NEWLINE if flags & _sre.SRE_FLAG_MULTILINE else 0
    words = _WORD if flags & _sre.SRE_FLAG_ASCII else _WORDS
    if value in (_sre.AT_BEGINNING, _sre.AT_BEGINNING_STRING):
        yield (_EDGE | (lines if value is _sre.AT_BEGINNING else 0), FREE)
    elif value in (_sre.AT_END, _sre.AT_END_STRING):
        yield (FREE, _EDGE | (_NEWLINE if value is _sre.AT_END else 0))
    elif value is _sre.AT_BOUNDARY:
        yield from ((words, FREE & ~words), (FREE & ~words, words))
    else:
        yield from ((words, words), (FREE & ~words, FREE & ~words))
