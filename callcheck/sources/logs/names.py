"""Which event names are listened to, which are emitted, and do two of them look like one?"""

from __future__ import annotations

import re
from collections.abc import Iterator

from callcheck.model.noun import dataclass, field
from callcheck.model.pattern import rare
from callcheck.sources.logs.boundaries import Edge
from callcheck.sources.logs.signals import Tally
from callcheck.sources.logs.view import View

_MOST = 500
_ALIKE = 0.8
_LISTENS = rare(r"subscrib|listen|handler|regist|attach|\bon\b|consum|bound|bind|watch", re.I)


@dataclass(slots=True)
class Names:
    """Event names of a part of the logs; parts merge."""

    listened: dict[str, Tally] = field(default_factory=dict)
    emitted: dict[str, Tally] = field(default_factory=dict)
    handled: set[str] = field(default_factory=set)

    def see(self, view: View, edge: Edge | None) -> None:
        """One record that names an event."""
        if edge is None or not edge.event:
            return
        if edge.stage == "registered" and _LISTENS.search(view.text, 0, 200):
            self._count(self.listened, edge.event, view)
        elif edge.stage == "emitted":
            self._count(self.emitted, edge.event, view)
        elif edge.stage == "handled" and len(self.handled) < _MOST:
            self.handled.add(edge.event)

    def merge(self, other: Names) -> None:
        """Take the other part's in."""
        for mine, others in ((self.listened, other.listened), (self.emitted, other.emitted)):
            for name, tally in others.items():
                mine.setdefault(name, Tally()).merge(tally)
        self.handled |= other.handled

    def near(self, event: str) -> tuple[str, Tally] | None:
        """A name of nearly this one that is listened to, and never comes; None if the event itself is listened to."""
        if event in self.listened or event in self.handled:
            return None
        for name, tally in self.listened.items():
            if name not in self.emitted and name not in self.handled and alike(name, event):
                return name, tally
        return None

    def mistaken(self) -> Iterator[tuple[str, str]]:
        """Emitted names with the listened one that they were meant for."""
        for event, tally in self.emitted.items():
            near = self.near(event) if tally.count > 2 else None
            if near:
                yield event, near[0]

    def _count(self, table: dict[str, Tally], name: str, view: View) -> None:
        if name in table or len(table) < _MOST:
            table.setdefault(name, Tally()).add(view)


def alike(one: str, other: str) -> bool:
    """Whether two different names differ by their spelling only: case, separators, an ending, a letter or two."""
    if one == other or min(len(one), len(other)) < 5:
        return False
    if re.sub(r"[^a-z0-9]", "", one.lower()) == re.sub(r"[^a-z0-9]", "", other.lower()):
        return True
    if re.findall(r"\d+", one) != re.findall(r"\d+", other):
        return False
    parts, others = (re.findall(r"[A-Z]?[a-z]+|[A-Z]+", name) for name in (one, other))
    if len(parts) == len(others) > 1:
        # One part may differ, and then by its ending: `order.created` and `order.cancelled` are two events.
        apart = [(a.lower(), b.lower()) for a, b in zip(parts, others, strict=True) if a.lower() != b.lower()]
        return len(apart) == 1 and _stem(*apart[0])
    from difflib import SequenceMatcher

    short, long_ = sorted((one.lower(), other.lower()), key=len)
    alike_ = SequenceMatcher(None, short, long_).ratio() >= 0.88
    return len(parts) == len(others) and alike_ and not long_.endswith(short)


def _stem(one: str, other: str) -> bool:
    short, long_ = sorted((one, other), key=len)
    if long_.endswith(short):
        return False  # `locked` and `unlocked`
    if long_.startswith(short[: max(3, len(short) - 1)]) and len(long_) - len(short) <= 3:
        return True
    from difflib import SequenceMatcher

    return min(len(one), len(other)) > 4 and SequenceMatcher(None, one, other).ratio() >= _ALIKE
