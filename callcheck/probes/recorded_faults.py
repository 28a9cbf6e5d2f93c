"""Which errors of the recorded run went nowhere: in tasks, threads, and promises that nobody took?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.fact import Fact
from callcheck.model.facts.logs import HandlerError, LogSignal
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.target import Target
from callcheck.model.words import Basis

if TYPE_CHECKING:
    from callcheck.model.recorded import Place
    from callcheck.sources import Eyes
    from callcheck.sources.recording.faults import Alike
    from callcheck.sources.recording.recorded import Recorded

_SIGNALS = {"unknown-task": "task-unregistered", "asyncio": "task-exception-unretrieved", "warning": "never-awaited"}
"""What a library would have written of it, in the names that the signatures of logs have."""


class RecordedFaults:
    """States failures that no delivery shows: of Celery's tasks, of background tasks, threads and rejections, and coroutines that were never awaited."""

    name = "recorded-faults"
    looks_at = Sight.RECORDINGS
    answers: frozenset[type[Fact]] = frozenset({LogSignal, HandlerError})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.recordings else "no recording of a run given"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        from callcheck.sources.recording.faults import faults

        for recording in eyes.recording.all:
            for alike in faults(recording):
                fact = _fact(alike)
                if fact is None:
                    continue
                sent = next((each.place for each in recording.emissions if each.channel.name == alike.subject and each.place), None)
                yield self._evidence(fact, alike.first.place or sent, alike.first.message, eyes.recording)

    def _evidence(self, fact: Fact, place: Place | None, said: str, recorded: Recorded) -> Evidence:
        where = recorded.location(place) if place else None
        label = f"{fact.says()}: {clean(said, 120)}" if said else fact.says()
        return Evidence(fact, Basis.OBSERVED, self.name, where, recorded.excerpt(place) if place else "", label=label)


def _fact(alike: Alike) -> Fact | None:
    from callcheck.sources.recording.counts import shaped

    first, subject = alike.first, clean(alike.subject, 120)
    error = clean(first.error, 80)
    signal = _SIGNALS.get(first.kind)
    if signal is not None:
        return LogSignal(signal, subject, "", error, alike.count, alike.instances) if subject or first.kind == "asyncio" else None
    # Only of a task is it known that it was handed something.
    task = first.kind == "task"
    return HandlerError(error, subject, task and shaped(first.error, first.message), task, "", alike.count, False, alike.instances)


PROBE = RecordedFaults()
