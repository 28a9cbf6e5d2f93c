"""Do the deliveries of an ordinary line go on after it, in whatever words of the application?

Publishing message of type QuoteAsked to all subscribers: {'quote': 'Q-17'}
Q-17 km=409
Q-17 offer ready
"""

from __future__ import annotations

from collections.abc import Sequence

from callcheck.sources.logs.trails import apart
from callcheck.sources.logs.units import Unit

_LEAST = 2
"""Kinds of lines; one more may be what the same function writes when it has published."""
_MOST = 0.5
_NOT_WORK = ("unknown", "closed", "registered")


def went_on(units: Sequence[Unit], said: str, elsewhere: bool = False) -> bool:
    """Whether more than half of the deliveries with a line that holds `said` have lines of further work behind it; `elsewhere`: be it one, but of another process."""
    begun = [(unit, step) for unit in units if (step := next((s for s in unit.steps.values() if said in s.text), None)) is not None]
    further = [
        sum(
            (s.time, s.order) > (step.time, step.order) and not s.bad and s.stage not in _NOT_WORK and (not elsewhere or apart(step.instance, s.instance))
            for s in unit.steps.values()
        )
        for unit, step in begun
    ]
    return sum(count >= (1 if elsewhere else _LEAST) for count in further) > _MOST * len(begun)
