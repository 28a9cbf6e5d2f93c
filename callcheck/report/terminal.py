"""What does a person at a terminal get? The likeliest cause, the lines that show it, the cure, and what was looked at."""

from __future__ import annotations

from collections.abc import Sequence

from callcheck.model.diagnosis import Diagnosed, Report
from callcheck.model.evidence import Looked
from callcheck.model.fact import kinds
from callcheck.model.noun import dataclass
from callcheck.model.printable import clean
from callcheck.model.rule import Fix
from callcheck.model.words import Outcome
from callcheck.report.drawing import draw
from callcheck.report.excerpts import Lines, show
from callcheck.report.ignored import ignored
from callcheck.report.paint import Page, Span, cells, cut, words

LIKELY = 0.5
_WORDS = (
    (0.97, "almost certain"),
    (0.85, "very likely"),
    (0.65, "likely"),
    (0.5, "more likely than not"),
    (0.25, "possible"),
    (0.0, "unlikely"),
)
_EXAMINED = (Outcome.DONE, Outcome.PART)
_MOST_PLACES = 6
_MOST_RIVALS = 8
_MOST_LOST = 5
_MOST_NAMED, _MOST_SHARING = 12, 3
"""Longer lists of probes are counted, of those that looked, and of those that had one reason not to."""


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

        scaled(page, report.target.scaled)
    full = [d for d in found if style.verbose or d.confidence >= LIKELY]
    full = full if style.verbose else full[:1]
    if not full or full[0].confidence < LIKELY:
        _nothing(page, report, empty)
    for number, diagnosed in enumerate(full):
        if number:
            page.blank()
            page.line(("  " + page.sign("─", "-") * (style.width - 4), "dim"))
        _diagnosis(page, diagnosed, report, lines, len(full) == 1 or style.verbose)
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
    _looks(page, report, style.verbose)
    if full:
        page.blank()
        page.prose(f"More about it: `callcheck explain {full[0].rule.cause}`")
    return page.text(style.color)


def in_words(confidence: float) -> str:
    """A confidence as it is said: "very likely, 93 %"."""
    word = next(word for least, word in _WORDS if confidence >= least)
    return f"{word}, {confidence * 100:.0f} %"


def _tone(confidence: float) -> str:
    return "bad" if confidence >= 0.85 else "doubtful" if confidence >= LIKELY else "faint"


def _brief(page: Page, found: Sequence[Diagnosed]) -> None:
    likely = [d for d in found if d.confidence >= LIKELY]
    for d in likely:
        page.line((f"{_where(d) or 'process'}: {d.rule.cause}: {clean(d.title)} ({d.confidence * 100:.0f} %)", ""))
    if not likely:
        page.line(("nothing likely was found", ""))


def _where(diagnosed: Diagnosed) -> str:
    where = next((item.where for item in diagnosed.evidence if item.where), None)
    return clean(str(where), 200) if where else ""


def _diagnosis(page: Page, diagnosed: Diagnosed, report: Report, lines: Lines, cure: bool) -> None:
    rule, tone = diagnosed.rule, _tone(diagnosed.confidence)
    page.blank()
    page.prose([(clean(diagnosed.title), "bold")], [(page.sign("✖", "x") + " ", tone)])
    dots = round(diagnosed.confidence * 10)
    meter = [("▰" * dots, tone), ("▱" * (10 - dots) + "  ", "dim")] if page.drawn else []
    said = f"{in_words(diagnosed.confidence)} "
    aside = f"{page.sign('·', '-')} {rule.cause} {page.sign('·', '-')} {rule.stage}"
    page.prose([*meter, (" " + said, tone), (aside, "dim")], indent=4)
    page.blank()
    page.prose(" ".join(rule.explain.split()), indent=4)
    _evidence(page, diagnosed, lines)
    _against(page, diagnosed, report)
    if cure:
        _cure(page, diagnosed)


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


def _cure(page: Page, diagnosed: Diagnosed) -> None:
    if diagnosed.fixes:
        page.heading("How to fix it")
        _fix(page, diagnosed.fixes[0])
        for fix in diagnosed.fixes[1:4]:
            page.prose([("or: ", "dim"), *words(clean(fix.title))], indent=4)
            if any(snippet.path for snippet in fix.snippets):
                _snippets(page, fix)
    confirm = " ".join(diagnosed.rule.confirm.split())
    checks = [text for text in (" ".join(f.check.split()) for f in diagnosed.fixes[:1]) if text and text != confirm]
    if confirm or checks:
        page.heading("How to confirm it")
    if confirm:
        page.prose(confirm, indent=4)
    for text in checks:
        page.prose([("After the fix: ", "dim"), *words(text)], indent=4)


def _fix(page: Page, fix: Fix) -> None:
    page.prose([(fix.title, "bold")], indent=4)
    _snippets(page, fix)


def _snippets(page: Page, fix: Fix) -> None:
    for snippet in fix.snippets[:2]:
        page.blank()
        if snippet.path:
            page.line((f"    {clean(snippet.path)}:{snippet.line}", "dim"))
        elif len(fix.snippets) > 1 or not snippet.before:
            page.line((f"    {snippet.language}", "dim"))
        change(page, snippet.before, snippet.after)
    if fix.snippets:
        page.blank()


def change(page: Page, before: str, after: str) -> None:
    """What is to go and what is to come, between the lines at the beginning and at the end that stay."""
    old, new = before.expandtabs(2).splitlines(), after.expandtabs(2).splitlines()
    head = alike(old, new)
    tail = alike(old[head:][::-1], new[head:][::-1])
    code(page, old[:head], " ", "dim")
    code(page, old[head : len(old) - tail], "-", "red")
    code(page, new[head : len(new) - tail], "+", "green")
    code(page, old[len(old) - tail :], " ", "dim")


