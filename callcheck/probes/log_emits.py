"""Are there emits that nobody hears, or somebody only while it is connected, and streams that carry nothing?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.fact import Fact
from callcheck.model.facts.journeys import PublishedAway
from callcheck.model.facts.log_events import EmitUnheard, RunsWithoutEvents
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.target import Target
from callcheck.sources.logs.telling import told

if TYPE_CHECKING:
    from callcheck.sources import Eyes

_LEAST = 3
_MISSED = 2
_MOST = 4
_SHARE = 0.8


class LogEmits:
    """States emits that returned false, what was published while its subscriber was away, and streams that were closed without one event."""

    name = "log_emits"
    looks_at = Sight.LOGS
    answers: frozenset[type[Fact]] = frozenset({EmitUnheard, PublishedAway, RunsWithoutEvents})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if eyes.logs else "no log files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        emits = eyes.logs.summary.emits
        for name, event in emits.unheard:
            tally = event.unheard
            if tally.count < 2:
                continue
            other = emits.split(event)
            awaited = [] if other else emits.waited(event)
            fact = EmitUnheard(clean(name), bool(other), tally.count, event.heard, emits.spent(event), bool(awaited))
            other = other or awaited
            yield told(fact, self.name, [tally.samples[0], *other[:2], *tally.samples[1:]], "and here")
        yield from self._parted(eyes)
        empty = emits.empty
        if empty.count >= _LEAST and emits.full <= 0.1 * empty.count:
            runs = emits.plain.samples[:2]
            library = "autogen" if any("LLMCall" in text for _, text in runs) else ""
            fact_ = RunsWithoutEvents(empty.count, library, emits.streamed > 0, unasked=emits.unasked >= _SHARE * empty.count)
            yield told(fact_, self.name, [empty.samples[0], *runs, *empty.samples[1:]], "and here")
        elif min(emits.awaited.count, emits.plain.count) >= _LEAST and not (emits.full or emits.streamed or emits.empty.count):
            # Nobody counts what came; the model's answers are told, and not one piece of them.
            fact_ = RunsWithoutEvents(emits.plain.count, "autogen" if any("LLMCall" in text for _, text in emits.plain.samples) else "", False)
            yield told(fact_, self.name, [emits.plain.samples[0], *emits.awaited.samples[:2], *emits.plain.samples[1:3]], "somebody waits for its pieces, or again")
        for part, tally in emits.silent.items():
            # Whether the inner run is what is called without streaming, its lines do not say; that each time something is, they must.
            if part not in emits.sounding and tally.count >= _LEAST and emits.plain.count >= tally.count:
                fact_ = RunsWithoutEvents(tally.count, "", emits.streamed > 0, clean(part))
                yield told(fact_, self.name, [tally.samples[0], *emits.plain.samples[:2], *tally.samples[1:]], "a call without streaming, or again")
        if not eyes.logs.summary.partly:
            yield from self._away(eyes)

    def _parted(self, eyes: Eyes) -> Iterator[Evidence]:
        """No line says how many listen; that the listener is on another object, both sides' lines do."""
        summary = eyes.logs.summary
        # Of a log that is too long to be read whole the registration on that object may stand where nobody looked.
        for name, event in summary.emits.events.items() if not summary.partly else ():
            own = summary.names.known.get(name)
            other = summary.emits.parted(event) if event.untold.count >= _LEAST and (own is None or not own.handled) else []
            if other and not any(unit.event == name and unit.handled for unit in eyes.logs.units):
                tally = event.untold
                yield told(EmitUnheard(clean(name), True, tally.count, 0, False), self.name, [tally.samples[0], *other[:2], *tally.samples[1:]], "and here")

    def _away(self, eyes: Eyes) -> Iterator[Evidence]:
        """Of a log that is too long to be read whole it is not known what came in between."""
        from callcheck.sources.logs.absences import missed

        summary = eyes.logs.summary
        for away in sorted(summary.brokers.away(), key=lambda each: -each.missed)[:_MOST]:
            if away.missed >= _MISSED and away.arrived:
                fact = PublishedAway(clean(away.topic), clean(away.client), away.missed, away.of, away.arrived, away.clean, away.system)
                lines = [(said.place, said.text) for said in away.lost]
                yield told(fact, self.name, lines, "its connection ends, it comes back, or this is missed too")
        for one in list(missed(eyes.logs.units, summary.renewals, summary.cover))[:_MOST]:
            fact = PublishedAway(clean(one.event), clean(one.subscriber) or "the subscriber", len(one.lost), one.of, one.arrived, False, one.system)
            ends = [(mark.place, mark.text) for gap in one.gaps[:2] for mark in gap]
            lost = [(step.place, step.text) for step in one.lost[:3]]
            yield told(fact, self.name, [lost[0], *ends, *lost[1:]], "its connection ends, it comes back, or this is missed too")


PROBE = LogEmits()
