"""Which deliveries have no id of their own, since all those for one listener name nobody but him?

pod-1  subscription started vessel=v-311        a round begins with each repetition of one line under an id:
pod-2  publish vessel=v-311                     with it goes what follows up to the next one, and the line with which the id began,
pod-1  publish vessel=v-311                     once for each process that wrote it
pod-1  next vessel=v-311
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from callcheck.sources.logs.trails import Step
from callcheck.sources.logs.units import LEAST_UNITS, MOST_STEPS, Unit

_OFTEN = 1.3
"""So many times for each id that has it a line comes that begins a round."""
_LEAST_IDS = 3
_MOST_KINDS = 8


def rounds(steps: Iterable[Step]) -> Iterator[tuple[str, list[Unit]]]:
    """For each line with which ids begin and each that repeats under them, the former's words and the rounds, of several processes."""
    kinds: dict[tuple[str, str], list[list[Step]]] = {}
    for group in groups_of(steps):
        home = group[0].shape
        for shape in dict.fromkeys(step.shape for step in group[1:] if step.shape != home and not step.bad and step.stage not in ("registered", "closed")):
            kinds.setdefault((home, shape), []).append(group)
    often = sorted(kinds.items(), key=lambda item: (-sum(_count(group, item[0][1]) for group in item[1]), item[0]))[:_MOST_KINDS]
    for (home, shape), groups in often:
        counts = [_count(group, shape) for group in groups]
        if sum(counts) >= max(LEAST_UNITS, _OFTEN * len(groups)):
            found: dict[tuple[str, int, str], Unit] = {}
            parts = []
            for group in groups:
                before = len(found)
                for unit in _of(group, home, shape):
                    found.setdefault((unit.first.place.whole, unit.first.order, unit.steps[home].instance), unit)
                parts.append(len(found) - before)
            # What nearly all lines name (a region, a version) is nobody who listens.
            if sum(map(bool, parts)) >= _LEAST_IDS and max(parts) <= len(found) / 2 and len({unit.first.instance for unit in found.values()}) > 1:
                yield home, list(found.values())


def groups_of(steps: Iterable[Step]) -> Iterator[list[Step]]:
    """The lines of each id that has some, in order of time."""
    by_id: dict[str, list[Step]] = {}
    for step in steps:
        if step.instance:
            for key in sorted(step.ids):
                by_id.setdefault(key, []).append(step)
    for group in by_id.values():
        if 2 < len(group) <= MOST_STEPS:
            group.sort(key=lambda step: (step.time, step.order))
            if not group[0].bad:
                yield group


def _count(group: Sequence[Step], shape: str) -> int:
    return sum(step.shape == shape for step in group)


def _of(group: Sequence[Step], home: str, shape: str) -> Iterator[Unit]:
    """Those of one id; none where one of them has an id of its own, by which it is followed without this."""
    begins = [frozenset(step.ids) for step in group if step.shape == shape]
    own = frozenset[str]().union(*begins) - begins[0].intersection(*(begins[1:] or [group[0].ids]))
    if any(step.shape not in (home, shape) and not own.isdisjoint(step.ids) for step in group):
        return
    listening: dict[str, Step] = {}
    for at, step in enumerate(group):
        if step.shape == home:
            listening[step.instance] = step
        elif step.stage == "closed":
            listening.pop(step.instance, None)
        elif step.shape == shape:
            end = next((n for n, each in enumerate(group) if n > at and each.shape == shape), len(group))
            after = [each for each in group[at + 1 : end] if each.shape != home]
            for instance, listener in sorted(listening.items()):
                # Of several listeners each has its own lines.
                lines = after if len(listening) == 1 else [each for each in after if each.instance == instance]
                yield Unit([step, *lines]).heard_by(listener)
