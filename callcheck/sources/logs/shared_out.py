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
_EACH = pattern(r"[\w.*-]{2,100}")
"""Members of one group that read other topics take nothing from one another."""
_BEFORE_LEVEL = pattern(r"^(?:[\w.-]{1,40} ){0,3}?(?:trace|debug|info|notice|warn|warning|error) ")
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
            mine = [steps for steps in kind if here in steps and there not in steps]
            theirs = [steps for steps in kind if there in steps and here not in steps]
            both = sum(here in steps and there in steps for steps in kind)
            if min(len(mine), len(theirs)) < _LEAST or both > _BOTH * len(kind):
                continue
            lines, others = [steps[here] for steps in mine], [steps[there] for steps in theirs]
            # Two deployments of one program write the same.
            if {_said(each) for each in lines}.isdisjoint(map(_said, others)):
                yield SharedOut(name, here, there, (one, other), [*lines[:2], *others[:2]])
                break


def _said(step: Step) -> str:
    """The words of a line without the name of its logger, which may be the service's."""
    return _BEFORE_LEVEL.sub("", step.shape)


def _kinds(units: Sequence[Unit]) -> list[list[dict[str, Step]]]:
    """The deliveries that begin alike, with one event as whoever sends them calls it, and of each the first line of every other service than the one that sends."""
    kinds: dict[tuple[str, str], list[dict[str, Step]]] = {}
    for unit in units:
        taken: dict[str, Step] = {}
        for step in unit.steps.values():
            if step.instance and not step.bad:
                taken.setdefault(service_of(step.instance), step)
        taken.pop(service_of(unit.first.instance), None)
        if taken:
            kinds.setdefault((unit.first.shape, unit.first.event), []).append(taken)
    return list(kinds.values())
