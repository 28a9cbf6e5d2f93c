"""What became of each delivery of a recorded run?

One that hears it is enough, but for Socket.IO without an adapter: there the sockets of a room that are connected to another process miss it, however many of
this process are told.
"""

from __future__ import annotations

import bisect
import functools
from collections.abc import Iterator

from callcheck.model.noun import dataclass
from callcheck.model.pattern import pattern
from callcheck.model.recorded import Channel, Emission, Emitter, Failure, Listener, Recording
from callcheck.sources.recording import rooms, topics
from callcheck.sources.recording.together import AT_ONCE_US, Delivery, deliveries

_ID = pattern(r"(?<=#)[A-Za-z0-9_-]{14,16}AA[A-Za-z0-9_-]{2}(?![A-Za-z0-9_-])|[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}|(?<![A-Za-z])[0-9a-fA-F]*\d[0-9a-fA-F]*(?![A-Za-z])|(?<=[:/_.-])[A-Za-z0-9_-]*\d[A-Za-z0-9_-]{7,}")
_ALIKE = 0.8
_ROUTED = frozenset({"autogen"})
"""Systems that route by subscription, where a message nobody takes is a fault by itself."""
_FIXED = frozenset({"bullmq", "langchain"})
"""Systems whose events have names of their own, which no app misspells for another."""
_ALONE = frozenset({"Adapter", "SessionAwareAdapter", "Manager", "BaseManager", "AsyncManager"})
"""Socket.IO's own adapters, and python-socketio's own managers, which know the sockets of their process only."""


