"""What does a report say of the scenarios that were run against the app?"""

from __future__ import annotations

from typing import Any

from callcheck.model.measured import IN_ORDER, UNANSWERED, Fate, Group, Measured, Spread
from callcheck.model.printable import clean
from callcheck.report.paint import Page

WORDS = {
    Fate.UNSENT: "not sent",
    Fate.UNTRIGGERED: "not triggered",
    Fate.LOST: "never delivered",
    Fate.MIS_SIGNED: "wrongly signed",
    Fate.MISMATCHED: "not what was expected",
    Fate.REJECTED: "not taken, and lost",
    Fate.DUPLICATE: "delivered again though taken",
    Fate.LATE: "late",
    Fate.RETRIED: "delivered in the end",
    Fate.DELIVERED: "delivered",
}
_NOISE = {
    "malformed": "sent something that is no HTTP request",
    "tls": "spoke TLS, where plain http is spoken",
    "oversized": "sent more than 1 MB",
    "crowded": "came while 200 were open, and were closed",
    "unkept": "came after 20,000 requests, and were not looked at",
}
_ORDERS = {"sequential": "one after the other", "shuffled": "in random order", "both": "half one after the other, half in random order"}


def measured(page: Page, scenarios: tuple[Measured, ...]) -> None:
    """A block for each scenario."""
    for each in scenarios:
        page.blank()
        mark, tone = (page.sign("●", "o"), "green") if each.met else (page.sign("✖", "x"), "bad")
        said = "as expected" if each.met else f"not as expected{f' ({each.ended})' if each.ended else ''}"
        page.prose([(clean(each.name), "bold"), (f": {said}", tone)], [(mark + " ", tone)])
        how = f"{each.runs} {'run' if each.runs == 1 else 'runs'}{'' if each.runs == 1 else f', {_ORDERS[each.order]}'}, {each.connections} connections"
        page.prose([(clean(each.request), "cyan"), (f"  {how}", "dim")], indent=4)
        page.blank()
        for group in each.groups:
            page.prose([(f"{WORDS[group.fate]}{f': {clean(group.why)}' if group.why else ''}", "")], [(f"{group.count:5} ", _tone(group))], indent=4)
        for line in more(each):
            page.prose([(line, "dim")], indent=10)


def _tone(group: Group) -> str:
    return "green" if group.fate in IN_ORDER else "doubtful" if group.fate in (Fate.LATE, Fate.UNSENT) else "bad"


def more(each: Measured) -> list[str]:
    """What else there is to say, a line each."""
    lines = []
    if each.latency.count:
        limit = f"; the limit is {each.within_s:g} s" if each.count(Fate.LATE) else ""
        lines.append(f"{each.latency.p50_s:.3g} s from trigger to delivery in the middle, {each.latency.max_s:.3g} s at most{limit}")
    if each.spacing.count:
        lines.append(f"up to {each.attempts} attempts, {each.spacing.p50_s:.3g} s apart in the middle, {each.spacing.max_s:.3g} s at most")
    if each.unfit:
        said = ", ".join(f"{UNANSWERED.get(answer, answer)} ({count})" for answer, count in each.answers)
        lines.append(f"the triggers' answers: {said}; {each.unfit} of them not as expected")
    if each.strays:
        near = f", such as {clean(each.near)}" if each.near else ""
        lines.append(f"{each.strays} stray {'request' if each.strays == 1 else 'requests'} to the receiver{near}")
    lines += [f"{count} {'connection' if count == 1 else 'connections'} to the receiver {_NOISE[name]}" for name, count in each.noise]
    if each.public not in ("", "ok"):
        aside = "; nor is a name that only a container knows" if each.public == UNANSWERED["dns"] else ""
        lines.append(f"{each.receiver}: {clean(each.public)}{aside}")
    return lines


def document(scenarios: tuple[Measured, ...]) -> list[dict[str, Any]]:
    """The same as plain values."""
    return [
        {
            "scenario": clean(each.name),
            "file": each.where.path,
            "line": each.where.line,
            "met": each.met,
            "request": clean(each.request),
            "receiver": clean(each.receiver),
            "order": each.order,
            "connections": each.connections,
            "runs": each.runs,
            "fates": {str(fate): each.count(fate) for fate in Fate},
            "groups": [{"fate": str(g.fate), "why": clean(g.why), "count": g.count, "status": g.status} for g in each.groups],
            "within": each.within_s,
            "latency": _spread(each.latency),
            "attempts": each.attempts,
            "spacing": _spread(each.spacing),
            "answers": [{"answer": clean(answer), "count": count} for answer, count in each.answers],
            "answers_not_expected": each.unfit,
            "strays": each.strays,
            "near": clean(each.near),
            "noise": dict(each.noise),
            "public": clean(each.public),
            "ended": each.ended,
        }
        for each in scenarios
    ]


def _spread(spread: Spread) -> dict[str, Any] | None:
    return {"count": spread.count, "p50": spread.p50_s, "max": spread.max_s} if spread.count else None
