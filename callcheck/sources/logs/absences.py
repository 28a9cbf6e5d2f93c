"""What is emitted while the process that handles it has lost its connection, and never comes?

sub-1  handled rate 502
sub-1  redis connection lost
pub-1  published rate 503      (never handled)
sub-1  subscribed again
sub-1  handled rate 506

A transport that keeps messages hands them over after the reconnect, and then they are handled late. So it is seen in the deliveries themselves
whether what was emitted meanwhile is lost, whatever the transport.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from callcheck.model.noun import dataclass
from callcheck.sources.logs.presence import Cover
from callcheck.sources.logs.renewals import Mark, Renewals
from callcheck.sources.logs.silence import courses_of_events
from callcheck.sources.logs.trails import Step, apart
from callcheck.sources.logs.units import Unit, kinds_of

_LEAST_LOST = 2
_LEAST_FINE = 3
_NEARLY_ALL = 0.8
_LONGEST_S = 3600.0


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


def missed(units: Sequence[Unit], renewals: Renewals, cover: Cover) -> Iterator[Missed]:
    """Events of which nearly all that is emitted arrives while the one process that handles it is connected, and nearly nothing else."""
    for event, pairs in (*courses_of_events(units).items(), *_courses_of_kinds(units)):
        # A process that was started again has another number, and is the same subscriber.
        handlers = {end.instance for _, end in pairs if end is not None}
        if len({handler.partition("/")[0] for handler in handlers}) != 1:
            continue
        handler = min(handlers)
        marks = sorted((mark for each in handlers for mark in renewals.marks.get(each) or ()), key=lambda mark: (mark.time, mark.order))
        gaps = gaps_of(marks)
        if not gaps:
            continue
        wait = max(end.time - emit.time for emit, end in pairs if end is not None)
        inside: list[tuple[Step, Step | None]] = []
        outside: list[tuple[Step, Step | None]] = []
        for emit, end in pairs:
            within = any(lost.time <= emit.time < back.time for lost, back in gaps)
            if within:
                inside.append((emit, end))
            elif end is not None or not cover.blind(handler, emit.time, wait=wait):
                outside.append((emit, end))
        lost = [emit for emit, end in inside if end is None]
        fine = sum(end is not None for _, end in outside)
        if len(lost) >= max(_LEAST_LOST, _NEARLY_ALL * len(inside)) and fine >= max(_LEAST_FINE, _NEARLY_ALL * len(outside)):
            own = [gap for gap in gaps if any(gap[0].time <= emit.time < gap[1].time for emit in lost)]
            yield Missed(event, handler, lost, len(inside), fine, own)


def _courses_of_kinds(units: Sequence[Unit]) -> Iterator[tuple[str, list[tuple[Step, Step | None]]]]:
    """The same of deliveries whose lines have no words for being emitted and handled: what one process writes first, and another one after it."""
    for kind in kinds_of(units):
        known = [unit for unit in kind if any(step.stage == "emitted" for step in unit.steps.values())]
        if known and any(step.stage in ("handled", "completed") for unit in known for step in unit.steps.values()):
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
