"""How is a report's map made? From its facts come sites and channels, from its diagnoses the breaks.

`callcheck map` and the HTML report both draw what `delivery_map` gives; the nouns are in `callcheck.model.delivery_map`.
"""

from __future__ import annotations

from callcheck.model.aside import is_test
from callcheck.model.confidence import LIKELY
from callcheck.model.delivery_map import BROKEN, OPEN, RECORD, UNFED, UNHEARD, Channel, Counted, DeliveryMap
from callcheck.model.diagnosis import Report
from callcheck.model.evidence import Ledger
from callcheck.model.facts.delivery import EventEmitted, ListenerRegistered
from callcheck.model.facts.journeys import DeliveryFunnel
from callcheck.model.noun import replace
from callcheck.report.map.breaks import applied, held, marks
from callcheck.report.map.channels import channels
from callcheck.report.map.programs import brokers, programs
from callcheck.report.map.sites import Sites

_STATES = {BROKEN: 0, UNHEARD: 1, UNFED: 1}


def delivery_map(report: Report, least: float = LIKELY) -> DeliveryMap:
    """The map of all that a report knows; causes at or above the confidence `least` (0 to 1) are its breaks. Nothing is left out: see
    `choice.chosen` for a map of a size that can be drawn."""
    ledger = report.ledger
    ends = Sites(ledger).all()
    kept = [end for end in ends if not end.site.where or not is_test(end.site.where.path)]
    made = _counted(channels(kept), ledger)
    units = programs(ledger, frozenset(name for channel in made for name in channel.programs))
    found = marks(report, made, units, least)
    settled = ledger.settled(ListenerRegistered) and ledger.settled(EventEmitted)
    return DeliveryMap(
        tuple(sorted(applied(made, found), key=_order)),
        held(units, found),
        brokers(ledger),
        tuple(found.elsewhere),
        settled,
        tests=len(ends) - len(kept),
    )


def _order(channel: Channel) -> tuple[int, float, int, str, str]:
    sure = channel.broken[0].confidence if channel.broken else 0.0
    return (_STATES.get(channel.state, 2), -sure, -len(channel.sites), channel.event, channel.key)


def _counted(made: list[Channel], ledger: Ledger) -> list[Channel]:
    """With what logs or a recording counted for their events; an event of which nothing else is known has a channel of its own."""
    seen = {e.fact.event: e.fact for e in ledger.of(DeliveryFunnel) if isinstance(e.fact, DeliveryFunnel) and e.fact.event}
    counts = {name: Counted(f.registered, f.emitted, f.handled, f.one_in) for name, f in seen.items()}
    found = [replace(channel, counted=counts.get(channel.event)) for channel in made]
    for name in counts.keys() - {channel.event for channel in made}:
        found.append(Channel(f"{RECORD} {name}", name, "", RECORD, "", OPEN, (), (), counted=counts[name]))
    return found
