"""`callcheck diagnose --follow`: what do logs say while they grow?

On a terminal the newest report stands there and is drawn anew. Elsewhere a report is printed when other causes are likely than in the one
before: as text with a line above it, as JSON one report a line. The end of a pipe, Ctrl-C and SIGTERM end it with a last report.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import sys
import time
from typing import Any

from callcheck import pipeline
from callcheck.cli import console, diagnose
from callcheck.cli.exit_status import ExitStatus
from callcheck.cli.settings import Settings
from callcheck.model.errors import UsageError
from callcheck.model.noun import replace
from callcheck.model.target import Target
from callcheck.pipeline import Run
from callcheck.sources.logs.follow import Follow

_REST_S = 0.2
"""Between two looks at the logs."""
_LEAST_S = 1.0
"""Between two reports; or five times as long as the last one took."""


def run(target: Target, settings: Settings) -> ExitStatus:
    """Until nothing can come any more, or somebody ends it; the status is that of the last report. Raises CallcheckError."""
    options = diagnose.options_of(settings)
    survey = None if target.managers else pipeline.logs_of(target, options)
    if not survey:
        raise UsageError("there is no log to follow", "name one, or pipe it in: kubectl logs -f deploy/web | callcheck diagnose - --follow")
    ended = _Ended()
    follow = Follow(survey)

    def look() -> Run:
        return pipeline.diagnose(target, replace(options, survey=follow.survey()))

    drawn = settings.output is None and settings.format == "terminal" and console.terminal(sys.stdout)
    out = _Screen(settings, follow) if drawn and os.environ.get("TERM") != "dumb" else _Lines(settings, follow)
    with out:
        due, pending = 0.0, False
        while not (follow.over or ended):
            pending = follow.poll() or pending
            began = time.monotonic()
            if pending and began >= due:
                out.tell(look())
                pending, now = False, time.monotonic()
                due = now + max(_LEAST_S, 5 * (now - began))
            if not follow.behind:
                time.sleep(_REST_S)
    follow.end()
    done = look()
    out.last(done)
    return diagnose.status(done, settings)


class _Ended:
    """Whether somebody wants it to end. The first Ctrl-C interrupts nothing, so that no line is read by half; the second one does."""

    def __init__(self) -> None:
        self._so = False
        with contextlib.suppress(ValueError):  # only the main thread may
            for number in (signal.SIGINT, signal.SIGTERM):
                signal.signal(number, self._end)

    def __bool__(self) -> bool:
        return self._so

    def _end(self, number: int, _: Any) -> None:
        self._so = True
        signal.signal(number, signal.default_int_handler)


class _Lines:
    """One report after the other, where nobody watches or a program reads."""

    def __init__(self, settings: Settings, follow: Follow) -> None:
        self._settings, self._follow = settings, follow
        self._causes: frozenset[str] | None = None
        self._lines = -1

    def __enter__(self) -> _Lines:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def tell(self, done: Run) -> None:
        """Say it if other causes are likely than before. Raises BrokenPipeError when nobody reads any more."""
        least = diagnose.threshold(self._settings)
        causes = frozenset(each.rule.cause for each in done.report.diagnoses if each.confidence >= least)
        if causes != self._causes:
            self._causes, self._lines = causes, self._follow.lines
            self._say(done)

    def last(self, done: Run) -> None:
        """Say how it is at the end, unless just that was said."""
        if self._lines != self._follow.lines:
            self._say(done)

    def _say(self, done: Run) -> None:
        text = diagnose.text(done, self._settings)
        if self._settings.format == "json":
            text = json.dumps(json.loads(text), separators=(",", ":")) + "\n"
        elif self._settings.output is None:
            text = f"--- {time.strftime('%Y-%m-%dT%H:%M:%SZ', time.gmtime())}, {_so_far(self._follow)} ---\n{text}\n"
        if self._settings.output is None:
            console.write(text)
        else:
            diagnose.say(text, self._settings)


class _Screen:
    """The newest report, drawn over the one before."""

    def __init__(self, settings: Settings, follow: Follow) -> None:
        from rich.console import Console
        from rich.live import Live

        self._settings, self._follow = settings, follow
        plain = Console(highlight=False, markup=False, emoji=False)
        self._live = Live(console=plain, auto_refresh=False, transient=True, vertical_overflow="ellipsis")

    def __enter__(self) -> _Screen:
        self._live.start()
        self._draw("")
        return self

    def __exit__(self, *error: Any) -> None:
        self._live.stop()

    def tell(self, done: Run) -> None:
        """Draw it."""
        self._draw(diagnose.text(done, self._settings))

    def last(self, done: Run) -> None:
        """Leave it there."""
        console.write(diagnose.text(done, self._settings))

    def _draw(self, report: str) -> None:
        from rich.text import Text

        head = f"following the logs: {_so_far(self._follow)}; Ctrl-C ends it\n"
        self._live.update(Text.assemble((head, "dim"), Text.from_ansi(report)), refresh=True)


def _so_far(follow: Follow) -> str:
    return f"{follow.lines:,} lines read"
