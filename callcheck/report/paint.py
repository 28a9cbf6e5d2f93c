"""How do styled words become lines of a given width, with or without colour?

No rich: it would cost more to import than a small folder takes to diagnose, and it reads markup, links and emoji out of text that comes from outside.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator

from callcheck.model.pattern import pattern
from callcheck.model.printable import printable

Span = tuple[str, str]
"""Text and the name of its style."""
Line = list[Span]

_SGR = {
    "": "",
    "bold": "1",
    "dim": "2",
    "red": "31",
    "green": "32",
    "yellow": "33",
    "blue": "34",
    "cyan": "36",
    "bad": "1;31",
    "doubtful": "1;33",
    "faint": "1;36",
    "heading": "1;34",
    "name": "1;36",
}
_WORDS = pattern(r"\s+")
_COMMANDS = ("::", "##[")


def cells(text: str) -> int:
    """How many columns a terminal gives the text."""
    return len(text) if text.isascii() else sum(_cell(character) for character in text)


def _cell(character: str) -> int:
    if unicodedata.combining(character) or unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def cut(text: str, width: int, mark: str = "…") -> str:
    """The text in at most `width` columns, with `mark` where something was left out."""
    if cells(text) <= width:
        return text
    return _head(text, max(0, width - len(mark))) + mark


def _head(text: str, width: int) -> str:
    used = 0
    for index, character in enumerate(text):
        used += _cell(character)
        if used > width:
            return text[:index]
    return text


def words(text: str, style: str = "", code: str = "cyan") -> Iterator[Span]:
    """The words of a text; what stands between backticks takes the style `code`, and keeps its backticks."""
    for number, part in enumerate(text.split("`")):
        quoted = bool(number % 2)
        glue = "`" if quoted else ""
        yield (f"{glue}{part}{glue}", code if quoted else style)


def wrap(spans: Iterable[Span], width: int) -> list[Line]:
    """Lines of at most `width` columns; a word longer than a line is broken."""
    width = max(8, width)
    lines: list[Line] = [[]]
    used, space = 0, False
    for text, style in spans:
        for number, word in enumerate(_WORDS.split(text)):
            space = space or number > 0
            if not word:
                continue
            size = cells(word)
            if used and used + space + size > width:
                lines.append([])
                used, space = 0, False
            if used and space:
                _put(lines[-1], " ", style)
                used += 1
            space = False
            while size > width - used:
                head = _head(word, width - used) or word[0]
                _put(lines[-1], head, style)
                lines.append([])
                word, used = word[len(head) :], 0
                size = cells(word)
            _put(lines[-1], word, style)
            used += size
    return [line for line in lines if line]


def _put(line: Line, text: str, style: str) -> None:
    if line and line[-1][1] == style:
        line[-1] = (line[-1][0] + text, style)
    else:
        line.append((text, style))


class Page:
    """Lines that grow downwards; `drawn` is whether marks beyond ASCII may be used."""

    def __init__(self, width: int, drawn: bool = True) -> None:
        self.width = width
        self.drawn = drawn
        self.lines: list[Line] = []

    def sign(self, mark: str, plain: str) -> str:
        """`mark`, or `plain` where only ASCII can be written."""
        return mark if self.drawn else plain

    def blank(self) -> None:
        """An empty line, never two of them."""
        if self.lines and self.lines[-1]:
            self.lines.append([])

    def line(self, *spans: Span) -> None:
        """One line as it is."""
        self.lines.append([span for span in spans if span[0]])

    def prose(self, spans: str | Iterable[Span], first: Iterable[Span] = (), indent: int = 2) -> None:
        """A paragraph; `first` stands before it and later lines hang below its end."""
        lead = list(first)
        hang = indent + sum(cells(text) for text, _ in lead)
        if hang > self.width // 2:
            self.line((" " * indent, ""), *lead)
            lead, hang = [], indent + 2
        body = words(spans) if isinstance(spans, str) else spans
        for number, line in enumerate(wrap(body, self.width - hang)):
            margin = [(" " * indent, ""), *lead] if not number and lead else [(" " * hang, "")]
            self.lines.append([*margin, *line])

    def heading(self, text: str) -> None:
        """A heading with space above it."""
        self.blank()
        self.line(("  ", ""), (text, "heading"))

    def text(self, color: bool) -> str:
        """The page, ending in one newline."""
        while self.lines and not self.lines[-1]:
            self.lines.pop()
        return "".join(_painted(line, color, self.drawn) + "\n" for line in self.lines)


def _painted(line: Line, color: bool, drawn: bool) -> str:
    spans = [(_plain(text, drawn), style) for text, style in line]
    bare = "".join(text for text, _ in spans)
    if not bare.strip():
        return ""
    if bare.lstrip().startswith(_COMMANDS):
        # A line that begins so is a command to the runner of GitHub Actions, whoever wrote it.
        spans.insert(0, ("\\", ""))
    while spans and not spans[-1][0].rstrip():
        spans.pop()
    spans[-1] = (spans[-1][0].rstrip(), spans[-1][1])
    if not color:
        return "".join(text for text, _ in spans)
    return "".join(
        f"\x1b[{_SGR[style]}m{text}\x1b[0m" if _SGR[style] and text.strip() else text for text, style in spans
    )


def _plain(text: str, drawn: bool) -> str:
    safe = printable(text).replace("\n", "\\n").replace("\t", " ")
    return safe if drawn else safe.replace("…", "...")
