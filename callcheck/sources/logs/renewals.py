"""Which process connected again, and did not subscribe again as it did after it had connected before?

redis subscriber connected
subscribed crane:overload
redis subscriber closed: read ECONNRESET
redis subscriber connected
(no `subscribed`, and none of the lines that came of it)
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from callcheck.model.log import Level, Place
from callcheck.model.noun import dataclass, field
from callcheck.model.pattern import rare
from callcheck.sources.logs.bounded import Table, first_of, keep_first
from callcheck.sources.logs.presence import Cover
from callcheck.sources.logs.series import Run
from callcheck.sources.logs.stopped import Stopped
from callcheck.sources.logs.view import View

_MOST = 1_000
_MOST_MARKS = 60
_LEAST = 3
_DUE = 6.0
_SOON_S = 60.0
"""So soon after it connects a process subscribes."""
_LOST = rare(
    r"disconnect|connection (?:to .{1,60} )?(?:was |has been )?(?:lost|closed|reset|dropped|aborted|failed|terminated)|(?:terminating|lost|closed) (?:the )?connection|(?:socket|session|channel|stream|subscriber|consumer|client|link|uplink|connection|broker) (?:was |is |went )?(?:closed|lost|dropped|went away|down|gone|cut)\b"
    r"|\b(?:mqtt|redis|nats|amqp|broker|client|subscriber|consumer) (?:is |went |goes )?offline\b"
    r"|\bsig(?:term|int)\b|\bshut(?:ting)? ?down\b|\bgoing down\b|\b(?:stopping|exiting|draining)\b"
    r"|econnreset|connection reset|broken pipe|went away|session .{0,30}closed|reconnecting",
    re.I,
)
_UP = rare(
    r"\b(?:re-?)?connected\b|\bconnection (?:to .{1,60} )?(?:was |is |has been )?(?:re-?)?(?:established|opened|open|ready|up|restored|made)\b|\b(?:session|socket|channel|stream|link|uplink|client|broker|subscriber) (?:is |was |came )?(?:back )?(?:re-?)?(?:opened|open|established|ready|up|restored)\b|\blogged in\b|(?<!\bto )\breconnect\b(?! (?:attempt|fail|try|tries|in \d|schedul|delay|backoff|timer))",
    re.I,
)
"""`reconnect attempt=2` and `failed to reconnect` tell that it is not yet."""
_SUBSCRIBES = rare(
    r"\b(?:re-?|p|s)?subscrib(?:ed?|es|ing)\b|\b(?:re-?)?subscriptions? (?:\S{1,60} )?(?:is |are |was )?(?:ready|created|confirmed|active|established|made|added|renewed|restored|acknowledged|set up)\b|\bconsum(?:ing|er (?:bound|started|tag|registered|ready|created))|\bbasic[._]consume|\blistening (?:for|to)\b|\blistening on (?!port\b|https?:|unix:|:|\d|\S{1,60}:\d)|\b(?:re-?)?joined\b|\bbound to\b|\bwatching\b|@\S{1,60} ready\.|\bregistered (?:for|handlers?|listeners?|consumers?|callbacks?)\b|\bhandlers? (?:registered|attached)",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Mark:
    """A line that says that a process connected (`up`), lost its connection (`lost`) or subscribed (`sub`)."""

    time: float
    order: int
    what: str
    template: str
    place: Place
    text: str


def _in_time(mark: Mark) -> tuple[float, str, int]:
    return mark.time, mark.place.whole, mark.order


@dataclass(frozen=True, slots=True)
class Unrenewed:
    """A process that connected again and did not subscribe."""

    instance: str
    up: Mark
    """It connected again."""
    sub: Mark
    """It subscribed when it had connected before."""
    silent: str
    """The kind of line that came as long as it was subscribed."""
    count: int
    last: tuple[Place, str]
    seconds: float
    """For how long the log goes on."""


@dataclass(slots=True)
class Renewals:
    """Connections and subscriptions of a part of the logs; parts merge."""

    marks: Table[str, list[Mark]] = field(default_factory=lambda: Table(_MOST, list))
    """By process, the first ones of each."""

    def see(self, view: View) -> None:
        """One record."""
        if view.time is None or view.access:
            return
        lost = view.find_low(_LOST)
        sub = None if lost else view.find_low(_SUBSCRIBES)
        what = "lost" if lost else "sub" if sub else "up" if view.record.level < Level.ERROR and view.find_low(_UP) else ""
        held = self.marks.at(view.instance) if what else None
        if held is not None:
            keep_first(held, Mark(view.time, view.order, what, view.template, view.place, view.text[:300]), _MOST_MARKS, _in_time)

    def merge(self, other: Renewals) -> None:
        """Take the other part's in."""
        self.marks.merge(other.marks, _earlier)

    def found(self, stopped: Stopped, cover: Cover) -> Iterator[Unrenewed]:
        """Processes of which some kind of line ends with the connection, and which subscribed after each connection that they had before."""
        for instance, marks in self.marks.items():
            seen = _again(marks)
            presence = cover.instances.get(instance)
            if seen is None or presence is None or presence.last is None:
                continue
            up, sub = seen
            # What subscribes may write nothing but what comes of it: its log going on is enough.
            until = max(presence.last, presence.ends or 0.0)
            ended = [
                (run.count, template, run)
                for (_, template), series in stopped.series.items()
                if (run := series.runs.get(instance)) and _ends(run, sub, up, until) and template not in (sub.template, up.template)
            ]
            if ended:
                count, template, run = max(ended, key=lambda each: each[:2])
                assert run.place is not None
                yield Unrenewed(instance, up, sub, template, count, (run.place, run.text), until - up.time)


def _again(marks: Sequence[Mark]) -> tuple[Mark, Mark] | None:
    """The first connection that no subscription follows, after one was lost, and the last subscription before it; None if some later one is followed by one."""
    ups = [n for n, mark in enumerate(marks) if mark.what == "up"]
    subscribed: list[tuple[Mark, Mark]] = []
    bare: Mark | None = None
    for nth, at in enumerate(ups):
        up, until = marks[at], ups[nth + 1] if nth + 1 < len(ups) else len(marks)
        sub = next((m for m in marks[at + 1 : until] if m.what == "sub" and m.time - up.time <= _SOON_S), None)
        if sub is not None:
            if bare is not None:
                return None
            subscribed.append((up, sub))
        elif subscribed and bare is None and _same(up, subscribed) and any(m.what == "lost" and m.time >= subscribed[-1][1].time for m in marks[:at]):
            bare = up
    return (bare, subscribed[-1][1]) if bare is not None else None


def _same(up: Mark, subscribed: Sequence[tuple[Mark, Mark]]) -> bool:
    """Whether it is the connection that was subscribed on before, in the same words but for a `re`."""
    return any(_plain(before.template) == _plain(up.template) for before, _ in subscribed) or "econnect" in up.text


def _plain(template: str) -> str:
    return re.sub(r"\bre-?(?=connect|open|establish)", "", template.lower())


def _ends(run: Run, sub: Mark, up: Mark, until: float) -> bool:
    """Whether the process wrote such lines while it was subscribed only, and they are overdue."""
    if run.count < _LEAST or run.place is None or not (sub.time <= run.last[0] <= up.time):
        return False
    gap = (run.last[0] - run.first) / (run.count - 1)
    return gap > 0 and until - up.time >= max(_DUE * gap, 10.0)


def _earlier(one: list[Mark], other: list[Mark]) -> None:
    one[:] = first_of(one, other, _MOST_MARKS, _in_time)
