"""Do the logs show that numbers of a stream are missing where it is heard?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.fact import Fact
from callcheck.model.facts.log_events import SequenceGap
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.target import Target
from callcheck.sources.logs.telling import told

if TYPE_CHECKING:
    from callcheck.sources import Eyes


class LogSequences:
    """States for the numbered streams of logs that were read whole how many numbers nobody heard."""

    name = "log_sequences"
    looks_at = Sight.LOGS
    answers: frozenset[type[Fact]] = frozenset({SequenceGap})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if eyes.logs else "no log files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        summary = eyes.logs.summary
        # What nobody read is not lost.
        for gap in () if summary.partly else summary.sequences.gaps():
            fact = SequenceGap(clean(gap.subject), gap.lost, gap.of, gap.sent)
            yield told(fact, self.name, gap.samples, "and here")


PROBE = LogSequences()
