"""Which words of a record does a report quote?"""

from __future__ import annotations

from collections.abc import Sequence

from callcheck.sources.logs.view import FAILING, READ, View

_MOST = 240
"""Characters of a message that are shown whole."""


def quoted(view: View, about: Sequence[str] = ()) -> str:
    """The message; of a long one the part in which one of these texts stands, or else a word that speaks of a failure.

    Where a text stands below the message only, as the error at the end of a traceback, its line is added.
    """
    text = view.text
    at = next((at for part in about if part and (at := text.find(part)) >= 0), -1)
    below = _below(view.record.more, about) if at < 0 and view.record.more else ""
    if len(text) <= _MOST:
        return f"{text}{below}"
    if at < 0:
        found = view.find(FAILING, READ)
        at = found.start() if found else 0
    return f"{text[:400] if at + 60 < _MOST else f'…{text[at - 80 : at + 320]}'}{below}"


def _below(more: Sequence[str], about: Sequence[str]) -> str:
    """The last line of the continuation in which one of the texts stands."""
    found = next((line for part in about if part for line in reversed(more) if part in line), "")
    return f" … {found.strip()[:_MOST]}" if found else ""


def named_below(view: View, error: str) -> int:
    """How many lines below a record's first its error is named last; 0 if lines of others stand in between, or only the first names it."""
    lines, place = view.full.split("\n"), view.place
    return next((n for n in range(len(lines) - 1, 0, -1) if error in lines[n]), 0) if place.last - place.line + 1 == len(lines) else 0
