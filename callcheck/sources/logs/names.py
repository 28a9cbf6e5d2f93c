"""Which event names are listened to, which are emitted, and do two of them look like one?"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from callcheck.model.log import Level
from callcheck.model.noun import dataclass, field
from callcheck.model.pattern import pattern, rare
from callcheck.sources.logs.boundaries import Edge
from callcheck.sources.logs.bounded import Few, Table, by_place
from callcheck.sources.logs.signals import Tally
from callcheck.sources.logs.spelling import alike, matches, nearly, too_short
from callcheck.sources.logs.unclaimed import unclaimed
from callcheck.sources.logs.view import View

_MOST = 1_000
_TOPIC = rare(
    r"\b(?:(?:re-?)?subscrib\w{0,5}|publish\w{0,3}|(?:topic|filter)[\"']?:)(?: (?:to|on|at))?(?: (?:the )?(?:topic|filter)s?)?:?[ (=]{1,2}[\"'`\[]?(/?[A-Za-z][\w-]{0,40}(?:/[\w+#-]{1,40}){1,8}/?)(?=[\s\"'`,;:\])]|$)", re.I
)
"""A topic of several levels, which no key names: `Subscribed to farm/Barn/+/weight`."""
_LISTED = rare(
    r"\b(?:processors|handlers|tasks|jobs|job types|actors|activities|workflows|functions|listeners|consumers|subscribers|subscriptions|commands)(?: (?:registered|loaded|known|defined|ready|available))?[:=] ?[\[({]?"
    r"(?P<names>[\"'`]?[A-Za-z][\w-]{0,40}(?:[.:/_-][\w-]{1,40}){1,4}[\"'`]?(?:, ?[\"'`]?[A-Za-z][\w.:/-]{1,79}[\"'`]?){0,40})",
    re.I,
)
"""All that a process handles, as it says when it starts: `processors: scan.parse, label.print`, `Starting worker for 2 functions: scan_parse, label_print`."""
_FILTER = rare(
    r"\b(?:pattern|binding|binding[ _]?key|routing[ _]?key|topic|filter|subject|to|with)[\"']?[=: ]{1,2}[\"'`]?(?P<filter>[A-Za-z][\w./:-]{0,100}[./][*+>])(?=[\s\"'`,;)\]}]|$)", re.I
)
"""What takes the topics of one more level: `queue bound queue=mail pattern=container.*`."""
MISNAMED = ("task-unregistered", "no-listener")
"""Signals of who gets what he does not handle: where he handles a name that only looks different, the name is what is wrong."""
_LISTENS = rare(r"subscrib|listen|handler|regist|attach|\bon\b|consum|bound|bind|watch", re.I)


_PLAIN = pattern(r"[^+#*>]+")
"""A name that stands for itself alone."""


@dataclass(slots=True)
class Name:
    """How often one event was listened to, emitted and handled."""

    listened: Tally = field(default_factory=Tally)
    emitted: Tally = field(default_factory=Tally)
    handled: int = 0
    unclaimed: Tally = field(default_factory=Tally)
    """Lines that say that nobody here handles it."""
    warned: bool = False
    """One of them is a warning or an error: where others' messages come, what is left alone by design is none."""
    work: bool = False
    queue: bool = False
    """Some line says that it is a queue's name, with which an event's has nothing to do."""
    known: Few = field(default_factory=lambda: Few(32))
    """What those lines say is handled instead."""

    def merge(self, other: Name) -> None:
        """Take the other's in."""
        self.listened.merge(other.listened)
        self.emitted.merge(other.emitted)
        self.handled += other.handled
        self.unclaimed.merge(other.unclaimed)
        self.warned, self.work, self.queue = self.warned or other.warned, self.work or other.work, self.queue or other.queue
        self.known.merge(other.known)


    def meant(self, named: str) -> str:
        """Which of the names that are handled instead this one looks like, or ""."""
        return next((other for other in sorted(self.known) if alike(other, named)), "")


