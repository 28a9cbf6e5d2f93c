"""Do the clocks of two processes differ, and what do the times between them become without that?

Where one process emits and handles the same event by itself, the two lines follow one another. Where another process handles it, they
should too; if nearly all of those stand before their emission, or all come later by the same time, the clocks are apart.
"""

from __future__ import annotations

from collections.abc import Sequence

from callcheck.model.noun import dataclass
from callcheck.sources.logs.trails import Step, apart
from callcheck.sources.logs.units import Unit

_LEAST = 5
_NEARLY_ALL = 0.8
_LEAST_S = 0.3


@dataclass(frozen=True, slots=True)
class Apart:
    """The clock of one process is ahead of that of another."""

    ahead: str
    behind: str
    seconds: float
    pairs: list[tuple[Step, Step]]
    """Emissions, and the lines that handle them, before them by the other's clock."""


def clocks(units: Sequence[Unit]) -> list[Apart]:
    """Pairs of processes of which the first one's emissions are handled by the second before they were made, by the times in the logs."""
    waits: dict[tuple[str, str], dict[tuple[str, str], list[tuple[float, Step, Step]]]] = {}
    for unit in units:
        emit = next((s for s in unit.steps.values() if s.stage == "emitted" and not s.bad), None)
        end = next((s for s in unit.steps.values() if s.stage == "handled" and not s.bad), None) if emit else None
        if emit and end and emit.instance and end.instance:
            between = waits.setdefault((emit.shape, end.shape), {}).setdefault((emit.instance, end.instance), [])
            between.append((end.time - emit.time, emit, end))
    found = []
    for pairs in waits.values():
        own = [wait for (one, other), held in pairs.items() if one == other for wait, _, _ in held]
        # That the one line follows the other must be known from where there is one clock.
        if len(own) < _LEAST or sum(wait >= 0 for wait in own) < len(own):
            continue
        usual = _middle(own)
        for (one, other), held in pairs.items():
            before = [each for each in held if each[0] < -_LEAST_S]
            if apart(one, other) and len(before) >= max(_LEAST, _NEARLY_ALL * len(held)):
                offset = usual - _middle([wait for wait, _, _ in held])
                found.append(Apart(one, other, offset, [(emit, end) for _, emit, end in before]))
    return sorted(found, key=lambda one: (-len(one.pairs), one.ahead, one.behind))


def _middle(values: Sequence[float]) -> float:
    return sorted(values)[len(values) // 2]


def offsets(found: Sequence[Apart]) -> dict[str, float]:
    """What to add to the times of each process, so that those that differ agree; one of them keeps its own."""
    known: dict[str, float] = {}
    for one in found:
        base = known.setdefault(one.ahead, 0.0)
        known.setdefault(one.behind, base + one.seconds)
    return {name: offset for name, offset in known.items() if offset}
