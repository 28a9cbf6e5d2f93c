"""Do the clocks of the processes that write the logs differ?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.fact import Fact
from callcheck.model.facts.log_views import ClocksApart
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.target import Target
from callcheck.sources.logs.telling import told

if TYPE_CHECKING:
    from callcheck.sources import Eyes

_MOST = 5


class LogClocks:
    """States pairs of processes between which what is emitted seems to be handled before."""

    name = "log_clocks"
    looks_at = Sight.LOGS
    answers: frozenset[type[Fact]] = frozenset({ClocksApart})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if eyes.logs else "no log files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        for one in eyes.logs.clocks[:_MOST]:
            fact = ClocksApart(clean(one.ahead), clean(one.behind), round(one.seconds, 1), len(one.pairs))
            yield told(
                fact, self.name, [(step.place, step.text) for pair in one.pairs[:2] for step in pair], "and the other's"
            )


PROBE = LogClocks()
