"""Is work put in as before, although the last process that did it has been stopped, and no other one takes its place?

worker-1  | 09:12:40 label job done job=j71
worker-1  | 09:12:52 SIGTERM received, worker shutting down
web-1     | 09:12:59 label job added job=j72          and so on for the rest of the log, in which no worker writes any more
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from callcheck.model.log import Place
from callcheck.model.noun import dataclass
from callcheck.sources.logs.absences import courses_of_kinds
from callcheck.sources.logs.instances import service_of
from callcheck.sources.logs.presence import Cover
from callcheck.sources.logs.silence import courses_of_events, leaving
from callcheck.sources.logs.stopped import Stopped
from callcheck.sources.logs.trails import Step, apart
from callcheck.sources.logs.units import Unit

_LEAST = 12
_DUE = 10
_LEAST_S = 60.0
_NEARLY_ALL = 0.85


@dataclass(frozen=True, slots=True)
class LeftAlone:
    """Work that nobody takes any more."""

    what: str
    since: Step
    """The last that was done."""
    put: list[Step]
    """What was put in since."""
    goodbye: tuple[Place, str]


def left_alone(units: Sequence[Unit], stopped: Stopped, cover: Cover) -> Iterator[LeftAlone]:
    """By who says that he is being stopped; where a process of his service writes afterwards, another one has taken over."""
    goodbyes = leaving(stopped)
    for what, pairs in (*courses_of_events(units).items(), *courses_of_kinds(units)) if goodbyes else ():
        ends = [end for _, end in pairs if end is not None]
        workers = {end.instance for end in ends}
        if len(ends) < _LEAST or not workers <= goodbyes.keys() or not all(apart(emit.instance, worker) for emit, _ in pairs[:1] for worker in workers):
            continue
        last = max(ends, key=lambda end: end.time)
        wait = max(end.time - emit.time for emit, end in pairs if end is not None)
        before = [end for emit, end in pairs if emit.time <= last.time - wait]
        put = sorted((emit for emit, _ in pairs if emit.time > last.time + wait), key=lambda emit: (emit.time, emit.order))
        gap = (last.time - min(end.time for end in ends)) / (len(ends) - 1)
        services = {service_of(worker) for worker in workers}
        goes_on = any(service_of(name) in services and name not in goodbyes and (known.last or 0.0) > last.time + wait for name, known in cover.instances.items())
        if (
            not goes_on
            and len(put) >= _DUE
            and sum(end is not None for end in before) >= _NEARLY_ALL * len(before)
            and put[-1].time - last.time >= max(_DUE * gap, _LEAST_S, 3 * wait)
            and not cover.missed(workers, put[-1].time)
        ):
            yield LeftAlone(what, last, put, goodbyes[last.instance])
