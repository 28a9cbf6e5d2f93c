"""Which lines belong together: a message and its traceback, a stack, the fields below it?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from callcheck.model.log import Level, Place, Record
from callcheck.model.pattern import pattern
from callcheck.sources.logs.instances import instance_of
from callcheck.sources.logs.unwrap import Said
from callcheck.sources.logs.within import Within

if TYPE_CHECKING:
    from callcheck.sources.logs.rotation import Link

_TRACEBACK = "Traceback (most recent call last):"
_OF_A_THREAD = pattern(r"terminated with exception \(report_on_exception is true\):$|\bpanicked at \S{1,300}:\d{1,6}:\d{1,5}:$")
"""What Ruby and Rust print before the line that says why a thread ends."""
_LAST = pattern(
    r"(?:[A-Za-z_][\w.]*)?(?:Error|Exception|Warning|Exit|Interrupt|Timeout|NotFound|Failure|Fault|Group|Refused|Denied|Iteration)\b.{0,2000}(?::|$)|[a-z_][\w.]*\.[A-Z]\w*(?::|$)",
    re.ASCII,
)
_THREAD_ENDS = "Exception in thread "
"""How Python and the JVM begin what they print of a thread that ends, be it right behind a line that tells of the same error."""
_RUNS_ON = pattern(r"\d validation errors? for ")
_PAGE = pattern(r"<(?:!DOCTYPE html|html)\b", re.IGNORECASE)
"""What somebody in between answers with, a proxy or a CDN, and a client takes for the error's message."""
_OF_PAGE = ("<html", "<head", "<meta", "<title", "<link", "<style", "<!--", "<body", "<div", "<center", "<h1", "<hr", "<p>", "</")
_CHAINED = (
    "The above exception was the direct cause",
    "During handling of the above exception",
    _TRACEBACK,
    "Exception Group Traceback",
)
_PROPERTY = pattern(r"^ {4}([A-Za-z_][\w.-]{0,40}): (\"[^\"]{0,200}\"|-?\d[\d.]{0,20}|true|false)$", re.ASCII)
"""A field that pino-pretty writes on a line of its own."""
_SOURCE_LINE = pattern(r"(?:file://|node:|[A-Za-z]:\\|/)[^\s:]{1,300}:\d{1,6}$", re.ASCII)
"""What Node.js prints first of an error that nobody catches; the line of code, a caret and the error follow."""
_OF_A_CRASH = ("[UnhandledPromiseRejection: ", "Node.js v")
"""What Node.js prints below that line where no error was thrown, and last of all."""
_NAME_ALONE = pattern(r"[A-Za-z][\w.+`]{0,120}\[\d{1,6}\]$", re.ASCII)
"""Where .NET's console puts what is said on the next line."""
_ASYNCIO = ("future: <", "task: <", "handle: <", "source_traceback", "protocol: ", "transport: ")
_MOST_LINES = 160
_ON_A_LINE = 1 << 16
"""A line is one entry, but for a batch of OpenTelemetry's and for an export in one line: so many keep their order."""
_IN_A_FILE = 1 << 90
"""More than all that stands in one."""
_OPEN = 256
"""Sources whose last entry is kept open at the same time."""


def line_of(order: int) -> int:
    """The line, or byte, at which a record begins that stands at a place (`Record.at`) of its log."""
    return order % _IN_A_FILE // _ON_A_LINE


def runs_on(said: Said) -> bool:
    """Whether a line can only go on with what was begun before it, whatever that was."""
    text = said.text
    return not said.headed and (
        not text.strip()
        or text[0] in " \t|"
        or text.startswith(("}", "]", "caused by", "Caused by", "... ", *_CHAINED, *_OF_PAGE))
        or (bool(_LAST.match(text, 0, 400)) and not text.startswith(_THREAD_ENDS))
    )


