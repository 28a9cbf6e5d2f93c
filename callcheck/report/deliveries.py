"""What do the logs show of the deliveries: how many come how far, which process did what when, and what cannot be seen?

web-1  ○▲●●  ●●●●●●   ●● ●●●●  ○104 ▲110 ●26
web-2  ▲▲▲▲ ▲▲▲▲▲▲▲▲▲▲ ▲▲▲▲▲▲  ▲98
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from callcheck.model.clock import clock
from callcheck.model.diagnosis import Report
from callcheck.model.evidence import Evidence
from callcheck.model.facts.journeys import DeliveryFunnel
from callcheck.model.facts.log_views import BINS, ClocksApart, DeliveryUnseen, InstanceTimeline
from callcheck.model.printable import clean
from callcheck.report.paint import Page, cells, cut, words

_MARKS = (("registered", "○", "o"), ("emitted", "▲", "^"), ("handled", "●", "*"), ("failed", "✖", "x"))
_STYLES = {"registered": "cyan", "emitted": "yellow", "handled": "green", "failed": "bad"}
_WIDEST_NAME = 24
_NARROWEST = 16
"""Columns below which a plot tells nothing."""
_MOST_FUNNELS = 3
_RECORDED = "recorded-deliveries"
"""The probe that counts in a recording."""


def deliveries(page: Page, report: Report, told: bool) -> None:
    """Counts and plot where `told`, a diagnosis, gives them a use, and what the logs leave open in any case."""
    ledger = report.ledger
    counted = ledger.of(DeliveryFunnel)
    funnels = [e.fact for e in counted if isinstance(e.fact, DeliveryFunnel)]
    rows = [e.fact for e in ledger.of(InstanceTimeline) if isinstance(e.fact, InstanceTimeline)]
    if told and (funnels or rows or ledger.of(ClocksApart)):
        recorded = sum(e.probe == _RECORDED for e in counted)
        logs = "the logs" if rows or recorded < len(counted) or not recorded else ""
        page.heading(f"Deliveries in {' and '.join(filter(None, (logs, 'the recorded run' if recorded else '')))}")
        for funnel in funnels[:_MOST_FUNNELS]:
            page.prose([((clean(funnel.event) or "all") + ": ", "bold"), (funnel.says(), "")], indent=4)
        if rows:
            _plot(page, rows)
        for item in ledger.of(ClocksApart):
            page.prose([(clean(item.says()), "")], [("! ", "yellow")], indent=4)
    unseen = [e.fact for e in ledger.of(DeliveryUnseen) if isinstance(e.fact, DeliveryUnseen)]
    if unseen:
        page.heading("What these logs cannot show")
    for one in unseen:
        page.prose(
            [(clean(one.says()), ""), (". ", ""), *words(clean(one.log, 400) + ".")], [("? ", "yellow")], indent=4
        )


def _plot(page: Page, rows: Sequence[InstanceTimeline]) -> None:
    """A row a process; where several things happen in one column the last of the marks is shown, a failure before all."""
    signs = {name: page.sign(*marks) for name, *marks in _MARKS}
    names = [cut(clean(row.instance) or "(no name)", _WIDEST_NAME) for row in rows]
    counts = [_counts(row, signs) for row in rows]
    lead = max(map(cells, names)) + 2
    room = page.width - 4 - lead
    tail = max(map(cells, counts)) + 2
    if room - tail < _NARROWEST:
        counts, tail = [""] * len(rows), 0
    room = min(room - tail, BINS)
    if room < _NARROWEST:
        return
    page.blank()
    begin, end = clock(rows[0].begin), clock(rows[0].end)
    if cells(begin) + cells(end) + 2 > room:
        begin, end = begin[-8:], end[-8:]
    gap = max(1, room - cells(begin) - cells(end) - 2)
    page.line((" " * (4 + lead), ""), (f"{begin} {page.sign('─', '-') * gap} {end}", "dim"))
    for row, name, count in zip(rows, names, counts, strict=True):
        spans = [(signs[mark] if mark else " ", _STYLES.get(mark, "")) for mark in _columns(row, room)]
        page.line((f"    {name}{' ' * (lead - cells(name))}", "name"), *spans, (f"  {count}" if count else "", ""))
    if rows[0].more:
        page.line((f"    and {rows[0].more} more", "dim"))
    if rows[0].one_in > 1:
        page.line((f"    one in {rows[0].one_in} deliveries was followed", "dim"))
    legend = "  ".join(f"{signs[name]} {name}" for name, *_ in _MARKS)
    page.line((" " * min(4 + lead, max(0, page.width - cells(legend))) + legend, "dim"))


def _counts(row: InstanceTimeline, signs: dict[str, str]) -> str:
    return " ".join(f"{signs[name]}{total}" for name, *_ in _MARKS if (total := sum(_bins(row, name))))


def _bins(row: InstanceTimeline, name: str) -> list[int]:
    return [int(count) for count in getattr(row, name).split()]


def _columns(row: InstanceTimeline, room: int) -> list[str]:
    """For each column the name of its mark, or ""."""
    columns = [""] * room
    for name, *_ in _MARKS:
        for at, count in enumerate(_bins(row, name)):
            if count:
                columns[at * room // BINS] = name
    return columns


def document(report: Report) -> dict[str, Any]:
    """The same as plain values."""
    rows = report.ledger.of(InstanceTimeline)
    return {
        "funnels": [_funnel(e) for e in report.ledger.of(DeliveryFunnel)],
        "timeline": _timeline([e.fact for e in rows if isinstance(e.fact, InstanceTimeline)]) if rows else None,
        "unseen": [_unseen(e) for e in report.ledger.of(DeliveryUnseen)],
        "clocks": [_apart(e) for e in report.ledger.of(ClocksApart)],
    }


def _funnel(item: Evidence) -> dict[str, Any]:
    fact = item.fact
    assert isinstance(fact, DeliveryFunnel)
    return {
        "event": clean(fact.event),
        "registered": fact.registered,
        "started": fact.started,
        "emitted": fact.emitted,
        "handled": fact.handled,
        "same_instance": {"handled": fact.same, "of": fact.of_same},
        "other_instance": {"handled": fact.other, "of": fact.of_other},
        "unseen": fact.unseen,
        "one_in": fact.one_in,
        "message": clean(fact.says()),
    }


def _timeline(rows: Sequence[InstanceTimeline]) -> dict[str, Any]:
    return {
        "begin": rows[0].begin,
        "end": rows[0].end,
        "instances": [
            {"instance": clean(row.instance), **{name: _bins(row, name) for name, *_ in _MARKS}} for row in rows
        ],
        "more_instances": rows[0].more,
        "one_in": rows[0].one_in,
    }


def _unseen(item: Evidence) -> dict[str, Any]:
    fact = item.fact
    assert isinstance(fact, DeliveryUnseen)
    return {
        "event": clean(fact.event),
        "what": fact.what,
        "count": fact.count,
        "why": clean(fact.why),
        "log": clean(fact.log, 400),
    }


def _apart(item: Evidence) -> dict[str, Any]:
    fact = item.fact
    assert isinstance(fact, ClocksApart)
    return {"ahead": clean(fact.ahead), "behind": clean(fact.behind), "seconds": fact.seconds, "count": fact.count}
