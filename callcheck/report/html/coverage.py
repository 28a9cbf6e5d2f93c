"""What was looked at, what was not and why, and what was kept back, as HTML."""

from __future__ import annotations

from callcheck.model.diagnosis import Report
from callcheck.model.evidence import Looked
from callcheck.model.printable import clean
from callcheck.model.words import Outcome
from callcheck.report.coverage import by_reason, looked
from callcheck.report.html.markup import Html, el, join, place

_MOST_LOST = 40


def coverage(report: Report) -> Html:
    """The last section: no answer is better than what it was read from."""
    probes = [look for look in report.ledger.looks if not look.joins]
    facts = len(report.ledger.evidence)
    return el(
        "section",
        el("h2", "What was looked at", id="looked"),
        el("p", ", ".join(look.probe for look in looked(report)) or "nothing", f" ({facts} fact{'' if facts == 1 else 's'})", cls="names"),
        _lost(probes),
        _not(report, probes),
        aria_labelledby="looked",
    )


def _lost(probes: list[Looked]) -> Html | None:
    lost = list(dict.fromkeys((clean(item.what), clean(item.why)) for look in probes for item in look.lost))
    if not lost:
        return None
    more = el("li", f"and {len(lost) - _MOST_LOST} more", cls="aside") if len(lost) > _MOST_LOST else None
    return join((el("h3", "What could not be read"), el("ul", *(el("li", place(what), f": {why}") for what, why in lost[:_MOST_LOST]), more, cls="signed warn")))


def _not(report: Report, probes: list[Looked]) -> Html | None:
    blocked = [el("li", el("b", look.probe), f": {clean(look.why) or 'kept out'}") for look in report.ledger.looks if look.outcome is Outcome.BLOCKED]
    apart = [_left_out(each.why, each.files, each.folders, each.functions, each.names) for each in report.left_out]
    idle = by_reason([look for look in probes if look.outcome is Outcome.NOTHING])
    if not (blocked or apart or idle):
        return None
    return join((
        el("h3", "What was not, and why", id="not-looked"),
        el("ul", *blocked, cls="signed warn") if blocked else None,
        el("ul", *apart, cls="plain") if apart else None,
        el("details", el("summary", f"{sum(map(len, idle.values()))} probes had nothing to look at"), el("dl", *(each for why, names in idle.items() for each in (el("dt", why), el("dd", ", ".join(names))))), cls="idle") if idle else None,
    ))  # fmt: skip


def _left_out(why: str, files: int, folders: int, functions: int, names: tuple[str, ...]) -> Html:
    counts = ((files, "file"), (folders, "folder"), (functions, "function"))
    count = ", ".join(f"{number:,} {noun}{'s' * (number != 1)}" for number, noun in counts if number)
    return el("li", f"{clean(why)}: {count}", el("span", f" ({', '.join(clean(name, 80) for name in names[:3])}{', …' if files + folders + functions > 3 else ''})", cls="aside") if names else None)


def kept_back(report: Report) -> Html | None:
    """Diagnoses that comments in the code, a baseline or an older revision keep out."""
    items = []
    for each in report.suppressed:
        why = f": {clean(each.ignore.reason)}" if each.ignore.reason else ""
        items.append(el("li", el("code", each.diagnosed.rule.cause, cls="cause"), " ", place(each.ignore.path, each.ignore.line), why))
    items += [el("li", place(ignore.path, ignore.line), f": {clean(problem)}") for ignore, problem in report.ignore_problems]
    if report.known:
        count = len(report.known)
        items.append(el("li", f"{count} {'finding that was' if count == 1 else 'findings that were'} there before {'is' if count == 1 else 'are'} left out"))
    return el("section", el("h2", "Ignored on request", id="ignored"), el("ul", *items, cls="plain"), aria_labelledby="ignored") if items else None
