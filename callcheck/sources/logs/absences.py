"""What is emitted while the process that handles it has lost its connection, and never comes?

sub-1  handled rate 502
sub-1  redis connection lost
pub-1  published rate 503      (never handled)
sub-1  subscribed again
sub-1  handled rate 506

The process may as well be started again, or have another take its place. A transport that keeps messages hands them over after the reconnect, and then they are handled late. So it is seen in the deliveries themselves
whether what was emitted meanwhile is lost, whatever the transport.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from callcheck.model.noun import dataclass
from callcheck.model.pattern import pattern
from callcheck.sources.logs.instances import service_of
from callcheck.sources.logs.presence import Cover
from callcheck.sources.logs.renewals import Mark, Renewals
from callcheck.sources.logs.silence import courses_of_events
from callcheck.sources.logs.trails import Step, apart
from callcheck.sources.logs.units import Unit, kinds_of

_LEAST_LOST = 2
_LEAST_FINE = 3
_NEARLY_ALL = 0.8
_SYSTEM = pattern(r"\b(nats|mqtt|redis)s?(?:://|\b)", re.I)
_LONGEST_S = 3600.0
_MOMENT_S = 0.001
"""What was handled is no part of the time after it."""


@dataclass(frozen=True, slots=True)
class Missed:
    """Deliveries of one event that fell into the time without a connection."""

    event: str
    subscriber: str
    """"" where the lines name no process."""
    lost: list[Step]
    of: int
    """Emitted in such a time."""
    arrived: int
    """Handled, of all the others."""
    gaps: list[tuple[Mark, Mark]]
    system: str = ""
    """What carries the messages, where lines about the connection name it."""


def missed(units: Sequence[Unit], renewals: Renewals, cover: Cover) -> Iterator[Missed]:
    """Events of which nearly all that is emitted arrives while the one process that handles it is connected, and nearly nothing else."""
    for event, pairs in (*courses_of_events(units).items(), *courses_of_kinds(units)):
        handlers = sorted({end.instance for _, end in pairs if end is not None})
        if not _one(handlers, cover):
            continue
        marks = sorted((mark for each in handlers for mark in renewals.marks.get(each) or ()), key=lambda mark: (mark.time, mark.order))
        gaps = gaps_of(marks)
        gaps += _unsaid(marks, [end for _, end in pairs if end is not None], gaps)
        if not gaps:
            continue
        wait = max(end.time - emit.time for emit, end in pairs if end is not None)
        inside: list[tuple[Step, Step | None]] = []
        outside: list[tuple[Step, Step | None]] = []
        for emit, end in pairs:
            within = any(lost.time <= emit.time < back.time for lost, back in gaps)
            if within:
                inside.append((emit, end))
            elif end is not None or not cover.missed(handlers, emit.time, wait=wait):
                outside.append((emit, end))
        lost = [emit for emit, end in inside if end is None]
        fine = sum(end is not None for _, end in outside)
        if len(lost) >= max(_LEAST_LOST, _NEARLY_ALL * len(inside)) and fine >= max(_LEAST_FINE, _NEARLY_ALL * len(outside)):
            own = [gap for gap in gaps if any(gap[0].time <= emit.time < gap[1].time for emit in lost)]
            named = next((found[1].lower() for mark in marks if (found := _SYSTEM.search(mark.text))), "")
            yield Missed(event, handlers[0], lost, len(inside), fine, own, named)


def _one(handlers: Sequence[str], cover: Cover) -> bool:
    """Whether they are one subscriber: a process that was started again has another number, and a container that took the place of another another name."""
    if len({handler.partition("/")[0] for handler in handlers}) < 2:
        return bool(handlers)
    times = sorted((known.first, known.last) for each in handlers if (known := cover.instances.get(each)) and known.first is not None and known.last is not None)
    return len({service_of(each) for each in handlers}) == 1 and len(times) == len(handlers) and all(one[1] <= other[0] for one, other in pairwise(times))


def _unsaid(marks: Sequence[Mark], ends: Sequence[Step], said: Sequence[tuple[Mark, Mark]]) -> Iterator[tuple[Mark, Mark]]:
    """From the last that was handled to a further subscription, where no line says that the connection was lost in between: the process was killed."""
    for before, back in pairwise(mark for mark in marks if mark.what == "sub"):
        last = max((end for end in ends if before.time <= end.time < back.time), key=lambda end: (end.time, end.order), default=None)
        if last is not None and not any(one.time <= back.time <= other.time for one, other in said) and back.time - last.time <= _LONGEST_S:
            yield Mark(last.time + _MOMENT_S, last.order, "lost", last.shape, last.place, last.text), back


def courses_of_kinds(units: Sequence[Unit]) -> Iterator[tuple[str, list[tuple[Step, Step | None]]]]:
    """The same of deliveries whose lines have no words for being emitted and handled: what one process writes first, and another one after it."""
    for kind in kinds_of(units):
        known = [unit for unit in kind if any(step.stage == "emitted" for step in unit.steps.values())]
        if known and any(unit.handled for unit in known):
            continue
        ends: dict[str, int] = {}
        for unit in kind:
            for shape, step in unit.steps.items():
                if apart(unit.first.instance, step.instance) and not step.bad:
                    ends[shape] = ends.get(shape, 0) + 1
        shape = max(ends, key=lambda each: ends[each], default="")
        # One that goes on by itself in any other way is none that a subscriber missed.
        if shape and all(len(unit.steps) == 1 or shape in unit.steps for unit in kind):
            yield kind[0].event or kind[0].first.shape, [(unit.first, unit.steps.get(shape)) for unit in kind]


def gaps_of(marks: Sequence[Mark]) -> list[tuple[Mark, Mark]]:
    """From each loss of the connection to the subscription that follows, or where none is written down to the connection."""
    found: list[tuple[Mark, Mark]] = []
    lost: Mark | None = None
    back: Mark | None = None
    for mark in marks:
        if mark.what == "lost":
            if lost is not None and back is not None:
                found.append((lost, back))
                lost = None
            lost, back = lost or mark, None
        elif lost is not None and (back is None or (back.what == "up" and mark.what == "sub")):
            back = mark
    if lost is not None and back is not None:
        found.append((lost, back))
    return [(one, other) for one, other in found if other.time - one.time <= _LONGEST_S]
