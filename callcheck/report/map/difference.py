"""How is told what a change does to the deliveries: in lines for a person, or in `callcheck.map-diff/1` for a machine?

    lost   paid: is emitted at src/pay.js:9, and nobody listens any more; it was heard at src/mail.js:4
           orders: goes over redis, and went in memory, src/bus.js:2
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from callcheck.model.printable import clean
from callcheck.report.map.as_json import channel_document
from callcheck.report.map.changes import Change

SCHEMA = "callcheck.map-diff/1"
UNSETTLED = "the sources were not read in full, so an end that seems lost may be there"


def text(changes: Sequence[Change], base: str, settled: bool) -> str:
    """A line a change, losses first, and how many there are."""
    lines = [f"{'lost' if each.lost else '':<6} {each.event}: {each.why}" for each in changes]
    lost = sum(each.lost for each in changes)
    said = f"{_count(lost, 'delivery is', 'deliveries are')} lost since {clean(base, 80)}" if changes else f"no delivery has changed since {clean(base, 80)}"
    other = len(changes) - lost
    also = f", and {_count(other, 'other change', 'other changes')}" if other else ""
    return "\n".join([*lines, *([""] if lines else []), said + also + ("" if settled else f"; {UNSETTLED}")]) + "\n"


def render(changes: Sequence[Change], base: str, settled: bool, title: str) -> str:
    """One JSON document in ASCII, ending in a newline."""
    return json.dumps(document(changes, base, settled, title), indent=2, allow_nan=False) + "\n"


def document(changes: Sequence[Change], base: str, settled: bool, title: str) -> dict[str, Any]:
    """The same as plain values."""
    return {
        "schema": SCHEMA,
        "title": clean(title),
        "base": clean(base, 80),
        "settled": settled,
        "lost": sum(each.lost for each in changes),
        "changes": [
            {
                "how": each.how,
                "lost": each.lost,
                "event": each.event,
                "message": each.why,
                "before": channel_document(each.before) if each.before else None,
                "after": channel_document(each.after) if each.after else None,
            }
            for each in changes
        ],
    }


def _count(number: int, one: str, many: str) -> str:
    return f"{number or 'no'} {one if number == 1 else many}"
