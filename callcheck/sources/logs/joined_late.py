"""Was what was sent before a consumer of a stream joined lost, since it reads from the newest on?

produced scan=2208 offset=8
consumer subscribed topic=scans auto.offset.reset=latest
produced scan=2210 offset=10
sorted scan=2210                  2200 to 2208 never

A stream keeps what came before. That the consumer leaves it out is its own doing, and said by the line with which it begins.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from callcheck.model.noun import dataclass
from callcheck.model.pattern import pattern
from callcheck.sources.logs.absences import courses_of_kinds
from callcheck.sources.logs.renewals import Mark, Renewals
from callcheck.sources.logs.silence import courses_of_events
from callcheck.sources.logs.trails import Step
from callcheck.sources.logs.units import Unit

_NEWEST = pattern(
    r"\b(?:(?:auto[._ -]?)?offset[._ -]?reset|(?:start(?:ing)?|initial|subscription)[._ -]?(?:initial[._ -]?)?(?:position|offset|from)|deliver[._ -]?policy|shard[._ -]?iterator(?:[._ -]?type)?|from|since)[\"']?(?:[=:]| to)? ?[\"']?(?:latest|largest|newest|new|end|now|\$)(?![\w-])"
    r"|\bfrom[._ -]?beginning[\"']?[=: ]{1,2}[\"']?false\b",
    re.I,
)
"""As Kafka, kafkajs, Kinesis, Pulsar, JetStream and Redis' streams call it."""
_LEAST = 3
_NEARLY_ALL = 0.85


@dataclass(frozen=True, slots=True)
class Joined:
    """A consumer that began with what came after it."""

    mark: Mark
    lost: list[Step]
    fine: int


def joined_late(units: Sequence[Unit], renewals: Renewals) -> Joined | None:
    """Where nothing of what was emitted before is handled, and nearly all since."""
    marks = sorted((mark for _, each in renewals.marks.items() for mark in each if mark.what == "sub"), key=lambda mark: (mark.time, mark.order))
    marks = [mark for mark in marks if _NEWEST.search(mark.text)][:1]
    for mark in marks:
        for _, pairs in (*courses_of_events(units).items(), *courses_of_kinds(units)):
            before = [pair for pair in pairs if pair[0].time < mark.time]
            lost = [emit for emit, end in before if end is None]
            since = [end for emit, end in pairs if emit.time > mark.time]
            fine = sum(end is not None for end in since)
            if len(lost) == len(before) >= _LEAST and fine >= max(_LEAST, _NEARLY_ALL * len(since)):
                return Joined(mark, lost, fine)
    return None
