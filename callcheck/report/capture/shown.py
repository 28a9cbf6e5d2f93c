"""Which lines of files does a capture take along, so that its reader sees what the reports of this machine would show?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from callcheck.model.captured import MOST_TEXT
from callcheck.model.diagnosis import Diagnosed, Report
from callcheck.model.evidence import Evidence
from callcheck.model.printable import printable, redact
from callcheck.model.words import Basis
from callcheck.report.capture.rows import Rows, uncut
from callcheck.report.excerpts import NEAR, Lines

Place = tuple[str, int]


def told(report: Report) -> list[Evidence]:
    """All evidence that the diagnoses show or stand on, what each rests on with it, each once."""
    roots: list[Evidence] = []
    for each in (*report.diagnoses, *(suppressed.diagnosed for suppressed in report.suppressed)):
        roots += [*each.evidence, *(item for weighed in each.contradicts for item in weighed.evidence)]
    return list(dict.fromkeys(item for root in roots for item in root.flat()))


def around(report: Report, items: Iterable[Evidence]) -> Iterator[Place]:
    """The lines that are drawn of the evidence of diagnoses, and those that their cures change."""
    for item in items:
        if item.where and item.where.line:
            last = min(item.where.end_line or item.where.line, item.where.line + 200)
            # Marks that are NEAR one another share a block, with all that lies between them.
            yield from ((item.where.path, number) for number in range(max(1, item.where.line - NEAR // 2), last + NEAR // 2 + 1))
    for diagnosed in report.diagnoses:
        yield from _edited(diagnosed)


def _edited(diagnosed: Diagnosed) -> Iterator[Place]:
    found = [item for root in (*diagnosed.grounds, *(e for each in diagnosed.supports for e in each.evidence)) for item in root.flat()]
    for fix in diagnosed.rule.fix:
        for edit in fix.edits:
            for item in found:
                if item.fact.kind == edit.at and item.where and item.where.line:
                    yield from ((item.where.path, number) for number in range(item.where.line, item.where.line + edit.within + 1))


class Held:
    """The lines of one archive, as they go into it; the places are those of the files themselves."""

    def __init__(self, rows: Rows, lines: Lines, evidence: Iterable[Evidence]) -> None:
        self._rows = rows
        self._lines = lines
        self._logs = {item.where.path for item in evidence if item.where and item.basis is Basis.OBSERVED}
        self._known: dict[Place, tuple[str, str] | None] = {}

    def forget(self) -> None:
        """As that of the rows."""
        self._known.clear()

    def line(self, place: Place) -> str | None:
        """The line without secrets and names; None if there is none to be had."""
        both = self._both(place)
        return both[1] if both else None

    def _both(self, place: Place) -> tuple[str, str] | None:
        if place not in self._known:
            found = self._lines(place[0], place[1], place[1])
            self._known[place] = (found[0], self._shown(found[0], place[0])) if found else None
        return self._known[place]

    def _shown(self, raw: str, path: str) -> str:
        # Not `clean`, which makes two blanks of a tab: columns count characters of the line as it is.
        text = printable(redact(raw[: MOST_TEXT * 2]).rstrip("\r\n"))
        text = text if len(text) <= MOST_TEXT else uncut(text[: MOST_TEXT - 1] + "…")
        return self._rows.names.log(text) if path in self._logs else self._rows.names.code(text)

    def column(self, item: Evidence) -> int | None:
        """The column of the evidence, if what stands before it on the line stands there in the archive, too."""
        where = item.where
        if where is None or where.column is None or not where.line:
            return None
        both = self._both((where.path, where.line))
        before = where.column - 1
        return where.column if both is None or (before <= len(both[1]) and both[0][:before] == both[1][:before]) else None
