"""Which single deliveries does a recording hold, mark by mark?"""

from __future__ import annotations

import functools
from collections.abc import Iterator

from callcheck.model.evidence import Location
from callcheck.model.recorded import Listener, Place, Recording
from callcheck.model.swimlane import ARRIVED, STOPPED, UNSEEN, Delivery, Mark
from callcheck.sources.recording.fates import Fate, Fates, folded
from callcheck.sources.recording.recorded import Recorded

_US = 1_000_000


def deliveries(recorded: Recorded) -> Iterator[Delivery]:
    """Those of every recording; events that nobody listens to are left out, since most are no fault."""
    for recording in recorded.all:
        course = _Course(recorded, recording)
        for fate in Fates(recording).all():
            if fate.how != "nobody":
                yield course.of(fate)


class _Course:
    """Turns fates into marks."""

    def __init__(self, recorded: Recorded, recording: Recording) -> None:
        self._at = functools.cache(recorded.location)
        self._listeners: dict[tuple[str, str, str], Listener] = {}
        for each in recording.listeners:
            self._listeners.setdefault((each.process.file, each.emitter, each.channel.name), each)

    def of(self, fate: Fate) -> Delivery:
        """One delivery: every emission of it, whoever heard it there, and the listener that it was for."""
        marks: list[Mark] = []
        listener = fate.listener
        for emission in fate.delivery.emissions:
            who, time = emission.process.who, emission.at / _US
            where = self._where(emission.place)
            marks.append(Mark("emitted", who, time, where))
            here = self._listeners.get((emission.process.file, emission.emitter, emission.channel.name))
            listener = listener or here
            if emission.heard or emission.entered:
                marks.append(Mark("handled", who, time, self._where(here.place) if here else where))
            marks += (Mark("failed", who, time, self._where(failure.place)) for failure in emission.failures)
        if listener is not None:
            marks.insert(0, Mark("registered", listener.process.who, listener.added / _US, self._where(listener.place)))
        marks.sort(key=lambda mark: mark.time)
        ended = ARRIVED if fate.how == "heard" else UNSEEN if fate.how == "unknown" else STOPPED
        name = fate.delivery.channel.name
        event = folded(name)
        first = fate.delivery.emissions[0]
        id = name if name != event else first.trace or first.request
        return Delivery(id, event, ended, fate.how if ended == STOPPED else "", tuple(marks))

    def _where(self, place: Place | None) -> Location | None:
        return self._at(place) if place else None
