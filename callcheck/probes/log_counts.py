"""Which counts in the logs only rise?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.fact import Fact
from callcheck.model.facts.journeys import CountGrows
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.target import Target
from callcheck.sources.logs.doubles import mounting
from callcheck.sources.logs.telling import told

if TYPE_CHECKING:
    from callcheck.sources import Eyes


class LogCounts:
    """States each count of listeners or waiting work that rises to the end of the logs."""

    name = "log_counts"
    looks_at = Sight.LOGS
    answers: frozenset[type[Fact]] = frozenset({CountGrows})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if eyes.logs else "no log files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        for of, name, series in eyes.logs.summary.growth.found():
            idle = series.idle * 2 > series.lines or series.untaken
            fact = CountGrows(of, clean(name), series.first, series.last, idle)
            # The last one shows how far it came, and the early ones that it began low.
            places = series.places
            yield told(fact, self.name, [places[-1], *places[:-1]], "lower before", most=14)
        for each in mounting(eyes.logs.trails.steps):
            lines = [(step.place, step.text) for step in each.samples]
            yield told(CountGrows("listeners", f"the lines \"{clean(each.shape)}\" of a delivery", each.first, each.last, False), self.name, lines, "fewer before", most=14)


PROBE = LogCounts()