@functools.lru_cache(maxsize=4096)
def folded(name: str) -> str:
    """A name with the ids in it turned into `*`: `done:42` and `done:43` are one event."""
    return _ID.sub("*", name)


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of one delivery."""

    how: str
    """heard, unknown, nobody, or a `fate` of `facts.observed`."""
    delivery: Delivery
    emission: Emission
    listener: Listener | None = None
    failure: Failure | None = None
    near: str = ""
    met: bool = False
    """Some emission found a listener of its own process and object there."""


class Fates:
    """The fates of a recording's deliveries."""

    def __init__(self, recording: Recording) -> None:
        self._recording = recording
        self._by_channel: dict[Channel, list[Listener]] = {}
        self._names: dict[tuple[str, str, str], list[str]] = {}
        self._emissions: dict[Channel, list[Emission]] = {}
        for emission in sorted(recording.emissions, key=lambda each: each.at):
            self._emissions.setdefault(emission.channel, []).append(emission)
        for listener in recording.listeners:
            self._by_channel.setdefault(listener.channel, []).append(listener)
            self._names.setdefault((listener.process.file, listener.emitter, listener.channel.system), []).append(listener.channel.name)

    def all(self) -> Iterator[Fate]:
        """The fate of each, channel by channel."""
        for delivery in deliveries(self._recording):
            yield self._of(delivery)

    def emitter(self, of: Listener | Emission) -> Emitter | None:
        """The object that a listener is on, or an event went out on."""
        return self._recording.emitters.get((of.process.file, of.emitter))

    def _of(self, delivery: Delivery) -> Fate:
        first = delivery.emissions[0]
        met = any(self._here(each) for each in delivery.emissions)
        missed = self._missed(delivery) if delivery.channel.system == "socket.io" else None
        if missed is not None:
            return Fate("other-process", delivery, first, missed, met=met)
        if delivery.heard:
            failed = next(((each, failure) for each in delivery.emissions for failure in each.failures), None)
            if failed is not None:
                return Fate(failed[1].kind, delivery, failed[0], self._listener(failed[0], failed[1]), failed[1], met=met)
            return Fate("heard", delivery, first, met=met)
        if delivery.heard is None and first.channel.system == "mqtt":
            near = topics.near(first.channel.name, [channel.name for channel in self._by_channel if channel.system == "mqtt"])
            listener = self._by_channel[Channel("mqtt", near)][0] if near else None
            return Fate("unsubscribed" if near else "unknown", delivery, first, listener, near=near, met=met)
        if delivery.heard is None:
            idle = next((each for each in delivery.emissions if not each.running and (each.process.file, each.emitter) not in self._recording.started), None)
            left = None if idle else next(filter(self._left, delivery.emissions), None)
            return Fate("not-running" if idle else "left" if left else "unknown", delivery, idle or left or first, met=met)
        untyped = next((failure for each in delivery.emissions for failure in each.failures if failure.kind == "untyped"), None)
        if untyped:
            return Fate("untyped", delivery, first, failure=untyped, met=met)
        return self._unheard(delivery, met)

    def _left(self, emission: Emission) -> bool:
        """Whether the runtime that was to hand an emission out has ended since."""
        process = emission.process
        if emission.channel.system not in _ROUTED or "facts" in process.skipped:
            return False
        return process.ended is not None or self._recording.stopped.get((process.file, emission.emitter), 0) >= emission.at

    def _missed(self, delivery: Delivery) -> Listener | None:
        """A socket in the room of an emission that no adapter carries to its process."""
        first = delivery.emissions[0]
        emitter = self.emitter(first)
        if emitter is None or emitter.kind not in _ALONE:
            return None
        emissions = self._emissions[delivery.channel]
        begin, end = (bisect.bisect(emissions, first.at + shift, key=lambda each: each.at) for shift in (-AT_ONCE_US, AT_ONCE_US))
        told = {each.process.file for each in emissions[begin:end] if each.type == first.type}
        known = self._by_channel.get(delivery.channel, ())
        return next((each for each in known if each.process.file not in told and each.there(first.at)), None)

    def _unheard(self, delivery: Delivery, met: bool) -> Fate:
        known = self._by_channel.get(delivery.channel, [])
        for emission in delivery.emissions:
            if not emission.running and (emission.process.file, emission.emitter) not in self._recording.started:
                return Fate("not-running", delivery, emission, met=met)
        first = delivery.emissions[0]
        files = {each.process.file for each in delivery.emissions}
        objects = {(each.process.file, each.emitter) for each in delivery.emissions}
        there = [each for each in known if each.there(first.at)]
        for listener in there:
            if listener.process.file not in files:
                return Fate("other-process", delivery, first, listener, met=met)
        # A listener that the object itself had, or gets, says more than one on another object.
        own = [each for each in known if (each.process.file, each.emitter) in objects]
        if rooms.is_room(first.channel) and not there:
            return self._unjoined(delivery, own, met)
        before = [each for each in own if each.gone is not None and each.gone <= first.at]
        if before:
            last = max(before, key=lambda each: each.gone or 0)
            return Fate(last.how, delivery, _in(delivery, last.process.file), last, met=met)
        later = [each for each in own if each.added > first.at]
        if there and not later:
            return Fate("other-object", delivery, _in(delivery, there[0].process.file), there[0], met=met)
        later = later or [each for each in known if each.added > first.at]
        if later:
            return Fate("late", delivery, _in(delivery, later[0].process.file), min(later, key=lambda each: each.added), met=met)
        return self._nobody(delivery, first, met)

    def _unjoined(self, delivery: Delivery, own: list[Listener], met: bool) -> Fate:
        first = delivery.emissions[0]
        soon = [each for each in own if first.at < each.added <= first.at + AT_ONCE_US]
        if soon:
            connected = {each.name for each in self._by_channel.get(rooms.namespace(first.channel), ()) if each.there(first.at)}
            joined = next((each for each in soon if each.name in connected), None)
            if joined is not None:
                return Fate("late", delivery, _in(delivery, joined.process.file), joined, met=met)
        near = rooms.near(first.channel.name, self._names.get((first.process.file, first.emitter, first.channel.system), []))
        return Fate("unsubscribed" if near else "nobody", delivery, first, near=near, met=met)

    def _nobody(self, delivery: Delivery, first: Emission, met: bool) -> Fate:
        names = self._names.get((first.process.file, first.emitter, first.channel.system), [])
        near = "" if first.channel.system in _FIXED else _near(first.channel.name, names)
        if near or (first.channel.system in _ROUTED and names):
            return Fate("unsubscribed", delivery, first, near=near or ", ".join(sorted(set(names))[:4]), met=met)
        return Fate("nobody", delivery, first, met=met)

    def _here(self, emission: Emission) -> bool:
        return any(
            each.process.file == emission.process.file and each.emitter == emission.emitter and each.there(emission.at)
            for each in self._by_channel.get(emission.channel, ())
        )

    def _listener(self, emission: Emission, failure: Failure) -> Listener | None:
        known = self._by_channel.get(emission.channel, ())
        return next((each for each in known if each.id == failure.listener and each.process.file == emission.process.file), None)


def _in(delivery: Delivery, file: str) -> Emission:
    """The emission in one process, or the first."""
    return next((each for each in delivery.emissions if each.process.file == file), delivery.emissions[0])


def _near(name: str, names: list[str]) -> str:
    import difflib

    others = sorted({other for other in names if other != name and folded(other) != folded(name)})
    found = difflib.get_close_matches(name, others[:500], 1, _ALIKE)
    return found[0] if found else ""
