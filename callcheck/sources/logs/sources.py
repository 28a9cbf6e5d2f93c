"""From which queue, group or subscription does a process say that it takes?

orders-1   | RMQ transport: queue=bakery_events durable=true prefetch=10
loyalty-1  | RMQ transport: queue=bakery_events durable=true prefetch=10
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator

from callcheck.model.noun import dataclass, field
from callcheck.model.pattern import rare
from callcheck.sources.logs.bounded import Table, by_place
from callcheck.sources.logs.instances import service_of
from callcheck.sources.logs.signals import Tally
from callcheck.sources.logs.view import View

_MOST = 500
_NAMED = rare(r"\b(?:queue|group(?:_?id)?|consumer[ _]group|durable(?:_name)?|subscription)(?:=| ?: ?| )[\"'`]?(?P<name>[A-Za-z][\w.:/-]{2,79})", re.I)
_TAKES = rare(r"prefetch|no_?ack|\bconsum|\blisten(?:s|ing)\b|\bsubscrib|\bworker\b|\btak(?:es|ing)\b|\bpoll(?:s|ing)\b|\bjoined\b", re.I)


@dataclass(slots=True)
class Sources:
    """Those of a part of the logs; parts merge."""

    taken: Table[tuple[str, str], Tally] = field(default_factory=lambda: Table(_MOST, Tally))
    """Service and the name of what it takes from -> the lines that say so."""

    def see(self, view: View) -> None:
        """One record."""
        found = view.find(_NAMED, 400)
        if found and view.instance and view.says(_TAKES, 400) and (tally := self.taken.at((service_of(view.instance), found["name"]))) is not None:
            tally.add(view)

    def merge(self, other: Sources) -> None:
        """Take the other part's in."""
        self.taken.merge(other.taken, Tally.merge)

    def pairs(self) -> Iterator[tuple[str, str, str, Tally, Tally]]:
        """What two services take from: its name, one of them, the other one, and the lines of each."""
        by_name: dict[str, list[tuple[str, Tally]]] = {}
        for (service, name), tally in sorted(self.taken.items(), key=lambda item: by_place(item[1].samples[0])):
            by_name.setdefault(name, []).append((service, tally))
        for name, takers in by_name.items():
            for (one, here), (other, there) in itertools.combinations(takers, 2):
                yield name, one, other, here, there

    def shared(self, instances: Iterable[str]) -> Iterator[tuple[str, str, str, Tally, Tally]]:
        """The same where one of the two is the service of one of these processes, which is named first."""
        own = {service_of(each) for each in instances if each}
        for name, one, other, here, there in self.pairs():
            if one in own:
                yield name, one, other, here, there
            if other in own:
                yield name, other, one, there, here
