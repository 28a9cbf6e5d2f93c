"""Which lines are one delivery, by the ids that they share?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from callcheck.sources.logs.listening import homes
from callcheck.sources.logs.trails import Step

MOST_STEPS = 60
_MOST_UNITS = 20_000
LEAST_UNITS = 6
"""Deliveries of one kind from which on something is concluded."""
AT_ONCE_S = 0.5
_NONE: frozenset[tuple[str, int]] = frozenset()


class Unit:
    """One delivery: the first line of each shape that names its id, in order of time."""

    __slots__ = ("again", "first", "steps", "twice")

    def __init__(self, steps: list[Step]) -> None:
        self.steps: dict[str, Step] = {}
        self.twice: list[tuple[Step, Step]] = []
        """The same line of the same process again, at once."""
        self.again: list[tuple[Step, Step]] = []
        """A line and the next one of its shape, of another process or later."""
        for step in steps:
            before = self.steps.setdefault(step.shape, step)
            if before is not step and (before.instance, before.text) == (step.instance, step.text) and step.time - before.time <= AT_ONCE_S:
                self.twice.append((before, step))
            elif before is not step:
                self.again.append((before, step))
        self.first = steps[0]

    def heard_by(self, listener: Step) -> Unit:
        """The same together with the line by which its listener was registered, long before it began and under no id of its own."""
        made = Unit([listener, *self.steps.values()])
        made.first = self.first
        return made

    def sent(self) -> Unit | None:
        """The same from its first emission on; None where it has none."""
        emit = next((step for step in self.steps.values() if step.stage == "emitted" and not step.bad), None)
        if emit is None or emit is self.first:
            return self if emit else None
        return Unit([step for step in self.steps.values() if step is emit or (step.time, step.order) > (emit.time, emit.order)])

    def joined(self, other: Unit) -> Unit:
        """The same together with what follows its beginning under another id."""
        return Unit(sorted({(step.place.whole, step.order): step for step in (*self.steps.values(), *other.steps.values())}.values(), key=_in_time))

    @property
    def handled(self) -> bool:
        """Whether one of its lines says that it was handled or completed."""
        return any(step.stage in ("handled", "completed") for step in self.steps.values())

    @property
    def event(self) -> str:
        """The event that its lines name first, or ""."""
        return next((s.event for s in self.steps.values() if s.event), "")


def units_of(steps: Sequence[Step]) -> list[Unit]:
    """The deliveries; ids that several of them share (rooms, users) are none, nor is a second id of the same lines, or of some of one delivery's."""
    by_id: dict[str, list[Step]] = {}
    for step in steps:
        for key in sorted(step.ids):
            by_id.setdefault(key, []).append(step)
    known: set[tuple[tuple[str, int], ...]] = set()
    found: list[tuple[tuple[tuple[str, int], ...], int, Unit]] = []
    whole: dict[tuple[str, int], set[tuple[str, int]]] = {}
    """Where a delivery begins -> all its lines; the one with the most."""
    for group in by_id.values():
        if len(group) > MOST_STEPS or len(found) >= _MOST_UNITS:
            continue
        group.sort(key=lambda s: (s.time, s.order))
        places = tuple((s.place.whole, s.order) for s in group)
        begun = sum(s.shape == group[0].shape for s in group)
        if places in known or begun > 3:
            continue
        known.add(places)
        found.append((places, begun, Unit(group)))
        if begun == 1 and len(places) > max(1, len(whole.get(places[0], ()))):
            whole[places[0]] = set(places)
    return [unit for places, begun, unit in found if not _of_others(places, begun, whole)]


def bridged(steps: Iterable[Step]) -> list[Unit]:
    """Deliveries that go under two ids, as the line with which they begin tells: `queued jobId=71 reqId=84b7`, then what the worker says of the job and what the
    server says of the request."""
    by_id: dict[str, list[Step]] = {}
    beside: dict[str, set[str]] = {}
    for step in steps:
        for key in step.ids:
            by_id.setdefault(key, []).append(step)
            beside.setdefault(key, set()).update(step.ids)
    begins = {key: min(group, key=_in_time) for key, group in by_id.items() if 1 < len(group) <= MOST_STEPS}
    # What several begin with in the same words is a user's, a room's, a version's; of two ids that always stand together (`c-510` and its number) one tells all.
    alone = [key for key, begin in sorted(begins.items()) if sum(s.shape == begin.shape for s in by_id[key]) == 1]
    places = {key: at for at, key in {frozenset((s.place.whole, s.order) for s in by_id[key]): key for key in alone}.items()}
    # An id of some of the lines of another one tells nothing more.
    partners = {key: [other for other in beside[key] if other in places and not (own <= places[other] or own >= places[other])] for key, own in places.items()}
    found = []
    for key in places:
        other = partners[key][0] if len(partners[key]) == 1 else ""
        if key < other and partners[other] == [key] and begins[key] is begins[other]:
            found.append(Unit(sorted({(s.place.whole, s.order): s for s in (*by_id[key], *by_id[other])}.values(), key=_in_time)))
    return sorted(found, key=lambda unit: _in_time(unit.first))


def _in_time(step: Step) -> tuple[float, int]:
    return step.time, step.order


def homed(units: Iterable[Unit], staged: Iterable[Step]) -> Iterator[Unit]:
    """Those whose emission names the id of a listener, with the line that registered it; `staged` in order of time."""
    known = homes(staged)
    for unit in units if known else ():
        emit = next((s for s in unit.steps.values() if s.stage == "emitted"), None)
        listener = known.get((emit.place.whole, emit.order)) if emit else None
        if listener is not None and all(s.stage != "registered" for s in unit.steps.values()):
            yield unit.heard_by(listener)


def _of_others(places: Sequence[tuple[str, int]], begun: int, whole: dict[tuple[str, int], set[tuple[str, int]]]) -> bool:
    """Whether an id is one more of a delivery's (some of its lines), or what several deliveries have in common (their beginnings)."""
    return whole.get(places[0], _NONE) > set(places) or (begun > 1 and sum(place in whole for place in places) >= begun)


def kinds_of(units: Iterable[Unit], of_two: bool = False) -> list[list[Unit]]:
    """Deliveries that begin with the same words, the kinds with enough of them; `of_two`: those of which some begin with the first of two lines and others with
    the second."""
    kinds: dict[object, list[Unit]] = {}
    for unit in units:
        kinds.setdefault(frozenset([*unit.steps][:2]) if of_two else unit.first.shape, []).append(unit)
    return [kind for kind in kinds.values() if len(kind) >= LEAST_UNITS and not (of_two and len({unit.first.shape for unit in kind}) < 2)]
