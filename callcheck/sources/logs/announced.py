"""Which job does a scheduler announce, with the time at which it is due, and never run, while it runs the others?

06:00:00 job water_beds scheduled, next run at 2026-11-03 06:05:00          06:05:00 Running job water_beds
06:00:00 job mail_growers scheduled, next run at 2026-11-03 06:15:00        and until the evening no line that says that it is run

What a job itself writes may tell nothing; that the scheduler says the same of each other job, when it runs it, does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from callcheck.model.log import Place
from callcheck.model.noun import dataclass
from callcheck.model.pattern import pattern
from callcheck.sources.logs.stopped import Stopped
from callcheck.sources.logs.times import seconds

_NAME = pattern(r"\b(?:job|task|schedule|cron|timer|workflow)s?(?:[_ ]?(?:name|id))?(?:[ :=]{1,3}|\()([A-Za-z][\w.:/-]{2,60})", re.I)
_DUE_AT = pattern(r"\bnext[ _-]?(?:run|fire|execution|invocation|start|due)s?(?:[ _-]?(?:time|at))?\b[ :=]{0,3}(?:(?:at|on|is) )?(\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d{1,6})?(?:Z|[+-]\d\d:?\d\d)?)", re.I)
_DUE_IN = pattern(r"\b(?:next[ _-]?run(?:s)?[ :=]{1,2}in|runs? in|first run in|every|interval)[ :=]{1,2}(\d{1,6}) ?(s|secs?|seconds?|m|mins?|minutes?|h|hours?)\b", re.I)
_SECONDS = {"s": 1.0, "m": 60.0, "h": 3600.0}
_LEAST, _LEAST_RUN, _OFTEN = 3, 2, 2
_MARGIN_S, _PART = 60.0, 0.25


@dataclass(frozen=True, slots=True)
class Announced:
    """A job that is due and does not come; where it was announced, and where another one is run."""

    name: str
    said: tuple[Place, str]
    others: list[tuple[Place, str]]


@dataclass(slots=True)
class _Job:
    said: float
    due: float
    place: Place
    text: str
    frame: str


def announced(stopped: Stopped) -> Iterator[Announced]:
    """Jobs whose time was over before the logs end, of which no other line says anything, where one and the same line says of the others that they are run."""
    jobs: dict[str, _Job] = {}
    rest: list[tuple[str, str, int, Place]] = []
    for _, series in stopped.series.items():
        for _, run in series.runs.items():
            if run.begin is None:
                continue
            at, place, text = run.begin
            named, due = _NAME.search(text), _due(text, at[0])
            if named and due is not None:
                jobs.setdefault(named[1], _Job(at[0], due, place, text, text.replace(named[1], "*")))
            else:
                rest.append((text, run.text, series.count, place))
    ran: dict[str, dict[str, tuple[int, Place, str]]] = {}
    mentioned: set[str] = set()
    for text, _, count, place in rest if len(jobs) >= _LEAST else ():
        for name in jobs.keys() & set(re.findall(r"[\w.:/-]+", text)):
            mentioned.add(name)
            ran.setdefault(re.sub(r"[\d.]+", "#", text.replace(name, "*")), {})[name] = count, place, text
    silent = [name for name, job in jobs.items() if name not in mentioned and job.due + max(_MARGIN_S, _PART * (job.due - job.said)) < stopped.end]
    frames = [of for of in ran.values() if len(of) >= _LEAST_RUN and len(of) >= len(jobs) - len(silent) and sum(count for count, _, _ in of.values()) >= _OFTEN * len(of)]
    for name in silent if frames and 2 * len(silent) <= len(jobs) else ():
        yield Announced(name, (jobs[name].place, jobs[name].text), [(place, text) for _, place, text in list(frames[0].values())[:2]])


def _due(text: str, said: float) -> float | None:
    """When a job is due that is announced then."""
    found = _DUE_AT.search(text)
    if found is not None:
        due = seconds(found[1])
        return due if due is not None and due >= said - 1 else None  # by another zone
    after = _DUE_IN.search(text)
    return said + int(after[1]) * _SECONDS[after[2][0].lower()] if after is not None else None
