"""How many copies of the app deliver how much?

     copies  dealt out  delivered
          1  in turn    100 of 100
          4  random      23 of 100
          4  sticky     100 of 100
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from callcheck.model.scaled import Spread, Trial
from callcheck.report.paint import Page

WORDS = {Spread.OWN: "by the app", Spread.IN_TURN: "in turn", Spread.RANDOM: "at random", Spread.STICKY: "sticky"}


def scaled(page: Page, trials: Sequence[Trial]) -> None:
    """The table."""
    page.heading("With so many copies of the app")
    widest = max(len(str(trial.runs)) for trial in trials)
    page.line((f"    {'copies':>6}  {'dealt out':<10}  delivered", "dim"))
    for trial in trials:
        told = f"{trial.delivered:>{widest}} of {trial.runs}"
        page.line((f"    {trial.copies:>6}  {WORDS[trial.spread]:<10}  ", ""), (told, "green" if trial.works else "bad"))


def document(trials: Sequence[Trial]) -> list[dict[str, Any]]:
    """The rows as plain values."""
    return [{"copies": each.copies, "spread": str(each.spread), "runs": each.runs, "delivered": each.delivered} for each in trials]
