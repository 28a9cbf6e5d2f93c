"""When does which process register, emit, handle and fail?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.fact import Fact
from callcheck.model.facts.log_views import InstanceTimeline
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.target import Target
from callcheck.sources.logs.telling import told

if TYPE_CHECKING:
    from callcheck.sources import Eyes

_LEAST = 6
"""Fewer lines are read sooner than a plot of them."""


class LogTimelines:
    """States for the busiest processes what they did when."""

    name = "log_timelines"
    looks_at = Sight.LOGS
    answers: frozenset[type[Fact]] = frozenset({InstanceTimeline})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if eyes.logs else "no log files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        from callcheck.sources.logs.timeline import MOST, rows

        summary = eyes.logs.summary
        begin, end = summary.first, summary.last
        if begin is None or end is None or end <= begin:
            return
        found = list(rows(eyes.logs.trails.steps, summary.failures.found, begin, end))
        if sum(row.total for _, row in found) < _LEAST or not any(
            any(row.counts[1]) or any(row.counts[2]) for _, row in found
        ):
            return
        more = max(0, len(found) - MOST)
        for instance, row in sorted(found[:MOST]):
            registered, emitted, handled, failed = (" ".join(map(str, of)) for of in row.counts)
            if row.first is not None:
                fact = InstanceTimeline(clean(instance), begin, end, registered, emitted, handled, failed, more, summary.followed)
                yield told(fact, self.name, [(row.first, row.text)])


PROBE = LogTimelines()
