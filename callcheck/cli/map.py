"""`callcheck map`: who emits, what lies between, who listens, and which of it does a change cut off?"""

from __future__ import annotations

import importlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from callcheck.cli import config, diagnose, gate, targets
from callcheck.cli.exit_status import ExitStatus
from callcheck.cli.settings import Settings
from callcheck.model.delivery_map import DeliveryMap
from callcheck.model.errors import UsageError
from callcheck.model.noun import dataclass, replace
from callcheck.model.printable import clean
from callcheck.model.target import Target
from callcheck.pipeline import Run
from callcheck.report.map import delivery_map
from callcheck.report.map.changes import Change, changes, renames
from callcheck.report.map.choice import MOST, Choice, chosen
from callcheck.sources.kept import keep_nothing

FORMATS = {"mermaid": "mermaid", "dot": "dot", "json": "as_json", "asyncapi": "asyncapi"}
"""What maps are drawn in, and the modules of `report/map` that do it."""
_DRAWN = ("mermaid", "dot")
_OF_CHANGES = ("text", "json")
_LONGEST = 4_000
"""Lines of a file that are compared with those of another, to see whether it was renamed."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a call asks for, beside the settings that it shares with `diagnose`."""

    format: str = ""
    base: str = ""
    """The revision to compare with; "" to draw."""
    events: tuple[str, ...] = ()
    programs: tuple[str, ...] = ()
    troubled: bool = False
    most: int | None = None
    """Channels at most; None for as many as can be read in a drawing, and all in what machines read."""


def run(words: Sequence[str], wanted: Wanted, given: Mapping[str, Any]) -> ExitStatus:
    """Draw the map, or tell what has changed in it. Raises CallcheckError."""
    here = Path.cwd()
    _check(wanted)
    settings = config.settle(given, here).settings
    if settings.no_cache:
        keep_nothing()
    target = targets.read(words, here, settings.kind)
    if wanted.base:
        target = replace(target, beside=())  # what happens to run now says nothing of the change
    done = diagnose.look(target, settings)
    status = diagnose.status(done, replace(settings, exit_zero=True))
    if status is not ExitStatus.NOTHING_LIKELY:
        return status
    title = f"Deliveries of {', '.join(target.given)}"
    whole = delivery_map(done.report, settings.fail_on)
    format = wanted.format or "mermaid"
    usual = MOST if format in _DRAWN and not wanted.base else 0
    choice = Choice(wanted.events, wanted.programs, wanted.troubled, usual if wanted.most is None else wanted.most)
    if not wanted.base:
        renderer = importlib.import_module(f"callcheck.report.map.{FORMATS[format]}")
        diagnose.say(renderer.render(chosen(whole, choice), title), settings)
        return ExitStatus.NOTHING_LIKELY
    return _told(wanted, settings, title, *_since(target, settings, wanted.base, done, whole, choice))


def _check(wanted: Wanted) -> None:
    known = _OF_CHANGES if wanted.base else tuple(FORMATS)
    if wanted.format and wanted.format not in known:
        with_diff = " with --diff" if wanted.base else ""
        raise UsageError(f"--format{with_diff} is {' or '.join(known)}, not {clean(wanted.format, 60)}")


def _since(target: Target, settings: Settings, base: str, done: Run, whole: DeliveryMap, choice: Choice) -> tuple[list[Change], bool]:
    """What has changed since a revision, and whether both sides were read in full."""
    with gate.at_revision(target, replace(settings, since=None, until=None), base) as (past, then):
        old = delivery_map(past.report, settings.fail_on)
        gone, come = (_files(a) - _files(b) for a, b in ((old, whole), (whole, old)))
        gone = {path for path in gone if not (target.base / path).exists()}
        come = {path for path in come if not (then / path).exists()}
        renamed = renames({path: past.eyes.lines(path, 1, _LONGEST) for path in sorted(gone)}, {path: done.eyes.lines(path, 1, _LONGEST) for path in sorted(come)})
        return changes(chosen(old, choice), chosen(whole, choice), renamed), old.settled and whole.settled


def _files(of: DeliveryMap) -> set[str]:
    """The files that listen or emit, or make the objects for it."""
    objects = {channel.object.partition(":")[0] for channel in of.channels if ":" in channel.object}
    return objects | {site.where.path for site in of.sites() if site.where}


def _told(wanted: Wanted, settings: Settings, title: str, found: list[Change], settled: bool) -> ExitStatus:
    from callcheck.report.map import difference

    text = difference.render(found, wanted.base, settled, title) if wanted.format == "json" else gate.muted(difference.text(found, wanted.base, settled))
    diagnose.say(text, settings)
    return ExitStatus.LIKELY if any(each.lost for each in found) and not settings.exit_zero else ExitStatus.NOTHING_LIKELY
