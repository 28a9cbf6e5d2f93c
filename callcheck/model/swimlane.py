"""What became of each single delivery: who did what when, on which process?

    web-1  ○──────────────●          registered, and handled
    web-2       ▲─ ─ ─ ─ ✖           emitted, and heard by nobody

A report holds counts; this is beside it, and is made only for who draws it. Texts are as they stand in logs and recordings: whoever renders
them makes them printable.
"""

from __future__ import annotations

from callcheck.model.evidence import Location
from callcheck.model.noun import dataclass

STAGES = ("registered", "emitted", "handled", "failed")
ARRIVED, STOPPED, UNSEEN, WAITING = "arrived", "stopped", "unseen", "waiting"
"""How a delivery ends: somebody handled it; nobody did, or the handler failed; these logs could not show it; nothing was emitted."""
MOST = 20_000
"""Deliveries that are kept."""


@dataclass(frozen=True, slots=True)
class Mark:
    """One thing that one process did."""

    stage: str
    """One of STAGES."""
    instance: str
    time: float
    """Seconds since the epoch; the number of the line where a log has no times."""
    where: Location | None


@dataclass(frozen=True, slots=True)
class Delivery:
    """One event on its way."""

    id: str
    """What its lines have in common; "" where nothing names it."""
    event: str
    fate: str
    """One of the words above."""
    why: str
    """For a recording, a fate of `facts.observed.DeliveryStopped`; else ""."""
    marks: tuple[Mark, ...]
    """In order of time; never empty."""


@dataclass(frozen=True, slots=True)
class Swimlane:
    """Deliveries by the time of their first mark."""

    deliveries: tuple[Delivery, ...]
    left: int = 0
    """Further ones, the last ones, that are not among them."""
    one_in: int = 1
    """One in so many deliveries of the logs was followed."""
    timed: bool = True
    """Whether times are times, and not numbers of lines."""
