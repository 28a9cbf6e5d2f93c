"""What became of the deliveries that a scenario set off in the running app?"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.facts.measured import WebhookMeasured
from callcheck.model.probe import Sight
from callcheck.model.target import Target
from callcheck.model.words import Basis
from callcheck.sources import Eyes


class Scenarios:
    """A fact for each fate and reason; what was measured stands in the target."""

    name = "scenarios"
    looks_at = Sight.MEASURED
    answers = frozenset({WebhookMeasured})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.measured else "requests are sent to the app only by `callcheck webhook`"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        for each in target.measured:
            arrived = bool(each.latency.count or each.strays or each.noise)
            noise = max(each.noise, key=lambda pair: pair[1], default=("", 0))[0]
            for group in each.groups:
                fact = WebhookMeasured(
                    each.name, str(group.fate), group.why, group.count, each.runs, round(group.count / each.runs, 3), group.status, each.latency.p50_s,
                    each.attempts, arrived, each.near, each.public, noise, each.receiver,
                )  # fmt: skip
                yield Evidence(fact, Basis.OBSERVED, self.name, each.where, excerpt=each.request)
            if each.ended:
                yield Lost(each.name, f"{each.ended} before all was seen")


PROBE = Scenarios()
