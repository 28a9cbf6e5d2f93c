r"""Searching a pattern that spans lines, in time that grows with the text and not with its square.

    (?=[\s\S]*subscribe\()[\s\S]*publish\(        is tried at each place of a text: where `publish(` is missing, the text is read once for each of them
    subscribe\( and publish\(                     says the same, and reads it twice

Looks ahead over any distance at the beginning of a pattern become conditions of their own, on the whole text (what they exclude, too, if the first
of them asks for something), and what may lie between two parts of one is bounded.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator

from callcheck.model.noun import dataclass
from callcheck.model.pattern import compiled
from callcheck.model.pattern import pattern as written

FURTHEST = 6_000
"""Characters that may lie between two parts of a pattern: some 150 lines."""
_SOUGHT_IN_VAIN = 16_000
"""The same before what must not be there: what answers to the beginning of a file may stand at the end of it."""
_ANYTHING = r"[\s\S]"
_ANY_CHARACTER = r"(?:.|\n)"
_FLAGS = written(r"\(\?([aimsux]+)\)")
_TOKEN = written(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\(\?(?:[:=!>]|<[=!]|P?<\w+>|P=\w+\)|[aimsux-]+:|#[^)]*\))|[\s\S]", re.DOTALL)
_BACK, _NUMBER = written(r"\\[1-9]|\(\?P="), written(r"\\[1-9]")


@dataclass(frozen=True, slots=True)
class _Search:
    """One alternative: what must stand anywhere in the text, what must not, and the pattern itself."""

    has: tuple[Span, ...]
    lacks: tuple[Span, ...]
    rest: re.Pattern[str] | None

    def found(self, text: str) -> bool:
        if self.rest is not None and self.rest.search(text) is None:
            return False
        return all(each.found(text) for each in self.has) and not any(each.found(text) for each in self.lacks)

    def places(self, text: str) -> Iterator[tuple[int, int]]:
        if self.rest is not None:
            yield from (found.span() for found in self.rest.finditer(text))
        elif self.has:
            yield from self.has[0].places(text)


@dataclass(frozen=True, slots=True)
class Span:
    """A pattern, ready to be searched."""

    ways: tuple[_Search, ...]

    def found(self, text: str) -> bool:
        """Whether it stands in a text."""
        return any(way.found(text) for way in self.ways)

    def places(self, text: str) -> Iterator[tuple[int, int]]:
        """Where it stands in a text: beginning and end of each match."""
        return (place for way in self.ways if way.found(text) for place in way.places(text))

    def searched(self) -> Iterator[re.Pattern[str]]:
        """The patterns that are really looked for."""
        for way in self.ways:
            yield from [way.rest] if way.rest is not None else []
            for each in (*way.has, *way.lacks):
                yield from each.searched()


@functools.lru_cache(maxsize=4096)
def span(pattern: str) -> Span:
    """A regular expression, `^` and `$` at each line, as it is to be searched. Raises `re.error`."""
    flags = re.MULTILINE
    while given := _FLAGS.match(pattern):
        flags |= compiled(given[0]).flags & ~re.UNICODE
        pattern = pattern[given.end() :]
    return _span(pattern, flags)


def _span(pattern: str, flags: int) -> Span:
    if not flags & re.DOTALL and _ANYTHING not in pattern and _ANY_CHARACTER not in pattern:
        return Span((_Search((), (), compiled(pattern, flags)),))  # as most are: to take it apart would take longer than to compile it
    tokens = _TOKEN.findall(pattern.replace(_ANY_CHARACTER, _ANYTHING))
    if flags & re.DOTALL:
        tokens = [_ANYTHING if token == "." else token for token in tokens]
    return Span(tuple(_search(each, flags) for each in _counted_apart(list(_alternatives(tokens)))))


def _counted_apart(ways: list[list[str]]) -> Iterator[list[str]]:
    """Alternatives that stand by themselves: groups are counted over the whole pattern, so what refers back to one is given its number within its own."""
    before = 0
    for way in ways:
        yield [f"\\{int(token[1]) - before}" if _NUMBER.match(token) else token for token in way]
        before += sum(map(_groups, way))


def _groups(token: str) -> bool:
    """Whether a token opens a group that is counted."""
    return token == "(" or token.startswith(("(?P<", "(?<")) and token not in ("(?<=", "(?<!")


def _search(tokens: list[str], flags: int) -> _Search:
    has: list[Span] = []
    lacks: list[Span] = []
    back = any(_BACK.match(token) for token in tokens)
    while tokens[:1] == ["(?="] or (has and tokens[:1] == ["(?!"]):
        end = _closing(tokens)
        inner = tokens[1:end]
        grouped = any(map(_groups, inner))
        if (back and grouped) or not all(each[:2] == [_ANYTHING, "*"] for each in _alternatives(inner)):
            break
        (has if tokens[0] == "(?=" else lacks).append(_span("".join(inner), flags))
        tokens = tokens[end + 1 :]
    while tokens[:2] == [_ANYTHING, "*"]:
        tokens = tokens[3:] if tokens[2:3] == ["?"] else tokens[2:]
    return _Search(tuple(has), tuple(lacks), compiled("".join(_bounded(tokens)), flags) if tokens else None)


def _bounded(tokens: list[str]) -> Iterator[str]:
    """The tokens with a bound for each stretch of anything, but for one that begins with the text itself."""
    depth, wide = 0, False
    for number, token in enumerate(tokens):
        depth += (token[0] == "(" and token[-1] != ")") - (token == ")")
        wide |= depth == 0 and token == _ANYTHING  # each place that it leads to would be looked past as far
        if number > 0 and tokens[number - 1] == _ANYTHING and token in ("*", "+") and tokens[: number - 1] != [r"\A"]:
            yield f"{{{int(token == '+')},{_SOUGHT_IN_VAIN if tokens[max(0, number - 2) : number - 1] == ['(?!'] and not wide else FURTHEST}}}"
        else:
            yield token


def _alternatives(tokens: list[str]) -> Iterator[list[str]]:
    depth, found = 0, list[str]()
    for token in tokens:
        depth += (token[0] == "(" and token[-1] != ")") - (token == ")")
        if token == "|" and depth == 0:
            yield found
            found = []
        else:
            found.append(token)
    yield found


def _closing(tokens: list[str]) -> int:
    """Where the group that the tokens begin with ends."""
    depth = 0
    for number, token in enumerate(tokens):
        depth += (token[0] == "(" and token[-1] != ")") - (token == ")")
        if depth == 0:
            return number
    return len(tokens)
