"""How does an excerpt look?

   ╭─ src/server.ts:14
14 │ bus.on("job.done", send)
   │ ──────────┬─────────────
   │           ╰ listens for job.done here
   ╰─
"""

from __future__ import annotations

from callcheck.model.printable import clean
from callcheck.report.excerpts import Block, Row
from callcheck.report.paint import Page, cells, cut, wrap

_BESIDE = 24
"""Columns that a label needs to stand beside or below its mark."""


def draw(page: Page, block: Block) -> None:
    """Put one block on the page."""
    digits = max(3, *(len(str(row.number)) for row in block.rows))
    edge = " " * (digits + 2)
    page.blank()
    place = f"{clean(block.path, 200)}:{block.first}"
    page.line((edge + page.sign("╭─ ", ",- "), "blue"), *_place(place, page.width - digits - 5))
    previous = None
    for row in block.rows:
        if previous is not None and row.number > previous + 1:
            page.line((edge + page.sign("┆", ":"), "blue"))
        previous = row.number
        (_log_row if block.log else _row)(page, row, digits)
    page.line((edge + page.sign("╰─", "`-"), "blue"), (cut(f" {block.repeated}" if block.again else "", page.width - digits - 4), "dim"))


def _log_row(page: Page, row: Row, digits: int) -> None:
    """A line of a log, wrapped: what matters often stands at its end."""
    bar = page.sign("│", "|")
    edge = (" " * (digits + 2) + f"{bar} ", "blue")
    shown = wrap([(row.text, "bold" if row.labels else "")], page.width - digits - 4)
    for index, spans in enumerate(shown or [[]]):
        page.line(*([edge] if index else [(f" {row.number:>{digits}} ", "bold"), (f"{bar} ", "blue")]), *spans)
    for label in row.labels:
        for index, spans in enumerate(wrap([(label, "bad")], page.width - digits - 6)):
            page.line(edge, ("  " if index else page.sign("╰ ", "^ "), "bad"), *spans)


def _place(place: str, room: int) -> list[tuple[str, str]]:
    """The path, cut at its front where it does not fit: its end says more."""
    if cells(place) > room:
        place = "…" + place[-(room - 1) :]
    return [(place, "name")]


def _row(page: Page, row: Row, digits: int) -> None:
    room = page.width - digits - 4
    text, start, end = crop(row, room)
    bar = page.sign("│", "|")
    if not row.labels:
        page.line((f" {row.number:>{digits}} {bar} ", "blue"), (text, "dim"))
        return
    page.line((f" {row.number:>{digits}} ", "bold"), (f"{bar} ", "blue"), *lit(text, start, end))
    margin = (" " * (digits + 2) + f"{bar} ", "blue")
    _labels(page, row.labels, start, end, room, margin)


def lit(text: str, start: int, end: int) -> list[tuple[str, str]]:
    """The text up to a spot, the spot itself in bold, and the rest; `start` and `end` count columns."""
    head = _upto(text, start)
    body = _upto(text[len(head) :], end - start)
    return [(head, ""), (body, "bold"), (text[len(head) + len(body) :], "")]


def _upto(text: str, width: int) -> str:
    used = 0
    for index, character in enumerate(text):
        if used >= width:
            return text[:index]
        used += cells(character)
    return text


def _labels(page: Page, labels: list[str], start: int, end: int, room: int, margin: tuple[str, str]) -> None:
    size = max(1, end - start)
    if len(labels) == 1 and room - end - 1 >= max(_BESIDE, cells(labels[0])):
        page.line(margin, (" " * start + page.sign("─", "^") * size, "bad"), (" " + labels[0], "bad"))
        return
    hook = start + min(size // 2, 3)
    if room - hook - 2 < _BESIDE:
        hook = max(0, min(hook, room - _BESIDE - 2))
    line = [page.sign("─", "^")] * size
    if start <= hook < end:
        line[hook - start] = page.sign("┬", "^")
    page.line(margin, (" " * start + "".join(line), "bad"))
    for number, label in enumerate(labels):
        last = number == len(labels) - 1
        corner = page.sign("╰ " if last else "├ ", "- ")
        for index, spans in enumerate(wrap([(label, "bad")], room - hook - 2)):
            lead = corner if not index else "  " if last else page.sign("│ ", "  ")
            page.line(margin, (" " * hook + lead, "bad"), *spans)


def crop(row: Row, room: int) -> tuple[str, int, int]:
    """The line in `room` columns with its marked spot in sight, and where the spot lies then."""
    text, start, end = row.text, row.start, row.end
    if cells(text) <= room:
        return text, start, min(end, room)
    if end > room and start > 4:
        away = min(start - 4, end - room + 2)
        text = "…" + text[len(_upto(text, away + 1)) :]
        start, end = start - away, end - away
    return cut(text, room), start, min(end, room)
