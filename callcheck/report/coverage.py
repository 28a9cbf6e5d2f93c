"""How does a terminal show what was looked at, and what was not?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from callcheck.model.diagnosis import Report
from callcheck.model.evidence import Looked
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.model.words import Outcome
from callcheck.report.paint import Page

_MOST_LOST = 5
_MOST_NAMED, _MOST_SHARING = 12, 3
"""Longer lists of probes are counted, of those that looked, and of those that had one reason not to."""
_MOST_REASONS = 5
_CHOICE = pattern(r"(?:^|\s)--\w|`callcheck ")
"""What a reason names if an option or a command would give the probe something to look at."""


def coverage(page: Page, report: Report, verbose: bool) -> None:
    """The probes that looked, what was kept from them, and why the others had nothing to look at."""
    probes = [look for look in report.ledger.looks if not look.joins]
    examined = looked(report)
    page.heading("What was looked at")
    names = ", ".join(look.probe for look in examined) or "nothing"
    if len(examined) > _MOST_NAMED and not verbose:
        names = f"{len(examined)} probes, named by --verbose"
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
    if idle:
        _idle(page, idle, verbose)


def looked(report: Report) -> list[Looked]:
    """What probes have looked at."""
    return [look for look in report.ledger.looks if look.examined and not look.joins]


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


def _idle(page: Page, idle: Sequence[Looked], verbose: bool) -> None:
    """Every reason if the report is to be long; else those that most probes had, and those that an option would end."""
    most = len(idle) if verbose else _MOST_SHARING
    reasons = by_reason(idle)
    told = list(reasons) if verbose else _telling(reasons)
    named = [(", ".join(sharing) if len(sharing) <= most else f"{len(sharing)} probes", why) for why in told for sharing in [reasons[why]]]
    if verbose:
        for names, why in named:
            page.prose([(names, ""), (f": {why}", "dim")], indent=4)
        return
    spans = [span for names, why in named for span in ((names, ""), (f" ({why})", "dim"), (", ", ""))]
    more = sum(len(sharing) for why, sharing in reasons.items() if why not in told)
    page.prose(spans[:-1] + ([(f"; and {more} more; -v lists them", "dim")] if more else []), indent=4)


def _telling(reasons: Mapping[str, Sequence[str]]) -> list[str]:
    """The reasons to name where there are many: the commonest, and those that end with an option."""
    if len(reasons) <= _MOST_REASONS + 1:
        return list(reasons)
    common = sorted(reasons, key=lambda why: -len(reasons[why]))[:_MOST_REASONS]
    return common + [why for why in reasons if why not in common and _CHOICE.search(why)]
