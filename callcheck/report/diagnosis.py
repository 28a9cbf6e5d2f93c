"""How does a terminal show one diagnosis: what it is, the lines that show it, what speaks against it, and the cure?"""

from __future__ import annotations

from callcheck.model.diagnosis import Diagnosed, Report
from callcheck.model.fact import kinds
from callcheck.model.printable import clean
from callcheck.model.words import Outcome
from callcheck.report.confidence import in_words, tone
from callcheck.report.cures import cure
from callcheck.report.drawing import draw
from callcheck.report.excerpts import Lines, show
from callcheck.report.paint import Page

_MOST_PLACES = 6


def diagnosis(page: Page, diagnosed: Diagnosed, report: Report, lines: Lines, cured: bool) -> None:
    """What was found and how sure it is, its evidence and what speaks against it; the cure too where it is `cured`."""
    rule, color = diagnosed.rule, tone(diagnosed.confidence)
    page.blank()
    page.prose([(clean(diagnosed.title), "bold")], [(page.sign("✖", "x") + " ", color)])
    dots = round(diagnosed.confidence * 10)
    meter = [("▰" * dots, color), ("▱" * (10 - dots) + "  ", "dim")] if page.drawn else []
    said = f"{in_words(diagnosed.confidence)} "
    aside = f"{page.sign('·', '-')} {rule.cause} {page.sign('·', '-')} {rule.stage}"
    page.prose([*meter, (" " + said, color), (aside, "dim")], indent=4)
    page.blank()
    page.prose(" ".join(rule.explain.split()), indent=4)
    _evidence(page, diagnosed, lines)
    _against(page, diagnosed, report)
    if cured:
        cure(page, diagnosed)


def _evidence(page: Page, diagnosed: Diagnosed, lines: Lines) -> None:
    shown = show(diagnosed.evidence, lines)
    for block in shown.blocks:
        draw(page, block)
    if shown.placeless:
        page.blank()
    said = dict.fromkeys((f"{clean(item.where.path)}: " if item.where else "", clean(item.says())) for item in shown.placeless)
    for place, text in said:
        page.prose([(place, "name"), (text, "")], [(page.sign("•", "*") + " ", "blue")], indent=4)
    if shown.rest:
        page.blank()
        places = list(dict.fromkeys(clean(str(item.where), 120) for item in shown.rest))
        more = f", and {len(places) - _MOST_PLACES} more" if len(places) > _MOST_PLACES else ""
        noun = "place" if len(places) == 1 else "places"
        page.prose(
            [(f"Also at {len(places)} more {noun}: ", ""), (", ".join(places[:_MOST_PLACES]), "cyan"), (more, "")],
            indent=4,
        )
    because = list(dict.fromkeys(clean(w.because) for w in diagnosed.supports if w.because))
    if because:
        page.heading("What speaks for it")
    for text in because:
        page.prose(text, [("+ ", "bold")], indent=4)


def _against(page: Page, diagnosed: Diagnosed, report: Report) -> None:
    if diagnosed.contradicts:
        page.heading("What speaks against it")
    for weighed in diagnosed.contradicts:
        place = next((f" ({clean(str(e.where), 120)})" for e in weighed.evidence if e.where), "")
        page.prose(
            [(clean(weighed.because or weighed.clause.condition.fact), ""), (place, "cyan")], [("- ", "bold")], indent=4
        )
    asked = dict.fromkeys(question(condition.fact, report) for condition in diagnosed.open_questions)
    if asked:
        page.heading("Open questions")
    for text in asked:
        page.prose(text, [("? ", "yellow")], indent=4)


def question(fact: str, report: Report) -> str:
    """What is to be found out where nobody could tell whether a fact holds, and who was kept from looking."""
    kind = kinds().get(fact)
    said = ((kind.__doc__ or "") if kind else "").strip().split("\n")[0].rstrip(".") or fact
    kept_out = [
        look
        for look in report.ledger.looks
        if fact in look.kinds and look.outcome in (Outcome.BLOCKED, Outcome.PART) and not look.joins
    ]
    why = (
        "; ".join(dict.fromkeys(f"{look.probe}: {clean(look.why)}" for look in kept_out[:2] if look.why))
        or "nothing that was looked at tells"
    )
    return f"Does this hold here? {said}. ({why})"
