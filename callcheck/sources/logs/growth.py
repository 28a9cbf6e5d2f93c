"""Which counts that a process writes down only rise?

screen connected screen=c101 listenerCount=4
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from callcheck.model.log import Place
from callcheck.model.noun import dataclass, field
from callcheck.model.pattern import rare
from callcheck.sources.logs.view import View

_LISTENERS = rare(
    r"\b(?P<name>[\w.]{0,30}(?:listener|handler|callback|observer)s?(?:[._]?(?:count|total|size|length|now|n))?)[\"']?[=:] ?(?P<n>\d{1,6})\b"
    r"|\b(?P<m>\d{1,6}) (?:[\w.:/-]{1,40} )?(?P<plural>listeners|handlers|callbacks|observers)\b",
    re.I,
)
_WAITING = rare(
    r"\b(?P<name>waiting|pending|queued|backlog|(?:queue|stream|consumer)?[._]?(?:depth|lag|length|len)|queue[._]?size|messages_ready|ready)[\"']?[=:] ?(?P<n>\d{1,9})\b"
    r"|\b(?P<m>\d{1,9}) (?:jobs |messages |tasks |events )?(?P<plural>waiting|pending|queued|in backlog)\b",
    re.I,
)
_IDLE = rare(
    r"\b(?:active|consumers?|workers?|running|in_?flight)[=:] ?(?:0\b|none\b)|\bno (?:consumers|workers)\b|\b0 (?:active|consumers|workers)\b",
    re.I,
)
_WORDS = ("listener", "handler", "callback", "observer")
_QUEUES = ("waiting", "pending", "queue", "backlog", "depth", "lag", "length", "ready")
_MOST = 500
_LEAST_LINES = 8
_LEAST_RISE = 8


@dataclass(slots=True)
class Series:
    """The values of one count of one process, in order."""

    of: str
    name: str
    first: int
    last: int
    most: int
    lines: int = 1
    rises: int = 0
    falls: int = 0
    idle: int = 0
    places: list[tuple[Place, str]] = field(default_factory=list)

    def step(self, value: int) -> None:
        """The next value."""
        self.lines += 1
        self.rises += max(0, value - self.last)
        self.falls += max(0, self.last - value)
        self.last, self.most = value, max(self.most, value)

    @property
    def grows(self) -> bool:
        """It rose much, and hardly ever fell."""
        rise = self.last - self.first
        return (
            self.lines >= _LEAST_LINES
            and rise >= _LEAST_RISE
            and self.falls <= 0.1 * self.rises
            and self.last >= 0.9 * self.most
            and self.last >= 2 * self.first
        )


@dataclass(slots=True)
class Growth:
    """Counts of a part of the logs; parts merge, in their order."""

    series: dict[tuple[str, str], Series] = field(default_factory=dict)

    def see(self, view: View) -> None:
        """One record."""
        low = view.low
        if any(word in low for word in _WORDS):
            self._take(view, "listeners", _LISTENERS.search(view.text, 0, 600))
        elif any(word in low for word in _QUEUES):
            self._take(view, "waiting", _WAITING.search(view.text, 0, 600))

    def merge(self, other: Growth) -> None:
        """Take the other part's in, which comes after this one."""
        for key, series in other.series.items():
            mine = self.series.get(key)
            if mine is None:
                self.series[key] = series
                continue
            mine.step(series.first)
            mine.lines += series.lines - 1
            mine.rises += series.rises
            mine.falls += series.falls
            mine.idle += series.idle
            mine.last, mine.most = series.last, max(mine.most, series.most)
            mine.places = [*mine.places[:8], *series.places[-2:]]

    def found(self) -> Iterator[Series]:
        """Counts that only rise."""
        yield from (series for series in self.series.values() if series.grows)

    def _take(self, view: View, of: str, found: re.Match[str] | None) -> None:
        if not found:
            return
        name = found["name"] or found["plural"]
        key = (view.instance, f"{of} {name.lower()} {view.template if found['m'] else ''}")
        value = int(found["n"] or found["m"])
        series = self.series.get(key)
        if series is None:
            if len(self.series) >= _MOST:
                return
            series = self.series[key] = Series(of, name, value, value, value)
        else:
            series.step(value)
        series.idle += bool(_IDLE.search(view.text, 0, 600))
        series.places.append((view.place, view.text[:300]))
        if len(series.places) > 9 and not (series.lines < 24 and len(series.places) < 14):
            # The first ones, those beyond ten and the latest: where it began, where it should have stayed, how far it came.
            del series.places[-2]
