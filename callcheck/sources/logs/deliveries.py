"""Which single deliveries do the logs show, mark by mark?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from callcheck.model.log import Place
from callcheck.model.swimlane import ARRIVED, STOPPED, UNSEEN, WAITING, Delivery, Mark
from callcheck.sources.logs.journeys import Course, courses, crossing
from callcheck.sources.logs.telling import where
from callcheck.sources.logs.timeline import STAGE_OF, fails
from callcheck.sources.logs.trails import Step
from callcheck.sources.logs.units import Unit

if TYPE_CHECKING:
    from callcheck.sources.logs import Survey

Found = dict[Place, tuple[str, Step]]
"""The marks of a delivery by their places: stage and line."""


def deliveries(logs: Survey) -> Iterator[Delivery]:
    """The emissions with what became of them, and then what shows no emission: registered in vain, or handled out of nothing."""
    known = courses(logs.units, crossing(logs.contrasts), logs.summary.cover)
    shown = {course.event for course in known if course.end is not None}
    shown |= {contrast.lost[0].event for contrast in logs.contrasts if contrast.how == "event"}
    seen: set[Place] = set()
    for course in known:
        marks = _marks(course)
        seen.update(marks)
        yield _delivery(course.units, course.event, _fate(course, marks, course.event in shown), marks)
    for unit in logs.units:
        marks = _staged(unit.steps.values())
        if not seen.issuperset(marks):
            yield _delivery([unit], unit.event, _ending(marks), marks)


def _marks(course: Course) -> Found:
    """What the lines are for this emission goes before what their words say."""
    found = _staged(step for unit in course.units for step in unit.steps.values())
    ends = (("registered", course.listener), ("emitted", course.emit), ("handled", course.end))
    return found | {step.place: (stage, step) for stage, step in ends if step is not None}


def _staged(steps: Iterable[Step]) -> Found:
    return {step.place: (stage, step) for step in steps if (stage := "failed" if fails(step) else STAGE_OF.get(step.stage, ""))}


def _fate(course: Course, marks: Found, shown: bool) -> str:
    """Where no delivery of the event is seen to be handled, that this one is not says nothing."""
    if course.end is not None:
        return ARRIVED
    failed = any(stage == "failed" for stage, _ in marks.values())
    return STOPPED if failed or (shown and not course.unseen) else UNSEEN


def _ending(marks: Found) -> str:
    stages = {stage for stage, _ in marks.values()}
    return STOPPED if "failed" in stages else ARRIVED if "handled" in stages else WAITING


def _delivery(units: Iterable[Unit], event: str, fate: str, marks: Found) -> Delivery:
    ordered = sorted(marks.values(), key=lambda each: (each[1].time, each[1].order, each[1].place.path))
    told = tuple(Mark(stage, step.instance, step.time, where(step.place)) for stage, step in ordered)
    return Delivery(_id(units), event, fate, "", told)


def _id(units: Iterable[Unit]) -> str:
    """What all lines of a delivery have in common, of several such the first."""
    for unit in units:
        common = frozenset.intersection(*(step.ids for step in unit.steps.values()))
        if common:
            return min(common)
    return ""

