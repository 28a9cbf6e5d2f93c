"""`callcheck diff good.ccb bad.ccb`: what is otherwise where it does not work?"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from callcheck.cli import config, console, diagnose, targets
from callcheck.cli.exit_status import ExitStatus
from callcheck.cli.settings import Settings
from callcheck.engine.differ import compare
from callcheck.model.diagnosis import Report
from callcheck.model.errors import UsageError
from callcheck.model.noun import replace
from callcheck.report import difference, terminal

_FORMATS = ("terminal", "json")


def run(before: str, after: str, given: Mapping[str, Any]) -> ExitStatus:
    """Both runs and what differs. Raises CallcheckError."""
    settings = config.settle(dict(given), Path.cwd()).settings
    if settings.format not in _FORMATS:
        raise UsageError(f"a difference is told as {' or '.join(_FORMATS)}, not as {settings.format}")
    if before == after == "-":
        raise UsageError("standard input can be one of the two")
    done = [_look(word, settings) for word in (before, after)]
    for each in done:
        if diagnose.status(each, replace(settings, exit_zero=True)) is ExitStatus.NOTHING_EXAMINED:
            return ExitStatus.NOTHING_EXAMINED
    old, new = (each.report for each in done)
    found, names = compare(old, new), (old.target.given[0], new.target.given[0])
    told = difference.document(found, names) if settings.format == "json" else difference.render(found, names, _style(settings))
    diagnose.say(told, settings)
    came = any(turn.before < settings.fail_on <= turn.after for turn in found.turns)
    return ExitStatus.LIKELY if came and not settings.exit_zero else ExitStatus.NOTHING_LIKELY


def _look(word: str, settings: Settings) -> Any:
    """One side. What is in a folder is named as seen from there, so that the same file is the same on both sides."""
    here = Path.cwd()
    folder = here / word
    if not folder.is_dir():
        return diagnose.look(targets.read((word,), here, settings.kind), settings)
    done = diagnose.look(targets.read((str(folder),), folder, settings.kind), settings)
    return replace(done, report=_called(done.report, word))


def _called(report: Report, word: str) -> Report:
    return replace(report, target=replace(report.target, given=(word,)))


def _style(settings: Settings) -> terminal.Style:
    stream = sys.stdout
    if settings.output is not None:
        return terminal.Style(console.PIPED_COLUMNS, settings.color == "always", verbose=settings.verbose)
    return terminal.Style(console.columns(stream), console.coloured(settings.color, stream), console.drawn(stream), settings.verbose)
