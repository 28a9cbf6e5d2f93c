"""Which emissions of a recorded run are one delivery?

A delivery is one event, wherever it goes out: with a broker between them every process emits it again. So emissions of one name in several processes
count as one if they belong to one trace, or if the later ones belong to no request and follow at once.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator

from callcheck.model.noun import dataclass, field
from callcheck.model.recorded import Channel, Emission, Recording

AT_ONCE_US = 2_000_000
"""Emissions without a request are one delivery if no more lies between them."""
_OBJECTS = frozenset({"bullmq"})
"""Systems that bring an event to other objects of the process too: a worker says it, and QueueEvents hear it from the broker."""


@dataclass(slots=True)
class Delivery:
    """One event, and all emissions of it."""

    channel: Channel
    emissions: list[Emission] = field(default_factory=list)

    @property
    def heard(self) -> bool | None:
        """Whether some emission found a listener; None if that is not known."""
        known = [each.entered > 0 or each.heard > 0 if each.heard is not None else (True if each.entered else None) for each in self.emissions]
        return True if any(known) else None if None in known else False


def deliveries(recording: Recording) -> Iterator[Delivery]:
    """The deliveries of all emissions, channel by channel, in order of their time."""
    by_channel: dict[Channel, list[Emission]] = {}
    for emission in recording.emissions:
        by_channel.setdefault(emission.channel, []).append(emission)
    for channel, known in by_channel.items():
        known.sort(key=lambda each: each.at)
        yield from _told_apart(channel, known)


def _told_apart(channel: Channel, emissions: list[Emission]) -> list[Delivery]:
    by_key: dict[str, Delivery] = {}
    made: list[Delivery] = []
    lately: deque[Delivery] = deque()
    for emission in emissions:
        while lately and emission.at - lately[0].emissions[-1].at > AT_ONCE_US:
            lately.popleft()
        key = emission.trace or emission.request
        found = by_key.get(key) if key else None
        if found is None:
            found = next((each for each in lately if _goes_on(each, emission, key)), None)
        if found is None or not _elsewhere(found, emission):
            found = Delivery(channel)
            made.append(found)
            lately.append(found)
        if key:
            by_key[key] = found
        found.emissions.append(emission)
    return made


def _goes_on(delivery: Delivery, emission: Emission, key: str) -> bool:
    """Whether this is the same event elsewhere. What a broker or an adapter brings to a process goes out there in no request, whatever request it began in;
    Socket.IO's adapters may do so before it goes out where it began."""
    begun = any(each.trace or each.request for each in delivery.emissions)
    if key and (begun or delivery.channel.system != "socket.io"):
        return False
    return delivery.emissions[0].type == emission.type and _elsewhere(delivery, emission)


def _elsewhere(delivery: Delivery, emission: Emission) -> bool:
    """Whether nothing of a delivery went out in this emission's process yet."""
    return all(_end(each) != _end(emission) for each in delivery.emissions)


def _end(emission: Emission) -> tuple[str, str]:
    return emission.process.file, emission.emitter if emission.channel.system in _OBJECTS else ""