class Joiner:
    """Takes what lines say, in order, and gives whole records; entries of several sources may interleave."""

    def __init__(self, path: str, within: Within | None = None, link: Link | None = None) -> None:
        """Entries that lie not `within` the period asked for are joined too, but not given. `link` is the file's place in a rotated log."""
        self.path, self.link = path, link
        self.within = within
        self._log = link.log if link else ""
        self._base = link.rank * _IN_A_FILE if link else 0
        self._open: dict[str, _Open] = {}
        self._latest: dict[str, str] = {}
        """Whose the last line was, and of those that some of the wrappers name alike."""
        self._home = instance_of(self._log or path)
        self._at = 0

    def take(self, number: int, said: Said, last: int = 0, first: int = 0) -> Iterator[Record]:
        """One line or entry; gives the record that it closes, if any."""
        self._at = max(self._at + 1, self._base + number * _ON_A_LINE)
        source = self._source(said)
        current = self._open.get(source)
        if current is not None and current.continues(said):
            current.add(said, last or number)
            return
        if current is not None:
            yield from self._closed(source)
        elif len(self._open) >= _OPEN:
            yield from self._closed(next(iter(self._open)))
        if said.text.strip() or said.more:
            said.instance = said.instance or self._home
            self._open[source] = opened = _Open(self.path, self._log, number, last or number, said, self._at)
            opened.kept = self.within is None or self.within.keeps(said)

    def go_on(self, said: Said) -> None:
        """A line of the next file, which may belong to an entry that is open."""
        current = self._open.get(self._source(said))
        if current is not None and current.continues(said):
            current.add(said, current.last)

    def _source(self, said: Said) -> str:
        """Who wrote a line. Where others name their process more closely and it does not, it goes on with the entry right before it, if it can."""
        source = said.outer
        latest = self._latest.get(source, source)
        if latest != source and not said.headed and (before := self._open.get(latest)) is not None and before.continues(said):
            return latest
        if self._latest.get("") != source:
            self._latest[""] = source
            outermost = source.partition(":")[0]
            if outermost != source:
                self._latest[outermost] = source
        return source

    def still_open(self) -> list[Record]:
        """The records that would be given at the end, if it were now."""
        return [entry.record() for entry in self._open.values() if entry.kept]

    def pass_by(self, number: int) -> None:
        """All that comes stands behind a line, or byte, of which somebody else took care."""
        self._at = max(self._at, number * _ON_A_LINE)

    def rest(self) -> Iterator[Record]:
        """The records still open at the end."""
        while self._open:
            yield from self._closed(next(iter(self._open)))

    def _closed(self, source: str) -> Iterator[Record]:
        entry = self._open.pop(source)
        if entry.kept:
            yield entry.record()


class _Open:
    def __init__(self, path: str, log: str, number: int, last: int, said: Said, at: int) -> None:
        self.path, self.log, self.number, self.last, self.said, self.at = path, log, number, last, said, at
        self.kept = True
        self.more = list(said.more)
        self.in_traceback = said.text.startswith(_TRACEBACK) or bool(said.text.endswith(":") and _OF_A_THREAD.search(said.text))
        self.after_traceback = False
        self.runs_on = False
        """The exception's message goes over lines of its own, as pydantic's does."""
        self.in_page = "<" in said.text and bool(_PAGE.search(said.text))
        """What is said is a page of HTML, which goes over lines of its own."""
        self.failing = (
            said.level >= Level.WARN
            or any(w in said.text for w in ("rror", "xception", "ailed", "rejection"))
            or (not said.headed and bool(_SOURCE_LINE.match(said.text)))
        )

    def continues(self, said: Said) -> bool:
        """Whether the line belongs to this entry."""
        text = said.text
        if said.headed:
            return False
        if self.in_traceback or self.runs_on or (self.in_page and text.startswith(_OF_PAGE)):
            return True
        if text.startswith((_TRACEBACK, "  + Exception Group")):
            return self.failing or self.after_traceback or not self.said.headed
        if not text.strip():
            return bool(self.more) or self.after_traceback or self.failing
        if text[0] in " \t|" or text.startswith(("}", "]", "caused by", "Caused by", "... ")):
            return True
        if self.after_traceback:
            return text.startswith(_CHAINED)
        return text.startswith(_ASYNCIO) or (self.failing and bool(self.more) and text.startswith(_OF_A_CRASH)) or (
            self.failing and not text.startswith(_THREAD_ENDS) and bool(_LAST.match(text, 0, 400)) and not _LAST.match(self.said.text, 0, 400)
        )

    def add(self, said: Said, last: int) -> None:
        """Take the line in."""
        text = said.text
        self.last = last
        if text.startswith(_TRACEBACK):
            self.in_traceback, self.after_traceback = True, False
        elif self.in_traceback and text.strip() and text[0] not in " \t|+":
            # The line that names the exception closes a traceback; its message may run on, which is then an entry of its own.
            self.in_traceback, self.after_traceback = False, True
            self.runs_on = self.said.headed and bool(_RUNS_ON.search(text))
            self.in_page = bool(_PAGE.search(text))
        elif "<" in text and _PAGE.search(text):
            # The exception of a stack whose first line is not there, or one that is told below a message of its own.
            self.in_page = True
        if len(self.more) >= _MOST_LINES:
            del self.more[40]
        self.more.append(text[:1000])

    def record(self) -> Record:
        """The finished entry."""
        said = self.said
        more = self.more[:]
        while more and not more[-1].strip():
            more.pop()
        if more and _NAME_ALONE.match(said.text):
            said.text = f"{said.text} {more.pop(0).strip()}"
        fields = [found for line in more[:20] if line[:4] == "    " and (found := _PROPERTY.match(line))]
        text = said.text + "".join(f" {f[1]}={f[2] if ' ' in f[2] else f[2].strip(chr(34))}" for f in fields)
        place = Place(self.path, self.number, self.last, self.log)
        return Record(place, text, said.time, said.level, said.who, said.logger, more, self.at, said.thread)
