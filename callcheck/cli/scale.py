"""`callcheck scale 1,2,4 --scenario FILE -- COMMAND`: does the app lose deliveries only when there are several of it?"""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from callcheck.cli import config, console, diagnose
from callcheck.cli.exit_status import ExitStatus
from callcheck.cli.settings import Settings
from callcheck.model.errors import UsageError
from callcheck.model.printable import clean
from callcheck.model.scaled import Spread, Trial
from callcheck.model.target import Target
from callcheck.sources.observe.driven import allowed
from callcheck.sources.scale.trial import Plan, attempt
from callcheck.sources.scenario.read import read
from callcheck.sources.webhook.run import Terms

MOST_COPIES = 32
MOST_COUNTS = 6


def run(counts: str, scenario: Path, ready: str, command: tuple[str, ...], given: Mapping[str, Any]) -> ExitStatus:
    """All trials, one after the other, and the diagnosis of the one that loses most. Raises CallcheckError."""
    here = Path.cwd()
    settings = config.settle(dict(given), here).settings
    if not command:
        raise UsageError("there is no command to run", "callcheck scale 1,2,4 --scenario jobs.yml --ready URL -- node server.js")
    scenarios = read(scenario, str(scenario))
    allowed(scenarios, Terms())
    plan = Plan(command, scenarios, ready, _tell(settings))
    folder = Path(tempfile.mkdtemp(prefix="callcheck-"))
    try:
        trials: list[Trial] = []
        kept: dict[Trial, Path] = {}
        for copies in numbers(counts):
            for spread in plan.spreads(copies):
                _say(settings, f"{copies} {'copy' if copies == 1 else 'copies'}, dealt out: {spread}")
                place = folder / f"{copies}-{spread}"
                trial = attempt(plan, copies, spread, place)
                trials.append(trial)
                kept[trial] = place
        worst = min((trial for trial in trials if trial.spread is not Spread.STICKY), key=lambda trial: (trial.share, -trial.copies))
        target = Target(here, (".",), folders=(here,), recordings=(kept[worst],), scaled=tuple(trials))
        done = diagnose.look(target, settings)
        diagnose.say(diagnose.text(done, settings), settings)
        found = diagnose.status(done, settings)
        return found if all(trial.works for trial in trials) or settings.exit_zero else ExitStatus.LIKELY
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def numbers(text: str) -> list[int]:
    """`1,2,4`, each once, the fewest first. Raises UsageError."""
    parts = [part.strip() for part in text.split(",")]
    if not all(part.isascii() and part.isdigit() and 1 <= int(part) <= MOST_COPIES for part in parts) or len(parts) > MOST_COUNTS:
        raise UsageError(f"{clean(text, 60)} are no numbers of copies", f"1,2,4: at most {MOST_COUNTS} numbers up to {MOST_COPIES}")
    return sorted({int(part) for part in parts})


def _say(settings: Settings, text: str) -> None:
    if not settings.quiet:
        sys.stderr.write(f"callcheck: {text}\n")
        sys.stderr.flush()


def _tell(settings: Settings) -> Any:
    drawn = not settings.quiet and console.progress_wanted(sys.stderr)

    def tell(name: str, sent: int, of: int, came: int) -> None:
        if drawn:
            console.redraw(f"{clean(name, 40)}: {sent} of {of} sent" if sent < of else "")

    return tell
