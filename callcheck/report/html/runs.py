"""What was tried and what runs, as HTML: scenarios, numbers of copies, processes."""

from __future__ import annotations

from callcheck.model.diagnosis import Report
from callcheck.model.measured import IN_ORDER, Measured
from callcheck.model.printable import clean
from callcheck.model.scaled import Trial
from callcheck.report.asked import NOBODY, asked
from callcheck.report.html.markup import Html, el, join, place
from callcheck.report.measured import WORDS
from callcheck.report.measured import more as further
from callcheck.report.running import running
from callcheck.report.scaled import WORDS as SPREAD
from callcheck.report.scaled import cures


def measured(report: Report) -> Html | None:
    """A table for each scenario that was run against the app."""
    scenarios = report.target.measured
    return el("section", el("h2", "What the scenarios measured", id="measured"), *map(_scenario, scenarios), aria_labelledby="measured") if scenarios else None


def _scenario(each: Measured) -> Html:
    said = "as expected" if each.met else f"not as expected{f' ({each.ended})' if each.ended else ''}"
    rows = (el("tr", el("td", f"{WORDS[group.fate]}{f': {clean(group.why)}' if group.why else ''}"), el("td", f"{group.count}", cls="number" if group.fate in IN_ORDER else "number bad")) for group in each.groups)
    head = el("thead", el("tr", el("th", "what came of it", scope="col"), el("th", "runs", scope="col", cls="number")))
    return join((
        el("h3", clean(each.name), ": ", el("span", said, cls="good" if each.met else "bad")),
        el("p", el("code", clean(each.request)), f", {each.runs} runs"),
        el("table", el("caption", f"Deliveries of {clean(each.name)}", cls="unseen"), head, el("tbody", *rows)),
        el("ul", *(el("li", line) for line in further(each)), cls="plain"),
    ))  # fmt: skip


def scaled(report: Report) -> Html | None:
    """How many copies deliver how much."""
    trials = report.target.scaled
    if not trials:
        return None
    head = el("thead", el("tr", el("th", "copies", scope="col", cls="number"), el("th", "dealt out", scope="col"), el("th", "delivered", scope="col", cls="number")))
    return el("section", el("h2", "With so many copies of the app", id="scaled"), el("table", head, el("tbody", *map(_trial, trials))), *(el("p", line) for line in cures(report)), aria_labelledby="scaled")


def _trial(each: Trial) -> Html:
    return el("tr", el("td", f"{each.copies}", cls="number"), el("td", SPREAD[each.spread]), el("td", f"{each.delivered} of {each.runs}", cls=f"number {'good' if each.works else 'bad'}"))


def answers(report: Report) -> Html | None:
    """What the model APIs answered that were asked."""
    found = asked(report)
    if found is None:
        return None
    items = [el("li", place(item.where.path, item.where.line) if item.where else None, ": " if item.where else None, clean(item.says())) for item in found] or [el("li", NOBODY)]
    return el("section", el("h2", "What was asked", id="asked"), el("ul", *items, cls="plain"), aria_labelledby="asked")


def runs(report: Report) -> Html | None:
    """The processes that were seen, and the files that say another number."""
    found = running(report)
    if not found:
        return None
    items = (el("li", place(item.where.path, item.where.line) if item.where else None, ": " if item.where else None, clean(item.says()), " (a guess by its port)" if item.basis == "inferred" else None) for item in found)
    return el("section", el("h2", "What runs", id="running"), el("ul", *items, cls="plain"), aria_labelledby="running")
