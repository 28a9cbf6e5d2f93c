"""Which process handles nothing any more although it lives, while others of its kind go on?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from callcheck.model.clock import clock
from callcheck.model.evidence import Evidence, Lost
from callcheck.model.fact import Fact
from callcheck.model.facts.log_views import InstanceSilent
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.target import Target
from callcheck.sources.logs.telling import told

if TYPE_CHECKING:
    from callcheck.sources import Eyes

_MOST = 6


class LogSilences:
    """States each process that stopped handling, with its last line of the kind and what it wrote since."""

    name = "log_silences"
    looks_at = Sight.LOGS
    answers: frozenset[type[Fact]] = frozenset({InstanceSilent})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if eyes.logs else "no log files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        from callcheck.sources.logs.silence import silent

        summary = eyes.logs.summary
        if summary.partly:
            return
        for one in sorted(silent(summary.stopped, summary.cover), key=lambda s: -s.seconds)[:_MOST]:
            fact = InstanceSilent(
                clean(one.instance), clean(one.template), clock(one.since), round(one.seconds), one.count, one.others
            )
            samples = [one.last, *([one.alive] if one.alive else []), one.going_on]
            yield told(fact, self.name, samples, "it lives, or another one goes on")


PROBE = LogSilences()
