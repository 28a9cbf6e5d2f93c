"""Does what is sent to all who listen reach those of the sender's own process alone, as the words of all lines together tell?

web-1  client c-17 subscribed to grill      web-2  client c-18 subscribed to grill
web-1  fan out order.plated on grill
web-1  delivered order.plated to client c-17          (and nothing for c-18, who hears what web-2 sends)

Who sends to many names none of them, so lines share no id: what a subscription and an emission have in common is the channel, and what a subscription and a line
that follows an emission have in common is the subscriber, whichever words those are. Where subscribers have no name, the lines that follow are counted, or what they count.
"""

from __future__ import annotations

import itertools
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from callcheck.model.noun import dataclass, field
from callcheck.model.pattern import pattern
from callcheck.sources.logs.boundaries import TO_HOW_MANY
from callcheck.sources.logs.clients import CLIENTS, comes
from callcheck.sources.logs.templates import Kind, kinds_of
from callcheck.sources.logs.trails import Crossing, Step, apart, layer_of

if TYPE_CHECKING:
    from collections.abc import Iterable

_BEAT = pattern(r"\b(?:ping|pong|heart ?beat|keep-?alive|health|alive|metrics?)\b", re.I)
_WINDOW_S = 3.0
_LEAST_SENT = 6
_LEAST_SAME = 3
_LEAST_LOST = 4
_NEARLY_ALL = 0.85
_HARDLY = 0.1
_MOST_STEPS = 24_000
_MOST_MEETINGS = 2_000_000
_MOST_PAIRS = 6
_AT_ONCE_S = 1.0


@dataclass(slots=True)
class _Subscription:
    step: Step
    name: str
    channel: frozenset[str]
    until: float


@dataclass(slots=True)
class Fan:
    """How what is sent to a channel met its subscribers."""

    crossing: Crossing = field(default_factory=Crossing)
    counted: bool = False
    """Subscribers have no name: it is by numbers alone that those of other processes hear nothing."""

    @property
    def worth(self) -> tuple[bool, int]:
        """The order of such, the clearest last."""
        return not self.counted, self.crossing.same + self.crossing.lost


def fans(steps: Iterable[Step], lasts: Mapping[str, float]) -> Fan | None:
    """The clearest such difference; `steps` are all lines that are known, `lasts` tells when each process wrote last: its clients are gone with it."""
    ordered = sorted((step for step in steps if step.instance), key=lambda step: (step.time, step.order))[:_MOST_STEPS]
    if len({step.instance for step in ordered}) < 2:
        return None
    kinds = kinds_of(ordered)
    closed = [kind for kind in kinds if kind.stage == "closed"]
    senders = [kind for kind in kinds if kind.stage not in ("registered", "closed") and len(kind.steps) >= _LEAST_SENT and not _beats(kind)]
    found: list[Fan] = []
    for come in kinds if senders else ():
        if not _comes(come):
            continue
        hearers = [(at, heard, place) for at in _names(come) for heard, place in _hearers(come, at, kinds)]
        for sent in senders:
            if sent is come or not hearers and sent.stage != "emitted" and not _counts(sent):
                continue
            meeting = _Meeting(come, sent, closed, lasts)
            for at, heard, place in hearers:
                if heard is not sent:
                    found += meeting.by_name(heard, at, place)
            for heard in kinds:
                if _counts(heard) and (heard is sent or sent.stage == "emitted") or heard is not sent and sent.stage == "emitted" and heard.stage in ("handled", ""):
                    found += meeting.by_count(heard)
    return max(found, key=lambda fan: fan.worth, default=None)


def _comes(kind: Kind) -> bool:
    """Whether the lines say of somebody that he listens from now on, in several processes."""
    return comes(kind.steps[0]) and len({step.instance for step in kind.steps}) > 1


def _names(come: Kind) -> list[int]:
    """Where the subscriber may stand."""
    return [n for n in sorted(come.varies) if len({come.value(row, n) for row in come.rows}) >= 0.7 * len(come.rows)]


def _hearers(come: Kind, at: int, kinds: Sequence[Kind]) -> Iterator[tuple[Kind, int]]:
    """The statements that name subscribers, each where it is at home, and the place where they do."""
    homes: dict[str, set[str]] = {}
    for step, row in zip(come.steps, come.rows, strict=True):
        homes.setdefault(come.value(row, at), set()).add(step.instance)
    for heard in kinds:
        if heard is come or heard.stage == "closed" or len(heard.steps) < _LEAST_SAME or not heard.varies:
            continue
        place = max(sorted(heard.varies), key=lambda n: sum(heard.value(row, n) in homes for row in heard.rows))
        named = [(step.instance, homes[name]) for step, row in zip(heard.steps, heard.rows, strict=True) if (name := heard.value(row, place)) in homes]
        away = sum(here not in home for here, home in named)
        # Whoever works for somebody names him, wherever he is connected.
        if len(named) >= max(_LEAST_SAME, 0.5 * len(heard.rows)) and away <= _HARDLY * len(named):
            yield heard, place


