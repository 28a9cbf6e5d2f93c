"""What does a line of a `.gitignore` stand for?

As `gitignore(5)` has it: `build/` for folders alone, `/a` and `a/b` from where the file stands, others at any depth, `**` for any folders, and
`!keep.ts` takes back what a line before it said. Said of one entry alone: who asks knows whether the folder that it is in is ignored.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator, Sequence

from callcheck.model.noun import dataclass
from callcheck.model.pattern import pattern
from callcheck.sources.files import matches

_TOKEN = pattern(
    r"\\(?P<escaped>.)|(?P<set>\[[!^]?(?:\]|\[:\w+:\]|\\.|[^\]\\])(?:\[:\w+:\]|\\.|[^\]\\])*\])|(?P<deep>(?:(?<=/)|^)\*{2,}(?:/|$))|(?P<many>\*+)|(?P<one>\?)|(?P<plain>.)", re.S
)
_CLASSES = {
    "alnum": "a-zA-Z0-9", "alpha": "a-zA-Z", "blank": " \\t", "cntrl": "\\x00-\\x1f\\x7f", "digit": "0-9", "graph": "!-~", "lower": "a-z",
    "print": " -~", "punct": "!-/:-@\\[-`{-~", "space": "\\s", "upper": "A-Z", "xdigit": "0-9a-fA-F",
}  # fmt: skip
_NEVER = r"(?!)"


@dataclass(frozen=True, slots=True)
class Pattern:
    """One line."""

    text: str
    """Without "!", and slashes at both ends."""
    back: bool
    """Whether it takes back what was said before."""
    folders: bool
    """Whether it stands for folders alone."""
    anywhere: bool
    """Whether it is a name, at any depth."""
    last: str
    """Its last part in lower case, with "?" for sets; "" if it is not to be told so simply."""

    def may_be(self, base: str) -> bool:
        """Whether it can stand for an entry with this base name; quickly said, and yes in doubt."""
        return not self.last or matches(self.last, base.lower())

    def stands_for(self, name: str, folder: bool) -> bool:
        """Whether it stands for an entry, named from where the file with the line is."""
        if (self.folders and not folder) or not self.may_be(name.rpartition("/")[2]):
            return False
        return _compiled(self.text).fullmatch(name.rpartition("/")[2] if self.anywhere else name) is not None


def read(lines: Iterable[str]) -> Iterator[Pattern]:
    """The patterns of these lines, which have no end of line."""
    for line in lines:
        # A blank at the end counts only behind a backslash.
        text = line.rstrip(" ")
        if len(text) < len(line) and (len(text) - len(text.rstrip("\\"))) % 2:
            text += " "
        if not text or text.startswith("#"):
            continue
        back = text.startswith("!")
        text = text[back:]
        bare = text.removesuffix("/")
        last = re.sub(r"\[[^][\\]+\]", "?", bare.rpartition("/")[2].lower())
        yield Pattern(bare.removeprefix("/"), back, bare != text, "/" not in bare, "" if {"[", "\\"} & set(last) else last)


def said(patterns: Sequence[Pattern], name: str, folder: bool) -> bool | None:
    """Whether they ignore an entry: the last one that stands for it counts; None if there is none."""
    return next((not each.back for each in reversed(patterns) if each.stands_for(name, folder)), None)


@functools.cache
def _compiled(text: str) -> re.Pattern[str]:
    # git looks for what stands before the first wildcard by itself, so that `a**/b` is `**/b` behind an "a".
    plain = re.split(r"[*?[\\]", text, maxsplit=1)[0]
    made = [re.escape(plain)]
    for token in _TOKEN.finditer(text[len(plain) :]):
        kind, found = token.lastgroup, token[token.lastgroup or 0]
        if kind == "set":
            made.append(_set(found))
        elif kind == "deep":
            made.append("(?:.*/)?" if found.endswith("/") else ".*")
        elif kind == "plain" and found in "[\\":
            return re.compile(_NEVER)  # A set without an end, or a backslash at the end.
        else:
            made.append({"many": "[^/]*", "one": "[^/]"}.get(kind or "", re.escape(found)))
    try:
        return re.compile("".join(made), re.S)
    except re.error:  # such as a range from high to low
        return re.compile(_NEVER)


def _set(text: str) -> str:
    """The regular expression for one set of characters in brackets; a "/" is never one of them."""
    negated = text[1] in "!^"
    inner = re.sub(r"\[:(\w+):\]|\\(.)|([\[\]^&~|])", lambda m: _CLASSES.get(m[1], "") if m[1] else "\\" + (m[2] or m[3]), text[1 + negated : -1])
    return f"(?!/)[{'^' * negated}{inner}]"
