"""What of the deliveries can these logs not show, and which line would show it?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.fact import Fact
from callcheck.model.facts.log_views import DeliveryUnseen
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.target import Target
from callcheck.sources.logs.telling import told

if TYPE_CHECKING:
    from callcheck.sources import Eyes
    from callcheck.sources.logs.unseen import Unseen


class LogUnseen:
    """States what nobody can tell from these logs, with the line to write."""

    name = "log_unseen"
    looks_at = Sight.LOGS
    answers: frozenset[type[Fact]] = frozenset({DeliveryUnseen})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if eyes.logs else "no log files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        from callcheck.sources.logs.unseen import unseen

        summary = eyes.logs.summary
        counted = {name for name, event in summary.emits.events.items() if event.heard or event.unheard.count}
        for one in unseen(eyes.logs.units, summary.cover, counted):
            why, log = _by_source(eyes, one) or (one.why, one.log)
            fact = DeliveryUnseen(clean(one.event), one.what, len(one.emits), clean(why), clean(log, 400))
            yield told(fact, self.name, [(step.place, step.text) for step in one.emits[:3]], "and here")


def _by_source(eyes: Eyes, one: Unseen) -> tuple[str, str] | None:
    """Where the handler writes a line that these logs do not hold: why not, and what to do; None if no statement is known."""
    own = next((s for s in eyes.statements if s.stage == "handled" and s.event and s.event == one.event), None)
    if own is None or one.what != "handled":
        return None
    place = f"{own.path}:{own.line}"
    if own.level in ("debug", "trace", "verbose", "silly"):
        return (
            f"its handler writes its line ({place}) at level {own.level}",
            f"Set the level to {own.level}, and look for that line",
        )
    return (
        f"its handler writes a line ({place}), which stands nowhere here",
        f"Give the logs of every process that loads {own.path}",
    )


PROBE = LogUnseen()
