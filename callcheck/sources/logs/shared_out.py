"""Which two services take from one queue, so that each message reaches one of them only, although each does something else with it?

lockers-1  | consuming queue=lockers.opened prefetch=10
audit-1    | consuming queue=lockers.opened prefetch=10
gate-1     | published locker.opened id=L-6101
lockers-1  | door light on id=L-6101          and no line of the audit
gate-1     | published locker.opened id=L-6102
audit-1    | audit row written id=L-6102          and no light
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from callcheck.model.log import Place
from callcheck.model.noun import dataclass
from callcheck.model.pattern import pattern
from callcheck.sources.logs.instances import service_of
from callcheck.sources.logs.signals import Tally
from callcheck.sources.logs.sources import Sources
from callcheck.sources.logs.trails import Step
from callcheck.sources.logs.units import Unit

_LEAST = 5
_ASSIGNED = pattern(r"\bassign(?:ed|ment)\b", re.I)
_TOPICS = pattern(r"\btopics?[\"']?(?:[=:]| ?\[| ) ?\[?([\w.,:*\"'-]{2,200})", re.I)
_QUEUE = pattern(r"\bqueue(?:[._-]?name)?[\"']?[=:]", re.I)
_LETTERS = pattern(r"[A-Za-z_-]*")
_EACH = pattern(r"[\w.*-]{2,100}")
"""Members of one group that read other topics take nothing from one another."""
_BEFORE_LEVEL = pattern(r"^(?:[\w.-]{1,40} ){0,3}?(?:trace|debug|info|notice|warn|warning|error) ")
_NEARLY_ALL = 0.8
_BOTH = 0.05
"""A larger share that reaches both is how it is meant to be."""


@dataclass(frozen=True, slots=True)
class SharedOut:
    """What two services take from, the lines that say so, and for either one what it did of the first deliveries that it got."""

    name: str
    here: str
    there: str
    taken: tuple[Tally, Tally]
    lines: list[Step]

    @property
    def begun(self) -> list[tuple[Place, str]]:
        """Where either says first that it takes from there, and last what of it it was given."""
        given = [[sample for sample in tally.samples if _ASSIGNED.search(sample[1], 0, 400)][-1:] for tally in self.taken]
        return [*(tally.samples[0] for tally in self.taken), *given[0], *given[1]]


def shared_out(sources: Sources, units: Sequence[Unit]) -> Iterator[SharedOut]:
    """Each such queue once for two services."""
    pairs = [(name, here, there, taken) for name, here, there, *taken in sources.pairs()]
    kinds = _kinds(units) if pairs else []
    for name, here, there, (one, other) in pairs:
        topics = [{topic for _, text in tally.samples for found in _TOPICS.findall(text) for topic in _EACH.findall(found)} for tally in (one, other)]
        if topics[0] and topics[1] and topics[0].isdisjoint(topics[1]):
            continue
        for kind in kinds:
            mine = [steps[here] for steps in kind if here in steps and there not in steps]
            theirs = [steps[there] for steps in kind if there in steps and here not in steps]
            both = sum(here in steps and there in steps for steps in kind)
            if min(len(mine), len(theirs)) < _LEAST or both > _BOTH * len(kind):
                continue
            if _differ(mine, theirs):
                yield SharedOut(name, here, there, (one, other), _lines(mine, theirs))
                break
        else:
            # Where the sender writes elsewhere, it must be sure that both take the same sort of message from one place.
            mine, theirs, both = _alone(units, here, there)
            same = bool(topics[0] & topics[1]) or all(_QUEUE.search(tally.samples[0][1], 0, 400) for tally in (one, other))
            if same and min(len(mine), len(theirs)) >= _LEAST and not both and _sorts(mine) & _sorts(theirs) and _differ(mine, theirs):
                yield SharedOut(name, here, there, (one, other), _lines(mine, theirs))


def _lines(mine: Sequence[Sequence[Step]], theirs: Sequence[Sequence[Step]]) -> list[Step]:
    """Of either the first two deliveries, by what only it writes."""
    return [_telling(steps, others) for some, others in ((mine, theirs), (theirs, mine)) for steps in some[:2]]


def _alone(units: Sequence[Unit], here: str, there: str) -> tuple[list[list[Step]], list[list[Step]], int]:
    """What either does of the deliveries of which nobody else says anything, and how many there are of which both do."""
    mine: list[list[Step]] = []
    theirs: list[list[Step]] = []
    both = 0
    for unit in units:
        steps = [step for step in unit.steps.values() if not step.bad]
        services = {service_of(step.instance) for step in steps}
        both += services >= {here, there}
        if len(steps) > 1 and services in ({here}, {there}):
            (mine if here in services else theirs).append(steps)
    return mine, theirs, both


def _sorts(taken: Sequence[Sequence[Step]]) -> set[tuple[str, int]]:
    """How their ids look: the letters with which they begin, and their length."""
    return {(found[0].lower(), len(key)) for steps in taken for key in steps[0].ids if (found := _LETTERS.match(key))}


def _differ(mine: Sequence[Sequence[Step]], theirs: Sequence[Sequence[Step]]) -> bool:
    """Whether these are two programs: two deployments of one write the same, and two programs may take a message with the same words before each does its own with it."""
    if {_said(steps[0]) for steps in mine}.isdisjoint(_said(steps[0]) for steps in theirs):
        return True
    return all(any(n >= _NEARLY_ALL * len(some) and shape not in _shapes(others) for shape, n in _shapes(some).items()) for some, others in ((mine, theirs), (theirs, mine)))


def _shapes(taken: Sequence[Sequence[Step]]) -> Counter[str]:
    """In how many of the deliveries each line stands."""
    return Counter(said for steps in taken for said in {_said(step) for step in steps})


def _telling(steps: Sequence[Step], others: Sequence[Sequence[Step]]) -> Step:
    """The first line that the other one never writes."""
    theirs = _shapes(others)
    return next((step for step in steps if _said(step) not in theirs), steps[0])


def _said(step: Step) -> str:
    """The words of a line without the name of its logger, which may be the service's."""
    return _BEFORE_LEVEL.sub("", step.shape)


def _kinds(units: Sequence[Unit]) -> list[list[dict[str, list[Step]]]]:
    """The deliveries that begin alike, with one event as whoever sends them calls it, and of each the lines of every other service than the one that sends."""
    kinds: dict[tuple[str, str], list[dict[str, list[Step]]]] = {}
    for unit in units:
        taken: dict[str, list[Step]] = {}
        for step in unit.steps.values():
            if step.instance and not step.bad:
                taken.setdefault(service_of(step.instance), []).append(step)
        taken.pop(service_of(unit.first.instance), None)
        if taken:
            kinds.setdefault((unit.first.shape, unit.first.event), []).append(taken)
    return list(kinds.values())
