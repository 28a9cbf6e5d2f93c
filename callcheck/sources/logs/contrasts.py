"""What do the deliveries that arrive have in common, which those that do not arrive lack?

All lines with one id are one delivery. Deliveries that begin with the same words are of one kind. Where a line that most of them reach is
missing for the others, one difference may explain it: the instances, the order, who took it, or the event. No word of the application is
needed for that, so it works in any language and wording; and where nothing arrives, nothing is concluded.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence

from callcheck.model.noun import dataclass
from callcheck.model.pattern import pattern
from callcheck.sources.logs.instances import service_of
from callcheck.sources.logs.presence import SEEN, Cover, level_of
from callcheck.sources.logs.trails import Step, apart
from callcheck.sources.logs.units import LEAST_UNITS, Unit, kinds_of
from callcheck.sources.logs.values import SENDS, by_part, by_size, by_turn, by_value, untaken

TAKES = pattern(r"\b(?:tak(?:e|es|ing|en)|took|pick(?:s|ed|ing)|consum|claim|pull|fetch|pop|received|got|message from|dequeu|poll)", re.I)
NOT_HERE = pattern(
    r"\b(?:orphan\w*|stray|absent|unclaimed|unmatched|unknown|nobody|nothing|none|false|no (?!more\b|errors?\b|retry)|not |isn't |miss(?:ed|es)?\b|ignor\w+|dropp\w+|discard\w*)", re.I
)
"""How a line says that what it has got belongs to nobody here."""
_LEAST_LOST = 3
_LEAST_FINE = 2
_LEAST_FINE_HALF, _LEAST_LOST_HALF = 4, 5
_NEARLY_ALL = 0.85
_HARDLY = 0.15


@dataclass(frozen=True, slots=True)
class Contrast:
    """A difference that tells the deliveries that arrive from those that do not."""

    how: str
    """instances, order, place, event, value, size, part or turn."""
    fine: list[Unit]
    lost: list[Unit]
    outcome: str
    """The shape of the line that the lost ones never reach."""
    one: str = ""
    """The shapes of the two lines whose instances or order differ (`instances`, `order`), or of the one whose place does."""
    other: str = ""
    elsewhere: bool = False
    """The lost ones reach another good end."""
    mixed: int = 0
    """Deliveries that the difference does not explain."""
    taken: bool = False
    """Another service sent them, and of several consumers one took each (`instances`)."""

    def pairs(self, units: Iterable[Unit]) -> list[tuple[Step, Step]]:
        """The two telling lines of each delivery."""
        return [
            (unit.steps[self.one], unit.steps[self.other])
            for unit in units
            if self.one in unit.steps and self.other in unit.steps
        ]


def contrasts(units: Sequence[Unit], end: float, cover: Cover = SEEN) -> Iterator[Contrast]:
    """The clearest difference of each sort, for each kind of delivery; `cover` says of which ones the logs could have shown the outcome."""
    # Which of two lines comes first divides the kinds as they begin, and is what the order is about.
    yield from _in_order(kinds_of(units, of_two=True), end, cover)
    for kind in kinds_of(units):
        best: dict[str, Contrast] = {}
        for outcome in outcomes(kind):
            due = those_due(kind, outcome, end, cover)
            for found in (
                *_by_instances(due, outcome),
                *_by_refusal(due, outcome),
                *_by_order(due, outcome),
                *_by_place(due, outcome),
                *(each for some in _by_service(due) for each in _by_place(some, outcome, taken=True)),
                *_by_event(due, outcome),
            ):
                held = best.get(found.how)
                if held is None or worth(found) > worth(held):
                    best[found.how] = found
        yield from best.values()


def from_emission(units: Sequence[Unit], end: float, cover: Cover = SEEN) -> Iterator[Contrast]:
    """What nobody takes up of all that one service emits, in requests of whatever kinds: one event, else one value, what is large, a partition, or every
    second one (`event`, `value`, `size`, `part`, `turn`, those after the first with the key as `one` and the value as `other`). Deliveries begin with their emission."""
    emissions: dict[tuple[str, int], Unit] = {}
    for unit in units:
        if (sent := unit.sent()) is not None:
            at = sent.first.place.whole, sent.first.order
            # Under two ids (a job's, and whom it is for) it is one emission, which arrives if one of them does.
            emissions[at] = sent if at not in emissions else emissions[at].joined(sent)
        elif SENDS.search(unit.first.text, 0, 300):
            emissions.setdefault((unit.first.place.whole, unit.first.order), unit)
    groups: dict[tuple[str, str], list[Unit]] = {}
    for sent in emissions.values():
        groups.setdefault((sent.first.shape, service_of(sent.first.instance)), []).append(sent)
    for kind in groups.values():
        due = {outcome: those_due(kind, outcome, end, cover) for outcome in outcomes(kind)} if len(kind) >= LEAST_UNITS else {}
        events = {unit.event for unit in kind}
        arriving = {unit.event for unit in kind if any(step is not unit.first and not step.bad for step in unit.steps.values())}
        # Where most events are heard by nobody here, their listeners write elsewhere.
        here = due if len(events - arriving) <= len(arriving) else {}
        found = [each for outcome, of in here.items() for each in _by_event(of, outcome) if len(each.lost) >= _LEAST_LOST_HALF and untaken(each.lost, each.fine, outcome)]
        for how, by in (("value", by_value), ("size", by_size), ("part", by_part), ("turn", by_turn)):
            found = found or [Contrast(how, fine, lost, outcome, key, value) for outcome, of in due.items() for key, value, fine, lost in by(of, outcome)]
        yield from {(each.one, each.lost[0].event): each for each in sorted(found, key=worth)}.values()


def from_home(units: Sequence[Unit], end: float, cover: Cover = SEEN) -> Iterator[Contrast]:
    """For each kind of delivery that was laid beside its listener's registration, whether it arrives only where both stand in one process."""
    for kind in kinds_of(units):
        found = [each for outcome in outcomes(kind) for each in _by_instances(those_due(kind, outcome, end, cover), outcome)]
        yield from sorted((each for each in found if _registers(each)), key=worth)[-1:]


