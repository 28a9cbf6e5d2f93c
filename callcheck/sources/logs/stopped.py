"""Which kind of line came regularly until a restart, a reconnect or the end of a thread, and never again?"""

from __future__ import annotations

import functools
import re
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from callcheck.model.log import Level, Place
from callcheck.model.noun import dataclass, field, replace
from callcheck.model.pattern import pattern, rare
from callcheck.sources.logs.boundaries import Edge
from callcheck.sources.logs.bounded import Table, keep_first
from callcheck.sources.logs.deaths import Death
from callcheck.sources.logs.occupied import Occupied
from callcheck.sources.logs.presence import SEEN, Cover, Presence
from callcheck.sources.logs.series import MOST_MARKS, MOST_RUNS, Mark, Run, Series, in_time
from callcheck.sources.logs.times import seconds
from callcheck.sources.logs.view import View

_MOST = 3_000
_HANDLES = ("handled", "completed")
_MOST_SHOWN = 800
_MARK = rare(
    r"\b(?P<restart>starting\b|started\b|booting|listening on|logged in|server ready|released?\b v?\d|deploy|(?:node(?:\.js)?|python|discord\.(?:js|py)|deno|bun|ruby)[ /@]v?\d{1,2}\.\d)|(?P<reconnect>reconnect|connected\b(?![\"']?[=:] ?\d{1,6}\b(?![.:]\d))|connection (?:restored|established|re-?opened))|(?P<lost>disconnect|connection (?:was |has been )?(?:lost|closed|reset|terminated|broken)|(?:terminating|lost|closed) (?:the )?connection|\bchannel (?:was |has been |is |got )?(?:closed|gone|lost|shut down)\b|\b(?:consumer|subscriber|poller|subscription|consume loop|poll loop) (?:was |has |has been |is |got )?(?:stopped|closed|cancell?ed|ended|terminated|exited|gone)\b|keep ?alive|\bstream (?:recv |read |to \S{1,60} |from \S{1,60} )?(?:failed|broke|lost|(?:ended|closed) (?:with|by|unexpectedly))\b|error reading from server|\b(?:provider|upstream|broker|exchange|rpc|gateway|feed|source|remote|venue|node)['s]{0,2} (?:wss?|web-?socket|socket|link|tunnel|transport|stream) (?:was |has been |is |got )?(?:closed|lost|dropped|reset|died|gone|down|ended)\b|\b(?:change ?stream|watch(?:er)?|tail(?:er|able cursor)?|cursor|informer|listen(?:er)? connection|replication (?:stream|slot)) (?:was |is |has been |got )?(?:closed|ended|invalidated|killed|stopped|lost|died|dropped)\b)|(?P<led>\b(?:stopped leading|leader ?election lost|lost (?:the )?(?:leader )?(?:lease|leadership)|no longer (?:the )?leader|stepp(?:ed|ing) down as leader)\b)|(?P<idle>\bdue to inactivity\b|\bhave been inactive for more than \d|\bautos(?:topping|uspending) machine\b|^\s{0,4}idling$|\bscaled to zero\b|\b(?:idle[ -]time-?out|inactivity)\b.{0,60}\b(?:stopp|shut|terminat|unload|recycl)|\b(?:stopp|shutt|terminat|unload|recycl)\w{0,5}\b.{0,60}\b(?:idle|inactiv))"
    r"|\b(?:subscription|channel|watch|lease|web-?hook|registration)\b.{0,200}?\bexpir(?:es?|y|ation|ing)(?:_?(?:at|on|date|time|datetime|datetimeutc))?[\"']?[=: ]{1,2}[\"']?(?P<expires>\d{4}-\d\d-\d\d[t ]\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:z|[+-]\d\d:?\d\d)?)",
    re.I,
)
"""`connected=14` counts who is there. A subscription that a provider keeps for some time (Microsoft Graph, Google's channels, WebSub) says when it is over: that is then, and not when the line is written."""
_TOPIC = rare(r"\b(?:topic|channel|queue|subject|stream|feed|routing_?key|subscription)[\"']?[=:] ?[\"']?(?P<topic>[\w./#:*-]{2,60})", re.I)
"""What one kind of line is about, where it is told beside the words: a source may fall silent while others of the kind go on."""
_MOST_TOPICS = 500
_VERSION = pattern(r"\bv?(\d{1,4}\.\d{1,4}(?:\.\d{1,4})?)\b")
_LEAST = 12
_NEARLY_ALL = 0.9
_OFTEN = 3
"""Lines of a template that comes more often than what is said at each start."""
_EXPECTED = 10.0
_SETTLING_S = 5.0
_CONNECTIONS = ("reconnect", "lost")
_ORDINARY = 3
"""A connection that is made or lost so often while the lines come is a client's, on which they do not depend."""
_MOMENT_S = 0.001
"""The mark itself proves nothing of what follows it."""
_AFTER = {"reconnect": "reconnect", "lost": "reconnect", "died": "exception", "stream": "stream", "collected": "collection", "expires": "expiry", "idle": "idle", "led": "leadership"}
_ANYBODY = Presence(levels={Level.UNKNOWN: 0.0})
"""Of whom nothing is known."""


