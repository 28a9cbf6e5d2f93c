"""How far do deliveries come in the logs, and what stops those that do not arrive?"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.fact import Fact
from callcheck.model.facts.journeys import DeadlineMet, DeliveryDiverted, DeliveryFunnel, EventUndelivered, ListenerGone
from callcheck.model.facts.traps import LibraryTrap
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.target import Target
from callcheck.sources.logs.asked_names import places
from callcheck.sources.logs.names import MISNAMED
from callcheck.sources.logs.telling import told
from callcheck.sources.logs.values import SENDS, untaken

if TYPE_CHECKING:
    from callcheck.model.log import Place
    from callcheck.sources import Eyes
    from callcheck.sources.logs.contrasts import Contrast
    from callcheck.sources.logs.trails import Step
    from callcheck.sources.logs.units import Unit

_LEAST = 3
_HEARD = 0.5
"""Where so many are taken up, for each of those that are lost, the event is heard."""
_PARTS = pattern(r"[.:/]")
_NAMES = pattern(r"(?:^|[_.])(?:name|type|kind|action|topic|channel|subject|queue|routing_?key|command|op)$", re.I)
"""Keys whose value is an event's name."""
_ONCE = "each listener hears the first event after it is attached and none after that: it is attached once(), or takes itself off; attach it with on()"
_TURNS = {2: "second", 3: "third", 4: "fourth", 5: "fifth"}
_NUMBERED = pattern(r"[-._](\d{1,2})(?:[/:]|$)", re.ASCII)
"""`worker-2`, `worker.2`, also with the number of its process behind it."""
_FAILING = 0.3
"""Where more than this share of the lost ones says why, the reason is no riddle, and another probe tells it."""


