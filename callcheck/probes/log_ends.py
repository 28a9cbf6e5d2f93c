"""Which regular lines stop at a restart, a reconnect or the end of a thread, or stay away while their thread is held or their process idle?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.fact import Fact
from callcheck.model.facts.log_events import EventPaused, EventStopped
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.target import Target
from callcheck.sources.logs.telling import told

if TYPE_CHECKING:
    from callcheck.sources import Eyes

_MOST = 6


class LogEnds:
    """States the kinds of lines that are due and do not come any more, or for a time."""

    name = "log_ends"
    looks_at = Sight.LOGS
    answers: frozenset[type[Fact]] = frozenset({EventPaused, EventStopped})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if eyes.logs else "no log files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        summary = eyes.logs.summary
        warned = {
            subject: tally
            for (signal, _, subject), tally in summary.signals.signals.items()
            if signal == "event-deprecated" and subject
        }
        ends = sorted(summary.stopped.ends(summary.cover, warned, summary.deaths.marks()), key=lambda e: (-e.series.count, e.template))[:_MOST]
        named = any(name in end.template.split() for name in warned for end in ends)
        for end in ends:
            # With one event that goes with the next version, the lines that end with the version are its.
            lone = next(iter(warned)) if len(warned) == 1 and end.after == "version" and not named else ""
            subject = next((name for name in warned if name in end.template.split()), lone)
            fact = EventStopped(clean(subject or end.template), end.after, end.series.count * end.series.one_in, bool(subject), end.shaped)
            samples = [(end.mark.place, end.mark.text)]
            if subject:
                samples.insert(0, warned[subject].samples[0])
            _, place, text = end.series.latest
            if place:
                samples.append((place, text))
            yield told(fact, self.name, samples, "the last one, or what came in between")
        if summary.partly:
            return  # Of a long log each kind of line is known in stretches.
        from callcheck.sources.logs.one_silent import one_silent
        from callcheck.sources.logs.pauses import held, idle

        for one in list(one_silent(eyes.logs.units, summary.stopped, summary.cover))[:_MOST]:
            alone = EventStopped(clean(one.due[0].event or one.due[0].shape), "nothing", one.count, False)
            lines = [(step.place, step.text) for step in (one.due[0], one.last, *one.due[1:3])]
            yield told(alone, self.name, lines, "the last that was handled, or what goes out since")

        for pause in [*held(summary.stopped, eyes.logs.units), *idle(summary.stopped)][:_MOST]:
            paused = EventPaused(clean(pause.subject), pause.how, clean(pause.by), clean(pause.thread), pause.seconds, pause.missed)
            yield told(paused, self.name, pause.samples, "the last line of what held it, or of those that stayed away")


PROBE = LogEnds()