def _beats(kind: Kind) -> bool:
    """Whether each process says so at regular times, or only asks its own clients whether they are there."""
    if _BEAT.search(kind.steps[0].text, 0, 300):
        return True
    times: dict[str, list[float]] = {}
    for step in kind.steps:
        times.setdefault(step.instance, []).append(step.time)
    regular = 0
    for each in times.values():
        gaps = sorted(after - before for before, after in itertools.pairwise(each))
        middle = gaps[len(gaps) // 2] if gaps else 0.0
        regular += len(gaps) >= _LEAST_SENT and sum(abs(gap - middle) <= 0.1 * middle for gap in gaps) >= _NEARLY_ALL * len(gaps)
    return regular > 1


def _counts(kind: Kind) -> list[int]:
    """Of how many somebodies each line tells; nothing if it does not."""
    found = [TO_HOW_MANY.search(step.text.lower(), 0, 300) for step in kind.steps]
    return [int(each[1] or each[2]) for each in found if each is not None] if all(found) else []


class _Meeting:
    """One statement by which subscribers come, and one by which something is sent to them."""

    def __init__(self, come: Kind, sent: Kind, closed: Sequence[Kind], lasts: Mapping[str, float]) -> None:
        self.come, self.sent, self._closed, self._lasts = come, sent, closed, lasts
        self.many = max(_LEAST_SENT, _MOST_MEETINGS // len(come.steps))
        """So many of the lines of the emission are looked at."""
        self.told = [frozenset(sent.value(row, n) for n in range(len(row))) for row in sent.rows]
        counts: dict[str, int] = {}
        for values in self.told:
            for value in values:
                counts[value] = counts.get(value, 0) + 1
        self._common = {value for value, count in counts.items() if count == len(self.told)}
        columns = [[come.value(row, n) for row in come.rows] for n in range(len(come.words))]
        self.slots = [
            n
            for n, column in enumerate(columns)
            if any((n in come.varies or value not in self._common) and value in counts for value in set(column))
            and sum(value in counts for value in column) >= 0.3 * len(column)
            and not (n in come.varies and all(value in step.instance for value, step in zip(column, come.steps, strict=True)))
        ]
        """Places of a subscription where its channel stands; a line may name its own process, too."""
        self.names = _names(come)
        self._times = [step.time for step in sent.steps]

    def subscriptions(self, at: int | None) -> dict[str, list[_Subscription]]:
        """By name; where subscribers have none, each by itself."""
        found: dict[str, list[_Subscription]] = {}
        for n, (step, row) in enumerate(zip(self.come.steps, self.come.rows, strict=True)):
            name = self.come.value(row, at) if at is not None else str(n)
            held = found.setdefault(name, [])
            if held and held[-1].step.instance != step.instance:
                held[-1].until = min(held[-1].until, step.time)
            held.append(_Subscription(step, name, frozenset(self.come.value(row, n) for n in self.slots), self._lasts.get(step.instance, float("inf"))))
        for kind in self._closed:
            for step, row in zip(kind.steps, kind.rows, strict=True):
                said = {kind.value(row, n) for n in range(len(row))}
                of = said & found.keys() if at is not None else found.keys()
                left = [each for name in sorted(of) for each in found[name] if each.step.instance == step.instance and each.step.time <= step.time < each.until]
                for each in left if at is not None else sorted((each for each in left if each.channel <= said), key=lambda each: each.step.time)[:1]:
                    each.until = step.time
        return found

    def by_name(self, heard: Kind, at: int, place: int) -> Iterator[Fan]:
        """As lines of a kind tell that name the subscribers at a place of theirs."""
        known = self.subscriptions(at)
        reached: set[tuple[int, int]] = set()
        alike = 0
        for step, row in zip(heard.steps, heard.rows, strict=True):
            open_ = [each for each in known.get(heard.value(row, place), ()) if each.step.time <= step.time <= each.until + _AT_ONCE_S]
            here = [each for each in open_ if each.step.instance == step.instance]
            values = frozenset(heard.value(row, n) for n in range(len(row)))
            sent = self._sent(step, values, here) if here else None
            if sent is not None:
                reached.update((sent, id(each)) for each in here)
                alike += bool((self.told[sent] & values) - self._common)
        # What no word calls an emission has at least something in common with what follows it.
        if self.sent.stage == "emitted" or alike >= _NEARLY_ALL * len(heard.steps):
            yield from self._settled(known, reached)

    def by_count(self, heard: Kind) -> Iterator[Fan]:
        """As many lines of a kind as somebody listens in the process, or lines that say so many."""
        every = [each for held in self.subscriptions(self.names[0] if self.names else None).values() for each in held]
        counts = _counts(heard)
        reached: dict[tuple[int, str], int] = {}
        again: set[int] = set()
        for m, (step, row) in enumerate(zip(heard.steps, heard.rows, strict=True)):
            values = frozenset(heard.value(row, n) for n in range(len(row)))
            if heard is self.sent:
                others = [n for n in self._around(step) if n < m and n not in again and heard.steps[n].instance != step.instance and self._alike(n, m)]
                of = others[-1] if others else m
                again.update([m] if others else [])
            else:
                before = [n for n in self._around(step) if self._before(n, step)]
                of = max(before, key=lambda n: (len(self.told[n] & values), n), default=-1)
            if of >= 0:
                reached[of, step.instance] = reached.get((of, step.instance), 0) + (counts[m] if counts else 1)
        fan = Fan(counted=True)
        result, wrong, seen, alone = fan.crossing, 0, set(), 0
        for n, sent in enumerate(self.sent.steps[: self.many]):
            if n in again:
                continue
            due: dict[str, list[_Subscription]] = {}
            for each in every:
                if self._concerns(n, each):
                    due.setdefault(each.step.instance, []).append(each)
            here, said = len(due.get(sent.instance, ())), reached.get((n, sent.instance), 0)
            far = {name: held for name, held in due.items() if apart(name, sent.instance)}
            if here != said:
                wrong += 1
                continue
            result.same += bool(here)
            seen.add(here)
            alone += bool(far) and not here
            for name, held in far.items():
                if reached.get((n, name)):
                    result.arrived += 1
                    continue
                result.lost += 1
                result.instances |= {name, sent.instance}
                if len(result.pairs) < _MOST_PAIRS:
                    result.pairs.append((held[-1].step, sent))
        if wrong <= (1 - _NEARLY_ALL) * len(self.sent.steps) and (len(seen - {0}) > 1 or alone >= _LEAST_SAME):
            # An adapter takes it to the other processes without a line of the app's.
            yield from (each for each in _clear(fan) if not (each.crossing.layer or layer_of(Crossing(pairs=[(heard.steps[0], heard.steps[0])]))))

    def _around(self, step: Step) -> range:
        return range(bisect_left(self._times, step.time - _AT_ONCE_S), bisect_right(self._times, step.time))

    def _alike(self, n: int, m: int) -> bool:
        """Whether two lines of the emission say the same but for a number."""
        return len(self.told[n] ^ self.told[m]) <= 2

    def _sent(self, step: Step, values: frozenset[str], who: Sequence[_Subscription]) -> int | None:
        """Which emission a line follows: of the last ones that concern its subscriber, the one with which it has most in common."""
        first, last = bisect_left(self._times, step.time - _WINDOW_S), bisect_right(self._times, step.time)
        due = [n for n in range(first, last) if any(self._concerns(n, each) for each in who) and self._before(n, step)]
        return max(due, key=lambda n: (len(self.told[n] & values), n), default=None)

    def _before(self, n: int, step: Step) -> bool:
        sent = self.sent.steps[n]
        return sent.time < step.time or sent.place.whole != step.place.whole or sent.order < step.order

    def _concerns(self, n: int, who: _Subscription) -> bool:
        sent = self.sent.steps[n]
        return who.step.time <= sent.time < who.until and who.channel <= self.told[n]

    def _settled(self, known: dict[str, list[_Subscription]], reached: set[tuple[int, int]]) -> Iterator[Fan]:
        fan = Fan()
        result = fan.crossing
        every = [each for held in known.values() for each in held]
        nobody = several = 0
        end = self.sent.steps[-1].time - _WINDOW_S
        for n, sent in enumerate(self.sent.steps[: self.many]):
            due = [each for each in every if self._concerns(n, each)]
            got = [each for each in due if (n, id(each)) in reached]
            far = [each for each in due if apart(each.step.instance, sent.instance)]
            if sent.time > end and not got:
                continue
            nobody += bool(far) and not got
            several += len(got) > 1
            for each in due:
                here = (n, id(each)) in reached
                if each.step.instance == sent.instance:
                    result.same += here
                    result.same_lost += not here
                elif each in far:
                    result.arrived += here
                    result.lost += not here
                    if not here:
                        result.instances |= {each.step.instance, sent.instance}
                        if len(result.pairs) < _MOST_PAIRS:
                            result.pairs.append((each.step, sent))
        # A listener that is part of the program hears what its own process does, each time, and is there once in each.
        clients = len(every) > len({each.step.instance for each in every}) and CLIENTS.search(self.come.steps[0].text, 0, 300)
        if clients or max(nobody, several) >= _LEAST_SAME:
            yield from _clear(fan)


def _clear(fan: Fan) -> Iterator[Fan]:
    """It, if there is no doubt."""
    result = fan.crossing
    if (
        result.same >= max(_LEAST_SAME, _NEARLY_ALL * (result.same + result.same_lost))
        and result.lost >= _LEAST_LOST
        and result.arrived <= _HARDLY * result.lost
    ):
        result.layer = layer_of(result)
        yield fan
