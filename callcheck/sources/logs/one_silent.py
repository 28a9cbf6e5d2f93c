"""Which of several topics does a process handle no more, while messages of it go out as before and it handles the others?

09:41:02 published to labels message lab-64          09:41:02 labels: handled lab-64
09:41:25 published to labels message lab-65          and no line more that handles labels, for the rest of the log
09:41:27 published to returns message ret-51         09:41:27 returns: handled ret-51

No line says why: what it handled before, what goes out since, and the others beside it tell it together.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence

from callcheck.model.noun import dataclass
from callcheck.sources.logs.presence import Cover
from callcheck.sources.logs.silence import leaving
from callcheck.sources.logs.stopped import Stopped
from callcheck.sources.logs.trails import Step
from callcheck.sources.logs.units import Unit, kinds_of

_LEAST = 12
_DUE = 15
_NEARLY_ALL = 0.9
_LEAST_S = 60.0


@dataclass(frozen=True, slots=True)
class OneSilent:
    """One kind of message that is handled no more: the last that was, and what went out since."""

    last: Step
    count: int
    due: list[Step]


def one_silent(units: Sequence[Unit], stopped: Stopped, cover: Cover) -> Iterator[OneSilent]:
    """Kinds that begin with words of their own, of which what follows the one ends and what follows another goes on to the end."""
    every = kinds_of(units)
    begins = {kind[0].first.shape for kind in every}
    kinds = {kind[0].first.shape: pairs for kind in every if (pairs := _pairs(kind, begins))}
    left = leaving(stopped)
    handled = {shape: [end for _, end in pairs if end is not None] for shape, pairs in kinds.items()}
    ends = {shape: max(of, key=_in_time) for shape, of in handled.items() if len(of) >= _LEAST}
    for shape, last in ends.items() if len(ends) > 1 else ():
        pairs, of = kinds[shape], handled[shape]
        wait = max(end.time - emit.time for emit, end in pairs if end is not None)
        due = sorted((emit for emit, _ in pairs if emit.time > last.time + wait), key=_in_time)
        before = [end for emit, end in pairs if emit.time <= last.time - wait]
        gap = (last.time - min(end.time for end in of)) / (len(of) - 1)
        going_on = [other for name, other in ends.items() if name != shape and other.instance == last.instance]
        if (
            len(due) >= _DUE
            and last.instance not in left
            and sum(end is not None for end in before) >= _NEARLY_ALL * len(before)
            and due[-1].time - last.time >= max(_DUE * gap, _LEAST_S, 3 * wait)
            and any(other.time >= due[-1].time - 2 * gap - wait for other in going_on)
            and not cover.blind(last.instance, due[-1].time, last.level)
        ):
            yield OneSilent(last, len(of), due)


def _pairs(kind: Sequence[Unit], begins: Collection[str]) -> list[tuple[Step, Step | None]]:
    """The first line of each and that which most of them end with; none where some go on in another way, as those are not lost, or where another delivery begins so."""
    ends = Counter(max(unit.steps.values(), key=_in_time).shape for unit in kind if len(unit.steps) > 1)
    shape = next((each for each, _ in ends.most_common(1)), "")
    if not shape or shape in begins or any(len(unit.steps) > 1 and shape not in unit.steps for unit in kind) or any(step.bad for unit in kind for step in unit.steps.values()):
        return []
    return [(unit.first, unit.steps.get(shape)) for unit in kind]


def _in_time(step: Step) -> tuple[float, int]:
    return step.time, step.order
