"""With which status does a run end?"""

from __future__ import annotations

from collections.abc import Collection
from enum import IntEnum
from typing import TYPE_CHECKING

from callcheck.model.words import Outcome

if TYPE_CHECKING:
    from callcheck.model.diagnosis import Report


class ExitStatus(IntEnum):
    """The whole table; the README repeats it."""

    NOTHING_LIKELY = 0
    LIKELY = 1
    """A cause at or above `--fail-on` was found, or `map --diff` found a delivery that is lost."""
    BROKEN = 2
    """Misused, or broken: the command line, a rule, a configuration file, or callcheck itself; with `--strict`, something could not be read."""
    NOTHING_EXAMINED = 3
    """There was nothing that any probe could look at."""
    INTERRUPTED = 130


def examined(report: Report) -> bool:
    """Whether any probe found something to look at. Links look at nothing outside, so they do not count."""
    return any(look.examined and not look.joins for look in report.ledger.looks)


def incomplete(report: Report) -> bool:
    """Whether some probe was kept from what it wanted to look at, or from a part of it."""
    return any(look.outcome in (Outcome.BLOCKED, Outcome.PART) and not look.joins for look in report.ledger.looks)


def of(report: Report, fail_on: float, exit_zero: bool = False, causes: Collection[str] = (), strict: bool = False) -> ExitStatus:
    """The status that a finished report asks for; `causes` are those that count, () for all."""
    if strict and incomplete(report):
        return ExitStatus.BROKEN
    if any(d.confidence >= fail_on and not d.lead and (not causes or d.rule.cause in causes) for d in report.diagnoses):
        return ExitStatus.NOTHING_LIKELY if exit_zero else ExitStatus.LIKELY
    return ExitStatus.NOTHING_LIKELY if examined(report) else ExitStatus.NOTHING_EXAMINED
