"""Who emits, what lies between, and who listens: the deliveries of an app, laid out as a map.

    api (4 processes)                                     worker
      POST /jobs  emits job.done ──▶ src/bus.ts ──✖──▶ listens to job.done
                                                cross-process-delivery

A `DeliveryMap` is derived from a finished report by `callcheck.report.map.delivery_map`, and holds nothing that the report does not. Texts are
as they came into the facts: whoever renders them makes them printable. Keys hold no line numbers, so that they outlive edits elsewhere in a file.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from callcheck.model.evidence import Location
from callcheck.model.noun import dataclass

MEMORY, BROKER, CONNECTION, LIBRARY, WAITERS, RECORD = "memory", "broker", "connection", "library", "waiters", "record"
"""What carries an event: an object in the memory of one process; a broker; a connection (a socket, a stream, IPC); a library or provider that
emits by itself; a table of waiters in memory; and what is known from logs or a recording alone."""
WHOLE, BROKEN, UNHEARD, UNFED, OPEN = "whole", "broken", "unheard", "unfed", "open"
"""How a channel stands: both ends are known, and nothing breaks it; a diagnosis breaks it; emitted, and the code has no listener; listened
to, and the code has no emission; its other end lies outside the code that was read."""


@dataclass(frozen=True, slots=True)
class Break:
    """A cause that stops deliveries at some point."""

    cause: str
    confidence: float
    """0 to 1."""
    why: str
    """In a few words, of this very place as far as that is known."""
    where: Location | None
    observed: bool = False
    """It shows in a log, a recording or what runs, not in the code and configuration."""


def surest(breaks: Iterable[Break]) -> tuple[Break, ...]:
    """Each cause once, the surest first."""
    found: dict[str, Break] = {}
    for each in sorted(breaks, key=lambda each: -each.confidence):
        found.setdefault(each.cause, each)
    return tuple(found.values())


@dataclass(frozen=True, slots=True)
class Site:
    """One place that listens or emits. A site of a computed name belongs to all the channels that it may be meant for."""

    key: str
    does: str
    """listens, emits."""
    event: str
    """As written: "" if it is computed, with `*` for computed parts."""
    where: Location | None
    """None for what has no file: a worker that a platform starts."""
    role: str
    """In what kind of function it stands: module, startup, request, job, connection, render, callback, helper."""
    programs: tuple[str, ...]
    """The programs in whose processes it runs, by their names, sorted; () if that is not known."""
    framework: str
    language: str
    lifetime: str = ""
    """How long the object lives that holds the handler, or that emits: request, process, shared, unknown; "" where there is none."""
    object: str = ""
    """The object that it is attached to, or emits on: where that is made (`src/bus.ts:5`), or how it is called; "" if that cannot be told."""
    once: bool = False
    """For a listener: it hears one event and is gone."""
    fields: tuple[str, ...] = ()
    """For an emission: the fields of what it sends, sorted; () if they are not known."""
    breaks: tuple[Break, ...] = ()
    """What stops deliveries at this very place, the surest first."""


@dataclass(frozen=True, slots=True)
class Counted:
    """What logs or a recording show of a channel's deliveries."""

    registered: int
    emitted: int
    handled: int
    one_in: int
    """The counts are of one in so many deliveries."""


@dataclass(frozen=True, slots=True)
class Channel:
    """What an emission and a listener have in common: an event, on one object, topic or queue."""

    key: str
    event: str
    """The name; "" where it is computed everywhere."""
    object: str
    """Where the object is made (`src/bus.ts:5`), or how it, the topic's broker or the library is called; "" if that cannot be told."""
    carrier: str
    """One of the words above."""
    system: str
    """The broker (redis, kafka ...) or else the library."""
    state: str
    """One of the words above."""
    emits: tuple[Site, ...]
    listens: tuple[Site, ...]
    breaks: tuple[Break, ...] = ()
    """What stops its deliveries, wherever they come from, the surest first."""
    counted: Counted | None = None

    @property
    def sites(self) -> tuple[Site, ...]:
        """Both ends."""
        return (*self.emits, *self.listens)

    @property
    def broken(self) -> tuple[Break, ...]:
        """Whatever stops deliveries on it or at one of its ends, the surest first, each cause once."""
        return surest((*self.breaks, *(b for site in self.sites for b in site.breaks)))

    @property
    def programs(self) -> tuple[str, ...]:
        """The programs at its ends, sorted."""
        return tuple(sorted({name for site in self.sites for name in site.programs}))

    @property
    def crosses(self) -> bool:
        """Whether it is emitted in a program in which it is not listened to; False where that is not known."""
        here = {name for site in self.listens for name in site.programs}
        return any(site.programs and here and here.isdisjoint(site.programs) for site in self.emits)


@dataclass(frozen=True, slots=True)
class Program:
    """A process type that the deployment starts: a compose service, a line of a Procfile, a PM2 app, a Deployment."""

    name: str
    """"" for the only one of an app whose files name none."""
    role: str
    """web, worker, scheduler, unknown."""
    processes: int
    """How many of it run; 0 if nobody says."""
    at_least: bool
    """There may be more of them."""
    command: str
    where: Location | None
    breaks: tuple[Break, ...] = ()
    """What keeps it as a whole from doing its work."""


@dataclass(frozen=True, slots=True)
class Broker:
    """A system that carries events between processes: it is among the units that are started, or the code uses it."""

    system: str
    """redis, rabbitmq, kafka ..., or the unit's name where its image tells nothing."""
    where: Location | None


@dataclass(frozen=True, slots=True)
class Omitted:
    """What a map that was cut down does not show."""

    channels: int
    sites: int
    rule: str
    """By what the shown ones were chosen, in a few words; "" if all are shown."""


@dataclass(frozen=True, slots=True)
class DeliveryMap:
    """The whole map: channels with breaks come first, then those with an end missing, then those with the most sites."""

    channels: tuple[Channel, ...]
    programs: tuple[Program, ...]
    """Those of the app itself, the web ones first."""
    brokers: tuple[Broker, ...]
    elsewhere: tuple[Break, ...]
    """Causes that are likely and have no place on the map, such as a refused key."""
    settled: bool
    """Whether the sources were read in full, so that an end that is not here is not in the code either."""
    tests: int = 0
    """Sites in tests and examples, which are left out."""
    omitted: Omitted = Omitted(0, 0, "")

    def sites(self) -> Iterator[Site]:
        """Every site once, in the order of the channels."""
        seen: set[str] = set()
        for channel in self.channels:
            for site in channel.sites:
                if site.key not in seen:
                    seen.add(site.key)
                    yield site
