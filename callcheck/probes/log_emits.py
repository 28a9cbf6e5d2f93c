"""Are there emits that nobody hears, and streams that carry nothing?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.fact import Fact
from callcheck.model.facts.logs import EmitUnheard, RunsWithoutEvents
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.target import Target
from callcheck.sources.logs.telling import told

if TYPE_CHECKING:
    from callcheck.sources import Eyes

_LEAST = 3


class LogEmits:
    """States emits that returned false, and streams that were closed without one event."""

    name = "log_emits"
    looks_at = Sight.LOGS
    answers: frozenset[type[Fact]] = frozenset({EmitUnheard, RunsWithoutEvents})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if eyes.logs else "no log files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        emits = eyes.logs.summary.emits
        for name, event in emits.unheard:
            tally = event.unheard
            if tally.count < 2:
                continue
            other = emits.split(event)
            fact = EmitUnheard(clean(name), bool(other), tally.count, event.heard, emits.spent(event))
            yield told(fact, self.name, [tally.samples[0], *other[:2], *tally.samples[1:]], "and here")
        empty = emits.empty
        if empty.count >= _LEAST and emits.full <= 0.1 * empty.count:
            runs = emits.plain.samples[:2]
            library = "autogen" if any("LLMCall" in text for _, text in runs) else ""
            fact_ = RunsWithoutEvents(empty.count, library, emits.streamed > 0)
            yield told(fact_, self.name, [empty.samples[0], *runs, *empty.samples[1:]], "and here")


PROBE = LogEmits()
