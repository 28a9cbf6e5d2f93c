"""When did which process register, emit, handle and fail?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from callcheck.model.facts.log_views import BINS
from callcheck.model.log import Level, Place
from callcheck.model.noun import dataclass, field
from callcheck.sources.logs.failed_call import Failure
from callcheck.sources.logs.trails import Step

MARKS = ("registered", "emitted", "handled", "failed")
MOST = 12
STAGE_OF = {"registered": "registered", "emitted": "emitted", "handled": "handled", "completed": "handled"}
"""What the stages of lines are called in a plot; what is done to the end was handled."""


def _none() -> list[list[int]]:
    return [[0] * BINS for _ in MARKS]


@dataclass(slots=True)
class Row:
    """One process: counts by mark and part of the time."""

    counts: list[list[int]] = field(default_factory=_none)
    first: Place | None = None
    text: str = ""
    total: int = 0

    def add(self, mark: int, at: int, place: Place, text: str) -> None:
        """One line."""
        self.counts[mark][at] += 1
        self.total += 1
        if self.first is None or (place.path, place.line) < (self.first.path, self.first.line):
            self.first, self.text = place, text


def fails(step: Step) -> bool:
    """Whether the line says that its handler failed, or is an error that says nothing of how far the delivery has come."""
    return step.bad and (step.stage in ("handled", "completed", "unknown") or (not step.stage and step.level >= Level.ERROR))


def rows(steps: Iterable[Step], failures: Iterable[Failure], begin: float, end: float) -> Iterator[tuple[str, Row]]:
    """Each process with such lines, the busiest first; a line that says both that something is handled and that it failed has failed."""
    found: dict[str, Row] = {}
    width = (end - begin) / BINS
    seen: set[Place] = set()

    def put(instance: str, mark: int, time: float, place: Place, text: str) -> None:
        row = found.get(instance)
        if row is None:
            row = found[instance] = Row()
        row.add(mark, min(BINS - 1, int((time - begin) / width)), place, text)

    for step in steps:
        mark = "failed" if fails(step) else STAGE_OF.get(step.stage)
        if mark and begin <= step.time <= end:
            seen.add(step.place)
            put(step.instance, MARKS.index(mark), step.time, step.place, step.text)
    for failure in failures:
        if failure.time is not None and begin <= failure.time <= end and failure.place not in seen:
            put(failure.instance, MARKS.index("failed"), failure.time, failure.place, failure.text)
    yield from sorted(found.items(), key=lambda item: (-item[1].total, item[0]))
