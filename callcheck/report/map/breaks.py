"""Where on the map does each likely cause break a delivery?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from callcheck.model.delivery_map import BROKEN, Break, Channel, Program, Site, surest
from callcheck.model.diagnosis import Diagnosed, Report
from callcheck.model.evidence import Evidence
from callcheck.model.noun import dataclass, field, replace
from callcheck.model.words import Basis
from callcheck.report.map.sites import LISTENS

_EVENT, _EMITTER, _SERVICE = "callcheck.event.name", "callcheck.emitter.id", "service.name"
_NEVER_RUN = frozenset({"receiver.missing", "module.unloaded"})
"""Facts about a file whose listeners are never attached."""
_HELD = frozenset({"service.off", "unit.held", "service.stops", "worker.held", "switch.off"})
"""Facts about a program as a whole."""


@dataclass(slots=True)
class Marks:
    """What is broken, by the keys of sites and channels and the names of programs."""

    sites: dict[str, list[Break]] = field(default_factory=dict)
    channels: dict[str, list[Break]] = field(default_factory=dict)
    programs: dict[str, list[Break]] = field(default_factory=dict)
    elsewhere: list[Break] = field(default_factory=list)


def marks(report: Report, channels: Sequence[Channel], programs: Sequence[Program], least: float) -> Marks:
    """The places of every diagnosis at or above a confidence: the sites that its evidence names, else the channels of its object or event, else the
    program; what has none of them is `elsewhere`."""
    found = Marks()
    map_ = _Places(channels, programs)
    for diagnosed in report.diagnoses:
        if diagnosed.confidence >= least:
            placed = [map_.mark(found, diagnosed, root) for root in _roots(diagnosed)]
            if not any(placed):
                first = diagnosed.grounds[0] if diagnosed.grounds else None
                seen = first is not None and first.basis is Basis.OBSERVED
                found.elsewhere.append(Break(diagnosed.rule.cause, diagnosed.confidence, diagnosed.title, first.where if first else None, seen))
    return found


def _roots(diagnosed: Diagnosed) -> list[Evidence]:
    """Grounds of the first kind are places of the cause; those of other kinds, such as how many instances there are, hold for each."""
    own = [item for item in diagnosed.grounds if item.fact.kind == diagnosed.grounds[0].fact.kind]
    return [*(own or diagnosed.grounds), *diagnosed.others]


class _Places:
    """Finds what a piece of evidence is about."""

    def __init__(self, channels: Sequence[Channel], programs: Sequence[Program]) -> None:
        self._channels = channels
        self._programs = {program.name for program in programs}
        self._at: dict[tuple[str, int | None], list[Site]] = {}
        self._files: dict[str, list[Site]] = {}
        self._sites_on = list(dict.fromkeys(site for channel in channels for site in channel.sites))
        for site in self._sites_on:
            if site.where:
                self._at.setdefault((site.where.path, site.where.line), []).append(site)
                self._files.setdefault(site.where.path, []).append(site)

    def mark(self, found: Marks, diagnosed: Diagnosed, root: Evidence) -> bool:
        """Note the break wherever the evidence points to, and whether it points anywhere."""
        broken = Break(diagnosed.rule.cause, diagnosed.confidence, root.says(), root.where, root.basis is Basis.OBSERVED)
        said = root.fact.attributes()
        event, emitter, service = (str(said.get(name, "")) for name in (_EVENT, _EMITTER, _SERVICE))
        sites = self._sites(root, event) or self._on_object(root, emitter)
        own = [] if sites else self._of_event(event)
        held = [service] if not sites and not own and service in self._programs and root.fact.kind in _HELD else []
        named = ((found.sites, [site.key for site in sites]), (found.channels, [channel.key for channel in own]), (found.programs, held))
        for table, keys in named:
            for key in keys:
                table.setdefault(key, []).append(broken)
        return any(keys for _, keys in named)

    def _sites(self, root: Evidence, event: str) -> list[Site]:
        if root.fact.kind in _NEVER_RUN and root.where:
            return [site for site in self._files.get(root.where.path, ()) if site.does == LISTENS]
        at = [site for item in root.flat() if item.where for site in self._at.get((item.where.path, item.where.line), ())]
        named = [site for site in at if not event or site.event == event]
        return list(dict.fromkeys(named or at))

    def _on_object(self, root: Evidence, emitter: str) -> list[Site]:
        """Those on the object that the evidence names, or that is made at its place: where it emits, since that is what reaches nobody."""
        names = {emitter, str(root.where) if root.where and root.where.line else ""} - {""}
        on = [site for site in self._sites_on if site.object in names]
        return [site for site in on if site.does != LISTENS] or on

    def _of_event(self, event: str) -> list[Channel]:
        return [channel for channel in self._channels if event and channel.event == event]


def applied(channels: Iterable[Channel], found: Marks) -> list[Channel]:
    """The channels with the breaks at their ends and on them."""
    made = []
    for channel in channels:
        emits, listens = (tuple(replace(site, breaks=surest(found.sites.get(site.key, ()))) for site in sites) for sites in (channel.emits, channel.listens))
        channel = replace(channel, emits=emits, listens=listens, breaks=surest(found.channels.get(channel.key, ())))
        made.append(replace(channel, state=BROKEN) if channel.broken else channel)
    return made


def held(programs: Iterable[Program], found: Marks) -> tuple[Program, ...]:
    """The programs with what keeps each as a whole."""
    return tuple(replace(program, breaks=surest(found.programs.get(program.name, ()))) for program in programs)
