"""Does a runtime retire a function's worker in the midst of work that went on after the answer?

a1  POST | 202 | https://x.supabase.co/functions/v1/intake     event_type=Request
a1  read 7 started                                            and in other workers, seconds later: read 7 saved
a1  shutdown                                                  event_type=Shutdown reason=EarlyDrop

Supabase's edge runtime drops a worker that has answered and holds no promise of `EdgeRuntime.waitUntil` (supabase.com/docs/guides/troubleshooting/edge-functions-worker-timeouts-and-websocket-drops).
Which line is the end of the work, the workers tell that live long enough: it is their last one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from statistics import median

from callcheck.model.noun import dataclass
from callcheck.sources.logs.trails import Step, in_time

_LEAST_CUT, _LEAST_WHOLE = 3, 2
_NEARLY_ALL = 0.8
_ANSWERED, _RETIRED, _SAYS = "event_type=Request", "event_type=Shutdown", "event_type=Log"
_EARLY = "reason=EarlyDrop"


@dataclass(frozen=True, slots=True)
class Retired:
    """How many workers went before the end of their work, and of some the last line and the one that tells that they are retired."""

    count: int
    pairs: list[tuple[Step, Step]]


@dataclass(frozen=True, slots=True)
class _Life:
    said: list[Step]
    """What it wrote after it had answered."""
    end: Step


def retired(steps: Collection[Step]) -> Retired | None:
    """Workers of which the last line after the answer is one that in others is followed by the end of the work; None where too few tell it, or the work would mostly have been over by then."""
    lives = [life for of in _workers(steps) if (life := _life(of)) is not None]
    lasts = Counter(life.said[-1].shape for life in lives)
    for shape, count in lasts.most_common():
        # How long the workers that reach another last line take from this one to it.
        takes = [life.said[-1].time - begun.time for life in lives if life.said[-1].shape != shape and (begun := next((s for s in life.said if s.shape == shape), None))]
        if count < _LEAST_CUT or len(takes) < _LEAST_WHOLE:
            continue
        cut = [(life.said[-1], life.end) for life in lives if life.said[-1].shape == shape]
        if sum(end.time - last.time < median(takes) for last, end in cut) >= _NEARLY_ALL * len(cut):
            return Retired(count, cut)
    return None


def _workers(steps: Collection[Step]) -> list[list[Step]]:
    """The lines of each worker that is retired early, in their order; most logs have none."""
    early = {step.instance for step in steps if _EARLY in step.text and _RETIRED in step.text}
    of: dict[str, list[Step]] = {}
    for step in steps if early else ():
        if step.instance in early:
            of.setdefault(step.instance, []).append(step)
    return [sorted(worker, key=in_time) for worker in of.values()]


def _life(steps: list[Step]) -> _Life | None:
    end = steps[-1]
    if _EARLY not in end.text:
        return None
    answered = next((n for n, step in enumerate(steps) if _ANSWERED in step.text), len(steps))
    said = [step for step in steps[answered:] if _SAYS in step.text]
    return _Life(said, end) if said else None
