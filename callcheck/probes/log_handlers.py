"""Which handlers do the logs show raising?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.fact import Fact
from callcheck.model.facts.handlers import HandlerMisfit
from callcheck.model.facts.logs import HandlerError
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.target import Target
from callcheck.sources.logs.dead_ends import dead_ends
from callcheck.sources.logs.shapes import payload_shaped
from callcheck.sources.logs.telling import raised, told, with_end

if TYPE_CHECKING:
    from callcheck.sources import Eyes

_MOST = 40


class LogHandlers:
    """States each handler and error type once, the callbacks that a library cannot call, and the errors with which deliveries end."""

    name = "log_handlers"
    looks_at = Sight.LOGS
    answers: frozenset[type[Fact]] = frozenset({HandlerError, HandlerMisfit})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if eyes.logs else "no log files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        summary = eyes.logs.summary
        found = sorted(summary.signals.handlers.items(), key=lambda item: -item[1].count)
        for (library, handler, error, shaped, named), tally in found[:_MOST]:
            frame = tally.frame
            # A library's own function says less than the one of the app that it called.
            called = frame.handler if frame and (not handler or handler.startswith("_")) else ""
            fact = HandlerError(
                clean(error),
                clean(called or handler),
                shaped,
                named,
                library,
                tally.count,
                summary.rare(tally.count),
                len(tally.instances),
            )
            yield raised(told(fact, self.name, with_end(tally.samples, error, tally.below)), frame, eyes)
        for it, tally in summary.signals.misfits.items()[:_MOST]:
            misfit = HandlerMisfit(clean(it.handler), "", clean(it.takes), clean(it.given), "", "python")
            yield raised(told(misfit, self.name, with_end(tally.samples, tally.error, tally.below)), tally.frame, eyes)
        known = {failure.place for failure in summary.failures.found}
        for error, steps in dead_ends(eyes.logs.units, known):
            shaped = payload_shaped(steps[0].text, error, False)
            instances = len({step.instance for step in steps})
            ended = HandlerError(clean(error), "", shaped, False, "", len(steps), summary.rare(len(steps)), instances)
            yield told(ended, self.name, [(step.place, step.text) for step in steps])


PROBE = LogHandlers()