@dataclass(frozen=True, slots=True)
class End:
    """A series that ended at a mark."""

    series: Series
    after: str
    mark: Mark
    template: str
    shaped: bool
    """An exception about the shape of what a handler was handed is the mark."""


@dataclass(slots=True)
class Stopped:
    """Templates and marks of a part of the logs; parts merge."""

    series: Table[tuple[str, str], Series] = field(default_factory=lambda: Table(_MOST, Series))
    topics: Table[tuple[str, str, str], Series] = field(default_factory=lambda: Table(_MOST_TOPICS, Series))
    """The same of each topic by itself, if every line is read."""
    end: float = 0.0
    served: int = 0
    """Requests, which show that the process lives."""
    served_last: float = 0.0

    @property
    def mark(self) -> Any:
        """The pattern of lines that say that something starts, connects or is lost."""
        return _MARK

    def marked(self) -> Stopped:
        """The marks alone, without the lines that were counted."""
        only = Stopped()
        for key, series in self.series.items():
            held = only.series.at(key) if series.marks or series.expiry else None
            if held is not None:
                held.marks, held.expiry = series.marks, series.expiry
        return only

    def see(self, view: View, edge: Edge | None = None) -> None:
        """One record, and its boundary."""
        time = view.time
        if time is None:
            return
        self.end = max(self.end, time)
        if view.access:
            self.served += 1
            self.served_last = max(self.served_last, time)
            return
        if not view.template:
            return
        if found := view.find_low(_TOPIC):
            _count(self.topics.at((service(view.instance), view.template, found["topic"])), view, time)
        series = _count(self.series.at((service(view.instance), view.template)), view, time)
        if series is None:
            return
        if edge is not None and edge.stage in _HANDLES:
            series.handles = True
        if len(series.marks) < MOST_MARKS or time <= series.marks[-1].time or series.expiry is not None:
            self._mark(series, view, time)

    def _mark(self, series: Series, view: View, time: float) -> None:
        found = view.find_low(_MARK)
        if found:
            versions = frozenset(_VERSION.findall(view.text[:200]))
            if found["expires"]:
                time = seconds(found["expires"].upper()) or time
            mark = Mark(str(found.lastgroup), time, view.place, view.text[:300], versions)
            if found["expires"]:
                series.expiry = max(mark, series.expiry or mark, key=in_time)
            else:
                keep_first(series.marks, mark, MOST_MARKS, in_time)

    def merge(self, other: Stopped) -> None:
        """Take the other part's in."""
        self.series.merge(other.series, Series.merge)
        self.topics.merge(other.topics, Series.merge)
        self.end = max(self.end, other.end)
        self.served += other.served
        self.served_last = max(self.served_last, other.served_last)

    def ends(self, cover: Cover = SEEN, names: Collection[str] = (), deaths: Iterable[tuple[Death, Mark]] = ()) -> list[End]:
        """Series that ended at a mark although as many again were due, and would have been seen as far as `cover` knows; the lines of each service that
        name one of `names` are one series, whatever else they say. `deaths` are threads that an exception ended."""
        known = [*self.series.items(), *self._of(names), *self._left_out()]
        services: dict[str, Presence] = {}
        for instance, presence in cover.instances.items():
            services.setdefault(service(instance), Presence()).merge(presence)
        expiries: dict[str, Mark] = {}
        like = {mark.place: series.marks for _, series in self.series.items() for mark in series.marks}
        for (name, _), series in known:
            if series.expiry is not None:
                expiries[name] = max(series.expiry, expiries.get(name, series.expiry), key=in_time)
        marks = sorted((*expiries.values(), *(mark for _, series in known for mark in series.marks)), key=in_time)[:_MOST_SHOWN]
        alive = sum(1 for _, s in known if s.count >= _LEAST and s.last > self.end - 0.15 * (self.end - s.first))
        died = list(deaths)
        shaped = {death.place for death, _ in died if death.shaped}
        begin = min((s.first for _, s in known), default=self.end)
        alive += self.served >= _LEAST and self.served_last > self.end - 0.15 * (self.end - begin)
        found = []
        for (name, template), series in known:
            span = series.last - series.first
            if series.count < _LEAST or span <= 0 or not alive:
                continue
            gap = span / (series.count - 1)
            own = [mark for death, mark in died if service(death.instance) == name and _behind(death, series)]
            # How a thread of its own ended says why; that a connection is lost may be what that thread was told, or says while it ends.
            mark = next(
                (m for m in (*sorted(own, key=in_time), *marks) if series.last <= m.time <= series.last + 6 * gap + 30 and m.text != series.latest[2] and not _ordinary(m, series, like)),
                next((m for m in sorted(own, key=in_time) if self._quiet(name, series, m.time, gap)), None),
            )
            if mark is None or (self.end - mark.time) / gap < _EXPECTED:
                continue
            of_service = services.get(name, _ANYBODY)
            # A program that ends leaves its tasks pending, too.
            until = of_service.last if mark.what == "collected" else of_service.ends
            if until is not None and (until - mark.time) / gap < _EXPECTED:
                continue  # Its log ends there.
            if not of_service.tells(series.level, mark.time + _MOMENT_S) or self._rewritten(name, mark.time):
                continue
            after = _AFTER.get(mark.what, "restart")
            # What a service manager says comes before the program tells its version.
            if any(_upgraded(m, marks) for m in marks if m.what == mark.what and mark.time <= m.time <= mark.time + _SETTLING_S):
                after = "version"
            found.append(End(series, after, mark, template, mark.place in shaped))
        return found

    def _quiet(self, name: str, series: Series, until: float, gap: float) -> bool:
        """Whether a kind of line stayed away since it last came only as long as what it answers to did: another kind of the service that came as often
        until then, whenever it did, not in between, and again afterwards."""
        wait = 6 * gap + 30
        mine = _when(series)
        near = set(mine.within(0, until + 1))
        for (of, _), other in self.series.items():
            if of != name or other is series or other.count < _LEAST:
                continue
            its = _when(other)
            width = max(its.width, mine.width)
            before, after = its.within(0, series.last + width), its.within(until, self.end)
            beside = sum(any(abs(part - each) <= wait for each in near) for part in before)
            if len(after) >= _EXPECTED and beside > _NEARLY_ALL * len(before) >= _LEAST / 2 and not its.within(series.last + wait, until - width):
                return True
        return False

    def _of(self, names: Collection[str]) -> list[tuple[tuple[str, str], Series]]:
        """The lines of each service that name an event, of several templates: `interaction /pay` and `interaction /book` are one event's; those that begin
        with the same word, `[slash] /pay by 7`, are of one sort, too."""
        found: dict[tuple[str, str], list[Series]] = {}
        for (service_, template), series in self.series.items() if names else ():
            for name in names:
                if name in template.split()[:2]:
                    found.setdefault((service_, name), []).append(series)
            if series.count >= _OFTEN:
                found.setdefault((service_, template.split()[0]), []).append(series)
        together = []
        for key, several in found.items():
            if len(several) > 1:
                whole = Series()
                for series in several:
                    whole.merge(replace(series, runs=Table(MOST_RUNS, Run), marks=[], expiry=None))
                together.append((key, whole))
        return together

    def _left_out(self) -> list[tuple[tuple[str, str], Series]]:
        """The lines of one topic, of which no more came while the same line came of another."""
        kinds: dict[tuple[str, str], dict[str, Series]] = {}
        for (name, template, topic), series in self.topics.items():
            kinds.setdefault((name, template), {})[topic] = series
        return [
            ((name, f"{template} {topic}"), series)
            for (name, template), of in kinds.items()
            for topic, series in of.items()
            if series.count >= _LEAST and any(other.count >= _LEAST and other.last > series.last for other in of.values())
        ]

    def _rewritten(self, name: str, at: float) -> bool:
        """Whether all that a service wrote regularly ends at a time, and other lines begin: it says the same in other words from then on."""
        mine = [series for (of, _), series in self.series.items() if of == name]
        before = [s for s in mine if s.count >= _LEAST and s.first < at]
        begun = [s for s in mine if s.count >= _LEAST and s.first >= at]
        return len(before) > 1 and bool(begun) and not any(s.last > at + _SETTLING_S for s in before)