@dataclass(slots=True)
class Names:
    """Event names of a part of the logs; parts merge."""

    known: Table[str, Name] = field(default_factory=lambda: Table(_MOST, Name))
    listed: Table[str, Tally] = field(default_factory=lambda: Table(_MOST, Tally))
    """Names in the lists of what a process handles."""
    filters: Table[str, Tally] = field(default_factory=lambda: Table(_MOST, Tally))
    """Filters that end in a wildcard for one level, or for one at least."""

    def see(self, view: View, edge: Edge | None) -> None:
        """One record that names an event."""
        listed = view.find(_LISTED, 1200)
        for each in listed["names"].split(",") if listed else ():
            tally = self.listed.at(each.strip(" \"'`"))
            if tally is not None:
                tally.add(view)
        filter = view.find(_FILTER, 400)
        taken = self.filters.at(filter["filter"]) if filter else None
        if taken is not None:
            taken.add(view)
        if edge is not None and edge.stage == "unknown" and self._left(view):
            return
        if edge is None or edge.stage not in ("registered", "emitted", "handled"):
            return
        if edge.stage == "registered" and not view.says(_LISTENS, 200):
            return
        event = edge.event or _topic_of(view)
        name = self.known.at(event) if event else None
        if name is None:
            return
        name.queue |= "queue" in view.low
        if edge.stage == "registered":
            name.listened.add(view)
        elif edge.stage == "emitted":
            name.emitted.add(view)
        else:
            name.handled += 1

    def _left(self, view: View) -> bool:
        said = unclaimed(view)
        name = self.known.at(said.name) if said else None
        if said is None or name is None:
            return said is not None
        name.unclaimed.add(view)
        name.warned |= view.record.level >= Level.WARN
        name.work |= said.work
        for each in said.known:
            name.known.add(each)
        return True

    @property
    def left(self) -> list[tuple[str, Name]]:
        """The names that come, and of which somebody says that he has no handler, and nobody that he handles them."""
        found = [(name, it) for name, it in self.known.items() if it.unclaimed.count and not it.handled]
        return sorted(found, key=lambda item: by_place(item[1].unclaimed.samples[0]))

    def merge(self, other: Names) -> None:
        """Take the other part's in."""
        self.known.merge(other.known, Name.merge)
        self.listed.merge(other.listed, Tally.merge)
        self.filters.merge(other.filters, Tally.merge)

    def too_short(self, event: str, arriving: Collection[str]) -> tuple[str, Tally] | None:
        """A filter that takes some of those that arrive, and not this one, which has more levels."""
        found = [each for each in self.filters.items() if too_short(event, each[0]) and any(matches(other, each[0]) for other in arriving)]
        return min(found, key=lambda each: by_place(each[1].samples[0]), default=None)

    def listed_near(self, named: str, instances: Few | None = None) -> tuple[str, Tally] | None:
        """A name that looks like this one, in the list of what one of these processes handles, or any; None where one has the name itself, or where that is not
        known."""
        lists = [(name, tally) for name, tally in self.listed.items() if instances is None or any(each in instances for each in tally.instances)]
        if not self.listed.knows(named) or any(name == named for name, _ in lists):
            return None
        return min((each for each in lists if alike(each[0], named)), key=lambda each: by_place(each[1].samples[0]), default=None)

    def near(self, event: str) -> tuple[str, Tally] | None:
        """A name of nearly this one that is listened to, and never comes; None if the event itself is listened to."""
        own = self.known.get(event)
        if own and (own.listened.count or own.handled):
            return None
        queue = own is not None and own.queue
        listened = [item for item in self.known.items() if item[1].listened.count and item[1].queue <= queue]
        filters = {name for name, _ in listened if not _PLAIN.fullmatch(name)}
        if any(matches(event, name) for name in filters):
            return None
        found = [(name, it.listened) for name, it in listened if not (it.emitted.count or it.handled) and (alike(name, event) or name in filters and nearly(event, name))]
        return min(found, key=lambda item: by_place(item[1].samples[0]), default=None)

    def mistaken(self) -> Iterator[tuple[str, Tally, str, Tally]]:
        """Emitted names with the listened one that they were meant for, and the lines of each."""
        often = [(name, it.emitted) for name, it in self.known.items() if it.emitted.count > 2]
        for event, tally in sorted(often, key=lambda item: by_place(item[1].samples[0])):
            near = self.near(event)
            if near:
                yield event, tally, *near


def _topic_of(view: View) -> str:
    found = view.find(_TOPIC, 200) if "/" in view.low else None
    return found[1] if found else ""
