r"""Which regular expressions take no time with the length of a text, but with its square, its cube, or twice as long for each further character?

    (?:[ \t]+[^\n]*\n)*x      each line can be taken apart in as many ways as it has blanks in front, and each way goes with each of every other line
    \w+\s*\w+\s*\w+x          a long word can be divided in half a million ways

Proved on the graph of the pattern: two repetitions that can take the same text, one after the other, can divide it anywhere (Weber and Seidl, On the degree
of ambiguity of finite automata, 1991), and a search tries all of it before it gives up. What is found is what may happen on the worst of texts; such a text is told, too.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from math import inf

from callcheck.model.automaton import ANY, FREE, Automaton, automaton
from callcheck.model.noun import dataclass

LENGTH = 20_000
"""Characters of the worst text: a long source file, or a very long line."""
MOST_STEPS = 1e10
"""Steps of a search of it, of which some 100 million take a second."""
MOST_NAMED = 100
"""Times that one and the same word stands in a text,"""
MOST_BLANKS = 3_000
"""and blanks that follow one another; other signs and letters may be there as often as there is room."""
_MOST_PAIRS = 600
_Cycle = tuple[int, ...]
"""Classes of characters, one after the other, that can be repeated."""
_Came = dict[tuple[int, int], tuple[tuple[int, int], int] | None]
"""How two walkers came to where they are: from where, and by which characters."""


@dataclass(frozen=True, slots=True)
class _Choice:
    """A text that leads back to one position, on to another one, and back to that."""

    one: int
    other: int
    text: _Cycle

    def on(self, text: _Cycle) -> _Choice:
        """The same, on a narrower text."""
        return _Choice(self.one, self.other, text)


@dataclass(frozen=True, slots=True)
class Endless:
    """What is wrong with a pattern."""

    steps: float
    """Of a search, on the text of `LENGTH` characters; infinite if they double with each further one."""
    attack: tuple[tuple[str, int], ...]
    """Pieces of the worst text, and how often each is repeated."""

    @property
    def text(self) -> str:
        """The worst text."""
        return "".join(piece * times for piece, times in self.attack) + "\x00"

    @property
    def shown(self) -> str:
        """The worst text in a few words."""
        return "on " + ", ".join(f"{times} times {piece!r}" if times > 1 else repr(piece) for piece, times in self.attack)


def endless(text: str | bytes, flags: int = 0, *, anchored: bool = False) -> Endless | None:
    """Why a search for a pattern may not come to its end, None if it does; `anchored` if it is only tried at the beginning of a text. Raises `re.error`."""
    graph = automaton(text, flags)
    if anchored:
        graph.edges[0] = []
        graph.edges[1] = [edge for edge in graph.edges[1] if edge[2] != 0]
    return _Growth(graph).worst()


class _Growth:
    def __init__(self, graph: Automaton) -> None:
        self._graph = graph
        self._classes, self._edges = graph.classes, graph.edges
        self._parts = _components(graph)
        self._of = {at: number for number, part in enumerate(self._parts) for at in part}
        """Components in such an order that an edge leads to an earlier one."""
        self._below: list[set[int]] = []
        """The components that are reached from each."""
        for number, part in enumerate(self._parts):
            next_ = {self._of[to] for at in part for _, _, to in self._edges[at]} - {number}
            self._below.append(next_.union(*(self._below[each] for each in next_)))
        self._loops = [n for n, part in enumerate(self._parts) if any(to in part for at in part for _, _, to in self._edges[at])]
        blank = {n for n in self._loops if all(self._classes[at] & ~_BLANKS == 0 for at in self._parts[n])}
        self._times = {n: min(MOST_BLANKS if n in blank else LENGTH, max(graph.most[at] for at in self._parts[n])) for n in self._loops}

    def worst(self) -> Endless | None:
        reached = {0, *self._below[self._of[0]], *self._below[self._of[1]]}
        steps: dict[int, float] = {}
        choices: dict[int, tuple[_Choice, ...]] = {}
        for number in self._loops:
            if number not in reached and number != self._of[0]:
                continue
            if (doubled := self._doubled(number)) is not None:
                return Endless(inf, tuple(self._told((doubled,))))
            # Below is in `steps` already: what is reached has a lower number.
            best, chosen = float(self._times[number]), tuple[_Choice, ...]()
            for other in sorted(each for each in self._below[number] if each in steps):
                if steps[other] > best:
                    best, chosen = steps[other], choices[other]
                if steps[other] * self._times[number] > best and (choice := self._divided(number, other)) is not None:
                    more = choices[other]
                    if more and (both := _alike(choice.text, more[0].text)):
                        choice, more, times = choice.on(both), tuple(each.on(both) if each.text == more[0].text else each for each in more), self._times[number]
                    else:
                        # Where the next choice has a text of its own, one has to come there first.
                        times = min(self._times[number], self._times[other]) if more else self._times[number]
                    many = max(1.0, min(times / len(choice.text), _most(choice.text)))
                    if many * steps[other] > best:
                        best, chosen = many * steps[other], (choice, *more)
            steps[number], choices[number] = best, chosen
        most = max(steps.values(), default=0.0)
        if most <= MOST_STEPS:
            return None
        return Endless(most, tuple(self._told(next(choices[each] for each, many in steps.items() if many == most))))

    def _told(self, choices: tuple[_Choice, ...]) -> Iterator[tuple[str, int]]:
        """A text that makes a search choose: each choice's own, again and again, with what leads to it."""
        at, room = 1, LENGTH // len({choice.text for choice in choices})
        last: _Cycle = ()
        for choice in choices:
            if choice.one > 0 and at != choice.one:
                # The beginning of the text, or whatever was before a match.
                for start in (at, 0) if at == 1 else (at,):
                    way = self._path((start,), (choice.one,), (frozenset(self._of) - {0},))
                    if way is not None:
                        yield _spelt(way), 1
                        break
            if choice.text != last:
                yield _spelt(choice.text), max(1, min(room // len(choice.text), _most(choice.text)))
            at, last = choice.other, choice.text

    def _doubled(self, number: int) -> _Choice | None:
        """A position from which the same text leads back to it in two ways, and the text."""
        part = self._parts[number] - self._graph.done
        if number == self._of[0] or not part:
            return None
        if max(self._graph.most[at] for at in part) < LENGTH and len(part) == 1:
            return None
        seen: _Came = {}
        for at in sorted(part):
            to_same: dict[int, int] = {}
            for _, there, to in self._edges[at]:
                if to in part and to_same.get(to, 0) & there:
                    back = self._round(part, to, at)
                    return _Choice(at, at, (to_same[to] & there, *back))
                to_same[to] = to_same.get(to, 0) | there
        if len(part) == 1:
            return None
        waiting: deque[tuple[int, int]] = deque()
        for at in sorted(part):
            seen[(at, at)] = None
            waiting.append((at, at))
        before: dict[tuple[int, int], list[tuple[tuple[int, int], int]]] = {}
        while waiting:
            pair = waiting.popleft()
            for letters, (one, other) in self._steps(pair, (part, part)):
                next_ = one, other
                before.setdefault(next_, []).append((pair, letters))
                if next_ not in seen:
                    seen[next_] = (pair, letters)
                    waiting.append(next_)
        # What is reached from a pair of equals, is none, and leads back to a pair of equals.
        back_: _Came = {(at, at): None for at in part}
        waiting.extend(back_)
        while waiting:
            pair = waiting.popleft()
            for previous, letters in before.get(pair, ()):
                if previous not in back_:
                    back_[previous] = (pair, letters)
                    waiting.append(previous)
                    if previous[0] != previous[1]:
                        return self._apart(part, previous, seen, back_)
        return None

    def _apart(self, part: frozenset[int], pair: tuple[int, int], came: _Came, goes: _Came) -> _Choice:
        to, way, at = pair, list[int](), pair
        while (step := came[at]) is not None:
            at = step[0]
            way.insert(0, step[1])
        while (step := goes[to]) is not None:
            to = step[0]
            way.append(step[1])
        return _Choice(at[0], at[0], (*way, *self._round(part, to[0], at[0])))

    def _round(self, part: frozenset[int], start: int, end: int) -> _Cycle:
        """The classes on the way from one position of a component to another."""
        return () if start == end else self._path((start,), (end,), (part,)) or ()

    def _divided(self, one: int, other: int) -> _Choice | None:
        """A text that one repetition takes again and again, a later one too, and that leads from the one to the other."""
        here, there = self._parts[one], self._parts[other]
        done = self._graph.done
        between = frozenset(at for at in self._of if self._of[at] in (one, other) or (self._of[at] in self._below[one] and other in self._below[self._of[at]]))
        pairs = [(p, q) for p in sorted(here - done) for q in sorted(there - done) if self._classes[p] & self._classes[q] & ANY]
        for p, q in pairs[:_MOST_PAIRS]:
            if (found := self._path((p, p, q), (p, q, q), (here, between, there))) is not None:
                return _Choice(p, q, found)
        return None

    def _path(self, start: tuple[int, ...], end: tuple[int, ...], within: tuple[frozenset[int], ...]) -> _Cycle | None:
        """The shortest text, of at least one character, that leads several walkers at once from start to end."""
        came: dict[tuple[int, ...], tuple[tuple[int, ...], int]] = {}
        waiting = deque([start])
        while waiting:
            state = waiting.popleft()
            for letters, next_ in self._steps(state, within):
                if next_ in came:
                    continue
                came[next_] = (state, letters)
                if next_ == end:
                    way = [letters]
                    while state != start:
                        state, letters = came[state]
                        way.insert(0, letters)
                    return tuple(way)
                waiting.append(next_)
        return None

    def _steps(self, state: tuple[int, ...], within: tuple[frozenset[int], ...]) -> Iterator[tuple[int, tuple[int, ...]]]:
        """Each next character that all walkers can take, as a class, and where they are then."""
        last = FREE
        for at in state:
            last &= self._classes[at]
        ways: list[tuple[int, tuple[int, ...]]] = [(ANY, ())]
        for at, allowed in zip(state, within, strict=True):
            nexts = [(there & self._classes[to], to) for here, there, to in self._edges[at] if to in allowed and here & last]
            ways = [(both, (*gone, to)) for letters, gone in ways for there, to in nexts if (both := letters & there)]
        return iter(ways)


def _components(graph: Automaton) -> list[frozenset[int]]:
    """The strongly connected components, those that others lead to first (Tarjan's algorithm, without recursion)."""
    number: dict[int, int] = {}
    low: dict[int, int] = {}
    open_: list[int] = []
    on = set[int]()
    found: list[frozenset[int]] = []
    for root in range(len(graph.classes)):
        if root in number:
            continue
        work: list[tuple[int, Iterator[tuple[int, int, int]]]] = [(root, iter(graph.edges[root]))]
        number[root] = low[root] = len(number)
        open_.append(root)
        on.add(root)
        while work:
            at, edges = work[-1]
            for _, _, to in edges:
                if to not in number:
                    number[to] = low[to] = len(number)
                    open_.append(to)
                    on.add(to)
                    work.append((to, iter(graph.edges[to])))
                    break
                if to in on:
                    low[at] = min(low[at], number[to])
            else:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[at])
                if low[at] == number[at]:
                    cut = open_.index(at)
                    found.append(frozenset(open_[cut:]))
                    on.difference_update(open_[cut:])
                    del open_[cut:]
    return found


def _alike(one: _Cycle, other: _Cycle) -> _Cycle | None:
    """The text that both can be."""
    if len(one) != len(other) and min(len(one), len(other)) > 1:
        return None
    length = max(len(one), len(other))
    both = tuple(a & b for a, b in zip(one * (length // len(one)), other * (length // len(other)), strict=True))
    return both if all(both) else None


def _most(cycle: _Cycle) -> int:
    """How often a text may stand in another one."""
    return MOST_NAMED if _named(cycle) else MOST_BLANKS if all(letters & ~_BLANKS == 0 for letters in cycle) else LENGTH


def _named(cycle: _Cycle) -> bool:
    """Whether a text has a word in it that the pattern spells out."""
    return sum(1 for letters in cycle if letters & _LETTERS and letters.bit_count() <= _FEW) >= _WORD


_BLANKS = sum(1 << ord(c) for c in " \t\n\r\f\v\x1c\x1d\x1e\x1f") | 1 << 130
_LETTERS = sum(1 << ord(c) for c in "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
_FEW, _WORD = 2, 3
"""Letters that a place in a word may be one of (upper and lower case), and such places that make it one."""
_LIKELY = "a x0.('\"=:,/_-\n\t;A"


def _spelt(cycle: Iterable[int]) -> str:
    """A text with one character of each class."""
    return "".join(next((c for c in _LIKELY if letters >> ord(c) & 1), None) or chr((letters & -letters).bit_length() - 1) for letters in cycle)
