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
from callcheck.sources.logs.trails import Step, in_time
from callcheck.sources.logs.units import AT_ONCE_S, Unit
from callcheck.sources.logs.wording import ids

_DOES = pattern(
    r"\b(?:handl|deliver|receiv|sent\b|send|mail|charg|refund|print|notif|creat|insert|book|invoic|ship|paid\b|award|credit|debit|deduct|reserv|alloc|text(?:ed|ing)|fax|upload|export|generat|called|ran\b|stored|saved|updat|posted)"
)
_LEAST = 5
_STEPS = 2
_DELIVERIES = 8
"""In so many deliveries so few rises, each by one, are no chance."""
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


_TAKEN_UP = pattern(r"\b(?:receiv|got\b|pull|consum|pick|claim|start|begin|process|took\b|taken|dequeu|fetch|handl|run|work|active|reserv)")
_COUNTED = pattern(
    r"\b(?:receive|delivery|redelivery|deliver(?:ed|ies)|attempts?)[ _]?(?:count|attempt|made|number)?[\"']?[=: ] ?[\"']?(?:[2-9]|1\d)\b|redelivered[\"']?[=: ] ?[\"']?[Tt]rue|num[_ ]?delivered[=: ]+[2-9]",
    re.I,
)
"""How libraries mark what they hand out a second time: SQS ApproximateReceiveCount, Pub/Sub deliveryAttempt, AMQP redelivered, NATS num_delivered."""
_AGAIN = 3
_LEASE_S = 4.0
_SAME = 0.1
"""What is handed out again after the same time each time, and after so many seconds at least, was lent for that time."""
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
    lent: dict[tuple[str, str], list[tuple[Step, Step, Step, Step]]] = {}
    for unit in units:
        pairs = [pair for pair in unit.again if pair[0].ids == pair[1].ids and pair[0].event == pair[1].event and not pair[0].bad and not pair[1].bad and own_ids(pair[0])]
        starts = [pair for pair in pairs if pair[0] is unit.first or _TAKEN_UP.search(pair[0].text.lower(), 0, 200)]
        # Where the line itself says that it was handed out before, whatever ends twice was done twice.
        counted = bool(starts) and _COUNTED.search(starts[0][1].text) is not None
        effects = [pair for pair in pairs if pair is not (starts and starts[0]) and (counted or _DOES.search(pair[0].text.lower(), 0, 200))]
        if len(unit.again) > _MOST_TIMES * len(unit.steps):
            continue
        if len(pairs) > 1 and pairs[0][1].time < pairs[-1][0].time and pairs[0][0] is not unit.first:
            lent.setdefault((pairs[0][0].shape, pairs[-1][0].shape), []).append((*pairs[0], *pairs[-1]))
        if not starts or not effects:
            continue
        start, effect = starts[0], effects[-1]
        if start[0].shape == effect[0].shape or effect[0].time < start[0].time or effect[1].time <= start[1].time:
            continue
        if start[1].time < effect[0].time or counted:
            found.setdefault(effect[0].shape, []).append((*start, *effect))
    most = max(found.items(), key=lambda item: (len(item[1]), item[0]), default=("", []))
    if len(most[1]) < _AGAIN:
        most = max(((shape, pairs) for (_, shape), pairs in lent.items() if _for_a_time(pairs)), key=lambda item: (len(item[1]), item[0]), default=("", []))
    if len(most[1]) < _AGAIN:
        return None
    return Redone(most[0], most[1], len({step.instance for pairs in most[1] for step in pairs}))


def _for_a_time(pairs: Sequence[tuple[Step, Step, Step, Step]]) -> bool:
    """Whether the second taking up comes always as long after the first one."""
    gaps = sorted(again.time - first.time for first, again, _, _ in pairs)
    return gaps[0] >= _LEASE_S and gaps[-1] - gaps[0] <= _SAME * gaps[0]


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


def mounting(steps: Sequence[Step]) -> Iterator[Mounting]:
    """Lines of one process that are there once more with each delivery, or with those of each connection, at once, and never fewer times than with the one before."""
    open_: dict[tuple[str, str], list[Step]] = {}
    bursts: dict[tuple[str, str], list[list[Step]]] = {}
    for step in sorted((step for step in steps if not step.bad), key=in_time):
        burst = open_.get((step.instance, step.text))
        if burst is not None and step.time - burst[0].time <= AT_ONCE_S:
            burst.append(step)
        else:
            open_[step.instance, step.text] = burst = [step]
            bursts.setdefault((step.instance, step.shape), []).append(burst)
    for (_, shape), seen in bursts.items():
        counts = [len(burst) for burst in seen]
        rises = sum(after > before for before, after in itertools.pairwise(counts))
        by_stairs = rises >= _STEPS and len(counts) >= _DELIVERIES and counts[-1] - counts[0] == rises
        if (rises >= _LEAST or by_stairs) and counts == sorted(counts) and counts[-1] >= 2 * counts[0]:
            yield Mounting(shape, counts[0], counts[-1], [seen[-1][0], seen[0][0], *(burst[0] for burst in seen[1:5])])
