"""Which lines of source show the evidence, and which spot of each is meant?"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from callcheck.model.evidence import Evidence
from callcheck.model.noun import dataclass, field
from callcheck.model.printable import clean
from callcheck.model.words import Basis
from callcheck.report.paint import cells

Lines = Callable[[str, int, int], list[str]]
"""Gives lines `first` to `last` (from 1, inclusive) of a file as named in a location; [] if it cannot be read."""

SAMPLE = "log.sample"
"""The kind of a further log line that shows what the line before it shows."""
MOST_BLOCKS = 6
MOST_LABELS = 3
"""On one line; more would bury it."""
NEAR = 4
"""Lines apart at which two marks share a block."""
AROUND = 1
"""Lines of context above and below."""
MOST_AGAIN = 6
"""Further lines that are named by their numbers."""
_LONGEST = 1200
"""Characters of a line that are looked at; a minified file has only one."""
_OPEN, _CLOSE, _QUOTES = "([{", ")]}", "\"'`"


@dataclass(slots=True)
class Row:
    """One line of a file, printable; `start` to `end` (columns from 0) is the spot that the labels are about."""

    number: int
    text: str
    start: int = 0
    end: int = 0
    labels: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Block:
    """Neighbouring lines of one file, indented no more than needed."""

    path: str
    rows: list[Row]
    log: bool = False
    """Lines of a log: as long as they are, with nothing around them."""
    again: tuple[int, ...] = ()
    """Further lines of the log that say the same."""

    @property
    def first(self) -> int:
        """The line of the first mark."""
        return next(row.number for row in self.rows if row.labels)

    @property
    def repeated(self) -> str:
        """`again at lines 7, 9`; "" where no further line says the same."""
        if not self.again:
            return ""
        numbers = ", ".join(map(str, self.again[:MOST_AGAIN]))
        more = f" and {len(self.again) - MOST_AGAIN} more" if len(self.again) > MOST_AGAIN else ""
        return f"again at line{'s' if len(self.again) > 1 else ''} {numbers}{more}"


@dataclass(frozen=True, slots=True)
class Shown:
    """Evidence, sorted by how it can be shown."""

    blocks: tuple[Block, ...]
    rest: tuple[Evidence, ...]
    """With a line, but beyond the most that is drawn."""
    placeless: tuple[Evidence, ...]
    """A process, or a whole file."""


def show(evidence: Iterable[Evidence], lines: Lines, most: int = MOST_BLOCKS) -> Shown:
    """Lay the evidence out in the order in which it was given; near places of one file share a block, repeated log lines a note."""
    placed: list[Evidence] = []
    placeless: list[Evidence] = []
    leads: dict[str, list[int]] = {}
    again: dict[int, list[int]] = {}
    for item in evidence:
        if not (item.where and item.where.line):
            placeless.append(item)
        elif item.fact.kind == SAMPLE and item.where.path in leads:
            leads[item.where.path].append(item.where.line)
        else:
            if item.basis is Basis.OBSERVED:
                leads[item.where.path] = again.setdefault(id(item), [])
            placed.append(item)
    groups = _groups(placed)
    blocks = tuple(
        _log_block(group, lines, again) if group[0].basis is Basis.OBSERVED else _block(group, lines)
        for group in groups[:most]
    )
    return Shown(blocks, tuple(item for group in groups[most:] for item in group), tuple(placeless))


def _line(item: Evidence) -> int:
    return (item.where.line or 0) if item.where else 0


def _end(item: Evidence) -> int:
    return (item.where.end_line or _line(item)) if item.where else 0


def _path(item: Evidence) -> str:
    return item.where.path if item.where else ""


def _groups(placed: Sequence[Evidence]) -> list[list[Evidence]]:
    """Neighbours together; groups in the order of their first member."""
    order = {id(item): number for number, item in enumerate(placed)}
    groups: list[list[Evidence]] = []
    last: Evidence | None = None
    for item in sorted(placed, key=lambda e: (_path(e), e.basis is Basis.OBSERVED, _line(e), order[id(e)])):
        if last is not None and _same(last, item) and _line(item) - _line(last) <= NEAR:
            groups[-1].append(item)
        else:
            groups.append([item])
        last = item
    return sorted(groups, key=lambda group: min(order[id(item)] for item in group))


def _same(one: Evidence, other: Evidence) -> bool:
    """Whether two places may share a block: lines of a log are drawn otherwise than lines of code."""
    return _path(one) == _path(other) and (one.basis is Basis.OBSERVED) == (other.basis is Basis.OBSERVED)


def _log_block(group: Sequence[Evidence], lines: Lines, again: Mapping[int, list[int]]) -> Block:
    rows: dict[int, Row] = {}
    for item in group:
        number, end = _line(item), _end(item)
        if number not in rows:
            rows[number] = Row(number, clean(item.excerpt.strip() or _first(lines, item, number)))
        label = clean(item.says(), 160) + (f" (printed at {clean(str(item.printed))})" if item.printed else "")
        if len(rows[number].labels) < MOST_LABELS and label not in rows[number].labels:
            rows[number].labels.append(label)
        # The last line of a traceback names the error, unless a sample says which one does: another error may follow while the first is handled.
        names = next((sample for sample in again.get(id(item), ()) if number < sample <= end), end)
        if names > number and names not in rows and (text := _first(lines, item, names)):
            rows[names] = Row(names, clean(text.strip()))
    seen = {number for item in group for number in range(_line(item), _end(item) + 1)}
    more = sorted({number for item in group for number in again.get(id(item), ())} - seen)
    return Block(_path(group[0]), [rows[number] for number in sorted(rows)], True, tuple(more))


def _first(lines: Lines, item: Evidence, number: int) -> str:
    found = lines(_path(item), number, number)
    return found[0] if found else ""


def _block(group: Sequence[Evidence], lines: Lines) -> Block:
    path = _path(group[0])
    first, last = max(1, _line(group[0]) - AROUND), _line(group[-1]) + AROUND
    raw = lines(path, first, last)
    if len(raw) <= _line(group[-1]) - first:
        raw = []
    rows: dict[int, Row] = {}
    for number, text in enumerate(raw, first):
        rows[number] = Row(number, clean(text.rstrip()))
    for item in group:
        number = _line(item)
        text = raw[number - first] if raw else item.excerpt
        _mark(rows.setdefault(number, Row(number, clean(text.rstrip()))), item, text, bool(raw))
    ordered = [rows[number] for number in sorted(rows)]
    while ordered and not ordered[0].text.strip() and not ordered[0].labels:
        ordered.pop(0)
    while ordered and not ordered[-1].text.strip() and not ordered[-1].labels:
        ordered.pop()
    _dedent(ordered)
    return Block(path, ordered)


def _mark(row: Row, item: Evidence, text: str, from_file: bool) -> None:
    label = clean(item.says(), 160)
    if label in row.labels or len(row.labels) >= MOST_LABELS:
        return
    if not row.labels:
        column = item.where.column if item.where and from_file else None
        row.text, row.start, row.end = spot(text, column)
    row.labels.append(label)


def spot(text: str, column: int | None) -> tuple[str, int, int]:
    """The line made printable, and the columns (from 0) of what begins at `column` (from 1): a call to its closing bracket, or to the end."""
    text = text.rstrip()
    left = len(text) - len(text.lstrip())
    begin = min(column - 1, len(text)) if column and column - 1 >= left else left
    if len(text) > _LONGEST:
        away = max(0, begin - 60)
        text, begin = ("…" if away else "") + text[away : away + _LONGEST], begin - away + bool(away)
    before, meant = text[:begin], text[begin : _until(text, begin)]
    whole = clean(text)
    head, body = clean(before), clean(meant)
    if column is None or not whole.startswith(head + body):
        # Masking a secret moved things: the whole line is meant then.
        margin = len(whole) - len(whole.lstrip())
        return whole, margin, cells(whole)
    return whole, cells(head), cells(head + body)


def _until(text: str, begin: int) -> int:
    """Where the expression that begins there ends: behind the bracket that closes its call, else at the line's end."""
    depth, quote, opened = 0, "", False
    index = begin
    while index < len(text):
        character = text[index]
        if quote:
            if character == "\\":
                index += 1
            elif character == quote:
                quote = ""
        elif character in _QUOTES:
            quote = character
        elif character in _OPEN:
            depth, opened = depth + 1, True
        elif character in _CLOSE:
            depth -= 1
            if depth < 0:
                return index
            if depth == 0 and opened and text[index + 1 : index + 2] not in (".", "(", "["):
                return index + 1
        elif character in ";," and depth == 0:
            return index
        index += 1
    return len(text)


def _dedent(rows: Sequence[Row]) -> None:
    spare = min((len(row.text) - len(row.text.lstrip()) for row in rows if row.text.strip()), default=0)
    for row in rows:
        row.text = row.text[spare:]
        row.start, row.end = max(0, row.start - spare), max(0, row.end - spare)
