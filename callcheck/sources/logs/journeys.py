"""How many deliveries reach which stage, event by event?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from callcheck.model.noun import dataclass, field
from callcheck.sources.logs.contrasts import Contrast, Unit
from callcheck.sources.logs.trails import Step, apart

_LEAST = 5
_MOST_EVENTS = 5


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
    lost: list[Step] = field(default_factory=list)
    """Emissions that nobody handled, the first few."""


def funnels(units: Sequence[Unit], crossed: Contrast | None) -> Iterator[Funnel]:
    """One funnel an event, those that lose most first; only where some are handled, so that handling is something the log shows."""
    found: dict[str, Funnel] = {}
    of_crossed = {id(unit) for unit in (*crossed.fine, *crossed.lost)} if crossed else set()
    for unit in units:
        if id(unit) in of_crossed and crossed is not None:
            _add(
                found, unit, unit.steps.get(crossed.one), unit.steps.get(crossed.other), unit.steps.get(crossed.outcome)
            )
            continue
        steps = list(unit.steps.values())
        emit = next((s for s in steps if s.stage == "emitted"), None)
        if emit is None:
            continue
        listener = next((s for s in steps if s.stage == "registered"), None)
        end = next(
            (s for s in steps if s.stage in ("handled", "completed") and s.time >= emit.time and not s.bad), None
        )
        _add(found, unit, listener, emit, end)
    held = [f for f in found.values() if f.emitted >= _LEAST and f.handled]
    yield from sorted(held, key=lambda f: f.handled / f.emitted)[:_MOST_EVENTS]


def _add(found: dict[str, Funnel], unit: Unit, listener: Step | None, emit: Step | None, end: Step | None) -> None:
    funnel = found.setdefault(unit.event, Funnel(unit.event))
    funnel.registered += listener is not None
    funnel.started += unit.first not in (listener, emit)
    if emit is None:
        return
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
