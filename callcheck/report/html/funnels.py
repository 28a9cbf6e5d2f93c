"""How far do deliveries come, as HTML: a bar for each stage, event by event?"""

from __future__ import annotations

from callcheck.model.diagnosis import Report
from callcheck.model.facts.journeys import DeliveryFunnel
from callcheck.model.facts.log_views import ClocksApart, DeliveryUnseen
from callcheck.model.printable import clean
from callcheck.report.html.markup import Html, el, join, prose

_ROOM = 320


def funnels(report: Report) -> Html | None:
    """The funnels, what the logs cannot show, and whose clocks differ."""
    found = [item.fact for item in report.ledger.of(DeliveryFunnel) if isinstance(item.fact, DeliveryFunnel)]
    unseen = [item.fact for item in report.ledger.of(DeliveryUnseen) if isinstance(item.fact, DeliveryUnseen)]
    apart = report.ledger.of(ClocksApart)
    if not (found or unseen or apart):
        return None
    return el(
        "section",
        el("h2", "How far deliveries come", id="funnel"),
        *map(_funnel, found),
        el("ul", *(el("li", prose(clean(item.says()))) for item in apart), cls="signed warn") if apart else None,
        join((el("h3", "What these logs cannot show"), el("ul", *(el("li", clean(each.says()), ". ", prose(clean(each.log, 400)), ".") for each in unseen), cls="signed open"))) if unseen else None,
        aria_labelledby="funnel",
    )


def _funnel(fact: DeliveryFunnel) -> Html:
    stages = [(name, count) for name, count in (("registered", fact.registered), ("started", fact.started), ("emitted", fact.emitted), ("handled", fact.handled)) if count or name in ("emitted", "handled")]
    most = max(1, *(count for _, count in stages))
    rows = [_row(name, count, most, f"{100 * count / fact.emitted:.1f} %" if name == "handled" and fact.emitted else "") for name, count in stages]
    homes = (("handled where they were emitted", fact.same, fact.of_same), ("handled in another process", fact.other, fact.of_other))
    rows += [_row(name, count, of, f"of {of}", of) for name, count, of in homes if of]
    notes = [f"{fact.unseen} more cannot be seen here"] if fact.unseen else []
    notes += [f"one in {fact.one_in} deliveries was followed"] if fact.one_in > 1 else []
    name = clean(fact.event) or "all events"
    return el("figure", el("figcaption", el("code", name)), el("table", el("caption", f"Deliveries of {name}, stage by stage", cls="unseen"), el("tbody", *rows)), el("p", "; ".join(notes), cls="aside") if notes else None, cls="funnel")


def _row(name: str, count: int, most: int, share: str, of: int = 0) -> Html:
    width = max(1.0, _ROOM * count / most) if count else 0.0
    lost = bool(of) and count < of
    bar = el("svg", el("rect", x=0, y=3, width=_ROOM, height=12, rx=2, cls="track") if of or name == "handled" else None, el("rect", x=0, y=3, width=width, height=12, rx=2, cls="bar lost" if lost else f"bar {name.split()[0]}"), viewBox=f"0 0 {_ROOM} 18", width=_ROOM, height=18, preserveAspectRatio="none", aria_hidden="true")
    return el("tr", el("th", name, scope="row"), el("td", bar, cls="bars"), el("td", f"{count:,}", cls="number"), el("td", share, cls="share"))
