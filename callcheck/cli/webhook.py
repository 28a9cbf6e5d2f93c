"""`callcheck webhook SCENARIO.yml`: does each delivery of the running app arrive, once, in time, signed, and again when it was not taken?"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from callcheck.cli import config, console, diagnose, exit_status, moments, targets
from callcheck.cli.exit_status import ExitStatus
from callcheck.cli.settings import Settings
from callcheck.model.errors import UsageError
from callcheck.model.measured import Measured
from callcheck.model.noun import replace
from callcheck.model.printable import clean
from callcheck.model.target import Target
from callcheck.sources.scenario.read import read
from callcheck.sources.webhook import public
from callcheck.sources.webhook.run import Terms, measure

LONGEST_MINUTES = 60


def run(file: Path, beside: Sequence[str], said: Terms, given: Mapping[str, Any]) -> ExitStatus:
    """Goes through the scenarios and reports, with what is seen `beside` them (targets as of `diagnose`); the status is 1 if one of them is not
    met, too. Raises CallcheckError."""
    here = Path.cwd()
    settings = config.settle(given, here).settings
    scenarios = read(file, str(file))
    target = targets.read(beside, here) if beside else Target(here)
    if said.public:
        said = replace(said, public=public.address(said.public))
    watched = not settings.quiet and console.progress_wanted(sys.stderr)
    measured = measure(scenarios, replace(said, on_progress=_tell) if watched else said)
    if watched:
        console.redraw()
    target = replace(target, given=(str(file), *beside), measured=measured)
    done = diagnose.look(target, settings)
    diagnose.say(diagnose.text(done, settings), settings)
    return _status(measured, exit_status.of(done.report, diagnose.threshold(settings), settings.exit_zero), settings)


def seconds(said: str) -> float:
    """`90s`, `5m` as seconds. Raises UsageError."""
    found = moments.lasting(said.strip())
    if not found or found > LONGEST_MINUTES * 60:
        raise UsageError(f"--for is a time of at most {LONGEST_MINUTES} minutes, such as 90s or 5m, not {clean(said, 40)}")
    return found


def _status(measured: tuple[Measured, ...], found: ExitStatus, settings: Settings) -> ExitStatus:
    if any(each.ended == "interrupted" for each in measured):
        return ExitStatus.INTERRUPTED
    if not any(answer.isdigit() for each in measured for answer, _ in each.answers) and not any(each.latency.count for each in measured):
        why = next((f": {group.why}" for each in measured for group in each.groups if group.why), "")
        console.complain(f"nothing could be examined{why}", _advice(measured[0]))
        return ExitStatus.NOTHING_EXAMINED
    if not all(each.met for each in measured):
        return ExitStatus.NOTHING_LIKELY if settings.exit_zero else ExitStatus.LIKELY
    return found


def _advice(first: Measured) -> str:
    if "refused" in dict(first.answers):
        return f"is the app running? {first.request}"
    return f"somebody is there who does not answer: is it the app, and can it be reached by curl? {first.request}"


def _tell(name: str, sent: int, of: int, came: int) -> None:
    console.redraw(f"{clean(name, 40)}: {sent} of {of} sent, {came} delivered")
