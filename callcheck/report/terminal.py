"""What does a person at a terminal get? The likeliest cause, the lines that show it, the cure, and what was looked at."""

from __future__ import annotations

from collections.abc import Sequence

from callcheck.model.confidence import LIKELY
from callcheck.model.diagnosis import Diagnosed, Report
from callcheck.model.noun import dataclass
from callcheck.model.printable import clean
from callcheck.report.confidence import tone
from callcheck.report.coverage import coverage, looked
from callcheck.report.diagnosis import diagnosis
from callcheck.report.excerpts import Lines
from callcheck.report.ignored import ignored
from callcheck.report.paint import Page, Span, cells, cut

_MOST_RIVALS = 8


@dataclass(frozen=True, slots=True)
class Style:
    """How to lay a report out; `drawn` is whether marks beyond ASCII may be used."""

    width: int = 80
    color: bool = False
    drawn: bool = True
    verbose: bool = False
    brief: bool = False


def render(
    report: Report, lines: Lines, style: Style = Style(), min_confidence: float = 0.0, empty: bool = False
) -> str:
    """The report as text, ending in a newline. Everything from outside is made printable on the way.

    `empty` is whether there was no file, log or process at all, so that no probe, whatever it says, can have seen anything.
    """
    page = Page(style.width, style.drawn)
    found = [d for d in report.diagnoses if d.confidence >= min_confidence]
    if style.brief:
        _brief(page, found)
        return page.text(style.color)
    if report.target.measured:
        from callcheck.report.measured import measured

        measured(page, report.target.measured)
    if report.target.scaled:
        from callcheck.report.scaled import scaled

        scaled(page, report)
    full = [d for d in found if style.verbose or d.confidence >= LIKELY]
    full = full if style.verbose else full[:1]
    if not full or full[0].confidence < LIKELY:
        _nothing(page, report, empty)
    for number, diagnosed in enumerate(full):
        if number:
            page.blank()
            page.line(("  " + page.sign("─", "-") * (style.width - 4), "dim"))
        diagnosis(page, diagnosed, report, lines, len(full) == 1 or style.verbose)
    if any(report.ledger.of(kind) for kind in ("instance.timeline", "delivery.funnel", "delivery.unseen", "clocks.apart")):
        from callcheck.report.deliveries import deliveries

        deliveries(page, report, bool(full) or style.verbose)
    _rivals(page, found[len(full) :], bool(full))
    ignored(page, report)
    if report.known:
        count = len(report.known)
        page.blank()
        page.prose(f"{count} {'finding that was' if count == 1 else 'findings that were'} there before {'is' if count == 1 else 'are'} left out.")
    if report.ledger.of("processes.run"):
        from callcheck.report.running import runs

        runs(page, report)
    if report.target.online:
        from callcheck.report.asked import answers

        answers(page, report)
    coverage(page, report, style.verbose)
    if full:
        page.blank()
        page.prose(f"More about it: `callcheck explain {full[0].rule.cause}`")
    return page.text(style.color)


def _brief(page: Page, found: Sequence[Diagnosed]) -> None:
    likely = [d for d in found if d.confidence >= LIKELY]
    for d in likely:
        page.line((f"{_where(d) or 'process'}: {d.rule.cause}: {clean(d.title)} ({d.confidence * 100:.0f} %)", ""))
    if not likely:
        page.line(("nothing likely was found", ""))


def _where(diagnosed: Diagnosed) -> str:
    where = next((item.where for item in diagnosed.evidence if item.where), None)
    return clean(str(where), 200) if where else ""


def _nothing(page: Page, report: Report, empty: bool) -> None:
    page.blank()
    if report.target.measured:
        if not all(each.met for each in report.target.measured):
            page.prose("No cause is likely by what was looked at; `callcheck webhook SCENARIO.yml .` looks at the code of the app, too.", indent=4)
        return
    unseen = empty or not looked(report)
    what = "Nothing could be examined." if unseen else "Nothing likely was found."
    page.prose([(what, "bold")], [(page.sign("○", "o") + " ", "faint")])
    if not unseen:
        page.prose(
            "That is not to say that all is well: no known cause shows in what was looked at, which stands below.",
            indent=4,
        )


def _rivals(page: Page, rivals: Sequence[Diagnosed], after: bool) -> None:
    if not rivals:
        return
    page.heading("Other causes" if after else "Worth a look, though nothing shows it" if rivals[0].lead else "Thinkable, but not likely")
    for d in rivals[:_MOST_RIVALS]:
        place = f"  {_where(d)}" if _where(d) else ""
        spans: list[Span] = [(d.rule.cause, "bold"), (place, "cyan"), ("  " + clean(d.title), "")]
        lead = [(f"{d.confidence * 100:3.0f} %  ", tone(d.confidence))]
        room = page.width - 11 - cells(d.rule.cause + place) - 2
        if room >= 16:
            page.line(("    ", ""), *lead, *spans[:2], ("  " + cut(clean(d.title), room), ""))
        else:
            page.prose(spans, lead, indent=4)
    if len(rivals) > _MOST_RIVALS:
        page.prose([(f"and {len(rivals) - _MOST_RIVALS} less likely ones", "dim")], indent=4)


