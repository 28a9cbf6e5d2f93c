"""Does the app lose deliveries only when there are several of it?"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.facts.scaled import ScaleTried
from callcheck.model.probe import Sight
from callcheck.model.scaled import Spread, Trial
from callcheck.model.target import Target
from callcheck.model.words import Basis
from callcheck.sources import Eyes


class Scales:
    """One fact of all trials; what was tried stands in the target."""

    name = "scales"
    looks_at = Sight.MEASURED
    answers = frozenset({ScaleTried})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.scaled else "the app is started several times only by `callcheck scale`"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        yield Evidence(summed(target.scaled), Basis.OBSERVED, self.name)


def summed(trials: tuple[Trial, ...]) -> ScaleTried:
    """What all trials come to."""
    free = [trial for trial in trials if trial.spread is not Spread.STICKY]
    by_copies = {copies: [trial for trial in free if trial.copies == copies] for copies in sorted({trial.copies for trial in free})}
    works = [copies for copies, made in by_copies.items() if all(trial.works for trial in made)]
    fails = [copies for copies, made in by_copies.items() if not all(trial.works for trial in made)]
    if not fails:
        return ScaleTried(max(works, default=0), 0, 0, 0, "untried")
    worst = min(by_copies[fails[0]], key=lambda trial: trial.share)
    sticky = [trial for trial in trials if trial.spread is Spread.STICKY and trial.copies == fails[0]]
    cured = "untried" if not sticky else "cures" if all(trial.works for trial in sticky) else "no"
    return ScaleTried(max((copies for copies in works if copies < fails[0]), default=0), fails[0], worst.delivered, worst.runs, cured)


PROBE = Scales()
