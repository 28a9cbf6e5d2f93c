"""Who did what when, as HTML: a lane for each process, an arrow for each delivery, and the same as tables.

The picture is an SVG with some hundred deliveries; where scripts run, `lanes.js` draws all of them in its place and finds single ones.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from callcheck.model.clock import clock
from callcheck.model.facts.observed import SAID
from callcheck.model.printable import clean
from callcheck.model.swimlane import ARRIVED, STAGES, STOPPED, UNSEEN, WAITING, Delivery, Mark, Swimlane
from callcheck.report.html.lanes_drawn import NAMELESS, Lanes, drawn
from callcheck.report.html.markup import Html, el, island, join, place

_LISTED = 20
_WORDS = {
    ARRIVED: "arrived",
    STOPPED: "stopped",
    UNSEEN: "cannot be seen",
    WAITING: "nothing emitted",
}
_SIGNS = {ARRIVED: "●", STOPPED: "✖", UNSEEN: "?", WAITING: "○"}


def lanes(told: Swimlane) -> Html:
    """The section."""
    every = Lanes(told)
    counts = Counter(each.fate for each in told.deliveries)
    shares = ", ".join(f"{counts[fate]:,} {word}" for fate, word in _WORDS.items() if counts[fate])
    return el(
        "section",
        el("h2", "Deliveries, one by one", id="lanes"),
        el("p", f"{len(told.deliveries):,} {'delivery' if len(told.deliveries) == 1 else 'deliveries'}: {shares}.", _limits(told)),
        _controls(every),
        el("figure", drawn(every), _legend(), cls="lanes", id="lanes-figure"),
        el("div", id="lanes-said", role="status", cls="said", hidden=True),
        el("h3", "By process"),
        _by_process(every),
        el("h3", "Delivery by delivery", id="deliveries"),
        _list(told),
        island(document(every), "lanes-data"),
        cls="wide",
        aria_labelledby="lanes",
    )


def _limits(told: Swimlane) -> str | None:
    notes = []
    if told.one_in > 1:
        notes.append(f"One in {told.one_in} deliveries of the logs was followed.")
    if told.left:
        notes.append(f"{told.left:,} later ones are left out.")
    if not told.timed:
        notes.append("The log has no times: across stand its lines.")
    return " " + " ".join(notes) if notes else None


def _controls(every: Lanes) -> Html:
    """What only a script can do; it shows them."""
    fates = [el("option", "all", value=""), *(el("option", word, value=fate) for fate, word in _WORDS.items() if any(each.fate == fate for each in every.told.deliveries))]
    buttons = (("lanes-in", "Closer", "+"), ("lanes-out", "Further away", "−"), ("lanes-left", "Earlier", "←"), ("lanes-right", "Later", "→"), ("lanes-all", "All of the time", "All"))
    return el(
        "div",
        el("label", "Event or id ", el("input", type="search", id="lanes-find", autocomplete="off", spellcheck="false")),
        el("label", "Ending ", el("select", *fates, id="lanes-fate")),
        el("span", *(el("button", sign, type="button", id=id, aria_label=name, title=name) for id, name, sign in buttons), cls="zoom", role="group", aria_label="Time shown"),
        el("output", id="lanes-count", for_="lanes-find lanes-fate"),
        id="lanes-controls",
        cls="controls",
        hidden=True,
    )


def _legend() -> Html:
    signs = {"registered": "○", "emitted": "▲", "handled": "●", "failed": "✖"}
    items = [el("li", el("span", signs[stage], cls=f"sign {stage}", aria_hidden="true"), stage) for stage in STAGES]
    items.append(el("li", el("span", "⟶", cls="sign arrived", aria_hidden="true"), "arrived"))
    items.append(el("li", el("span", "⟶✖", cls="sign failed", aria_hidden="true"), "ends there"))
    return el("figcaption", el("ul", *items, cls="legend"))


def _by_process(every: Lanes) -> Html:
    head = el("tr", el("th", "process", scope="col"), *(el("th", stage, scope="col", cls="number") for stage in STAGES))
    rows = (el("tr", el("th", clean(name, 80), scope="row"), *(el("td", f"{count:,}" if count else "·", cls="number") for count in counts)) for name, counts in every.totals())
    return el("div", el("table", el("caption", "What each process did, in numbers", cls="unseen"), el("thead", head), el("tbody", *rows)), cls="scroll", tabindex=0, role="region", aria_label="What each process did, in numbers")


def _list(told: Swimlane) -> Html:
    """The first ones that stop, then others: what a reader without scripts has."""
    first = sorted(told.deliveries, key=lambda each: (each.fate != STOPPED, each.fate == ARRIVED))[:_LISTED]
    head = el("tr", *(el("th", name, scope="col") for name in ("ending", "event", "id", "what was seen")))
    some = f"The first {_LISTED} of {len(told.deliveries):,}, those that stop first." if len(told.deliveries) > _LISTED else None
    table = el("table", el("caption", "Single deliveries", cls="unseen"), el("thead", head), el("tbody", *map(_row, first), id="lanes-rows"), cls="deliveries")
    return join((el("p", some, id="lanes-some", cls="aside") if some else None, el("div", table, cls="scroll", tabindex=0, role="region", aria_label="Single deliveries"), el("button", "Show more", type="button", id="lanes-more", hidden=True)))


def _row(each: Delivery) -> Html:
    why = f": {SAID[each.why]}" if each.why in SAID else ""
    marks = (el("li", el("span", mark.stage, cls=f"stage {mark.stage}"), f" {clean(mark.instance, 60) or NAMELESS} {at(mark)} ", _where(mark, before)) for before, mark in zip((None, *each.marks), each.marks[:8], strict=False))
    return el("tr", el("td", el("span", f"{_SIGNS[each.fate]} {_WORDS[each.fate]}", cls=f"fate {each.fate}"), why), el("td", clean(each.event, 80) or "—"), el("td", el("code", clean(each.id, 60)) if each.id else "—"), el("td", el("ul", *marks, cls="marks")))


def _where(mark: Mark, before: Mark | None) -> Html | None:
    """The file is named once for marks of the same one."""
    if mark.where is None:
        return None
    again = before is not None and before.where is not None and before.where.path == mark.where.path
    return el("span", f":{mark.where.line}", cls="place") if again and mark.where.line else place(mark.where.path, mark.where.line)


def at(mark: Mark) -> str:
    """The time of day with milliseconds; "" where the time is none."""
    return f"{clock(mark.time)[-8:]}.{int(mark.time % 1 * 1000):03d}" if mark.time >= 86_400 else ""


def document(every: Lanes) -> dict[str, Any]:
    """The deliveries for the script, column by column, each text once."""
    events, paths = _Texts(80), _Texts(200)
    told = every.told
    columns: dict[str, list[Any]] = {name: [] for name in ("id", "event", "fate", "why", "marks", "time", "lane", "stage", "path", "line")}
    whys: list[str] = sorted({each.why for each in told.deliveries if each.why in SAID})
    for each in told.deliveries:
        columns["id"].append(clean(each.id, 60))
        columns["event"].append(events.number(each.event))
        columns["fate"].append(list(_WORDS).index(each.fate))
        columns["why"].append(whys.index(each.why) if each.why in whys else -1)
        columns["marks"].append(len(each.marks))
        for mark in each.marks:
            columns["time"].append(round((mark.time - every.begin) * 1000))
            columns["lane"].append(every.lane(mark.instance))
            columns["stage"].append(STAGES.index(mark.stage))
            columns["path"].append(paths.number(mark.where.path) if mark.where else -1)
            columns["line"].append((mark.where.line or 0) if mark.where else 0)
    return {
        "lanes": [clean(name, 60) for name in every.names],
        "events": events.texts,
        "paths": paths.texts,
        "whys": [SAID[why] for why in whys],
        "fates": list(_WORDS),
        "words": list(_WORDS.values()),
        "signs": [_SIGNS[fate] for fate in _WORDS],
        "stages": list(STAGES),
        "begin": every.begin * 1000,
        "length": round((every.end - every.begin) * 1000),
        "timed": told.timed,
        **columns,
    }


class _Texts:
    """Texts with numbers, made printable once."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._known: dict[str, int] = {}

    def number(self, text: str) -> int:
        return self._known.setdefault(text, len(self._known))

    @property
    def texts(self) -> Sequence[str]:
        return [clean(text, self._limit) for text in self._known]
