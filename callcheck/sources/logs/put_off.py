"""Which work is put off, and taken by nobody when it is due, while what is to be done at once is?

api-1     | 06:10:34 reminder for stop 180 enqueue_in 600s job=0ae5491a status=scheduled
api-1     | 06:11:01 import queued job=58fcbb55
worker-1  | 06:11:01 import(school=12) (58fcbb55)

RQ without its scheduler, BullMQ 1 without a QueueScheduler, Resque and Huey without theirs: nothing moves what is put off to where workers take from.
"""

from __future__ import annotations

from collections.abc import Sequence

from callcheck.model.pattern import pattern
from callcheck.sources.logs.trails import Step, apart
from callcheck.sources.logs.units import Unit

_DELAY = pattern(
    r"\b(?P<key>enqueue_in|perform_in|countdown|delay(?:ed)?(?: by| for)?|defer(?:red)?(?:_by| by| for)?|run_in|in|after)[=: ]{1,2}(?P<n>\d{1,8})(?:\.\d{1,6})? ?(?P<unit>ms|s|secs?|seconds?|m|mins?|minutes?)?\b", 2
)
_SAYS = pattern(r"\b(?:schedul|delay|defer|postpon|put off|enqueue_in|perform_in|countdown|run_in)", 2)
_NOT = pattern(r"\bretr|\battempt|\bback(?:ing)? ?off|\bagain\b|\bdelayed by\b.{0,20}\b(?:lag|slow)", 2)
_SECONDS = {"ms": 0.001, "s": 1.0, "m": 60.0}
_BARE = {"countdown": 1.0, "delay": 0.001}
"""What the numbers mean in Celery and in BullMQ where no unit stands behind them."""
_LEAST = 4
_LEAST_TAKEN = 3
_MARGIN_S = 30.0


def untaken(units: Sequence[Unit], end: float) -> list[Step]:
    """The lines that put work off which was due before the logs end and of which no further line says anything; none where anything put off was taken."""
    late: list[Step] = []
    at_once: list[set[str]] = []
    for unit in units:
        # The times of a worker that writes no date may lie before those of who hands it the work.
        put = next(((step, wait) for step in unit.steps.values() if (wait := _wait(step)) is not None), None)
        if put is None:
            at_once.append({step.instance for step in unit.steps.values()})
        elif len(unit.steps) > 1:
            return []
        elif put[0].time + put[1] + max(_MARGIN_S, 0.2 * put[1]) < end:
            late.append(put[0])
    senders = {step.instance for step in late}
    taken = sum(any(apart(one, other) for one in known & senders for other in known) for known in at_once)
    return sorted(set(late), key=lambda step: (step.time, step.order)) if len(late) >= _LEAST and taken >= _LEAST_TAKEN else []


def _wait(step: Step) -> float | None:
    """For how many seconds the line says that the work is put off."""
    found = _DELAY.search(step.text) if not step.bad and _SAYS.search(step.text) and not _NOT.search(step.text) else None
    if found is None:
        return None
    unit = (found["unit"] or "").lower()
    factor = _SECONDS["ms" if unit == "ms" else unit[0]] if unit else _BARE.get(found["key"].lower())
    return int(found["n"]) * factor if factor else None
