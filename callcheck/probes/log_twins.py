"""Do the logs show work that is handed to another object than the one that runs?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.fact import Fact
from callcheck.model.facts.log_events import WorkMisplaced
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.target import Target
from callcheck.sources.logs.telling import told

if TYPE_CHECKING:
    from callcheck.sources import Eyes


class LogTwins:
    """States two objects of one kind in one process, of which one only runs and the other is only handed work."""

    name = "log_twins"
    looks_at = Sight.LOGS
    answers: frozenset[type[Fact]] = frozenset({WorkMisplaced})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if eyes.logs else "no log files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        from callcheck.sources.logs.twins import twins

        known = {failure.place for failure in eyes.logs.summary.failures.found}
        for found in twins(eyes.logs.trails, known):
            yield told(WorkMisplaced(clean(found.kind), len(found.handed)), self.name, found.samples, "the other one runs here, or again")


PROBE = LogTwins()
