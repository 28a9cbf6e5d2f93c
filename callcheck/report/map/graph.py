"""Which nodes, edges and groups does a drawing of a map have?

Emissions point to their channel, and the channel to its listeners; sites stand in a group for each set of programs. All texts are printable and
without secrets, and say nothing in the language of any drawing: each renderer escapes them for its own.
"""

from __future__ import annotations

from callcheck.model.delivery_map import (
    BROKER,
    CONNECTION,
    LIBRARY,
    MEMORY,
    RECORD,
    UNFED,
    UNHEARD,
    WAITERS,
    Break,
    Channel,
    DeliveryMap,
    Program,
    Site,
)
from callcheck.model.noun import dataclass, field
from callcheck.model.printable import clean

NAME = 60
"""Characters of one line in a node."""
_CARRIERS = {MEMORY: "in memory", WAITERS: "waiting in memory", LIBRARY: "of", BROKER: "over", CONNECTION: "over", RECORD: "recorded"}


@dataclass(frozen=True, slots=True)
class Node:
    """A site, a channel, an end that is missing, or a note; `kind` is emits, listens, missing, note, or the channel's carrier."""

    id: str
    kind: str
    lines: tuple[str, ...]
    broken: bool = False


@dataclass(frozen=True, slots=True)
class Edge:
    """A way that an event takes; `label` says why it is broken."""

    start: str
    end: str
    label: str = ""
    broken: bool = False


@dataclass(slots=True)
class Group:
    """Nodes that belong together, with a heading; "" for those that belong nowhere."""

    id: str
    label: str
    nodes: list[Node] = field(default_factory=list)
    broken: bool = False


@dataclass(slots=True)
class Graph:
    """A drawing without a language."""

    title: str
    groups: list[Group] = field(default_factory=list)
    channels: list[Node] = field(default_factory=list)
    edges: list[Edge] = field(default_factory=list)


def graph(shown: DeliveryMap, title: str) -> Graph:
    """The drawing of a map, in the order of its channels."""
    drawn = Graph(clean(title, 200))
    _Drawing(drawn, {program.name: program for program in shown.programs}).all(shown)
    return drawn


class _Drawing:
    def __init__(self, drawn: Graph, programs: dict[str, Program]) -> None:
        self._drawn = drawn
        self._programs = programs
        self._groups: dict[tuple[str, ...], Group] = {}
        self._sites: dict[str, Node] = {}

    def all(self, shown: DeliveryMap) -> None:
        for program in shown.programs:
            if program.breaks:
                self._group((program.name,))
        for number, channel in enumerate(shown.channels, 1):
            self._channel(channel, f"c{number}")
        if shown.elsewhere:
            notes = [Node(f"n{number}", "note", (told(each), clean(each.why, NAME * 2))) for number, each in enumerate(shown.elsewhere, 1)]
            self._drawn.groups.append(Group("elsewhere", "causes without a place on this map", notes))

    def _channel(self, channel: Channel, id_: str) -> None:
        name = clean(channel.event, NAME) or "a computed name"
        lines = [name, between(channel)]
        if channel.counted:
            lines.append(f"{channel.counted.emitted} emitted, {channel.counted.handled} handled")
        lines += [told(each) for each in channel.breaks]
        node = Node(id_, channel.carrier, tuple(lines), bool(channel.breaks))
        where = {site.programs for site in channel.sites}
        # What lives in the memory of one program is drawn inside it.
        inside = channel.carrier in (MEMORY, WAITERS) and len(where) == 1 and channel.programs
        (self._group(channel.programs).nodes if inside else self._drawn.channels).append(node)
        for site in channel.emits:
            self._edge(self._site(site).id, id_, site)
        for site in channel.listens:
            self._edge(id_, self._site(site).id, site)
        if channel.state in (UNHEARD, UNFED):
            heard = channel.state == UNHEARD
            missing = Node(f"{id_}x", "missing", ("nobody listens" if heard else "nobody emits it",), True)
            self._drawn.channels.append(missing)
            ends = (id_, missing.id) if heard else (missing.id, id_)
            self._drawn.edges.append(Edge(*ends, broken=True))

    def _edge(self, start: str, end: str, site: Site) -> None:
        self._drawn.edges.append(Edge(start, end, ", ".join(told(each) for each in site.breaks), bool(site.breaks)))

    def _site(self, site: Site) -> Node:
        if site.key not in self._sites:
            place = ending(str(site.where)) if site.where else "started by the platform"
            role = f", {clean(site.role, 30)}" if site.role else ""
            verb = "emits" if site.does == "emits" else "hears once" if site.once else "listens"
            node = Node(f"s{len(self._sites) + 1}", site.does, (f"{verb}{role}", place), bool(site.breaks))
            self._sites[site.key] = node
            self._group(site.programs).nodes.append(node)
        return self._sites[site.key]

    def _group(self, names: tuple[str, ...]) -> Group:
        if names not in self._groups:
            found = [self._programs[name] for name in names if name in self._programs]
            label = " + ".join(heading(program) for program in found)
            causes = ", ".join(told(each) for program in found for each in program.breaks)
            group = Group(f"g{len(self._groups) + 1}", f"{label}: {causes}" if causes else label, broken=bool(causes))
            self._groups[names] = group
            self._drawn.groups.append(group)
        return self._groups[names]


def heading(program: Program) -> str:
    """A program's name, and how many processes it has."""
    name = clean(program.name, NAME) or "the app"
    if not program.processes:
        return name
    least = "at least " if program.at_least else ""
    return f"{name} ({least}{program.processes} {'process' if program.processes == 1 else 'processes'})"


def between(channel: Channel) -> str:
    """What lies between the ends: `over redis`, `in memory, src/bus.ts:5`."""
    how = _CARRIERS[channel.carrier]
    if channel.carrier in (BROKER, CONNECTION, LIBRARY):
        return f"{how} {clean(channel.system, NAME)}".rstrip()
    return f"{how}, {ending(channel.object)}" if channel.object else how


def ending(place: str) -> str:
    """A place, cut at its front where it is long: its end says more."""
    shown = clean(place, 1000)
    return shown if len(shown) <= NAME else "…" + shown[1 - NAME :]


def told(each: Break) -> str:
    """A cause, and how sure it is."""
    return f"{each.cause} ({each.confidence:.0%})"


def left_out(shown: DeliveryMap) -> str:
    """What a map does not show, in one sentence; "" if nothing is left out."""
    parts = []
    if shown.omitted.channels:
        total = shown.omitted.channels + len(shown.channels)
        parts.append(f"{total} channels, of which {len(shown.channels)} are shown: {shown.omitted.rule}")
    if shown.tests:
        parts.append(f"{shown.tests} {'place' if shown.tests == 1 else 'places'} in tests and examples left out")
    if not shown.settled:
        parts.append("there is no source here, or not all of it was read, so ends may be missing")
    return "; ".join(parts)
