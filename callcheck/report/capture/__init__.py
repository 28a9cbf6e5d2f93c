"""How does a report become one archive that can be shown to strangers, and diagnosed by them?

Its layout stands in `callcheck/model/captured.py`. The same report gives the same bytes: everything is sorted or in the order in which it was
found, and neither times nor this machine are in it.
"""

from __future__ import annotations

import io
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from callcheck.model.captured import (
    CONTEXT,
    EVIDENCE,
    LINES,
    LOOKS,
    MANIFEST,
    MARK,
    MOST_BYTES,
    MOST_ITEMS,
    MOST_LINE_BYTES,
    SCHEMA,
    VERSION,
)
from callcheck.model.diagnosis import Report
from callcheck.model.digest import digest
from callcheck.model.evidence import Evidence
from callcheck.model.ignore import Ignore
from callcheck.model.noun import dataclass
from callcheck.model.printable import clean
from callcheck.model.pseudonyms import Pseudonyms
from callcheck.report.capture.rows import Rows
from callcheck.report.capture.shown import Held, around, told
from callcheck.report.excerpts import Lines

LEAST = 20_000
"""Bytes: the smallest limit that makes sense."""


@dataclass(frozen=True, slots=True)
class Written:
    """An archive, and what is to be said of it."""

    data: bytes
    facts: int
    dropped: int
    """Facts that were left out to keep to the limit."""
    names: dict[str, int]
    """How many names of each kind have become tokens."""


def schema() -> str:
    """The JSON Schema of the members, as text."""
    from pathlib import Path

    return (Path(__file__).parent.parent / "schema_capture_v1.json").read_text(encoding="utf-8")


def write(report: Report, lines: Lines, complete: bool, most: int) -> Written | None:
    """The archive, of at most `most` bytes: what the diagnoses stand on comes first, then the other facts in the order in which they were found.
    None if the diagnoses alone do not fit. `complete` is whether every probe was to look."""
    made = _Archive(report, lines, complete)
    rest = len(made.rest)
    written = made.of(rest)
    if not made.fits(written, most):
        low, high, best = 0, rest, None
        while low < high:
            middle = (low + high) // 2
            one = made.of(middle)
            low, high, best = (middle + 1, high, one) if made.fits(one, most) else (low, middle, best)
        written = best or made.of(0)
    return written if made.fits(written, most) else None