def alike(old: list[str], new: list[str]) -> int:
    """How many lines are the same from the first one on."""
    return next((i for i, (one, other) in enumerate(zip(old, new, strict=False)) if one != other), min(len(old), len(new)))


def code(page: Page, lines: list[str], sign: str, style: str) -> None:
    """Lines of a snippet, each behind its sign; what does not fit goes on below."""
    room = max(12, page.width - 6)
    for line in lines:
        rest, lead = clean(line, 400), f"    {sign} "
        while True:
            head = rest if cells(rest) <= room else cut(rest, room, "")
            page.line((lead + head, style))
            rest, lead = rest[len(head) :], f"    {page.sign('┆', ':')} "
            if not rest:
                break


def _nothing(page: Page, report: Report, empty: bool) -> None:
    page.blank()
    if report.target.measured:
        if not all(each.met for each in report.target.measured):
            page.prose("No cause is likely by what was looked at; `callcheck webhook SCENARIO.yml .` looks at the code of the app, too.", indent=4)
        return
    unseen = empty or not _looked(report)
    what = "Nothing could be examined." if unseen else "Nothing likely was found."
    page.prose([(what, "bold")], [(page.sign("○", "o") + " ", "faint")])
    if not unseen:
        page.prose(
            "That is not to say that all is well: no known cause shows in what was looked at, which stands below.",
            indent=4,
        )


def _looked(report: Report) -> list[Looked]:
    return [look for look in report.ledger.looks if look.outcome in _EXAMINED and not look.joins]


def _rivals(page: Page, rivals: Sequence[Diagnosed], after: bool) -> None:
    if not rivals:
        return
    page.heading("Other causes" if after else "Thinkable, but not likely")
    for d in rivals[:_MOST_RIVALS]:
        place = f"  {_where(d)}" if _where(d) else ""
        spans: list[Span] = [(d.rule.cause, "bold"), (place, "cyan"), ("  " + clean(d.title), "")]
        lead = [(f"{d.confidence * 100:3.0f} %  ", _tone(d.confidence))]
        room = page.width - 11 - cells(d.rule.cause + place) - 2
        if room >= 16:
            page.line(("    ", ""), *lead, *spans[:2], ("  " + cut(clean(d.title), room), ""))
        else:
            page.prose(spans, lead, indent=4)
    if len(rivals) > _MOST_RIVALS:
        page.prose([(f"and {len(rivals) - _MOST_RIVALS} less likely ones", "dim")], indent=4)


def _looks(page: Page, report: Report, verbose: bool) -> None:
    probes = [look for look in report.ledger.looks if not look.joins]
    looked = _looked(report)
    page.heading("What was looked at")
    names = ", ".join(look.probe for look in looked) or "nothing"
    if len(looked) > _MOST_NAMED and not verbose:
        names = f"{len(looked)} probes, named by --verbose"
    facts = len(report.ledger.evidence)
    took = f" in {report.took_s:.1f} s" if report.took_s else ""
    page.prose([(names, ""), (f" ({facts} fact{'' if facts == 1 else 's'}{took})", "dim")], indent=4)
    _lost(page, [look for look in probes if look.lost], verbose)
    blocked = [look for look in report.ledger.looks if look.outcome is Outcome.BLOCKED]
    # Who drives an app has asked for its files only if he named them.
    told = verbose or report.target.on_disk or not report.target.measured
    idle = [look for look in probes if look.outcome is Outcome.NOTHING] if told else []
    apart = [each for each in report.left_out if verbose or not each.expected]
    if apart or blocked or idle:
        page.heading("What was not, and why")
    if apart:
        from callcheck.report.left_out import left_out

        left_out(page, apart)
    for look in blocked:
        page.prose([(look.probe, "bold"), (": " + (clean(look.why) or "kept out"), "")], [("! ", "yellow")], indent=4)
    most = len(idle) if verbose else _MOST_SHARING
    reasons = [(", ".join(sharing) if len(sharing) <= most else f"{len(sharing)} probes", why) for why, sharing in by_reason(idle).items()]
    if verbose:
        for names, why in reasons:
            page.prose([(names, ""), (f": {why}", "dim")], indent=4)
    elif reasons:
        last = len(reasons) - 1
        page.prose(
            [
                span
                for i, (names, why) in enumerate(reasons)
                for span in ((names, ""), (f" ({why})", "dim"), ("" if i == last else ", ", ""))
            ],
            indent=4,
        )


def by_reason(idle: Sequence[Looked]) -> dict[str, list[str]]:
    """Why probes had nothing to look at, and which ones."""
    found: dict[str, list[str]] = {}
    for look in idle:
        found.setdefault(clean(look.why) or "nothing there", []).append(look.probe)
    return found


def _lost(page: Page, partly: Sequence[Looked], verbose: bool) -> None:
    lost = list(dict.fromkeys((clean(item.what), clean(item.why)) for look in partly for item in look.lost))
    if not lost:
        return
    page.heading("What could not be read")
    most = len(lost) if verbose else _MOST_LOST
    for what, why in lost[:most]:
        page.prose([(what, "cyan"), (f": {why}", "")], [("! ", "yellow")], indent=4)
    if len(lost) > most:
        page.prose([(f"and {len(lost) - most} more; -v lists them", "dim")], indent=4)
