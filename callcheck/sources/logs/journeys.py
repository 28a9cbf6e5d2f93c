"""How many deliveries reach which stage, event by event?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from callcheck.model.log import Place
from callcheck.model.noun import dataclass, field
from callcheck.sources.logs.contrasts import Contrast
from callcheck.sources.logs.presence import SEEN, Cover
from callcheck.sources.logs.trails import Step, apart
from callcheck.sources.logs.units import Unit
from callcheck.sources.logs.unseen import hidden

_LEAST = 5
_MOST_EVENTS = 5
_ENDS = ("handled", "completed")


@dataclass(slots=True)
class Funnel:
    """Counts of one event's deliveries; adding is merging."""

    event: str
    registered: int = 0
    started: int = 0
    emitted: int = 0
    handled: int = 0
    same: int = 0
    of_same: int = 0
    other: int = 0
    of_other: int = 0
    unseen: int = 0
    """Further ones of which the logs could not show whether they were handled."""
    lost: list[Step] = field(default_factory=list)
    """Emissions that nobody handled, the first few."""


@dataclass(slots=True)
class Course:
    """One emission, with what all the deliveries that it belongs to know of it: its id and that of its listener are often two."""

    event: str
    emit: Step
    listener: Step | None = None
    end: Step | None = None
    started: bool = False
    unseen: bool = False
    units: list[Unit] = field(default_factory=list)


def funnels(units: Sequence[Unit], crossed: Contrast | None, cover: Cover = SEEN) -> Iterator[Funnel]:
    """One funnel an event, those that lose most first; only where some are handled, so that handling is something the log shows."""
    found: dict[str, Funnel] = {}
    for course in courses(units, crossed, cover):
        _add(found.setdefault(course.event, Funnel(course.event)), course)
    held = [f for f in found.values() if f.emitted >= _LEAST and f.handled]
    yield from sorted(held, key=lambda f: f.handled / f.emitted)[:_MOST_EVENTS]


def crossing(contrasts: Sequence[Contrast]) -> Contrast | None:
    """The clearest difference between instances, whose lines are then the ends of the deliveries that it is about."""
    found = [contrast for contrast in contrasts if contrast.how == "instances"]
    return max(found, key=lambda contrast: len(contrast.lost)) if found else None


def courses(units: Sequence[Unit], crossed: Contrast | None, cover: Cover = SEEN) -> list[Course]:
    """Every emission, each once, in the order of the units."""
    unknown = {id(unit) for unit, *_ in hidden(units, cover)}
    of_crossed = {id(unit) for unit in (*crossed.fine, *crossed.lost)} if crossed else set()
    found: dict[Place, Course] = {}
    for unit in units:
        if id(unit) in of_crossed and crossed is not None:
            listener, emit, end = (unit.steps.get(shape) for shape in (crossed.one, crossed.other, crossed.outcome))
        else:
            steps = list(unit.steps.values())
            emit = next((s for s in steps if s.stage == "emitted"), None)
            listener = next((s for s in steps if s.stage == "registered"), None)
            end = next((s for s in steps if emit and s.stage in _ENDS and s.time >= emit.time and not s.bad), None)
        if emit is None:
            continue
        course = found.setdefault(emit.place, Course(unit.event, emit))
        course.units.append(unit)
        course.listener = course.listener or listener
        course.end = course.end or end
        course.started |= unit.first not in (listener, emit)
        course.unseen |= id(unit) in unknown
    return list(found.values())


def _add(funnel: Funnel, course: Course) -> None:
    listener, emit, end = course.listener, course.emit, course.end
    if end is None and course.unseen:
        funnel.unseen += 1
        return
    funnel.registered += listener is not None
    funnel.started += course.started
    funnel.emitted += 1
    funnel.handled += end is not None
    home = (listener or end or emit).instance
    if home and emit.instance and (listener or end):
        if home == emit.instance:
            funnel.of_same += 1
            funnel.same += end is not None
        elif apart(home, emit.instance):
            funnel.of_other += 1
            funnel.other += end is not None
    if end is None and len(funnel.lost) < 4:
        funnel.lost.append(emit)
