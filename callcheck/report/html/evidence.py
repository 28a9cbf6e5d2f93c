"""Which lines show a cause, as HTML: the excerpts with their labels, and what has no line."""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.diagnosis import Diagnosed
from callcheck.model.printable import clean
from callcheck.report.drawing import lit
from callcheck.report.excerpts import Block, Lines, Row, show
from callcheck.report.html.markup import Html, el, join, place, prose

_MOST_PLACES = 12


def evidence(diagnosed: Diagnosed, lines: Lines) -> Html:
    """All of it, the leading excerpt first."""
    shown = show(diagnosed.evidence, lines)
    parts: list[Html] = [_block(block) for block in shown.blocks]
    said = dict.fromkeys((item.where.path if item.where else "", clean(item.says())) for item in shown.placeless)
    if said:
        parts.append(el("ul", *(el("li", place(path) if path else None, ": " if path else None, prose(text)) for path, text in said), cls="plain"))
    if shown.rest:
        places = list(dict.fromkeys((item.where.path, item.where.line) for item in shown.rest if item.where))
        told = [el("li", place(*each)) for each in places[:_MOST_PLACES]]
        more = f" (the first {_MOST_PLACES})" if len(places) > _MOST_PLACES else ""
        noun = "place" if len(places) == 1 else "places"
        parts.append(el("div", el("p", f"Also at {len(places)} more {noun}{more}:"), el("ul", *told, cls="places"), cls="also"))
    return join(parts)


def _block(block: Block) -> Html:
    rows = join(_rows(block))
    again = el("p", block.repeated, cls="again") if block.again else None
    return el("figure", el("figcaption", place(block.path, block.first)), el("pre", el("code", rows)), again, cls="excerpt log" if block.log else "excerpt")


def _rows(block: Block) -> Iterator[Html]:
    previous = None
    for row in block.rows:
        if previous is not None and row.number > previous + 1:
            yield el("span", el("span", "⋮", cls="no", aria_hidden="true"), "\n", cls="row gap")
        previous = row.number
        yield _row(row, block.log)


def _row(row: Row, log: bool) -> Html:
    if row.labels and not log:
        head, body, tail = (text for text, _ in lit(row.text, row.start, row.end))
        text = join((head, el("mark", body) if body else None, tail))
    else:
        text = join((row.text,))
    told = el("span", el("span", f"{row.number}", cls="no"), el("span", text, "\n", cls="text"), cls="row hit" if row.labels else "row")
    labels = (el("span", el("span", "╰ ", aria_hidden="true"), label, "\n", cls="label") for label in row.labels)
    return join((told, *labels))
