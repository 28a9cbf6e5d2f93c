"""How often did deliveries of one event stop at one point?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from callcheck.model.facts.journeys import DeliveryFunnel
from callcheck.model.noun import dataclass, field
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.model.recorded import Failure, Listener, Place, Recording
from callcheck.sources.recording.fates import Fate, Fates, folded

_QUIET = frozenset({"heard", "unknown", "nobody"})
"""Fates of which nothing is stated: an event that nobody listens to is no fault by itself."""
_NEEDS_ALL = frozenset({"other-process", "late", "unsubscribed"})
"""Fates that say of every process of the app that it did not hear: nothing of the kind is said while one that may serve requests kept silent, or one could write no more."""
_FUNNELS = 5
_LEAKS = 11
"""Node.js warns from eleven listeners on; so do we."""
_SHAPE = pattern(
    r"Cannot read propert|Cannot destructure|is not iterable|undefined is not|is undefined|is not a function|positional argument|unexpected keyword argument|has no attribute|"
    r"is not subscriptable|indices must be|Field required|validation error"
)
_KEYED = frozenset({"KeyError", "IndexError", "ValidationError", "ZodError"})


@dataclass(slots=True)
class Stop:
    """Deliveries of one event that end alike, at the same line."""

    event: str
    fates: list[Fate] = field(default_factory=list)
    of: int = 0
    met: int = 0
    heard: int = 0
    processes: int = 0
    fresh: bool = False
    made: tuple[Place, ...] = ()
    source: Place | None = None
    """Where the object was made on which they went out, if nothing tells at which line they did."""
    payload_shaped: bool = False

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self.fates)


@dataclass(frozen=True, slots=True)
class Counted:
    """All that is stated of a recording's deliveries."""

    stops: list[Stop]
    funnels: list[DeliveryFunnel]


def stops(recording: Recording) -> Counted:
    """Where deliveries stop, the commonest first, and the funnels of the events that somebody listens to."""
    known = Fates(recording)
    by_event: dict[tuple[str, str], list[Fate]] = {}
    for fate in known.all():
        by_event.setdefault((fate.delivery.channel.system, folded(fate.delivery.channel.name)), []).append(fate)
    found: list[Stop] = []
    blind = any(member.listens for member in recording.silent) or any("bytes" in process.skipped for process in recording.processes)
    for (_, event), fates in by_event.items():
        found += (stop for stop in _stops(event, fates, known) if not (blind and stop.fates[0].how in _NEEDS_ALL))
    found.sort(key=lambda stop: -stop.count)
    return Counted(found, list(_funnels(by_event, recording)))


def _stops(event: str, fates: list[Fate], known: Fates) -> Iterator[Stop]:
    met = [fate for fate in fates if fate.met]
    heard = sum(1 for fate in met if fate.delivery.heard)
    processes = {each.process.file for fate in fates for each in fate.delivery.emissions} | {fate.listener.process.file for fate in fates if fate.listener}
    groups: dict[tuple[object, ...], Stop] = {}
    for fate in fates:
        if fate.how in _QUIET:
            continue
        failure = fate.failure or Failure("", "", "", None)
        key = (fate.how, fate.emission.place, failure.error, failure.place)
        stop = groups.setdefault(key, Stop(event, [], len(fates), len(met), heard, len(processes)))
        stop.fates.append(fate)
    for stop in _joined(groups):
        first = stop.fates[0]
        emitter = known.emitter(first.emission)
        stop.source = emitter.made if emitter is not None and first.emission.place is None else None
        stop.payload_shaped = first.failure is not None and shaped(first.failure.error, first.failure.message)
        stop.made = tuple(_fresh(first, known))
        stop.fresh = bool(stop.made)
        yield stop


def _joined(groups: dict[tuple[object, ...], Stop]) -> list[Stop]:
    """Stops alike but for the place of their emissions, where that is known of some only, as one."""
    for key in list(groups):
        how, place, *rest = key
        alike = [other for other in groups if (other[0], *other[2:]) == (how, *rest) and other[1] is not None]
        if place is None and len(alike) == 1:
            groups[alike[0]].fates += groups.pop(key).fates
    return list(groups.values())


def shaped(error: str, message: str) -> bool:
    """Whether a handler failed on what it was handed."""
    return error.rsplit(".", 1)[-1] in _KEYED or bool(_SHAPE.search(message))


def _fresh(fate: Fate, known: Fates) -> Iterator[Place]:
    """Where the objects of a delivery were made, those that were made in a request."""
    if fate.how != "other-object" or fate.listener is None:
        return
    for emitter in (known.emitter(fate.listener), known.emitter(fate.emission)):
        if emitter is not None and emitter.request and emitter.made is not None:
            yield emitter.made


def _funnels(by_event: dict[tuple[str, str], list[Fate]], recording: Recording) -> Iterator[DeliveryFunnel]:
    registered: dict[tuple[str, str], int] = {}
    for listener in recording.listeners:
        key = listener.channel.system, folded(listener.channel.name)
        registered[key] = registered.get(key, 0) + 1
    told = (key for key, fates in by_event.items() if key in registered and any(fate.how != "unknown" for fate in fates))  # who hears of a broker's is often not
    listened = sorted(told, key=lambda key: -len(by_event[key]))
    for key in listened[:_FUNNELS]:
        fates = by_event[key]
        heard = _heard(fates)
        met = [fate for fate in fates if fate.met]
        apart = [fate for fate in fates if not fate.met and fate.how != "nobody"]
        share = round(100 * heard / len(fates)) if fates else 0
        yield DeliveryFunnel(clean(key[1], 120), registered[key], 0, len(fates), heard, _heard(met), len(met), _heard(apart), len(apart), share, 0, 1)


def _heard(fates: Iterable[Fate]) -> int:
    return sum(1 for fate in fates if fate.delivery.heard)


def growing(recording: Recording) -> Iterator[tuple[Listener, int]]:
    """The last listener of each event of which one object has got ever more, and how many it has."""
    by_object: dict[tuple[str, str, str, str], list[Listener]] = {}
    for listener in recording.listeners:
        key = listener.process.file, listener.emitter, listener.channel.name, str(listener.place)
        by_object.setdefault(key, []).append(listener)
    shown: set[tuple[str, str]] = set()
    for (_, _, name, place), listeners in sorted(by_object.items(), key=lambda item: -len(item[1])):
        left = [each for each in listeners if each.gone is None]
        if len(left) >= _LEAKS and (name, place) not in shown and len({each.request for each in left}) > 1:
            shown.add((name, place))
            yield left[-1], len(left)
