"""Which process handles nothing any more although it lives: others of its kind go on, or it connected again without subscribing?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from callcheck.model.clock import clock
from callcheck.model.evidence import Evidence, Lost
from callcheck.model.fact import Fact
from callcheck.model.facts.log_views import InstanceSilent, SubscriptionUnrenewed
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.target import Target
from callcheck.sources.logs.telling import told

if TYPE_CHECKING:
    from callcheck.sources import Eyes

_MOST = 6


class LogSilences:
    """States each process that stopped handling, with its last line of the kind and what it wrote since."""

    name = "log_silences"
    looks_at = Sight.LOGS
    answers: frozenset[type[Fact]] = frozenset({InstanceSilent, SubscriptionUnrenewed})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if eyes.logs else "no log files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        from callcheck.sources.logs.silence import backed_up, silent, starving

        summary = eyes.logs.summary
        renewals = () if summary.partly else summary.renewals.found(summary.stopped, summary.cover)
        unsubscribed = list(renewals)[:_MOST]
        for gone in unsubscribed:
            name, subject = clean(gone.instance), clean(gone.silent)
            unrenewed = SubscriptionUnrenewed(name, subject, clock(gone.up.time), round(gone.seconds), gone.count)
            shown = [(gone.up.place, gone.up.text), (gone.sub.place, gone.sub.text), gone.last]
            yield told(unrenewed, self.name, shown, "it subscribed here, or the last line of the kind")
        yield from self._rejoined(eyes)
        # Of a log that is too long to be read whole, deliveries are known in stretches only.
        due = [] if summary.partly else list(starving(eyes.logs.units, summary.stopped, summary.cover))
        known = {one.instance for one in due} | {gone.instance for gone in unsubscribed}
        found = [*due, *(one for one in silent(summary.stopped, summary.cover) if one.instance not in known)]
        known |= {one.instance for one in found}
        found += [] if summary.partly else [one for one in backed_up(summary.stopped, summary.cover, summary.growth) if one.instance not in known]
        for one in sorted(found, key=lambda s: -s.seconds)[:_MOST]:
            name, subject = clean(one.instance), clean(one.template)
            fact = InstanceSilent(name, subject, clock(one.since), round(one.seconds), one.count, one.others, one.due)
            samples = [one.last, *([one.alive] if one.alive else []), one.going_on]
            yield told(fact, self.name, samples, "emitted since" if one.due else "it lives, or another one goes on")

    def _rejoined(self, eyes: Eyes) -> Iterator[Evidence]:
        """By what a broker says of its clients, whose own logs may be silent; of a log that is too long to be read whole it is not known what came in between."""
        from callcheck.sources.logs.rejoined import rejoined

        summary = eyes.logs.summary
        for _, said in summary.brokers.by_system() if not summary.partly else ():
            for one in list(rejoined(said))[:_MOST]:
                fact = SubscriptionUnrenewed(clean(one.up.who), clean(one.sub.about), clock(one.up.time), round(one.until - one.up.time), one.before)
                lines = [one.up, one.sub, *one.missed[:2]]
                yield told(fact, self.name, [(each.place, each.text) for each in lines], "it subscribed here, or this is missed")
        from callcheck.sources.logs.postgres import ended

        for gone in list(ended(summary.brokers.listening))[:_MOST] if not summary.partly else ():
            fact = SubscriptionUnrenewed(clean(gone.name), clean(gone.sub.about), clock(gone.down.time), round(gone.until - gone.down.time), 1)
            lines = [gone.down, gone.sub, *gone.missed[:2]]
            yield told(fact, self.name, [(each.place, each.text) for each in lines], "it listened here, or this is missed")


PROBE = LogSilences()
