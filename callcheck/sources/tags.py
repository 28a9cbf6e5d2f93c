"""Which tags of components stand in a text of markup, and what do they listen to?

    <BerthPicker :free="3" @berth-picked="take" />        # BerthPicker: berth-picked
    <app-picker (picked)="take($event)" />                # app-picker: picked
    <Picker on:picked={take} />                           # Picker: picked
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.noun import dataclass
from callcheck.model.pattern import pattern

_BEGINS = pattern(r"<([A-Za-z][\w.-]*)(?=[\s/>])")
_REMARK = pattern(r"<!--[\s\S]*?-->")
_LISTENS = pattern(r"(?:^|\s)(?:@|v-on:|on:|\(|on-)([A-Za-z][\w:-]*)\)?(?:[.|][\w.|-]+)?(?=\s*=|\s|$)")
_LONGEST = 4000
"""Characters of one tag."""


@dataclass(frozen=True, slots=True)
class Tag:
    """One opening tag: its name as written, and the names that it listens to, each with its line."""

    name: str
    hears: tuple[tuple[str, int], ...]


def tags(text: str, first: int = 1) -> Iterator[Tag]:
    """The tags in a text of markup whose first line has that number; those in remarks are none."""
    text = _REMARK.sub(lambda found: "\n" * found[0].count("\n"), text)
    for begin in _BEGINS.finditer(text):
        inner = _bare(text[begin.end() : _end(text, begin.end())])
        line = first + text.count("\n", 0, begin.end())
        yield Tag(begin[1], tuple((found[1], line + inner.count("\n", 0, found.start(1))) for found in _LISTENS.finditer(inner)))


def _end(text: str, at: int) -> int:
    """Where a tag ends, by the first `>` outside of quotes and braces."""
    quote, depth = "", 0
    for place in range(at, min(len(text), at + _LONGEST)):
        sign = text[place]
        if quote:
            quote = "" if sign == quote else quote
        elif sign in "\"'`":
            quote = sign
        elif sign in "{}":
            depth += 1 if sign == "{" else -1
        elif sign == ">" and depth <= 0:
            return place
    return at


def _bare(inner: str) -> str:
    """The attributes of a tag without the values in quotes and braces, line by line."""
    found: list[str] = []
    quote, depth = "", 0
    for sign in inner:
        if quote:
            quote = "" if sign == quote else quote
        elif sign in "\"'`":
            quote = sign
        elif sign in "{}":
            depth += 1 if sign == "{" else -1
        elif depth <= 0:
            found.append(sign)
            continue
        found.append("\n" if sign == "\n" else "")
    return "".join(found)
