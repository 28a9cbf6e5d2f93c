"""Which process handles nothing any more, although it lives and others of its kind go on?

worker-2  handled order 7101      10:00:01 … 10:41:17
worker-2  GET /healthz 200        … 11:30:00
worker-1  handled order 9017      … 11:29:58

All times that are compared are of one process's own clock, so clocks that differ do no harm.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from callcheck.model.log import Place
from callcheck.model.noun import dataclass
from callcheck.model.pattern import pattern
from callcheck.sources.logs.growth import Growth
from callcheck.sources.logs.presence import Cover, Presence
from callcheck.sources.logs.series import Run, Series
from callcheck.sources.logs.stopped import Stopped
from callcheck.sources.logs.trails import Step
from callcheck.sources.logs.units import Unit

_LEAST = 12
_WAITED = 8
"""The same of lines where something shows that work goes on to come."""
_DUE = 10.0
"""So many lines more would have been due."""
_REGULAR = 3
_LEAST_S = 30.0
_MOMENT_S = 0.001
_NEARLY_ALL = 0.85
_PART = 0.1
"""The silence is at least this part of the time that the process wrote."""
_LEAVING = pattern(
    r"shut(?:ting)? ?down|sigterm|sigint|drain|graceful|exiting|terminat|goodbye|scal(?:e|ing) (?:down|in)", 2
)
"""What a process says that is being stopped, and may write for a while yet."""


@dataclass(frozen=True, slots=True)
class Silent:
    """A process that stopped handling."""

    instance: str
    template: str
    count: int
    """Lines before the silence."""
    since: float
    seconds: float
    """For how long it wrote other lines yet."""
    others: int
    """Processes that go on."""
    last: tuple[Place, str]
    alive: tuple[Place, str] | None
    """A later line of the same process."""
    going_on: tuple[Place, str]
    due: int = 0
    """Emissions since, of which it handles none."""


def starving(units: Sequence[Unit], stopped: Stopped, cover: Cover) -> Iterator[Silent]:
    """Processes that handled nearly all that was emitted until a time, nothing of it since, and live."""
    from callcheck.sources.logs.absences import courses_of_kinds

    left = leaving(stopped)
    for event, pairs in (*courses_of_events(units).items(), *courses_of_kinds(units)):
        ends = [(emit, end) for emit, end in pairs if end is not None]
        if len(ends) < _LEAST:
            continue
        _, last = max(ends, key=lambda pair: pair[1].time)
        since, presence = last.time, cover.instances.get(last.instance)
        wait = max(end.time - emit.time for emit, end in ends)
        before = [end for emit, end in pairs if emit.time <= since - wait]
        after = [emit for emit, end in pairs if emit.time > since + _MOMENT_S]
        gap = (since - min(end.time for _, end in ends)) / (len(ends) - 1)
        if (
            presence is None
            or presence.last is None
            or last.instance in left
            or len(after) < _DUE
            or sum(end is not None for end in before) < _NEARLY_ALL * len(before)
            or max(emit.time for emit in after) - since < max(_DUE * gap, _LEAST_S, 3 * wait)
            or presence.last < since + max(_DUE * gap, _LEAST_S)
            or cover.blind(last.instance, max(emit.time for emit in after), last.level)
        ):
            continue
        place = after[0].place, after[0].text
        yield Silent(
            last.instance,
            event or last.shape,
            len(ends),
            since,
            presence.last - since,
            0,
            (last.place, last.text),
            None,
            place,
            len(after),
        )


def courses_of_events(units: Sequence[Unit]) -> dict[str, list[tuple[Step, Step | None]]]:
    """Event -> each emission once, with the line that handles it; one that goes on in any other way is left out.

    What is handled belongs to the emission that it shares most ids with: `seq=92 user=71` is not the end of `seq=82 user=71`.
    """
    known: dict[Place, tuple[str, Step, list[Step]]] = {}
    others: set[Place] = set()
    most: dict[Place, int] = {}
    for unit in units:
        steps = list(unit.steps.values())
        emit = next((s for s in steps if s.stage == "emitted" and not s.bad), None)
        if emit is None:
            continue
        end = next(
            (s for s in steps if s.stage in ("handled", "completed") and s.time >= emit.time and not s.bad), None
        )
        if end is None and any(s.time > emit.time for s in steps):
            others.add(emit.place)
        before = known.get(emit.place)
        known[emit.place] = unit.event or (before[0] if before else ""), emit, [*(before[2] if before else ()), *([end] if end else ())]
        if end is not None:
            most[end.place] = max(most.get(end.place, 0), len(end.ids & emit.ids))
    found: dict[str, list[tuple[Step, Step | None]]] = {}
    for place, (event, emit, ends) in known.items():
        own = next((end for end in reversed(ends) if len(end.ids & emit.ids) >= most[end.place]), None)
        if own is not None or place not in others:
            found.setdefault(event, []).append((emit, own))
    return found


def leaving(stopped: Stopped) -> dict[str, tuple[Place, str]]:
    """The processes that say that they are being stopped, with such a line of each."""
    return {name: (run.place, run.text) for (_, template), series in stopped.series.items() if _LEAVING.search(template) for name, run in series.runs.items() if run.place is not None}


def silent(stopped: Stopped, cover: Cover) -> Iterator[Silent]:
    """Each process once, with the kind of line that it wrote most often."""
    known = stopped.series.items()
    found: dict[str, Silent] = {}
    left = leaving(stopped)
    for (_, template), series in known:
        if not series.handles or len(series.runs) < 2:
            continue
        for one in _in_series(template, series, cover, left):
            before = found.get(one.instance)
            if one.instance not in left and (before is None or one.count > before.count):
                found[one.instance] = one
    for one in found.values():
        # A process that handles other things yet has only changed what it does.
        if not any(_handles_after(series, one) for _, series in known):
            yield _with_life(one, known)


def backed_up(stopped: Stopped, cover: Cover, growth: Growth) -> Iterator[Silent]:
    """Processes that live, and whose most frequent regular line comes no more since a count of what waits only rises; no word says that the line is about handling."""
    left = leaving(stopped)
    for of, _, counted in growth.found():
        points = sorted({*counted.points, *counted.ends})
        rise = counted.last - counted.first
        still, begun = (max(n for n, point in enumerate(points) if point[3] <= counted.first + part * rise) for part in (0.0, _PART))
        if of != "waiting" or begun + 1 >= len(points) or counted.latest is None:
            continue
        since, until = points[still][0], points[begun + 1][0]
        ended = [
            Silent(name, template, run.count * series.one_in, run.last[0], presence.last - run.last[0], 0, (run.place, run.text), None, counted.latest[1:], rise)
            for (_, template), series in stopped.series.items()
            for name, run in series.runs.items()
            if name not in left and run.count >= _WAITED and run.last[0] - run.first >= _LEAST_S and run.place is not None and (presence := cover.instances.get(name)) and presence.last is not None
            # The line comes in step before, and would have come many times since.
            for gap in [(run.last[0] - run.first) / (run.count - 1)]
            if since - 2 * gap <= run.last[0] <= until + 2 * gap and presence.last - run.last[0] >= max(_DUE * gap, _LEAST_S) and presence.tells(series.level, until)
        ]
        yield from sorted(ended, key=lambda one: (one.count, one.template))[-1:]


def _in_series(template: str, series: Series, cover: Cover, left: Collection[str]) -> Iterator[Silent]:
    runs = [
        (name, run, presence)
        for name, run in series.runs.items()
        if (presence := cover.instances.get(name)) and run.count >= _LEAST
    ]
    going_on = [(name, run) for name, run, presence in runs if _goes_on(run, presence)]
    for name, run, presence in runs:
        gap = (run.last[0] - run.first) / (run.count - 1)
        ended = presence.last
        if ended is None or presence.first is None or gap <= 0 or run.place is None:
            continue
        silence = ended - run.last[0]
        due = silence >= max(_DUE * gap, _LEAST_S, _PART * (ended - presence.first))
        # Who began when this one ended has taken over from it.
        # Who was stopped before shows nothing of what would have come since.
        others = [
            its
            for other, its in going_on
            if its.first < run.last[0] - _DUE * gap / 2 and other != name and (other not in left or its.last[0] > run.last[0])
        ]
        if due and others and presence.tells(series.level, run.last[0] + silence / 2):
            going = (others[0].place or run.place, others[0].text)
            yield Silent(name, template, run.count * series.one_in, run.last[0], silence, len(others), (run.place, run.text), None, going)


def _goes_on(run: Run, presence: Presence) -> bool:
    gap = (run.last[0] - run.first) / max(1, run.count - 1)
    return presence.last is not None and presence.last - run.last[0] <= 3 * gap + 5


def handles_on(stopped: Stopped, cover: Cover, instance: str, since: float) -> bool:
    """Whether all that a process handled regularly before a time comes after it, too, and to the end of what it writes."""
    presence = cover.instances.get(instance)
    if presence is None:
        return False
    kinds = [run for _, series in stopped.series.items() if series.handles and (run := series.runs.get(instance)) and run.count >= _REGULAR and run.first < since]
    return bool(kinds) and all(run.last[0] > since and _goes_on(run, presence) for run in kinds)


def _handles_after(series: Series, one: Silent) -> bool:
    run = series.runs.get(one.instance) if series.handles else None
    return run is not None and run.last[0] > one.since


def _with_life(one: Silent, known: list[tuple[tuple[str, str], Series]]) -> Silent:
    """With the last line that the process wrote, if it is one of which the place is known."""
    from callcheck.model.noun import replace

    runs = [run for _, series in known if (run := series.runs.get(one.instance)) and run.last[0] > one.since]
    last = max(runs, key=lambda run: run.last, default=None)
    return replace(one, alive=(last.place, last.text)) if last and last.place else one
