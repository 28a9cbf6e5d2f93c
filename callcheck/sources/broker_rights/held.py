"""What is a right that a user has at a broker, and does it cover what is listened to?"""

from __future__ import annotations

import re
from fnmatch import fnmatchcase

from callcheck.model.evidence import Location
from callcheck.model.noun import dataclass, field
from callcheck.model.pattern import pattern

MQTT, KAFKA_TOPIC, KAFKA_GROUP, REDIS, NATS, RABBIT = "mqtt", "kafka", "kafka-group", "redis", "nats", "amqp-queue"
_SHARED = pattern(r"^\$share/[^/]+/")
"""A subscription that several clients share is to the topic behind it (MQTT 5, 4.8.2)."""
_LEVELS = {MQTT: ("/", "+", "#"), NATS: (".", "*", ">")}
"""What parts the levels of a name, and what stands for one of them, and for all that follow."""


@dataclass(slots=True)
class Rights:
    """Of one user: what it may read of each kind, and where the first of them, or the user itself, stands; of MQTT also what it may write, and what is denied whatever else is said."""

    user: str
    kind: str
    reads: list[str] = field(default_factory=list)
    where: Location | None = None
    writes: list[str] = field(default_factory=list)
    denied: list[str] = field(default_factory=list)

    def cover(self, name: str) -> bool:
        """Whether some of what is listened to may be read."""
        return self._some(self.reads, name)

    def let_out(self, name: str) -> bool:
        """Whether what is published on a topic may be written."""
        return self._some(self.writes, name)

    def _some(self, rights: list[str], name: str) -> bool:
        return any(_covers(each, name, self.kind) for each in rights) and not any(_holds(each, name) for each in self.denied)


def _covers(right: str, name: str, kind: str) -> bool:
    if kind in _LEVELS:
        return _by_levels(right, _SHARED.sub("", name) if kind == MQTT else name, *_LEVELS[kind])
    if kind == RABBIT:
        try:
            return bool(right) and re.search(right, name) is not None
        except re.error:
            return True
    both = kind == REDIS and "*" in name and name.partition("*")[0].startswith(right.partition("*")[0])
    return both or (fnmatchcase(name, right) if "*" in right or kind == REDIS else right == name)


def _holds(general: str, topic: str) -> bool:
    """Whether all that a topic of MQTT stands for is of another one, too."""
    mine, theirs = general.split("/"), _SHARED.sub("", topic).split("/")
    for number, level in enumerate(mine):
        if level == "#":
            return True
        if number >= len(theirs) or (level != theirs[number] and (level != "+" or theirs[number] == "#")):
            return False
    return len(mine) == len(theirs)


def _by_levels(right: str, name: str, between: str, one: str, rest: str) -> bool:
    mine, theirs = right.split(between), name.split(between)
    for a, b in zip(mine, theirs, strict=False):
        if rest in (a, b):
            return True
        if a != b and one not in (a, b) and "*" not in b:
            return False
    return len(mine) == len(theirs) or (len(mine) > len(theirs) and mine[len(theirs)] == rest) or (len(theirs) > len(mine) and theirs[len(mine)] == rest)
