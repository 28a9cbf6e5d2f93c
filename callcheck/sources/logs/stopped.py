"""Which kind of line came regularly until a restart or a reconnect, and never again?"""

from __future__ import annotations

import functools
import re

from callcheck.model.log import Place
from callcheck.model.noun import dataclass, field
from callcheck.model.pattern import pattern, rare
from callcheck.sources.logs.view import View

_MOST = 3_000
_MARK = rare(
    r"\b(?P<restart>starting\b|started\b|booting|listening on|logged in|server ready|released?\b v?\d|deploy)|(?P<reconnect>reconnect|connected\b|connection (?:restored|established|re-?opened))|(?P<lost>disconnect|connection (?:lost|closed|reset)|keep ?alive)",
    re.I,
)
_VERSION = pattern(r"\bv?(\d{1,4}\.\d{1,4}(?:\.\d{1,4})?)\b")
_LEAST = 12
_EXPECTED = 10.0


@dataclass(slots=True)
class Series:
    """All lines of one template by one service."""

    count: int = 0
    first: float = 0.0
    last: float = 0.0
    place: Place | None = None
    """Of the last one."""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Mark:
    """A line that says that something starts, connects or is lost."""

    what: str
    time: float
    place: Place
    text: str
    versions: frozenset[str]


@dataclass(frozen=True, slots=True)
class End:
    """A series that ended at a mark."""

    series: Series
    after: str
    mark: Mark
    template: str


@dataclass(slots=True)
class Stopped:
    """Templates and marks of a part of the logs; parts merge."""

    series: dict[tuple[str, str], Series] = field(default_factory=dict)
    marks: list[Mark] = field(default_factory=list)
    end: float = 0.0
    failing: dict[tuple[str, str], int] = field(default_factory=dict)

    def see(self, view: View) -> None:
        """One record."""
        if view.time is None or view.access:
            return
        self.end = max(self.end, view.time)
        key = (_service(view.instance), view.template)
        series = self.series.get(key)
        if series is None:
            if len(self.series) >= _MOST or not view.template:
                return
            series = self.series[key] = Series(first=view.time)
        series.count += 1
        series.last, series.place, series.text = view.time, view.place, view.text[:300]
        found = _MARK.search(view.low)
        if found and len(self.marks) < 400 and series.count <= 12:
            self.marks.append(
                Mark(
                    str(found.lastgroup),
                    view.time,
                    view.place,
                    view.text[:300],
                    frozenset(_VERSION.findall(view.text[:200])),
                )
            )

    def merge(self, other: Stopped) -> None:
        """Take the other part's in."""
        for key, series in other.series.items():
            mine = self.series.get(key)
            if mine is None:
                self.series[key] = series
                continue
            mine.count += series.count
            mine.first = min(mine.first, series.first)
            if series.last > mine.last:
                mine.last, mine.place, mine.text = series.last, series.place, series.text
        self.marks = (self.marks + other.marks)[:800]
        self.end = max(self.end, other.end)

    def ends(self) -> list[End]:
        """Series that ended at a mark although as many again were due."""
        marks = sorted(self.marks, key=lambda m: m.time)
        alive = sum(
            1 for s in self.series.values() if s.count >= _LEAST and s.last > self.end - 0.15 * (self.end - s.first)
        )
        found = []
        for (_, template), series in self.series.items():
            span = series.last - series.first
            if series.count < _LEAST or span <= 0 or not alive:
                continue
            gap = span / (series.count - 1)
            mark = next(
                (m for m in marks if series.last <= m.time <= series.last + 6 * gap + 30 and m.text != series.text),
                None,
            )
            if mark is None or (self.end - mark.time) / gap < _EXPECTED:
                continue
            after = "reconnect" if mark.what in ("reconnect", "lost") else "restart"
            before = [m for m in marks if m.time < mark.time and m.versions and m.what == mark.what]
            same_place = [m for m in before if _shape(m.text) == _shape(mark.text)]
            if mark.versions and same_place and mark.versions != same_place[-1].versions:
                after = "version"
            found.append(End(series, after, mark, template))
        return found


@functools.lru_cache(4096)
def _service(instance: str) -> str:
    return re.sub(r"[-_.:/|\d].*$", "", instance)


def _shape(text: str) -> str:
    return re.sub(r"\d+", "#", text)
