"""How many copies of the app deliver how much?

     copies  dealt out  delivered
          1  in turn    100 of 100
          4  random      23 of 100
          4  sticky     100 of 100

     Sticky sessions would cure it: with 4 copies, 100 of 100 are delivered ...
     So would a broker between the copies: where both halves met in one process, 23 of 23 were heard.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from callcheck.model.diagnosis import Report
from callcheck.model.facts.observed import DeliveryStopped
from callcheck.model.facts.scaled import ScaleTried
from callcheck.model.scaled import Spread, Trial
from callcheck.report.paint import Page

WORDS = {Spread.OWN: "by the app", Spread.IN_TURN: "in turn", Spread.RANDOM: "at random", Spread.STICKY: "sticky"}


def scaled(page: Page, report: Report) -> None:
    """The table, and what it comes to."""
    trials = report.target.scaled
    page.heading("With so many copies of the app")
    widest = max(len(str(trial.runs)) for trial in trials)
    page.line((f"    {'copies':>6}  {'dealt out':<10}  delivered", "dim"))
    for trial in trials:
        told = f"{trial.delivered:>{widest}} of {trial.runs}"
        page.line((f"    {trial.copies:>6}  {WORDS[trial.spread]:<10}  ", ""), (told, "green" if trial.works else "bad"))
    for line in cures(report):
        page.prose(line, indent=4)


def cures(report: Report) -> list[str]:
    """What would make several copies deliver all, as far as the trials and the recording of the worst of them show it."""
    tried = next((e.fact for e in report.ledger.of(ScaleTried) if isinstance(e.fact, ScaleTried)), None)
    if tried is None or not tried.fails:
        return []
    found = [line] if (line := _stickiness(tried, report.target.scaled)) else []
    stops = [e.fact for e in report.ledger.of(DeliveryStopped) if isinstance(e.fact, DeliveryStopped)]
    met, heard = sum(stop.met for stop in stops), sum(stop.heard for stop in stops)
    if met and met == heard and all(stop.fate == "other-process" for stop in stops):
        what = "an adapter" if all(stop.system == "socket.io" for stop in stops) else "a broker"
        so = f"So would {what}" if tried.sticky == "cures" else f"{what.capitalize()}"
        would = "" if tried.sticky == "cures" else " would cure it"
        found.append(f"{so} between the copies{would}: where both halves met in one process, {heard} of {met} were heard.")
    return found


def _stickiness(tried: ScaleTried, trials: Sequence[Trial]) -> str:
    told = min((each for each in trials if each.spread is Spread.STICKY and each.copies == tried.fails), key=lambda each: each.share, default=None)
    if told is None:
        return ""
    of = f"with {told.copies} copies, {told.delivered} of {told.runs} are delivered"
    if told.works:
        return f"Sticky sessions would cure it: {of}, as long as what belongs together comes from one client and no copy is restarted between."
    return f"Sticky sessions would not cure it: {of}."


def document(trials: Sequence[Trial]) -> list[dict[str, Any]]:
    """The rows as plain values."""
    return [{"copies": each.copies, "spread": str(each.spread), "runs": each.runs, "delivered": each.delivered} for each in trials]
