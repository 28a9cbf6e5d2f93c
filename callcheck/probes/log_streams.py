"""Do the streams of one model or agent carry nothing, while those of others do?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.fact import Fact
from callcheck.model.facts.log_events import RunsWithoutEvents
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.target import Target
from callcheck.sources.logs.telling import told

if TYPE_CHECKING:
    from callcheck.sources import Eyes


class LogStreams:
    """Lays the counts at the ends of streams beside what their other lines name."""

    name = "log_streams"
    looks_at = Sight.LOGS
    answers: frozenset[type[Fact]] = frozenset({RunsWithoutEvents})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if eyes.logs else "no log files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        from callcheck.sources.logs.empty_kinds import empty_kind

        # Streams that all carry nothing are told of by `log_emits`.
        found = empty_kind(eyes.logs.units)
        if found is not None:
            scale = eyes.logs.summary.scale
            fact = RunsWithoutEvents(round(scale * len(found.empty)), "", False, kind_of=clean(f"{found.key} {found.value}", 80))
            lines = [found.empty[0], found.full[0], *found.empty[1:4]]
            yield told(fact, self.name, [(step.place, step.text) for step in lines], "one of another kind, or again")


PROBE = LogStreams()
