"""Where did each delivery stop, in the recorded run?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.fact import Fact
from callcheck.model.facts.journeys import CountGrows, DeliveryFunnel
from callcheck.model.facts.observed import DeliveryStopped
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.recorded import Failure, Listener, Place, Recording
from callcheck.model.target import Target
from callcheck.model.words import Basis
from callcheck.sources.recording.counts import Stop, growing, stops
from callcheck.sources.recording.silences import reason

if TYPE_CHECKING:
    from callcheck.sources import Eyes
    from callcheck.sources.recording.recorded import Recorded

_EXPECTED = frozenset({"stacks", "requests", "emits", "names"})
"""What an agent leaves out without anything else becoming unknown: it goes on counting."""
_FRAMEWORKS = frozenset({"django", "celery", "socket.io", "blinker", "pyee", "bullmq", "autogen", "langchain"})
"""Systems that are called as the framework is whose cures fit."""


class RecordedDeliveries:
    """States what became of the events that an agent of `callcheck observe` saw go out, counted by event and fate."""

    name = "recorded-deliveries"
    looks_at = Sight.RECORDINGS
    answers: frozenset[type[Fact]] = frozenset({DeliveryStopped})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.recordings else "no recording of a run given"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        for recording in eyes.recording.all:
            yield from _unseen(recording)
            seen = Seen(eyes.recording, self.name)
            found = stops(recording)
            for stop in found.stops:
                yield seen.stop(stop)
            for counted in found.funnels:
                yield seen.funnel(counted)
            for listener, most in growing(recording):
                yield seen.grows(listener, most)


def _unseen(recording: Recording) -> Iterator[Lost]:
    yield from (Lost(clean(what), clean(why)) for what, why in recording.lost)
    for member in recording.silent:
        yield Lost(f"pid {member.pid} ({clean(' '.join(member.command), 80)})", f"{reason(member)}, so what it emits and hears is not known")
    for process in recording.processes:
        left = {what: count for what, count in process.skipped.items() if what not in _EXPECTED}
        if left:
            said = ", ".join(f"{what} ({count})" for what, count in sorted(left.items()))
            yield Lost(clean(process.who), f"its agent did not write down: {clean(said, 200)}")


class Seen:
    """Makes evidence of what was counted."""

    def __init__(self, recorded: Recorded, probe: str) -> None:
        self._recorded = recorded
        self._probe = probe

    def stop(self, stop: Stop) -> Evidence:
        fate = stop.fates[0]
        failure = fate.failure or Failure("", "", "", None)
        language = fate.emission.process.language
        fact = DeliveryStopped(
            event=clean(stop.event, 120),
            system=clean(fate.emission.channel.system, 40),
            fate=fate.how,
            count=stop.count,
            of=stop.of,
            share=round(100 * stop.count / stop.of),
            met=stop.met,
            heard=stop.heard,
            processes=stop.processes,
            fresh=stop.fresh,
            payload_shaped=stop.payload_shaped,
            error=clean(failure.error, 80),
            said=clean(failure.message, 160),
            near=clean(fate.near or (failure.message if failure.kind == "untyped" else ""), 120),
            language=language,
            framework=fate.emission.channel.system if fate.emission.channel.system in _FRAMEWORKS else "",
        )
        others = []
        if fate.listener is not None:
            others += self._listener(fact, fate.listener)
        if failure.place is not None:
            others.append(self._at(fact, failure.place, "the error arises here"))
        others += [self._at(fact, made, "an object of its own is made here, in a request") for made in stop.made]
        place = fate.emission.place
        if failure.place is not None:
            emitted = [self._at(fact, place, f"{fact.event} goes out here, in {fate.emission.process.who}")] if place else []
            return Evidence(fact, Basis.OBSERVED, self._probe, self._recorded.location(failure.place), self._recorded.excerpt(failure.place), because=(*emitted, *others[:-1]))
        here = place or stop.source
        how = "emitted here" if place or not here else "emitted by what is made here"
        where = self._recorded.location(here) if here else None
        return Evidence(fact, Basis.OBSERVED, self._probe, where, self._recorded.excerpt(here) if here else "", label=f"{fact.says()} ({how}, in {fate.emission.process.who})", because=tuple(others))

    def _listener(self, fact: DeliveryStopped, listener: Listener) -> list[Evidence]:
        found = [self._at(fact, listener.place, f"its listener is added here, in {listener.process.who}")] if listener.place else []
        if listener.gone_at is not None and fact.fate == "removed":
            found.append(self._at(fact, listener.gone_at, "and taken off here"))
        return found

    def _at(self, fact: Fact, place: Place, label: str) -> Evidence:
        return Evidence(fact, Basis.OBSERVED, self._probe, self._recorded.location(place), self._recorded.excerpt(place), label=label)

    def funnel(self, counted: DeliveryFunnel) -> Evidence:
        return Evidence(counted, Basis.OBSERVED, self._probe)

    def grows(self, listener: Listener, most: int) -> Evidence:
        fact = CountGrows("listeners", clean(f"listeners of {listener.channel.name}", 120), 1, most, False)
        where = self._recorded.location(listener.place) if listener.place else None
        return Evidence(fact, Basis.OBSERVED, self._probe, where, self._recorded.excerpt(listener.place) if listener.place else "", label=f"one more listener each time, {most} in {listener.process.who}")


PROBE = RecordedDeliveries()
