"""Which clients does a broker see come back that do not subscribe again, although it kept nothing of their session?

New client connected from 172.18.0.6:48286 as gate (p2, c1, k30).
Received SUBSCRIBE from gate             gate 1 dock/+/door
Client gate has exceeded timeout, disconnecting.
New client connected from 172.18.0.6:47516 as gate (p2, c1, k30).          and no `Received SUBSCRIBE`
Received PUBLISH from dock-3 (d0, q1, r0, m14, 'dock/3/door', ... (32 bytes))          and no `Sending PUBLISH`
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from callcheck.model.noun import dataclass, field
from callcheck.sources.logs.brokers import Said, forgets
from callcheck.sources.logs.spelling import matches

_LEAST = 3
_LONG_S = 10.0
"""So long after it came back a client that means to subscribe has done so."""


@dataclass(slots=True)
class Rejoined:
    """A client that came back."""

    up: Said
    sub: Said
    """One of its subscriptions before."""
    filters: set[str]
    before: int
    """Messages that it was handed before."""
    missed: list[Said] = field(default_factory=list)
    """Those that came for it since."""
    until: float = 0.0


def rejoined(said: Sequence[Said]) -> Iterator[Rejoined]:
    """By the lines of one kind of broker, in order of time; it must say whom it hands a message."""
    subs: dict[str, dict[str, Said]] = {}
    handed: dict[str, int] = {}
    back: dict[str, Rejoined] = {}
    for each in said:
        if each.what == "up":
            back.pop(each.who, None)
            held = subs.get(each.who)
            if held and handed.get(each.who) and forgets(each):
                back[each.who] = Rejoined(each, next(iter(held.values())), set(held), handed[each.who])
        elif each.what == "sub":
            back.pop(each.who, None)
            subs.setdefault(each.who, {})[each.about] = each
        elif each.what in ("unsub", "out"):
            back.pop(each.who, None)
            if each.what == "unsub":
                subs.pop(each.who, None)
            else:
                handed[each.who] = handed.get(each.who, 0) + 1
        elif each.what == "down":
            back.pop(each.who, None)
        elif each.what == "in":
            for one in back.values():
                if any(matches(each.about, filter) for filter in one.filters):
                    one.missed.append(each)
    end = said[-1].time if said else 0.0
    for one in back.values():
        one.until = end
        if len(one.missed) >= _LEAST and end - one.up.time >= _LONG_S:
            yield one
