"""Does a runtime retire a function's worker in the midst of work that went on after the answer?

a1  POST | 202 | https://x.supabase.co/functions/v1/intake     event_type=Request
a1  read 7 started                                            and in other workers, seconds later: read 7 saved
a1  shutdown                                                  event_type=Shutdown reason=EarlyDrop

Supabase's edge runtime drops a worker that has answered and holds no promise of `EdgeRuntime.waitUntil` (supabase.com/docs/guides/troubleshooting/edge-functions-worker-timeouts-and-websocket-drops).
Which line is the end of the work, the workers tell that live long enough: it is their last one.

AWS Lambda freezes a function with its answer. What it had begun goes on in a later invocation, or never where the environment is given up:

5a1c  sending receipt order=71                                  and in other invocations: receipt accepted order=72
END RequestId: 5a1c
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence

from callcheck.model.noun import dataclass
from callcheck.model.pattern import pattern
from callcheck.sources.logs.trails import Step, in_time

_LEAST_CUT, _LEAST_WHOLE = 3, 2
_NEARLY_ALL = 0.8
_ANSWERED, _RETIRED, _SAYS = "event_type=Request", "event_type=Shutdown", "event_type=Log"
_EARLY = "reason=EarlyDrop"
_END = pattern(r"\bEND RequestId: ([0-9a-f-]{36})", re.ASCII)
_BEGUN = pattern(
    r"\b(?:send|mail|post|publish|notify|upload|emit|push|writ|sav|stor|sync|call|forward|render|generat|deliver|dispatch|flush|export|updat)ing\b|\b(?:started|begun|begins|in (?:the )?background)\b", re.I
)
"""How a line says that its work goes on; `request received` or `handling order 7` may well be all that there is to say."""


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
    return _cut([life for of in _workers(steps) if (life := _life(of)) is not None])


def left_behind(steps: Collection[Step]) -> Retired | None:
    """Invocations of a function that end with a line which says that work goes on, and which in others is followed by the end of the work."""
    ends = {mark[1]: step for step in steps if "END RequestId: " in step.text and (mark := _END.search(step.text))}
    said: dict[str, list[Step]] = {}
    for step in sorted(steps, key=in_time) if ends else ():
        if step.request in ends and step.time <= ends[step.request].time:
            said.setdefault(step.request, []).append(step)
    cut = _cut([_Life(of, ends[request]) for request, of in said.items()])
    return cut if cut is not None and not any(last.bad for last, _ in cut.pairs) and _BEGUN.search(cut.pairs[0][0].text, 0, 200) else None


def _cut(lives: Sequence[_Life]) -> Retired | None:
    """Lives of which the last line is one that in others is followed by a later one; None where too few tell it, or the work would mostly have been over by then."""
    lasts = Counter(life.said[-1].shape for life in lives)
    for shape, count in lasts.most_common():
        # How long the workers that reach another last line take from this one to it.
        takes = [life.said[-1].time - begun.time for life in lives if life.said[-1].shape != shape and (begun := next((s for s in life.said if s.shape == shape), None))]
        if count < _LEAST_CUT or len(takes) < _LEAST_WHOLE:
            continue
        from statistics import median

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
