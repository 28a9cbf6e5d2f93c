"""Are deliveries repeated, or acknowledged too late?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.fact import Fact
from callcheck.model.facts.log_events import DeliveryRepeated
from callcheck.model.facts.logs import LateAck
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.target import Target
from callcheck.sources.logs.doubles import doubled, redone
from callcheck.sources.logs.sent_again import sent_again
from callcheck.sources.logs.telling import told

if TYPE_CHECKING:
    from callcheck.sources import Eyes
    from callcheck.sources.logs.repeats import Repeat

_RETRIES = 2


class LogRepeats:
    """States ids that are taken up again, and requests that a sender marks as repeated."""

    name = "log_repeats"
    looks_at = Sight.LOGS
    answers: frozenset[type[Fact]] = frozenset({DeliveryRepeated, LateAck})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if eyes.logs else "no log files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        summary = eyes.logs.summary
        for repeat in summary.repeats.found():
            if repeat.how == "fan-out" and self._to_each(eyes, repeat):
                continue
            if repeat.how == "late":
                yield told(LateAck(repeat.ids, repeat.ids, True), self.name, repeat.places, most=10)
            how = "retried" if repeat.how == "late" or repeat.template.startswith("event ") and summary.invocations.retry_count else repeat.how
            fact = DeliveryRepeated(how, clean(repeat.template), repeat.ids, repeat.most, repeat.instances)
            yield told(fact, self.name, repeat.places, most=10)
        yield from self._answered(eyes)
        done = redone(eyes.logs.units)
        if done is not None:
            again = DeliveryRepeated("redelivered", clean(done.effect), len(done.pairs), 2, done.instances)
            steps = [step for _, *rest in done.pairs[:5] for step in (rest[0], rest[2], rest[1])]
            yield told(again, self.name, [(step.place, step.text) for step in steps], "taken up again, done again, or done at first", most=10)
        for pairs in doubled(eyes.logs.units):
            twice = DeliveryRepeated("doubled", clean(pairs[0][0].shape), len(pairs), 2, 1)
            yield told(twice, self.name, [(step.place, step.text) for pair in pairs[:5] for step in reversed(pair)], most=10)
        seen = summary.invocations
        if seen.retry_count >= _RETRIES:
            worked = seen.work(summary.trails.steps).repeated * 2 > seen.retry_count
            samples = [*seen.retries[:2], *seen.slow[:2], *seen.retries[2:]]
            yield told(LateAck(seen.retry_count, seen.slow_count, worked), self.name, samples)

    def _to_each(self, eyes: Eyes, repeat: Repeat) -> bool:
        """Whether each of the lines is for another receiver, who is connected to the process that writes it."""
        from callcheck.sources.logs.clients import to_each

        places = {place for place, _ in repeat.places}
        shape = next((step.shape for step in eyes.logs.trails.steps if step.place in places), None)
        return shape is not None and to_each(eyes.logs.trails.begun, shape)

    def _answered(self, eyes: Eyes) -> Iterator[Evidence]:
        """Each request is answered well; that the sender had given it up shows in the next one."""
        late = sent_again(eyes.logs.trails.steps, {key for key, _ in eyes.logs.summary.repeats.slow.items()})
        if late is not None:
            lines = [step for tries in late.sent[:4] for step in (tries[0].answer, tries[1].named) if step is not None]
            fact = LateAck(late.retries, len(late.sent), late.again)
            yield told(fact, self.name, [(step.place, step.text) for step in lines], "sent again, or answered as late", most=8)


PROBE = LogRepeats()
