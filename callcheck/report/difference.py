"""How is the difference of two runs told, to a person and to a program?"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from callcheck.model.confidence import LIKELY
from callcheck.model.difference import Difference, Lone, Move
from callcheck.model.evidence import Evidence
from callcheck.model.printable import clean
from callcheck.report.json_v1 import plain
from callcheck.report.paint import Page, Span
from callcheck.report.terminal import Style

SCHEMA = "callcheck-diff/1"
MOST = 8
"""Of each sort, unless all are asked for."""
_MOST_JSON = 1000


def document(found: Difference, names: tuple[str, str]) -> str:
    """One JSON document in ASCII, ending in a newline; what a list had to leave out is counted in `more`."""
    held = {
        "schema": SCHEMA,
        "before": clean(names[0]),
        "after": clean(names[1]),
        "causes": [{"cause": turn.cause, "title": clean(turn.title), "before": turn.before, "after": turn.after} for turn in found.turns],
        "counts": [
            {"about": clean(move.about), "attribute": move.attribute, "unit": move.unit, "before": move.before, "after": move.after, **_place(move.item)} for move in found.moves[:_MOST_JSON]
        ],
        "only": [
            {"in": "after" if each.after else "before", "count": each.count, "other_looked": each.looked, "message": clean(each.item.says()), **_place(each.item), "attributes": {name: plain(held) for name, held in each.item.fact.attributes().items()}}
            for each in found.lone[:_MOST_JSON]
        ],
        "more": {"counts": max(0, len(found.moves) - _MOST_JSON), "only": max(0, len(found.lone) - _MOST_JSON)},
    }
    return json.dumps(held, indent=2, allow_nan=False) + "\n"


def _place(item: Evidence) -> dict[str, Any]:
    where = item.where
    return {"kind": item.fact.kind, "basis": str(item.basis), "file": clean(where.path) if where else None, "line": where.line if where else None}


def render(found: Difference, names: tuple[str, str], style: Style) -> str:
    """A page, the most telling first; `before` and `after` are called by their names."""
    page = Page(style.width, style.drawn)
    before, after = (clean(name, 60) for name in names)
    if not (found.turns or found.moves or found.lone):
        page.blank()
        page.prose(f"{after} does not differ from {before} in anything that was looked at.", indent=2)
        return page.text(style.color)
    arrow = page.sign("→", "->")
    page.heading(f"Causes: {before} {arrow} {after}")
    for turn in found.turns:
        came, went = turn.before < LIKELY <= turn.after, turn.after < LIKELY <= turn.before
        mark = ("came", "bad") if came else ("went", "green") if went else ("more" if turn.after > turn.before else "less", "dim")
        figures = f"{turn.before * 100:.0f} % {arrow} {turn.after * 100:.0f} %"
        page.prose([(f"{figures}  ", "bold"), (turn.cause, "cyan"), (f"  {clean(turn.title)}", "")], [(f"{mark[0]}  ", mark[1])], indent=4)
    if not found.turns:
        page.prose("the same", indent=4)
    if found.moves:
        page.heading("Counts that moved")
        _some(page, found.moves, style.verbose, lambda move: _move(page, move, arrow))
    for is_after, name in ((True, after), (False, before)):
        lone = [each for each in found.lone if each.after is is_after]
        if lone:
            page.heading(f"Only in {name}")
            _some(page, lone, style.verbose, lambda each: _lone(page, each))
    return page.text(style.color)


def _some(page: Page, items: Sequence[Any], all_of_them: bool, tell: Any) -> None:
    for item in items if all_of_them else items[:MOST]:
        tell(item)
    if len(items) > MOST and not all_of_them:
        page.prose([(f"and {len(items) - MOST} more: --verbose", "dim")], indent=4)


def _move(page: Page, move: Move, arrow: str) -> None:
    unit = f" {move.unit}" if move.unit and not move.unit.startswith("{") else ""
    page.prose([(f"{move.before:g} {arrow} {move.after:g}{unit}  ", "bold"), (clean(move.about), ""), *_where(move.item)], indent=4)


def _lone(page: Page, each: Lone) -> None:
    unseen = "" if each.looked else " (the other side was not looked at for this)"
    times = f" ({each.count} places)" if each.count > 1 else ""
    page.prose([(clean(f"{each.item.fact.kind.replace('.', ' ')}: "), "dim"), (clean(each.item.says()), ""), (times, ""), *_where(each.item), (unseen, "dim")], [(page.sign("+ ", "+ ") if each.after else "- ", "bad" if each.after else "green")], indent=4)


def _where(item: Evidence) -> list[Span]:
    return [(f"  {clean(str(item.where), 120)}", "cyan")] if item.where else []
