"""Which of the events that are emitted under one id does nobody take up, while the others that are emitted beside it are?

[api]     emit order.paid id=7
[api]     emit label.wanted id=7
[labels]  label.wanted id=7                    and no line of anybody else, for any id

Deliveries of two events that go out together have one id, so all their lines are one delivery's, in which something always arrives.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from callcheck.model.noun import dataclass, field
from callcheck.model.pattern import pattern
from callcheck.sources.logs.trails import Step
from callcheck.sources.logs.units import LEAST_UNITS, Unit

_NEARLY_ALL = 0.85
_CONTEXT = pattern(r"\[([A-Za-z]\w{1,60})\] ")
"""The class or module that some loggers write before what it says."""


@dataclass(slots=True)
class Unanswered:
    """What became of the emissions of one event beside which others went out."""

    event: str
    emits: list[Step] = field(default_factory=list)
    """Those that nobody took up."""
    answered: int = 0
    others: int = 0
    """Emissions beside them that were taken up."""


def unanswered(units: Iterable[Unit]) -> Iterator[Unanswered]:
    """The events of which no emission was taken up, beside others that nearly always were."""
    found: dict[str, Unanswered] = {}
    for unit in units:
        steps = _steps(unit)
        emits = {step.event: step for step in reversed(steps) if step.stage == "emitted" and step.event and not step.bad}
        if len(emits) < 2:
            continue
        begun = min((step.time, step.order) for step in emits.values())
        later = [step for step in steps if (step.time, step.order) > begun and step.stage != "emitted"]
        takers = {event: {_writer(step) for step in later if step.event == event or event in step.text} for event in emits}
        if not _known(later, emits.values(), takers):
            continue
        taken = sum(bool(takers[event]) for event in emits)
        for event, emit in emits.items():
            one = found.setdefault(event, Unanswered(event))
            if takers[event]:
                one.answered += 1
            else:
                one.emits.append(emit)
                one.others += taken
    for one in found.values():
        if not one.answered and len(one.emits) >= LEAST_UNITS and one.others >= _NEARLY_ALL * len(one.emits):
            yield one


def _known(later: Iterable[Step], emits: Iterable[Step], takers: dict[str, set[tuple[str, str]]]) -> bool:
    """Whether each line behind the emissions is that of somebody who takes one of them up by its name: another one may be what a handler says that names no event."""
    writers = {writer for each in takers.values() for writer in each} - {_writer(emit) for emit in emits}
    named = tuple(takers)
    return all(_writer(step) in writers or any(event in step.text for event in named) for step in later)


def _writer(step: Step) -> tuple[str, str]:
    context = _CONTEXT.match(step.text)
    return step.instance, context[1] if context else step.logger


def _steps(unit: Unit) -> list[Step]:
    """All its lines in order of time."""
    steps = [*unit.steps.values(), *(step for pair in (*unit.again, *unit.twice) for step in pair[1:])]
    return sorted(steps, key=lambda step: (step.time, step.order))
