"""What passes through a broker that writes down whom it hands each message, while one of its clients is away?

1767938415: New client connected from 172.22.0.6:56145 as weight-store (p2, c1, k30).
1767938415: weight-store 0 hives/+/weight
1767938539: Client weight-store closed its connection.
1767938558: Received PUBLISH from scale-11 (d0, q0, r0, m0, 'hives/11/weight', ... (40 bytes))
1767938558: Sending PUBACK to scale-11 (m0, rc0)          what MQTT itself has them say
1767938661: New client connected from 172.22.0.6:52919 as weight-store (p2, c1, k30).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from callcheck.model.log import Place
from callcheck.model.noun import dataclass, field, replace
from callcheck.model.pattern import pattern, rare
from callcheck.sources.logs import nats, postgres
from callcheck.sources.logs.bounded import Smallest
from callcheck.sources.logs.spelling import matches
from callcheck.sources.logs.view import View

_MOST = 12_000
_SAID = rare(
    r"New client connected from \S{1,80} as (?P<up>\S{1,80}) \((?P<flags>[^)]{0,80})"
    r"|\bClient (?P<down>\S{1,80}) (?:\[\S{1,80}\] )?(?:closed its connection|has exceeded timeout|disconnected)|Socket error on client (?P<lost>\S{1,80}),"
    r"|Received UNSUBSCRIBE from (?P<unsub>\S{1,80})"
    r"|(?P<answer>(?:Received|Sending) (?:CONNECT|CONNACK|SUBSCRIBE|SUBACK|UNSUBACK|PUBACK|PUBREC|PUBREL|PUBCOMP|PINGREQ|PINGRESP|DISCONNECT|AUTH)) (?:from|to) \S{1,80}"
    r"|Received PUBLISH from (?P<by>\S{1,80}) \([^']{0,60}'(?P<topic>[^']{1,200})'|Sending PUBLISH to (?P<to>\S{1,80}) \([^']{0,60}'(?P<sent>[^']{1,200})'"
)
_SUBSCRIBES = pattern(r"(\S{1,80}) [012] ([\w#+$/][^\s']{0,200})")
_SHARED = pattern(r"^\$share/[^/]{1,80}/")
"""Before the filter of a subscription that a group of clients has in common."""


@dataclass(frozen=True, slots=True)
class Said:
    """One line of a broker: `up`, `down`, `sub`, `unsub`, `in` (a message comes) or `out` (it is handed to the client)."""

    time: float
    order: int
    what: str
    who: str
    about: str
    """The topic or filter; of a connection its flags."""
    place: Place
    text: str


@dataclass(slots=True)
class Away:
    """What one client missed between two of its connections."""

    client: str
    system: str = ""
    clean: bool = False
    """It asks for a session without memory."""
    missed: int = 0
    of: int = 0
    """Messages for it while it was away."""
    arrived: int = 0
    """Messages that it was handed."""
    topic: str = ""
    lost: list[Said] = field(default_factory=list)
    """Some of the messages, the end of the connection before them and the next connection."""


def forgets(up: Said) -> bool:
    """Whether a client connects for a session without memory, in which nothing is left of what it subscribed to before."""
    return "c1" in up.about


def _in_time(said: Said) -> tuple[float, str, int]:
    return said.time, said.place.whole, said.order


@dataclass(slots=True)
class Brokers:
    """What brokers say in a part of the logs; parts merge."""

    said: Smallest[Said] = field(default_factory=lambda: Smallest(_MOST, _in_time))
    connections: Smallest[Said] = field(default_factory=lambda: Smallest(_MOST, _in_time))
    """The same of NATS, whose lines name a connection and not its client."""
    listening: Smallest[Said] = field(default_factory=lambda: Smallest(_MOST, _in_time))
    """And of the sessions of PostgreSQL."""

    def see(self, view: View) -> bool:
        """One record; whether it is such a line, which says nothing of deliveries by its words."""
        line = nats.said(view)
        if line is not None:
            if line[0]:
                self._add(view, *line, self.connections)
            return True
        if (session := postgres.said(view)) is not None:
            self._add(view, *session, self.listening)
            return False
        found = view.find(_SAID, 500)
        if found is None:
            held = _SUBSCRIBES.fullmatch(view.text) if view.text.count(" ") == 2 else None
            if held is None:
                return False
            self._add(view, "sub", held[1], _SHARED.sub("", held[2]))
        elif found["up"]:
            self._add(view, "up", found["up"], found["flags"])
        elif found["by"]:
            self._add(view, "in", found["by"], found["topic"])
        elif found["to"]:
            self._add(view, "out", found["to"], found["sent"])
        elif found["unsub"]:
            self._add(view, "unsub", found["unsub"], "")
        elif not found["answer"]:
            self._add(view, "down", found["down"] or found["lost"], "")
        return True

    def merge(self, other: Brokers) -> None:
        """Take the other part's in."""
        self.said.merge(other.said)
        self.connections.merge(other.connections)
        self.listening.merge(other.listening)

    def _add(self, view: View, what: str, who: str, about: str, to: Smallest[Said] | None = None) -> None:
        time = view.time if view.time is not None else float(view.place.line)
        (self.said if to is None else to).add(Said(time, view.order, what, who, about, view.place, view.text[:200]))

    def by_system(self) -> Iterator[tuple[str, list[Said]]]:
        """What each kind of broker says of its clients, in order of time."""
        known = nats.clients((each, (each.what, each.who, each.about)) for each in self.connections)
        yield "mqtt", list(self.said)
        yield "nats", [replace(each, what=what, who=who, about=about) for each, (what, who, about) in known]

    def away(self) -> Iterator[Away]:
        """Clients that came back and were not handed what had come for them meanwhile."""
        for system, said in self.by_system():
            yield from _away(said, system)


def _away(said: list[Said], system: str) -> Iterator[Away]:
    """By the lines of one kind of broker."""
    if any(each.what == "out" for each in said):
        for client in sorted({each.who for each in said if each.what == "down"}):
            found = _of(Away(client, system), said)
            if found.missed:
                yield found


def _of(away: Away, said: Iterable[Said]) -> Away:
    """Each absence is settled at the next one, or at the end: what was kept for the client is handed to it after it has come back."""
    filters: set[str] = set()
    gone: Said | None = None
    back: Said | None = None
    due: list[Said] = []
    handed = came = 0

    def settle() -> None:
        nonlocal due, handed, came
        if gone is not None and back is not None and due:
            kept = max(0, handed - came)
            away.of += len(due)
            away.missed += max(0, len(due) - kept)
            if not away.lost and len(due) > kept:
                away.lost = [*due[:2], gone, back, *due[2:3]]
                away.topic = due[0].about
        due, handed, came = [], 0, 0

    for each in said:
        if each.what == "in" and any(matches(each.about, one) for one in filters):
            if gone is not None and back is None:
                due.append(each)
            else:
                came += 1
        if each.who != away.client:
            continue
        if each.what == "out":
            filters.add(each.about)
            away.arrived += 1
            handed += 1
        elif each.what == "sub":
            filters.add(each.about)
        elif each.what == "down":
            settle()
            gone, back = each, None
        elif each.what == "up":
            away.clean = forgets(each)
            back = each
    settle()
    return away