def _count(series: Series | None, view: View, time: float) -> Series | None:
    """One more line of the kind."""
    if series is None:
        return None
    series.count += 1
    series.first = min(series.first, time)
    series.level = min(series.level, view.record.level)
    at = time, view.place.whole, view.order
    if at > series.latest[0]:
        series.latest = at, view.place, view.text[:300]
    run = series.runs.at(view.instance)
    if run is not None:
        run.add(at, view.place, view.text[:200], view.record.thread)
    return series


def _ordinary(mark: Mark, series: Series, like: Mapping[Place, Collection[Mark]]) -> bool:
    """Whether lines like a mark of a connection stood there often while the series went on."""
    return mark.what in _CONNECTIONS and sum(series.first <= m.time < series.last for m in like.get(mark.place, ())) >= _ORDINARY


def _behind(death: Death, series: Series) -> bool:
    """Whether a thread ended after the last line of the kind, where both stand in one log."""
    _, whole, order = series.latest[0]
    return death.place.whole != whole or death.order > order


def _when(series: Series) -> Occupied:
    """When any process of the service wrote a line of the kind."""
    whole = Occupied()
    for _, run in series.runs.items():
        whole.merge(run.when)
    return whole


def _upgraded(mark: Mark, marks: Collection[Mark]) -> bool:
    """Whether a line names another version than the one like it before."""
    before = [m for m in marks if m.time < mark.time and m.versions and m.what == mark.what and _shape(m.text) == _shape(mark.text)]
    return bool(mark.versions and before) and mark.versions != before[-1].versions


@functools.lru_cache(4096)
def service(instance: str) -> str:
    """The first part of its name, which is the same for all its instances."""
    return re.sub(r"[-_.:/|\d].*$", "", instance)


def overdue(count: int, first: float, last: float, until: float) -> bool:
    """Whether lines that came so often should have come again before a time."""
    return count >= _LEAST and last > first and (until - last) * (count - 1) >= _EXPECTED * (last - first)


def _shape(text: str) -> str:
    return re.sub(r"\d+", "#", text)
