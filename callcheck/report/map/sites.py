"""Which places listen or emit, and over what?"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.delivery_map import BROKER, CONNECTION, LIBRARY, MEMORY, RECORD, WAITERS, Site
from callcheck.model.evidence import Evidence, Ledger
from callcheck.model.facts.channels import ChannelEnd
from callcheck.model.facts.delivery import EventEmitted, ListenerRegistered
from callcheck.model.facts.deployment import ServiceRun
from callcheck.model.facts.memory import StateInMemory
from callcheck.model.facts.observed import DeliveryStopped
from callcheck.model.facts.work import WorkHandedOff, WorkTaken
from callcheck.model.meets import IN_MEMORY, processes
from callcheck.model.noun import dataclass, replace
from callcheck.model.words import Lifetime
from callcheck.report.map.programs import programs

EMITS, LISTENS = "emits", "listens"
_OF_A_SERVER = frozenset({"request", "connection", "job", "startup"})
"""Roles of functions that no browser runs."""


@dataclass(frozen=True, slots=True)
class End:
    """A site, and what it is an end of."""

    site: Site
    carrier: str
    object: str
    system: str

    @property
    def place(self) -> tuple[str, str, int | None]:
        """What it does, and where."""
        where = self.site.where
        return (self.site.does, where.path if where else "", where.line if where else None)


class Sites:
    """Reads the sites of a ledger off its facts."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._roles = {e.fact.service: e.fact.role for e in ledger.of(ServiceRun) if isinstance(e.fact, ServiceRun)}
        self._started = frozenset(program.name for program in programs(ledger, frozenset()))
        self._keys: dict[str, int] = {}

    def all(self) -> list[End]:
        """Every end; what is known of one place in two ways is given in the surer one: a name that others use, before an object of a library."""
        found: dict[tuple[str, str, int | None], list[End]] = {}
        for end in (*self._named(), *self._work(), *self._in_memory(), *self._parked(), *self._recorded()):
            held = found.setdefault(end.place, [])
            same = next((number for number, other in enumerate(held) if _same(end, other)), None)
            if same is None:
                held.append(end)
            else:
                held[same] = _with(held[same], end.site)
        ends = sorted((end for held in found.values() for end in held), key=_order)
        return [replace(end, site=replace(end.site, key=self._key(end.site))) for end in ends]

    def _key(self, site: Site) -> str:
        """Who it is, without the line: the first, second ... of its kind in its file."""
        path = site.where.path if site.where else ",".join(site.programs)
        key = f"{site.does} {path} {site.event} {site.role}"
        self._keys[key] = number = self._keys.get(key, 0) + 1
        return key if number == 1 else f"{key} #{number}"

    def _site(self, item: Evidence, does: str, event: str, role: str, framework: str, language: str) -> Site:
        programs = self._programs(item, role)
        return Site("", does, event, item.where, role, programs, framework, language)

    def _programs(self, item: Evidence, role: str) -> tuple[str, ...]:
        """Those that the deployment starts, before those that only a script or an image names; the only one there is serves requests and works on jobs."""
        units = processes(item, role, self._ledger, self._roles)
        if not units and len(self._started) == 1 and role in _OF_A_SERVER:
            units = self._started
        return tuple(sorted((units & self._started or units) - {""}))

    def _named(self) -> Iterator[End]:
        for item in self._ledger.of(ChannelEnd):
            end = item.fact
            assert isinstance(end, ChannelEnd)
            site = replace(self._site(item, end.does, end.event, end.role, end.framework, end.language), fields=_fields(end.payload))
            yield End(site, BROKER if end.system else CONNECTION, end.space, end.system or end.framework)

    def _in_memory(self) -> Iterator[End]:
        for item in (*self._ledger.of(EventEmitted), *self._ledger.of(ListenerRegistered)):
            fact = item.fact
            assert isinstance(fact, (EventEmitted, ListenerRegistered))
            heard = isinstance(fact, ListenerRegistered)
            site = self._site(item, LISTENS if heard else EMITS, fact.event, fact.role, fact.framework, fact.language)
            site = replace(site, lifetime=str(fact.lifetime), object=fact.emitter, once=isinstance(fact, ListenerRegistered) and fact.once)
            if isinstance(fact, EventEmitted):
                site = replace(site, fields=_fields(fact.payload))
            held = MEMORY if fact.source in IN_MEMORY and fact.lifetime is not Lifetime.SHARED else LIBRARY
            yield End(site, held, fact.emitter or (f"{fact.framework} {fact.source}" if held == LIBRARY else ""), fact.framework)

    def _work(self) -> Iterator[End]:
        """Whoever queues work, and whoever takes it: code, or the units that are workers of that kind."""
        handed = [e for e in self._ledger.of(WorkHandedOff) if isinstance(e.fact, WorkHandedOff)]
        for item in handed:
            work = item.fact
            assert isinstance(work, WorkHandedOff)
            yield End(self._site(item, EMITS, work.queue, "", work.framework, work.language), BROKER, work.worker, work.worker)
        for item in self._ledger.of(WorkTaken):
            taken = item.fact
            assert isinstance(taken, WorkTaken)
            kind = taken.worker.removesuffix(" without -Q")
            if kind == taken.worker:
                yield End(self._site(item, LISTENS, taken.queue, "job", taken.framework, taken.language), BROKER, kind, kind)
        kinds = {e.fact.worker: e.fact.language for e in handed if isinstance(e.fact, WorkHandedOff)}
        for item in self._ledger.of(ServiceRun):
            run = item.fact
            assert isinstance(run, ServiceRun)
            if run.server in kinds and run.role == "worker":
                for queue in run.queues.split(","):
                    site = Site("", LISTENS, queue.strip(), item.where, "job", (run.service,) if run.service else (), run.server, kinds[run.server])
                    yield End(site, BROKER, run.server, run.server)

    def _parked(self) -> Iterator[End]:
        for item in self._ledger.of(StateInMemory):
            state = item.fact
            assert isinstance(state, StateInMemory)
            for does, role, why in zip((LISTENS, EMITS), (state.register_role, state.emit_role), item.because[:2], strict=False):
                site = self._site(why, does, state.name, role, "", state.language)
                yield End(replace(site, lifetime=str(Lifetime.PROCESS), object=state.emitter), WAITERS, state.emitter, state.holds)

    def _recorded(self) -> Iterator[End]:
        """Emissions that a recording saw stop, where the sources do not show them."""
        for item in self._ledger.of(DeliveryStopped):
            stopped = item.fact
            assert isinstance(stopped, DeliveryStopped)
            site = self._site(item, EMITS, stopped.event, "", stopped.framework, stopped.language)
            yield End(site, RECORD, stopped.system, stopped.system)


def _same(end: End, other: End) -> bool:
    """Whether one place is told of twice: once as the end of a named channel, and once as a use of a library's object or of a queue."""
    if other.carrier in (BROKER, CONNECTION):
        return end.carrier in (BROKER, other.carrier) or end.site.event in ("", other.site.event)
    return (end.object, end.site.event) == (other.object, other.site.event)


def _with(end: End, site: Site) -> End:
    """With what another fact tells of the same place."""
    own = end.site
    return replace(end, site=replace(own, object=own.object or site.object, lifetime=own.lifetime or site.lifetime, once=own.once or site.once, fields=own.fields or site.fields))


def _fields(payload: str) -> tuple[str, ...]:
    return tuple(payload.split(",")) if payload else ()


def _order(end: End) -> tuple[str, int, str, str]:
    where = end.site.where
    return (where.path if where else "", (where.line or 0) if where else 0, end.site.does, end.site.event)
