"""Do the logs show that a provider's webhooks are turned away?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.fact import Fact
from callcheck.model.facts.journeys import DeadlineMet, WebhookRefused
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.target import Target
from callcheck.sources.logs.telling import told

if TYPE_CHECKING:
    from callcheck.sources import Eyes


class LogRefusals:
    """States each path on which hardly any request of a sender is taken, or after whose limit the sender leaves unanswered."""

    name = "log_refusals"
    looks_at = Sight.LOGS
    answers: frozenset[type[Fact]] = frozenset({WebhookRefused, DeadlineMet})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if eyes.logs else "no log files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        for name, sender, places, status, count in eyes.logs.summary.refusals.found():
            fact = WebhookRefused(clean(name), status, clean(sender), count, 300 <= status < 400)
            yield told(fact, self.name, places)
        known = eyes.logs.knowledge.deadlines if eyes.logs.knowledge else ()
        for deadline, hits, answers in eyes.logs.summary.refusals.given_up(known):
            met = DeadlineMet(deadline.seconds, deadline.whose, deadline.side, hits)
            yield told(met, self.name, answers.left_places)
        for deadline, hits, answers in eyes.logs.summary.refusals.too_late(known):
            late = DeadlineMet(deadline.seconds, deadline.whose, deadline.side, hits)
            yield told(late, self.name, answers.slow_places)


PROBE = LogRefusals()