class _Archive:
    def __init__(self, report: Report, lines: Lines, complete: bool) -> None:
        self.report = report
        self.complete = complete
        self._rows = Rows(Pseudonyms())
        evidence = report.ledger.evidence
        self._held = Held(self._rows, lines, (item for root in evidence for item in root.flat()))
        self._told = told(report)
        shown = set(self._told)
        self._first = [item for item in evidence if item in shown]
        self.rest = [item for item in evidence if item not in shown]
        self._unpacked = 0
        self._items = 0
        self._written: dict[int, dict[str, Any]] = {}
        # Names are numbered by their first appearance in all that there is, whatever is left out then; once they are known, they are known everywhere.
        self._evidence(evidence)
        self._shown_lines((*around(report, self._told), *self._alone(self.rest)))
        for each in (self._rows, self._held):
            each.forget()
        self._written.clear()
        self._lines = self._shown_lines(dict.fromkeys(around(report, self._told)))

    def fits(self, written: Written, most: int) -> bool:
        """Whether it is small enough to be read again, and as small as was asked for."""
        return len(written.data) <= most and self._unpacked <= MOST_BYTES and self._items <= MOST_ITEMS

    def of(self, count: int) -> Written:
        """The archive with so many facts beyond those that the diagnoses stand on."""
        kept = set(map(id, (*self._first, *self.rest[:count])))
        evidence = [item for item in self.report.ledger.evidence if id(item) in kept]
        dropped = Counter(item.fact.kind for item in self.rest[count:])
        rows = self._evidence(evidence)
        lines = self._lines | self._shown_lines(self._alone(self.rest[:count]))
        members = {
            EVIDENCE: "".join(f"{row}\n" for row in rows),
            LOOKS: _json([self._rows.look(look) for look in self.report.ledger.looks]),
            LINES: "".join(f"{_json({'file': file, 'line': line, 'text': text})}\n" for (file, line), text in sorted(lines.items())),
            CONTEXT: _json(self._context(evidence)),
        }
        self._items = max(len(rows), len(lines))
        self._unpacked = sum(map(len, members.values()))
        members = {MANIFEST: self._manifest(evidence, dropped, lines, members), **members}
        return Written(_packed(members), len(evidence), dropped.total(), dict(self._rows.names.counts))

    def _shown_lines(self, places: Iterable[tuple[str, int]]) -> dict[tuple[str, int], str]:
        return {(self._rows.text(place[0]), place[1]): text for place in places if (text := self._held.line(place)) is not None}

    def _alone(self, evidence: Iterable[Evidence]) -> Iterable[tuple[str, int]]:
        """The lines of facts that no diagnosis shows, as far as they do not bring theirs along."""
        for item in evidence:
            if item.where and item.where.line and not item.excerpt:
                yield item.where.path, item.where.line

    def _evidence(self, evidence: Sequence[Evidence]) -> list[str]:
        """A line each, in order; what one only rests on comes after them, marked `aside`."""
        order = list(dict.fromkeys((*evidence, *(item for root in evidence for item in root.flat()))))
        numbers = {item: number for number, item in enumerate(order)}
        listed = set(evidence)
        rows = []
        for item in order:
            if id(item) not in self._written:
                self._written[id(item)] = self._rows.evidence(item, [], self._held.column(item))
            row = {**self._written[id(item)], **({"because": [numbers[each] for each in item.because]} if item.because else {})}
            text = _json(row if item in listed else row | {"aside": True})
            rows.append(text if len(text) < MOST_LINE_BYTES else _json({**row, "because": [], **({} if item in listed else {"aside": True})}))
        return rows

    def _context(self, evidence: Sequence[Evidence]) -> dict[str, Any]:
        ledger = self.report.ledger
        paths = sorted({item.where.path for root in evidence for item in root.flat() if item.where} & ledger.loaded.keys())
        return {
            "complete": self.complete,
            "ignores": [self._rows.ignore(each) for each in _ignores(self.report)],
            "left_out": [self._rows.left_out(each) for each in self.report.left_out],
            "units": sorted(self._rows.text(unit) for unit in ledger.apps),
            "loaded": {self._rows.text(path): sorted(self._rows.text(unit) for unit in ledger.loaded[path]) for path in paths},
        }

    def _manifest(self, evidence: Sequence[Evidence], dropped: Counter[str], lines: dict[Any, str], members: dict[str, str]) -> str:
        held = {
            "schema": SCHEMA,
            "tool": {"name": "callcheck", "version": clean(self.report.version)},
            "targets": [self._rows.text(word) for word in self.report.target.given],
            "facts": dict(sorted(Counter(item.fact.kind for item in evidence).items())),
            "looks": len(self.report.ledger.looks),
            "lines": len(lines),
            "left_out": dict(sorted(dropped.items())),
            "pseudonyms": dict(sorted(self._rows.names.counts.items())),
            "members": {name: digest(text) for name, text in members.items()},
        }
        return json.dumps(held, indent=2, allow_nan=False) + "\n"


def _ignores(report: Report) -> list[Ignore]:
    """The comments that had a say, or are not in order: of a whole run, all of them."""
    found = [*(each.ignore for each in report.suppressed), *(ignore for ignore, _ in report.ignore_problems)]
    return sorted(dict.fromkeys(found), key=lambda each: (each.path, each.line))


def _json(held: Any) -> str:
    return json.dumps(held, separators=(",", ":"), allow_nan=False)


def _packed(members: dict[str, str]) -> bytes:
    import zipfile

    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        for name, text in {MARK: VERSION, **members}.items():
            info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            info.create_system = 3
            info.external_attr = 0o644 << 16
            info.compress_type = zipfile.ZIP_STORED if name == MARK else zipfile.ZIP_DEFLATED
            archive.writestr(info, text.encode("ascii", "backslashreplace"), compresslevel=9)
    return held.getvalue()
