"""Which lines that come regularly do not for a time, while another piece of work holds their thread, or their process is stopped as idle?

08:00 [scheduling-1] levels read … every two minutes … 08:58 levels read
09:00 [scheduling-1] import started                                          or    08:59 idle, shut down
09:43 [scheduling-1] import finished                                               11:20 started
09:43 [scheduling-1] levels read                                                   11:20 levels read

That lines stay away says little by itself. Here all that is regular on the thread stays away from the first line of one piece of work to its last
one, and that work is seen at no other time; or from the line that says that the process is idle. Where lines name no thread, the whole process must be
silent meanwhile, and what others handed to it then must have waited until its end: a worker that polls in vain has something to do for once.
"""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Sequence

from callcheck.model.noun import dataclass
from callcheck.sources.logs.bounded import Sample
from callcheck.sources.logs.occupied import Occupied
from callcheck.sources.logs.series import Mark, Run, Series
from callcheck.sources.logs.stopped import Stopped
from callcheck.sources.logs.trails import apart
from callcheck.sources.logs.units import Unit

_LEAST = 8
"""Lines by which a kind shows how regular it is."""
_FEW = 5
_TURNS = 5.0
"""So many of them would have come meanwhile."""
_LEAST_S = 30.0
_REGULAR = 2.5
"""The others wait for one another at most so much longer than the middle one of them."""
_CONFINED = 0.8
_LATE = 5.0
"""What was handed over meanwhile waits so much longer than the rest."""
_LEAST_LATE = 3
_SOON = 0.15
"""In this part of the time the process is stopped, by whatever clock."""


@dataclass(frozen=True, slots=True)
class Pause:
    """One kind of line that stayed away."""

    instance: str
    thread: str
    subject: str
    how: str
    """held or idle."""
    by: str
    """What held it, as its first line begins; "" for a stop."""
    begin: float
    seconds: int
    missed: int
    samples: tuple[Sample, ...]


@dataclass(frozen=True, slots=True)
class _Kind:
    template: str
    series: Series
    run: Run
    when: Occupied
    """By one thread, where that is told."""


@dataclass(frozen=True, slots=True)
class _Gap:
    begin: int
    end: int
    turn: float
    """How long the lines wait for one another otherwise."""


def held(stopped: Stopped, units: Sequence[Unit] = ()) -> Iterator[Pause]:
    """Where another piece of work held their thread: one for each thread, the longest; `units` are the deliveries."""
    lanes: dict[tuple[str, str], list[_Kind]] = {}
    for (_, template), series in stopped.series.items():
        for instance, run in series.runs.items():
            for thread, when in run.threads.items() if run.threads is not None else (("", run.when),):
                lanes.setdefault((instance, thread), []).append(_Kind(template, series, run, when))
    for (instance, thread), kinds in sorted(lanes.items()):
        found = [pause for kind in kinds if (pause := _held(instance, thread, kind, kinds))]
        longest = max(found, key=lambda pause: (pause.missed, pause.subject), default=None)
        if longest is not None and (thread or _waited(instance, longest, units)):
            yield longest


def _waited(instance: str, pause: Pause, units: Sequence[Unit]) -> bool:
    """Whether several things that others handed to a process meanwhile were taken up only in the end, which is not so with the rest of them."""
    late: list[float] = []
    others: list[float] = []
    for unit in units:
        steps = sorted(unit.steps.values(), key=lambda step: (step.time, step.order))
        taken = next((at for at, step in enumerate(steps) if step.instance == instance), 0)
        if not taken or not apart(steps[taken - 1].instance, instance):
            continue
        sent, at = steps[taken - 1].time, steps[taken].time
        if pause.begin < sent < pause.begin + pause.seconds and at - sent > 1 and at >= pause.begin + pause.seconds / 2:
            late.append(at - sent)
        else:
            others.append(at - sent)
    return min(len(late), len(others)) >= _LEAST_LATE and _LATE * statistics.median(others) < statistics.median(late)


def idle(stopped: Stopped) -> Iterator[Pause]:
    """Where somebody stopped their process since nobody had asked it for anything: one for each stop."""
    known = stopped.series.items()
    for mark in (mark for _, series in known for mark in series.marks if mark.what == "idle"):
        found = []
        for (_, template), series in known:
            for instance, run in series.runs.items():
                gap = _gap(run.when, _FEW)
                late = max(gap.turn + run.when.width, _SOON * (gap.end - gap.begin)) if gap else 0
                if gap and gap.begin <= mark.time <= gap.begin + late and _turns(gap, mark.time) >= _TURNS:
                    found.append((_turns(gap, mark.time), template, instance, run, gap))
        if found:
            missed, template, instance, run, gap = max(found, key=lambda each: each[:3])
            yield Pause(instance, "", template, "idle", "", mark.time, round(gap.end - mark.time), int(missed), _samples(mark, run))


def _samples(mark: Mark, run: Run) -> tuple[Sample, ...]:
    return (mark.place, mark.text), *(((run.place, run.text),) if run.place else ())


def _turns(gap: _Gap, since: float) -> float:
    return (gap.end - since) / gap.turn


def _held(instance: str, thread: str, kind: _Kind, kinds: Sequence[_Kind]) -> Pause | None:
    gap = _gap(kind.when, _LEAST)
    if gap is None or kind.run.when.within(gap.begin + kind.when.width, gap.end):
        return None  # Another thread writes them meanwhile.
    slack = gap.turn + kind.when.width
    others = [each for each in kinds if each is not kind]
    work = [each for each in others if _confined(each.when, gap, slack)]
    begins = sorted((first, each.run.begin, each.template) for each in work if each.run.begin and (first := each.when.parts()[0] * each.when.width) >= gap.begin - slack)
    ends = [(each.when.parts()[-1] + 1) * each.when.width for each in work]
    if not begins or begins[0][0] > gap.begin + slack or max(ends) < gap.end - slack or max(ends) - begins[0][0] < (gap.end - gap.begin) / 2:
        return None
    # What else comes regularly on the thread and goes on shows that nothing holds it; without a thread, whatever else goes on.
    going_on = [each for each in others if each not in work and each.when.within(gap.begin + slack, gap.end - slack)]
    if any(not thread or _gap(each.when, _LEAST, any_=True) for each in going_on):
        return None
    _, (_, place, text), by = begins[0]
    last = max(work, key=lambda each: each.run.last)
    samples = [(place, text), *([(last.run.place, last.run.text)] if last.run.place else [])]
    return Pause(instance, thread, kind.template, "held", by, gap.begin, gap.end - gap.begin, int((gap.end - gap.begin) / gap.turn) - 1, tuple(samples))


def _confined(when: Occupied, gap: _Gap, slack: float) -> bool:
    parts = when.parts()
    inside = sum(gap.begin - slack <= part * when.width <= gap.end + when.width for part in parts)
    return bool(parts) and inside >= _CONFINED * len(parts)


def _gap(when: Occupied, least: int, any_: bool = False) -> _Gap | None:
    """The one long time in which a regular kind of line did not come; `any_`: the longest, be it as long as the others."""
    gaps = list(when.gaps())
    if len(gaps) < least - 1:
        return None
    begin, end = max(gaps, key=lambda gap: (gap[1] - gap[0], -gap[0]))
    rest = sorted(b - a for a, b in gaps)[:-1]
    turn = max(statistics.median(rest), float(when.width))
    if rest[-1] > _REGULAR * turn or not any_ and end - begin < max(_TURNS * turn, _LEAST_S):
        return None
    return _Gap(begin, end, turn)
