"""Do the logs measure that a loop stood still?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.fact import Fact
from callcheck.model.facts.logs import LoopStalled
from callcheck.model.probe import Sight
from callcheck.model.target import Target
from callcheck.sources.logs.telling import told

if TYPE_CHECKING:
    from callcheck.sources import Eyes


class LogStalls:
    """States stalls of seconds that an application's own monitor wrote down."""

    name = "log_stalls"
    looks_at = Sight.LOGS
    answers: frozenset[type[Fact]] = frozenset({LoopStalled})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if eyes.logs else "no log files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        signals = eyes.logs.summary.signals
        if signals.stalls.count:
            yield told(
                LoopStalled(signals.longest_s, signals.stalls.count, "measured"), self.name, signals.stalls.samples
            )


PROBE = LogStalls()
