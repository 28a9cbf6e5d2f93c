"""Do the logs show events that stay in the process that emits them?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.fact import Fact
from callcheck.model.facts.logs import EventCrossed, ListenerLate
from callcheck.model.probe import Sight
from callcheck.model.target import Target
from callcheck.sources.logs.telling import told

if TYPE_CHECKING:
    from callcheck.sources import Eyes
    from callcheck.sources.logs.trails import Crossing

_LEAST = 3


class LogCrossings:
    """Lays emits beside registrations by the ids that both name."""

    name = "log_crossings"
    looks_at = Sight.LOGS
    answers: frozenset[type[Fact]] = frozenset({EventCrossed, ListenerLate})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if eyes.logs else "no log files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        trails = eyes.logs.summary.trails
        emitted = trails.emitted()
        # Handling must be something that this log shows at all, or its absence says nothing.
        if (
            emitted.lost >= _LEAST
            and (emitted.same >= 2 or emitted.layer == "actioncable")
            and emitted.arrived <= 0.2 * emitted.lost
            and emitted.same_lost <= emitted.same + 1
        ):
            yield self._fact(emitted, "emitted")
        late, in_time = trails.late()
        if len(late) >= _LEAST and in_time >= _LEAST:
            samples = [(step.place, step.text) for event, listener in late[:3] for step in (listener, event)]
            yield told(ListenerLate(len(late), in_time), self.name, samples, "its other half, or another pair")
        unknown = trails.unknown()
        if unknown.lost >= _LEAST and unknown.arrived <= 0.2 * unknown.lost and unknown.same_lost <= 0.3 * unknown.lost:
            yield self._fact(unknown, "unknown")

    def _fact(self, crossing: Crossing, how: str) -> Evidence:
        fact = EventCrossed(
            crossing.lost, crossing.arrived, crossing.same, crossing.layer, how, len(crossing.instances)
        )
        samples = [step for pair in crossing.pairs[:3] for step in (pair[1], pair[0])]
        return told(fact, self.name, [(step.place, step.text) for step in samples], "its other half, or another pair")


PROBE = LogCrossings()
