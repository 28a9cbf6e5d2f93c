"""Do deliveries arrive only in the process that wrote an earlier line of whoever they are for, in whatever words?

ticker-1  | stall listening stall=stall-301
ticker-1  | price set stall=stall-301 price_id=7fa2c1
ticker-1  | stall told stall=stall-301 price_id=7fa2c1
ticker-2  | price set stall=stall-301 price_id=c09e44
ticker-2  | no stall to tell price_id=c09e44          `stall-301` is in ticker-1

The line that begins a delivery names somebody, and a line before it names nobody but him: there he is at home.

push-1    stream opened user=u-301
orders-1  published event=paid user=u-301 seq=5120
push-2    consumed event=paid user=u-301 seq=5120     `u-301` is in push-1, which would have written `sent`

What another service sends is compared by the one of those where people are at home that takes it first. Where deliveries have no id beside that of whom they
are for, each is a round of his lines (`rounds.py`).
"""

from __future__ import annotations

import functools
import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence

from callcheck.model.pattern import pattern
from callcheck.sources.logs.contrasts import NOT_HERE, TAKES, Contrast, outcomes, parted, those_due, worth
from callcheck.sources.logs.instances import service_of
from callcheck.sources.logs.presence import SEEN, Cover
from callcheck.sources.logs.rounds import rounds
from callcheck.sources.logs.trails import Step, apart
from callcheck.sources.logs.units import LEAST_UNITS, Unit, kinds_of

_OWN = pattern(r"\bcach(?:e|ed|ing)\b|\bwarm\b|\bcold\b|\block\b", re.I)
"""What each process holds for itself, so that the others do without."""
_FINE = 3
_NEARLY_ALL = 0.9
_LEAST = 5


def from_houses(units: Sequence[Unit], steps: Sequence[Step], end: float, cover: Cover = SEEN) -> Iterator[Contrast]:
    """The clearest such difference of each kind of delivery; `steps` are all lines."""
    named: dict[str, list[Step]] = {}
    kinds = kinds_of(units)
    for step in sorted((step for step in steps if step.instance), key=_at) if kinds else ():
        for key in step.ids:
            named.setdefault(key, []).append(step)
    told = False
    for kind in kinds:
        found = [each for shape, homes in _homes(kind, named).items() if len(homes) >= LEAST_UNITS for each in _by_home(shape, homes, end, cover)]
        told = told or bool(found)
        yield from sorted(found, key=worth)[-1:]
    for home, kind in () if told else rounds(steps):
        yield from sorted(_by_home(home, kind, end, cover), key=worth)[-1:]


def _at(step: Step) -> float:
    return step.time


def _homes(kind: Sequence[Unit], named: dict[str, list[Step]]) -> dict[str, list[Unit]]:
    """By the words of the earlier line, the deliveries together with it."""
    found: dict[str, list[Unit]] = {}
    own = {shape for unit in kind for shape in unit.steps}

    @functools.cache
    def told(key: str) -> list[Step]:
        """What names somebody beside the deliveries of this kind."""
        return [step for step in named.get(key, ()) if step.shape not in own and not step.bad]

    for unit in kind:
        last: dict[str, Step] = {}
        for key in sorted(unit.first.ids):
            held = told(key)
            before = bisect_left(held, unit.first.time, key=_at)
            for step in held[max(0, before - 2 * _LEAST) : before]:
                if step.ids <= unit.first.ids:
                    last[step.shape] = max(last.get(step.shape, step), step, key=_at)
        for shape, step in last.items():
            found.setdefault(shape, []).append(unit.heard_by(step))
    return found


def _by_home(home: str, kind: list[Unit], end: float, cover: Cover) -> Iterator[Contrast]:
    first = kind[0].first.shape
    takers = _takers(home, kind)

    def same(unit: Unit, reached: str) -> bool | None:
        one, other = unit.steps[home].instance, unit.steps[reached].instance if reached in unit.steps else ""
        return None if not other else True if one == other else False if apart(one, other) else None

    for outcome in outcomes(kind):
        known = those_due(kind, outcome, end, cover)
        if any(_OWN.search(step.text) for unit in known for step in unit.steps.values()):
            continue
        lost = [unit for unit in known if outcome not in unit.steps]
        # Who says that nobody is there has seen the delivery; where nothing at all is said, more of them are needed.
        refused = [unit for unit in lost if any(NOT_HERE.search(step.text, 0, 200) for step in unit.steps.values() if step is not unit.first)]
        told = len(refused) == len(lost)
        for reached in (first, *(shape for shape in takers if shape != outcome)):
            found = parted(known, outcome, functools.partial(same, reached=reached), elsewhere=told)
            if found is not None and len(found[0]) >= (_FINE if told else _LEAST) and len(found[1]) >= _LEAST * (1 if told else 2):
                yield Contrast("instances", found[0], found[1], outcome, home, reached, mixed=found[2], taken=takers.get(reached, False))


def _takers(home: str, kind: Sequence[Unit]) -> dict[str, bool]:
    """By which line what another service sends comes to one of those where people are at home; whether it is one consumer of several that takes each."""
    hosts = {unit.steps[home].instance for unit in kind}
    services = {service_of(host) for host in hosts}
    if len(hosts) < 2 or any(unit.first.instance in hosts or service_of(unit.first.instance) in services for unit in kind):
        return {}
    found: dict[str, bool] = {}
    for shape in dict.fromkeys(shape for unit in kind for shape in unit.steps if shape != home):
        steps = [unit.steps[shape] for unit in kind if shape in unit.steps]
        if len(steps) >= _NEARLY_ALL * len(kind) and all(step.instance in hosts for step in steps):
            again = any(one.shape == shape and one.instance != other.instance for unit in kind for one, other in unit.again)
            found[shape] = not again and all(TAKES.search(step.text, 0, 200) for step in steps)
    return found