def in_order(units: Sequence[Unit], end: float, cover: Cover = SEEN) -> Iterator[Contrast]:
    """For each kind of delivery, whether it arrives only where one line comes before another."""
    yield from _in_order(kinds_of(units), end, cover)


def _in_order(kinds: Iterable[Sequence[Unit]], end: float, cover: Cover) -> Iterator[Contrast]:
    for kind in kinds:
        found = [each for outcome in outcomes(kind) for each in _by_order(those_due(kind, outcome, end, cover), outcome)]
        yield from sorted(found, key=worth)[-1:]


def _registers(contrast: Contrast) -> bool:
    """Whether the difference is between a registration and an emission."""
    return all({a.stage, b.stage} == {"registered", "emitted"} for a, b in contrast.pairs(contrast.lost))


def _by_service(kind: Sequence[Unit]) -> list[list[Unit]]:
    """The deliveries of each service that emits them, where several do: who takes what is another's may still take its own."""
    groups: dict[str, list[Unit]] = {}
    for unit in kind:
        groups.setdefault(service_of(unit.first.instance), []).append(unit)
    return [group for group in groups.values() if LEAST_UNITS <= len(group) < len(kind)]


def worth(contrast: Contrast) -> tuple[bool, int]:
    """The order of differences, the clearest last."""
    stages = {u.steps[contrast.outcome].stage for u in contrast.fine if contrast.outcome in u.steps}
    return bool(stages & {"handled", "completed"}), len(contrast.fine) + len(contrast.lost) - 3 * contrast.mixed


def outcomes(kind: Sequence[Unit]) -> list[str]:
    """The lines that some deliveries reach and others do not, the most frequent first."""
    counts: dict[str, int] = {}
    for unit in kind:
        for shape, step in unit.steps.items():
            if step is not unit.first and not step.bad and step.stage not in ("unknown", "closed"):
                counts[shape] = counts.get(shape, 0) + 1
    ordinary = [s for s, n in counts.items() if n >= _LEAST_FINE and len(kind) - n >= _LEAST_LOST]
    return sorted(ordinary, key=lambda s: -counts[s])[:12]


