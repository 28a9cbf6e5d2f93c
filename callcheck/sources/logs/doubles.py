"""Which lines of a handler are there twice for a delivery: at once, as of a handler attached twice, or since it was handed out again while it was at work?

emitting order.paid order=77
order.paid handled: receipt mailed order=77
order.paid handled: receipt mailed order=77
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence

from callcheck.model.noun import dataclass
from callcheck.model.pattern import pattern
from callcheck.sources.logs.repeats import LASTING, lasting
from callcheck.sources.logs.trails import Step
from callcheck.sources.logs.units import Unit
from callcheck.sources.logs.wording import ids

_DOES = pattern(
    r"\b(?:handl|deliver|receiv|sent\b|send|mail|charg|refund|print|notif|creat|insert|book|invoic|ship|paid\b|award|credit|called|ran\b|stored|saved|updat|posted)"
)
_LEAST = 5
_NEARLY_ALL = 0.8


def doubled(units: Sequence[Unit]) -> Iterator[list[tuple[Step, Step]]]:
    """For each such line its pairs. Where every line of a delivery is there twice, it is the logger that repeats them, and nothing is told."""
    having: dict[str, int] = {}
    twice: dict[str, list[tuple[Step, Step]]] = {}
    once: dict[str, int] = {}
    for unit in units:
        for shape in unit.steps:
            having[shape] = having.get(shape, 0) + 1
        shapes = {before.shape: (before, step) for before, step in unit.twice}
        for shape, pair in shapes.items():
            twice.setdefault(shape, []).append(pair)
            once[shape] = once.get(shape, 0) + (len(shapes) < len(unit.steps))
    for shape, pairs in twice.items():
        text = pairs[0][0].text.lower()
        if (
            len(pairs) >= max(_LEAST, _NEARLY_ALL * having[shape])
            and once[shape] >= _NEARLY_ALL * len(pairs)
            and pairs[0][0].stage in ("handled", "completed", "")
            and not pairs[0][0].bad
            and not lasting(pairs[0][0].text)
            and _DOES.search(text, 0, 200)
        ):
            yield pairs


_TAKEN_UP = pattern(r"\b(?:receiv|got\b|pull|consum|pick|claim|start|begin|process|took\b|taken|dequeu|fetch|run|work|active|reserv)")
_COUNTED = pattern(
    r"\b(?:receive|delivery|redelivery|deliver(?:ed|ies)|attempts?)[ _]?(?:count|attempt|made|number)?[\"']?[=: ] ?[\"']?(?:[2-9]|1\d)\b|redelivered[\"']?[=: ] ?[\"']?[Tt]rue|num[_ ]?delivered[=: ]+[2-9]",
    re.I,
)
"""How libraries mark what they hand out a second time: SQS ApproximateReceiveCount, Pub/Sub deliveryAttempt, AMQP redelivered, NATS num_delivered."""
_AGAIN = 3
_MOST_TIMES = 4


@dataclass(frozen=True, slots=True)
class Redone:
    """Deliveries that were handed out again before they were done, and done again."""

    effect: str
    """The shape of the line that says what was done."""
    pairs: list[tuple[Step, Step, Step, Step]]
    """Taken up, taken up again, done, done again."""
    instances: int


def redone(units: Sequence[Unit]) -> Redone | None:
    """What is taken up a second time while the first is at work, or is marked as handed out again, and then ends twice."""
    found: dict[str, list[tuple[Step, Step, Step, Step]]] = {}
    for unit in units:
        pairs = [pair for pair in unit.again if pair[0].ids == pair[1].ids and not pair[0].bad and not pair[1].bad and own_ids(pair[0])]
        starts = [pair for pair in pairs if pair[0] is unit.first or _TAKEN_UP.search(pair[0].text.lower(), 0, 200)]
        # Where the line itself says that it was handed out before, whatever ends twice was done twice.
        counted = bool(starts) and _COUNTED.search(starts[0][1].text) is not None
        effects = [pair for pair in pairs if pair is not (starts and starts[0]) and (counted or _DOES.search(pair[0].text.lower(), 0, 200))]
        if not starts or not effects or len(unit.again) > _MOST_TIMES * len(unit.steps):
            continue
        start, effect = starts[0], effects[-1]
        if start[0].shape == effect[0].shape or effect[0].time < start[0].time or effect[1].time <= start[1].time:
            continue
        if start[1].time < effect[0].time or counted:
            found.setdefault(effect[0].shape, []).append((*start, *effect))
    most = max(found.items(), key=lambda item: (len(item[1]), item[0]), default=("", []))
    if len(most[1]) < _AGAIN:
        return None
    return Redone(most[0], most[1], len({step.instance for pairs in most[1] for step in pairs}))


def own_ids(step: Step) -> bool:
    """Whether the line names something of which there is one delivery: not only a user, a session, a room, which come again for other reasons."""
    return bool(step.ids & ids(LASTING.sub(" ", step.text)))


@dataclass(frozen=True, slots=True)
class Mounting:
    """A line that is there once more with each delivery: 1, 2, 3 … listeners hear it."""

    shape: str
    first: int
    last: int
    samples: list[Step]


def mounting(units: Sequence[Unit]) -> Iterator[Mounting]:
    """Lines of one process of which a delivery has more each time, and none of the deliveries fewer than the one before."""
    counts: dict[tuple[str, str], list[tuple[int, Step]]] = {}
    for unit in sorted(units, key=lambda unit: (unit.first.time, unit.first.order)):
        twice: dict[str, int] = {}
        for before, _ in unit.twice:
            twice[before.shape] = twice.get(before.shape, 0) + 1
        for shape, step in unit.steps.items():
            if not step.bad and step is not unit.first:
                counts.setdefault((step.instance, shape), []).append((1 + twice.get(shape, 0), step))
    for (_, shape), seen in counts.items():
        rises = sum(after > before for (before, _), (after, _) in itertools.pairwise(seen))
        falls = sum(after < before for (before, _), (after, _) in itertools.pairwise(seen))
        if rises >= _LEAST and not falls and seen[-1][0] >= 2 * seen[0][0]:
            yield Mounting(shape, seen[0][0], seen[-1][0], [seen[-1][1], seen[0][1], *[step for _, step in seen[1:5]]])
