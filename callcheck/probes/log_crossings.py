"""Do the logs show events that stay in the process that emits them?"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.fact import Fact
from callcheck.model.facts.log_events import EventCrossed, ListenerLate
from callcheck.model.pattern import pattern
from callcheck.model.probe import Sight
from callcheck.model.target import Target
from callcheck.sources.logs.bounded import by_place
from callcheck.sources.logs.telling import told
from callcheck.sources.logs.trails import Crossing, layer_of

if TYPE_CHECKING:
    from callcheck.sources import Eyes
    from callcheck.sources.logs.trails import Step

_PUBSUB = pattern(r"\bredis\b|pub/?sub\b|\bp?subscribe\b|\bnats\b|\bmqtt\b|pg_notify|LISTEN/NOTIFY", re.I)
_OF_PROCESS = pattern(r"\binmemory!\w", re.ASCII)
"""The channels of Channels' layer in memory are called so (channels 4.2, layers.py): no other process can send to them, whether the log shows handling or not."""
_LEAST = 3


class LogCrossings:
    """Lays emits beside registrations by the ids that both name."""

    name = "log_crossings"
    looks_at = Sight.LOGS
    answers: frozenset[type[Fact]] = frozenset({EventCrossed, ListenerLate})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if eyes.logs else "no log files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        from callcheck.sources.logs.asked import unknown

        trails, cover = eyes.logs.trails, eyes.logs.summary.cover
        emitted = trails.emitted(cover)
        # Handling must be something that this log shows at all, or its absence says nothing.
        shown = (emitted.same >= 2 or emitted.layer == "actioncable") and emitted.same_lost <= emitted.same + 1
        own = bool(emitted.pairs) and all(_OF_PROCESS.search(listener.text) for listener, _ in emitted.pairs)
        if emitted.lost >= _LEAST and (shown or own) and emitted.arrived <= 0.2 * emitted.lost:
            yield self._fact(emitted, "emitted", trails.scale)
        else:
            yield from self._contrasted(eyes)
        late, in_time, in_vain = trails.late(cover)
        if len(late) >= _LEAST and (in_time >= _LEAST or in_vain >= max(_LEAST, 0.8 * len(late))):
            samples = [(step.place, step.text) for event, listener in late[:3] for step in (listener, event)]
            scale = trails.scale
            fact = ListenerLate(round(scale * len(late)), round(scale * in_time), _keeps_nothing(late), round(scale))
            yield told(fact, self.name, samples, "its other half, or another pair")
        else:
            yield from self._late(eyes)
        strange = unknown(trails)
        if strange.lost >= _LEAST and strange.arrived <= 0.2 * strange.lost and strange.same_lost <= 0.3 * strange.lost:
            yield self._fact(strange, "unknown", trails.scale)

    def _contrasted(self, eyes: Eyes) -> Iterator[Evidence]:
        """Deliveries that arrive only where two of their lines stand in one process, in whatever words."""
        found = [c for c in eyes.logs.contrasts if c.how == "instances"]
        for contrast in sorted(found, key=lambda c: -len(c.lost))[:1]:
            pairs = contrast.pairs(contrast.lost)
            shown = Crossing(pairs=[(a, b) for a, b in pairs[:6]])
            instances = {step.instance for pair in pairs for step in pair}
            scale = eyes.logs.summary.scale
            lost, mixed, fine = (round(scale * count) for count in (len(contrast.lost), contrast.mixed, len(contrast.fine)))
            fact = EventCrossed(lost, mixed, fine, fine, layer_of(shown), "taken" if contrast.taken else "contrast", len(instances), round(scale))
            samples = [(step.place, step.text) for pair in pairs[:4] for step in (pair[1], pair[0])]
            yield told(fact, self.name, samples, "its other half, or another pair", most=8)
        if not found:
            other = list(self._by_emitter(eyes))
            yield from other or self._fanned(eyes)

    def _fanned(self, eyes: Eyes) -> Iterator[Evidence]:
        """What is sent to a channel reaches the subscribers of the sender's own process alone."""
        from callcheck.sources.logs.fans import fans

        # Of a log that is too long to be read whole it is not known who came, and what was sent in between.
        if eyes.logs.summary.partly:
            return
        lasts = {name: seen.last for name, seen in eyes.logs.summary.instances.items() if seen.last is not None}
        fan = fans(eyes.logs.trails.begun, lasts)
        if fan is not None:
            yield self._fact(fan.crossing, "counted" if fan.counted else "contrast", 1)

    def _by_emitter(self, eyes: Eyes) -> Iterator[Evidence]:
        """What one process sends by a realtime library arrives, and nothing of what another one sends: who listens there, no line need say."""
        for contrast in eyes.logs.contrasts:
            pairs = [(mine.steps[contrast.one], other.steps[contrast.one]) for mine, other in zip(contrast.fine, contrast.lost, strict=False)] if contrast.how == "place" else []
            layer = layer_of(Crossing(pairs=pairs[:3]))
            if layer and all(step.stage == "emitted" for pair in pairs for step in pair):
                instances = len({unit.steps[contrast.one].instance for unit in (*contrast.fine, *contrast.lost)})
                scale = eyes.logs.summary.scale
                lost, mixed, fine = (round(scale * count) for count in (len(contrast.lost), contrast.mixed, len(contrast.fine)))
                samples = [(step.place, step.text) for mine, other in pairs[:3] for step in (other, mine)]
                yield told(EventCrossed(lost, mixed, fine, fine, layer, "contrast", instances, round(scale)), self.name, samples, "arrives, or another that does not")

    def _late(self, eyes: Eyes) -> Iterator[Evidence]:
        """Deliveries that arrive only where the listener came first."""
        found = [c for c in eyes.logs.contrasts if c.how == "order"]
        for contrast in sorted(found, key=lambda c: -len(c.lost))[:1]:
            pairs = contrast.pairs(contrast.lost)
            samples = [(step.place, step.text) for pair in pairs[:4] for step in pair]
            scale = eyes.logs.summary.scale
            fact = ListenerLate(round(scale * len(contrast.lost)), round(scale * len(contrast.fine)), _keeps_nothing(pairs), round(scale))
            yield told(fact, self.name, samples, "its other half, or another pair", most=8)
        if not found:
            yield from self._reached(eyes)

    def _reached(self, eyes: Eyes) -> Iterator[Evidence]:
        """Listeners for a state that is reached already, as their own lines say."""
        from callcheck.sources.logs.reached import reached

        events = eyes.logs.summary.emits.events.items()
        late = reached((event, place, text) for event, known in events for place, text, _, _ in known.listeners)
        if late:
            yield told(ListenerLate(len(late), 0, False), self.name, sorted(late, key=by_place))
        from callcheck.sources.logs.joined_late import joined_late

        # Of a log that is too long to be read whole it is not known what was handled before.
        joined = joined_late(eyes.logs.units, eyes.logs.summary.renewals) if not late and not eyes.logs.summary.partly else None
        if joined is not None:
            lines = [(joined.mark.place, joined.mark.text), *((step.place, step.text) for step in (joined.lost[-1], *joined.lost[:2]))]
            yield told(ListenerLate(len(joined.lost), 0, False), self.name, lines, "sent before, and never handled")

    def _fact(self, crossing: Crossing, how: str, scale: float) -> Evidence:
        counts = crossing.lost, crossing.arrived, crossing.same, crossing.same + crossing.same_lost
        lost, arrived, same, of_same = (round(scale * count) for count in counts)
        fact = EventCrossed(lost, arrived, same, of_same, crossing.layer, how, len(crossing.instances), round(scale))
        samples = [step for pair in crossing.pairs[:3] for step in (pair[1], pair[0])]
        return told(fact, self.name, [(step.place, step.text) for step in samples], "its other half, or another pair")


def _keeps_nothing(pairs: Iterable[tuple[Step, Step]]) -> bool:
    return any(_PUBSUB.search(step.text) for pair in pairs for step in pair)


PROBE = LogCrossings()