def those_due(kind: Sequence[Unit], outcome: str, end: float, cover: Cover) -> list[Unit]:
    """Those that began early enough for the line to stand in the log, and whose process could have written it where it would be seen."""
    fine = [u for u in kind if outcome in u.steps]
    waits = sorted(u.steps[outcome].time - u.first.time for u in fine)
    wait = waits[len(waits) // 2]
    latest = end - 3 * wait - 1
    outcomes = [u.steps[outcome] for u in fine]
    writers, level = sorted({step.instance for step in outcomes}), level_of(outcomes)
    own = {s for s in fine[0].steps if s != outcome and all(s in u.steps and u.steps[s].instance == u.steps[outcome].instance for u in fine)}

    def shown(unit: Unit) -> bool:
        # Where the outcome is written by the process that wrote another line of the delivery, it is due from that one, else from any that ever wrote it.
        due = sorted({unit.steps[shape].instance for shape in own & unit.steps.keys()}) or writers
        return not cover.missed(due, unit.first.time, level, max(0.0, wait))

    return [u for u in kind if outcome in u.steps or (u.first.time <= latest and shown(u))]


def _before(kind: Sequence[Unit], outcome: str) -> list[str]:
    """The shapes that nearly all deliveries have before the outcome."""
    counts: dict[str, int] = {}
    for unit in kind:
        last = unit.steps.get(outcome)
        for shape, step in unit.steps.items():
            if shape != outcome and not step.bad and (last is None or step.time <= last.time):
                counts[shape] = counts.get(shape, 0) + 1
    return [s for s, n in counts.items() if n >= 0.8 * len(kind)][:8]


def parted(
    kind: Sequence[Unit], outcome: str, fine_if: Callable[[Unit], bool | None], elsewhere: bool = False
) -> tuple[list[Unit], list[Unit], int] | None:
    """Deliveries with and without the outcome, if the condition tells them apart: (fine, lost, how many it does not explain)."""
    yes = [u for u in kind if fine_if(u) is True]
    no = [u for u in kind if fine_if(u) is False]
    fine = [u for u in yes if outcome in u.steps]
    lost = [u for u in no if outcome not in u.steps]
    if len(fine) < _LEAST_FINE or len(lost) < _LEAST_LOST:
        return None
    if (
        len(fine) < _NEARLY_ALL * len(yes)
        or len(no) - len(lost) > _HARDLY * len(no)
        or (not elsewhere and _otherwise_fine(yes, lost, outcome))
    ):
        return None
    return fine, lost, len(yes) - len(fine) + len(no) - len(lost)


def _otherwise_fine(yes: Sequence[Unit], lost: Sequence[Unit], outcome: str) -> bool:
    """Whether those without the outcome reach another good end instead, which the others do not."""
    counts: dict[str, int] = {}
    for unit in lost:
        for shape, step in unit.steps.items():
            if (
                step is not unit.first
                and not step.bad
                and step.stage not in ("unknown", "closed", "registered", "emitted")
            ):
                counts[shape] = counts.get(shape, 0) + 1
    return any(
        n >= 0.6 * len(lost) and sum(shape in u.steps for u in yes) <= 0.3 * len(yes) for shape, n in counts.items()
    )


def _by_instances(kind: Sequence[Unit], outcome: str) -> Iterator[Contrast]:
    shapes = _before(kind, outcome)
    for n, one in enumerate(shapes):
        for other in shapes[n + 1 :]:

            def same(unit: Unit, one: str = one, other: str = other) -> bool | None:
                a, b = unit.steps.get(one), unit.steps.get(other)
                if a is None or b is None or not a.instance or not b.instance:
                    return None
                return True if a.instance == b.instance else False if apart(a.instance, b.instance) else None

            found = parted(kind, outcome, same)
            if found:
                yield Contrast("instances", found[0], found[1], outcome, one, other, mixed=found[2])


def _by_refusal(kind: Sequence[Unit], outcome: str) -> Iterator[Contrast]:
    """What the process that began it takes up, and what any other one says belongs to nobody: an answer has no line of its own before either."""
    refusals: dict[str, int] = {}
    for unit in kind:
        for shape in [s for s, step in unit.steps.items() if step is not unit.first and outcome not in unit.steps and NOT_HERE.search(step.text, 0, 200)][:1]:
            refusals[shape] = refusals.get(shape, 0) + 1
    refusal = max(refusals, key=lambda shape: refusals[shape], default="")

    def same(unit: Unit) -> bool | None:
        step = unit.steps.get(outcome) or unit.steps.get(refusal)
        if step is None or not step.instance or not unit.first.instance:
            return None
        return True if step.instance == unit.first.instance else False if apart(step.instance, unit.first.instance) else None

    found = parted([u for u in kind if outcome in u.steps or refusal in u.steps], outcome, same, elsewhere=True) if refusal else None
    # `job completed cached=false` beside `cached=true` refuses nothing.
    if found and all(NOT_HERE.search(unit.steps[refusal].text, 0, 200) for unit in found[1]):
        yield Contrast("instances", found[0], found[1], outcome, kind[0].first.shape, refusal, mixed=found[2])


def _by_order(kind: Sequence[Unit], outcome: str) -> Iterator[Contrast]:
    shapes = _before(kind, outcome)
    for one in shapes:
        for other in shapes:
            listening = {u.steps[one].stage for u in kind if one in u.steps}
            happening = {u.steps[other].stage for u in kind if other in u.steps}
            listens, happens = "registered" in listening, not happening.isdisjoint(("emitted", "completed", "handled"))
            # Where only one of the two says by its words what it is, the order itself must leave no doubt.
            half = (listens and happening == {""}) or (happens and listening == {""})
            if one == other or not (listens and happens or half):
                continue

            def in_time(unit: Unit, one: str = one, other: str = other) -> bool | None:
                a, b = unit.steps.get(one), unit.steps.get(other)
                return None if a is None or b is None else (a.time, a.order) < (b.time, b.order)

            found = parted(kind, outcome, in_time)
            if found and (not half or _certain(found)):
                yield Contrast("order", found[0], found[1], outcome, one, other, mixed=found[2])


def _certain(found: tuple[list[Unit], list[Unit], int]) -> bool:
    fine, lost, mixed = found
    return not mixed and len(fine) >= _LEAST_FINE_HALF and len(lost) >= _LEAST_LOST_HALF


def _by_place(kind: Sequence[Unit], outcome: str, taken: bool = False) -> Iterator[Contrast]:
    """`taken`: only by who takes what somebody else emits."""
    for shape in _before(kind, outcome):
        if taken and not all(apart(u.first.instance, u.steps[shape].instance) for u in kind if shape in u.steps):
            continue
        rates: dict[str, list[int]] = {}
        for unit in kind:
            step = unit.steps.get(shape)
            if step and step.instance:
                rate = rates.setdefault(step.instance, [0, 0])
                rate[outcome in unit.steps] += 1
        good = {name for name, (lost, fine) in rates.items() if fine >= _NEARLY_ALL * (lost + fine) and fine}
        none = {name for name, (lost, fine) in rates.items() if not fine and lost >= _LEAST_LOST}
        if not good or not none:
            continue

        def well(unit: Unit, shape: str = shape, good: set[str] = good, none: set[str] = none) -> bool | None:
            step = unit.steps.get(shape)
            return None if step is None else True if step.instance in good else False if step.instance in none else None

        found = parted(kind, outcome, well)
        if found:
            yield Contrast("place", found[0], found[1], outcome, shape, shape, mixed=found[2])
        elif _shared(kind, shape):
            found = parted(kind, outcome, well, elsewhere=True)
            if found:
                yield Contrast("place", found[0], found[1], outcome, shape, shape, True, found[2])


def _shared(kind: Sequence[Unit], shape: str) -> bool:
    """Whether the line is that of somebody who takes work which others emit, from one source, each piece once."""
    takers = [u.steps[shape] for u in kind if shape in u.steps and u.first.shape != shape]
    return (
        len(takers) >= 0.8 * len(kind)
        and len({s.event for s in takers}) == 1
        and sum(bool(TAKES.search(s.text, 0, 200)) for s in takers) == len(takers)
        and all(apart(u.first.instance, u.steps[shape].instance) for u in kind if shape in u.steps)
    )


def _by_event(kind: Sequence[Unit], outcome: str) -> Iterator[Contrast]:
    rates: dict[str, list[int]] = {}
    for unit in kind:
        if unit.event:
            rates.setdefault(unit.event, [0, 0])[outcome in unit.steps] += 1
    good = {name for name, (lost, fine) in rates.items() if fine >= _NEARLY_ALL * (lost + fine) and fine >= _LEAST_LOST}
    for name, (lost, fine) in rates.items():
        if fine or lost < _LEAST_LOST or not good:
            continue

        def heard(unit: Unit, name: str = name) -> bool | None:
            return True if unit.event in good else False if unit.event == name else None

        found = parted(kind, outcome, heard)
        if found:
            yield Contrast("event", found[0], found[1], outcome, kind[0].first.shape, kind[0].first.shape, mixed=found[2])
