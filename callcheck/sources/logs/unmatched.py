"""Which messages does a broker hand to nobody, while a subscription waits that is spelt nearly as their topics, or whose wildcard stands for too few levels?

Received SUBSCRIBE from alerts            alerts 1 farm/Barn/+/weight
Received PUBLISH from scale-4 (d0, q1, r0, m7, 'farm/barn/4/weight', ... (45 bytes))          and no `Sending PUBLISH`
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from callcheck.model.noun import dataclass
from callcheck.sources.logs.brokers import Said
from callcheck.sources.logs.spelling import matches, nearly, too_short

_OWN = "$"
"""Begins the topics of the broker itself."""


@dataclass(frozen=True, slots=True)
class Unmatched:
    """A subscription that nothing matched, or nothing of one topic, and what it was meant for."""

    sub: Said
    sent: Sequence[Said]
    handed: int
    """Messages that the broker handed to somebody."""


def unmatched(said: Sequence[Said]) -> Iterator[Unmatched]:
    """By the lines of one kind of broker."""
    filters: dict[str, Said] = {}
    sent: dict[str, list[Said]] = {}
    for each in said:
        if each.what == "sub":
            filters.setdefault(each.about, each)
        elif each.what == "in" and not each.about.startswith(_OWN):
            sent.setdefault(each.about, []).append(each)
    handed = [each.about for each in said if each.what == "out"]
    heard = {*handed, *(topic for topic in sent if any(matches(topic, one) for one in filters))}
    lost = [topic for topic in sent if topic not in heard]
    for one, sub in filters.items() if lost else ():
        meant = [topic for topic in lost if nearly(topic, one)]
        if meant and not any(matches(topic, one) for topic in heard):
            found = sorted((each for topic in meant for each in sent[topic]), key=lambda each: (each.time, each.order))
            yield Unmatched(sub, found, len(handed))
    for topic in lost:
        short = next((sub for one, sub in filters.items() if too_short(topic, one) and any(matches(other, one) for other in heard)), None)
        if short is not None:
            yield Unmatched(short, sent[topic], len(handed))