class LogJourneys:
    """States who or what makes deliveries end before their last line, and how many reach which stage."""

    name = "log_journeys"
    looks_at = Sight.LOGS
    answers: frozenset[type[Fact]] = frozenset(
        {DeadlineMet, DeliveryDiverted, DeliveryFunnel, EventUndelivered, LibraryTrap, ListenerGone}
    )

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if eyes.logs else "no log files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        from callcheck.sources.logs.journeys import crossing, funnels

        stated: set[str] = set()
        for contrast in eyes.logs.contrasts:
            if contrast.how == "place":
                yield from self._diverted(contrast)
            elif contrast.how == "event":
                for item in self._undelivered(contrast, eyes):
                    stated.add(contrast.lost[0].event)
                    yield item
            elif contrast.how in ("value", "size", "part", "turn"):
                yield from self._untaken(contrast)
        summary = eyes.logs.summary
        for f in funnels(eyes.logs.units, crossing(eyes.logs.contrasts), summary.cover):
            share = round(100 * f.handled / f.emitted)
            counts = (f.registered, f.started, f.emitted, f.handled, f.same, f.of_same, f.other, f.of_other)
            samples = f.lost or [u.first for u in eyes.logs.units if u.event == f.event][:1]
            yield told(DeliveryFunnel(clean(f.event), *counts, share, f.unseen, summary.followed), self.name, _shown(samples), "this one too")
        yield from self._unanswered(eyes, stated)
        yield from self._mistaken(eyes, stated)
        yield from self._unmatched(eyes, stated)
        yield from self._of_another_database(eyes)
        yield from self._gone(eyes)
        yield from self._once(eyes)
        yield from self._deadlines(eyes)

    def _diverted(self, contrast: Contrast) -> Iterator[Evidence]:
        from callcheck.sources.logs.instances import service_of
        from callcheck.sources.logs.trails import apart

        lost, fine = contrast.lost, contrast.fine
        taker, owner = lost[0].steps[contrast.one], fine[0].steps[contrast.one]
        services = service_of(taker.instance) != service_of(owner.instance)
        names = [clean(service_of(s.instance) if services else s.instance) for s in (taker, owner)]
        # What begins a delivery that ends in another process is who sends it, in whatever words.
        sends = all(unit.steps[contrast.one] is unit.first for unit in (*lost, *fine)) and all(apart(unit.first.instance, unit.steps[contrast.outcome].instance) for unit in fine)
        emits = taker.stage == "emitted" or sends
        if contrast.elsewhere and not services:
            return
        fact = DeliveryDiverted(names[0], names[1], services, emits, contrast.elsewhere, len(lost), len(fine))
        lines = [step for unit in lost[:3] for step in (unit.steps[contrast.one], *_after(unit, contrast.one)[:1])]
        yield told(fact, self.name, _shown(lines), "taken up here too, or what follows")

    def _undelivered(self, contrast: Contrast, eyes: Eyes) -> Iterator[Evidence]:
        lost = contrast.lost
        if sum(any(s.bad for s in u.steps.values()) for u in lost) > _FAILING * len(lost):
            return
        event = lost[0].event
        known = {id(u) for u in lost}
        taken = sum(u.event == event and id(u) not in known and u.handled for u in eyes.logs.units)
        if taken >= _HEARD * len(lost):
            return  # Under another id (a trace's spans beside the log's lines) somebody takes it.
        alike = [u for u in eyes.logs.units if u.event and u.first.shape == lost[0].first.shape]
        arriving = {u.event for u in alike if any(s is not u.first and not s.bad for s in u.steps.values())}
        if len({u.event for u in alike} - arriving) > len(arriving):
            return  # Most events are heard by nobody here, so that one is proves nothing.
        # What a request tells as its kind (`kind=refund`) goes out under a longer name (`pay.refund`).
        longer = {s.event for u in lost for s in u.steps.values() if s.stage == "emitted" and event != s.event and event.lower() in _PARTS.split(s.event.lower())}
        event = longer.pop() if len(longer) == 1 and all(s.event != event or s.stage != "emitted" for u in lost for s in u.steps.values()) else event
        names = eyes.logs.summary.names
        near = names.near(event) or names.listed_near(event) or names.too_short(event, arriving)
        # A request, or the span of one, may stand before what goes out in it.
        sent = [next((s for s in u.steps.values() if s.stage == "emitted" and s.event == event), u.first) for u in lost]
        ours = sent[0].stage == "emitted" or SENDS.search(sent[0].text, 0, 300) is not None and untaken(lost, contrast.fine, contrast.outcome)
        fact = EventUndelivered(clean(event), clean(near[0]) if near else "", ours, len(lost), len(contrast.fine))
        samples = _shown(sent[:4])
        yield told(fact, self.name, [samples[0], *(near[1].samples[:2] if near else ()), *samples[1:]], "and here")

    def _untaken(self, contrast: Contrast) -> Iterator[Evidence]:
        """What a value of the line that sends it tells from what is taken up."""
        lost, samples = contrast.lost, _shown(unit.first for unit in contrast.lost[:4])
        if contrast.how == "size":
            why = f"what is larger than {int(contrast.other) - 1:,} is sent and taken up by nobody, all that is smaller is: a limit on the way drops it; send a reference, or raise it"
            yield told(LibraryTrap("upstream-rejected", "fair", why, "", "", ""), self.name, samples, "and here")
        elif contrast.how in ("part", "turn"):
            which = f"all that goes to partition {clean(contrast.other)}" if contrast.how == "part" else f"every {_TURNS[int(contrast.other)]} one"
            why = f"{which} is taken by nobody who writes here: another consumer of the same queue or group has it, perhaps one that was left running"
            yield told(LibraryTrap("competing-consumers", "fair" if _together(contrast) else "hint", why, "", "", ""), self.name, samples, "and here")
        elif sum(any(s.bad for s in u.steps.values()) for u in lost) <= _FAILING * len(lost):
            named = contrast.other if _NAMES.search(contrast.one) else f"{contrast.one}={contrast.other}"
            yield told(EventUndelivered(clean(named), "", True, len(lost), len(contrast.fine)), self.name, samples, "and here")

    def _unanswered(self, eyes: Eyes, stated: set[str]) -> Iterator[Evidence]:
        """Events that go out beside others, which are taken up; of a log that is too long to be read whole it is not known what stood between the lines."""
        from callcheck.sources.logs.unanswered import unanswered

        for one in unanswered(eyes.logs.units) if not eyes.logs.summary.partly else ():
            near = eyes.logs.summary.names.near(one.event) or eyes.logs.summary.names.listed_near(one.event)
            if one.event not in stated:
                stated.add(one.event)
                fact = EventUndelivered(clean(one.event), clean(near[0]) if near else "", True, len(one.emits), one.others)
                samples = _shown(one.emits[:4])
                yield told(fact, self.name, [samples[0], *(near[1].samples[:2] if near else ()), *samples[1:]], "and here")

    def _mistaken(self, eyes: Eyes, stated: set[str]) -> Iterator[Evidence]:
        """Names that only look like a listener's, where no other event shows what a handled one looks like."""
        for event, it in eyes.logs.summary.names.left:
            if (near := it.meant(event)) and event not in stated and it.unclaimed.count >= _LEAST:
                stated.add(event)
                fact = EventUndelivered(clean(event), clean(near), True, it.unclaimed.count, 0)
                yield told(fact, self.name, it.unclaimed.samples, "and here")
        for (signal, _, event), tally in eyes.logs.settled.items():
            found = eyes.logs.summary.names.listed_near(event, tally.instances) if signal in MISNAMED else None
            if found and event not in stated and tally.cured < tally.count:
                stated.add(event)
                fact = EventUndelivered(clean(event), clean(found[0]), True, tally.count - tally.cured, 0)
                yield told(fact, self.name, [tally.samples[0], *found[1].samples[:1], *tally.samples[1:4]], "what is handled there, or again here")
        for event, sent, near, vain in eyes.logs.summary.asked.mistaken():
            if event not in stated:
                stated.add(event)
                fact = EventUndelivered(clean(event), clean(near), True, sent.count, 0, True)
                yield told(fact, self.name, places(sent, vain), "what goes out, or again here")
        for event, tally, near, listened in eyes.logs.summary.names.mistaken():
            if event not in stated and near not in stated:
                stated.add(near)
                fact = EventUndelivered(clean(event), clean(near), True, tally.count, 0)
                samples = [tally.samples[0], *listened.samples[:2], *tally.samples[1:3]]
                yield told(fact, self.name, samples, "the listener's, or again here")

    def _unmatched(self, eyes: Eyes, stated: set[str]) -> Iterator[Evidence]:
        """The same by what a broker hands to whom; of a log that is too long to be read whole it is not known what matched."""
        from callcheck.sources.logs.unmatched import unmatched

        for _, said in eyes.logs.summary.brokers.by_system() if not eyes.logs.summary.partly else ():
            for one in unmatched(said):
                topic = one.sent[0].about
                if len(one.sent) >= _LEAST and topic not in stated:
                    stated.add(topic)
                    fact = EventUndelivered(clean(topic), clean(one.sub.about), True, len(one.sent), one.handed)
                    lines = [one.sent[0], one.sub, *one.sent[1:3]]
                    yield told(fact, self.name, [(each.place, each.text) for each in lines], "the listener's, or again here")

    def _of_another_database(self, eyes: Eyes) -> Iterator[Evidence]:
        """Keys that end in a database of Redis while what is waited for is told of another one."""
        awaited, given = ({key[2]: tally for key, tally in eyes.logs.settled.items() if key[0] == signal} for signal in ("key-events-awaited", "key-expiry-set"))
        # Some of a service's databases may be nobody's to hear; with one alone it is the one that was meant.
        if len(given) == 1 and awaited and not ({*given, "*", "?"} & awaited.keys()):
            ((mine, tally),) = given.items()
            near, listener = min(awaited.items())
            if tally.count >= _LEAST:
                fact = EventUndelivered(f"__keyevent@{clean(mine)}__", f"__keyevent@{clean(near)}__", True, tally.count, 0)
                samples = [*listener.samples[:1], *tally.samples[:3]]
                yield told(fact, self.name, samples, "keys end in another database, or again")

    def _deadlines(self, eyes: Eyes) -> Iterator[Evidence]:
        from callcheck.sources.logs.deadlines import met

        known = eyes.logs.knowledge.deadlines if eyes.logs.knowledge else ()
        for deadline, steps in met(eyes.logs.units, known):
            fact = DeadlineMet(deadline.seconds, deadline.whose, deadline.side, len(steps))
            lines = [step for pair in steps[:4] for step in (pair[1], pair[0])]
            yield told(fact, self.name, _shown(lines), "it began here, or again")

    def _once(self, eyes: Eyes) -> Iterator[Evidence]:
        """Listeners that hear one event each; of a log that is too long to be read whole it is not known what stood between the lines."""
        from callcheck.sources.logs.heard_once import heard_once

        trails = eyes.logs.trails
        once = heard_once(trails.steps, trails.end) if not eyes.logs.summary.partly else None
        if once is not None:
            samples = _shown([once.lost[0], *(step for pair in once.heard[:2] for step in pair), *once.lost[1:3]])
            yield told(LibraryTrap("listener-removed", "strong", _ONCE, "", "", ""), self.name, samples, "its registration, the one that is heard, or again")

    def _gone(self, eyes: Eyes) -> Iterator[Evidence]:
        """Listeners that end between their registration and the event; for none of these ids is anything handled after it."""
        from callcheck.sources.logs.presence import level_of

        units, cover = eyes.logs.units, eyes.logs.summary.cover
        level = level_of(s for unit in units for s in unit.steps.values() if s.stage == "handled")
        gone: list[tuple[Step, Step, Step]] = []
        kept = 0
        for unit in units:
            stages = {s.stage: s for s in reversed(list(unit.steps.values()))}
            listener, close, emit = stages.get("registered"), stages.get("closed"), stages.get("emitted")
            if listener is None or emit is None or listener.time > emit.time:
                continue
            heard = any(
                s.stage == "handled" and s.time >= emit.time and s.order > emit.order for s in unit.steps.values()
            )
            if close and listener.time <= close.time < emit.time and close.instance == listener.instance and not heard:
                if cover.blind(listener.instance, emit.time, level):
                    continue
                gone.append((listener, close, emit))
            elif heard:
                kept += 1
        if len(gone) >= _LEAST and kept <= 0.2 * len(gone):
            scoped = any(
                word in close.text.lower() for _, close, _ in gone for word in ("request", "response", "scope")
            )
            lines = [step for group in gone[:3] for step in group]
            fact = ListenerGone("request" if scoped else "", len(gone))
            yield told(fact, self.name, _shown(lines), "its registration, its end, or the event")


def _together(contrast: Contrast) -> bool:
    """Whether those who take write where the senders do, and none of their numbers is left out: else it may be the log of one of them that is."""
    takers = [unit.steps[contrast.outcome] for unit in contrast.fine]
    numbers = {int(found[1]) for step in takers if (found := _NUMBERED.search(step.instance))}
    return {step.place.whole for step in takers} <= {unit.first.place.whole for unit in contrast.lost} and numbers in ({*range(len(numbers))}, {*range(1, len(numbers) + 1)})


def _after(unit: Unit, shape: str) -> list[Step]:
    begin = unit.steps[shape]
    return [s for s in unit.steps.values() if s.time >= begin.time and s is not begin]


def _shown(steps: Iterable[Step]) -> list[tuple[Place, str]]:
    return [(step.place, step.text) for step in steps]


PROBE = LogJourneys()
