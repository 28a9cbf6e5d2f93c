"""Is it by a value that their first line tells that deliveries are taken up or not: one tenant's, one kind's, the large ones?

api-1     published tenant=north id=o-7101        worker-1  taken id=o-7101
api-1     published tenant=south id=o-7102        (nothing, for whatever is of `south`)

Only what is handed on is compared, and only where nobody but its sender says anything of what is lost: what somebody takes and leaves has its reason.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from callcheck.model.pattern import pattern
from callcheck.sources.logs.trails import apart
from callcheck.sources.logs.units import Unit

PAIRS = pattern(r"(?<![\w.])([A-Za-z][\w.]{1,30})=\"?([A-Za-z][\w.:/-]{1,40})(?![\w=.:/-])", re.ASCII)
"""What a line tells by a key and a word."""
_NO_VALUE = pattern(
    r"(?:\w*id|level|logger|host(?:name)?|instance|pod|node|svc|service|app|pid|proc\w*|thread|worker|server|method|status|state|result|outcome|user|email|ip|path|url|trace|span|mode|env\w*|version|file|through)$", re.I
)
_BY_DESIGN = frozenset("true false yes no on off none null nil test ping dry draft debug noop sandbox internal skip skipped ignored pending free trial".split())
"""What is of these kinds mostly leads to nothing, and is to."""
_SIZE = pattern(r"(?<![\w.])(?:bytes|size|length|len|(?:payload|body|content|message|msg|frame)[_.]?(?:bytes|size|length|len)|\w{1,12}_bytes|chars)[=:] ?(\d{1,9})(?![\w.])", re.I | re.ASCII)
SENDS = pattern(
    r"\b(?:enqueu\w+|queued|fan(?:ned|ning)?[ -]?out|post(?:ed|ing) to|rais(?:e|es|ed|ing)(?= \w+[ =])|hand(?:ed|ing) (?:over|off|on)|submitt(?:ed|ing)|schedul(?:ed|ing)|kick(?:ed|ing) off|forward(?:ed|ing)?)\b|[-=]> ?\w", re.I
)
"""Further words of one who hands a delivery on, which say too little to be the stage of a line by themselves."""
_PART = pattern(r"\b(?:partition|shard)[\"']?[=: #]{1,2}(\d{1,3})\b|(?<![\w.])[A-Za-z][\w.]{1,60}[-_[](\d{1,3})\]?@\d", re.I | re.ASCII)
"""`partition=2`, and `orders-2@198`, as Kafka's clients write a partition and an offset."""
_APART = pattern(r"[\s=,;:\"'()\[\]]+")
_MOST_TURNS = 5
_LEAST_TURNS = 6
_MOST_VALUES = 12
_LEAST_LOST, _LEAST_FINE = 5, 4
_LEAST_LARGE, _LEAST_SMALL = 4, 8
_NEARLY_ALL = 0.85

Parted = tuple[str, str, list[Unit], list[Unit]]
"""Key, value, those that arrive and those that do not."""


def by_value(kind: Sequence[Unit], outcome: str) -> Iterator[Parted]:
    """The values of which nothing arrives, while nearly all of the others does."""
    told: dict[str, dict[str, list[Unit]]] = {}
    for unit in kind:
        for key, value in dict(PAIRS.findall(unit.first.text[:300])).items():
            if not _NO_VALUE.match(key) and value not in unit.first.ids:
                told.setdefault(key, {}).setdefault(value, []).append(unit)
    for key, by in told.items():
        if sum(map(len, by.values())) < _NEARLY_ALL * len(kind) or not 1 < len(by) <= _MOST_VALUES:
            continue
        good = [unit for some in by.values() if _share(some, outcome) >= _NEARLY_ALL for unit in some if outcome in unit.steps]
        silent = sum(not any(outcome in unit.steps for unit in some) for some in by.values())
        for value, some in by.items() if 2 * silent <= len(by) else ():
            if len(some) >= _LEAST_LOST and value.lower() not in _BY_DESIGN and len(good) >= _LEAST_FINE and untaken(some, good, outcome):
                yield key, value, good, some


def by_size(kind: Sequence[Unit], outcome: str) -> Iterator[Parted]:
    """The least size from which on nothing arrives, if all that is smaller does."""
    sizes = sorted(((int(found[1]), unit) for unit in kind if (found := _SIZE.search(unit.first.text, 0, 300))), key=lambda each: each[0])
    small = [unit for _, unit in sizes if outcome in unit.steps]
    large = [unit for _, unit in sizes if outcome not in unit.steps]
    if len(sizes) < len(kind) or len(large) < _LEAST_LARGE or len(small) < _LEAST_SMALL or not untaken(large, small, outcome):
        return
    least = sizes[len(small)][0]
    if all(unit is other for (_, unit), other in zip(sizes, (*small, *large), strict=True)) and least > sizes[len(small) - 1][0]:
        yield "size", str(least), small, large


def by_part(kind: Sequence[Unit], outcome: str) -> Iterator[Parted]:
    """The partitions of which nothing arrives, while nearly all of the others' does."""
    parts: dict[str, list[Unit]] = {}
    for unit in kind:
        if found := _PART.search(unit.first.text, 0, 300):
            parts.setdefault(found[1] or found[2], []).append(unit)
    good = [unit for some in parts.values() if _share(some, outcome) >= _NEARLY_ALL for unit in some if outcome in unit.steps]
    for part, some in sorted(parts.items()):
        if len(some) >= _LEAST_LOST and len(good) >= _LEAST_FINE and untaken(some, good, outcome):
            yield "partition", part, good, some


def by_turn(kind: Sequence[Unit], outcome: str) -> Iterator[Parted]:
    """Every second of them, or third, and no other one: consumers that take turns are more than these logs show."""
    order = sorted(kind, key=lambda unit: (unit.first.time, unit.first.order))
    lost = [at for at, unit in enumerate(order) if outcome not in unit.steps]
    turns = lost[1] - lost[0] if len(lost) >= _LEAST_TURNS else 0
    if 2 <= turns <= _MOST_TURNS and lost == [*range(lost[0], len(order), turns)] and lost[0] < turns:
        some, good = [order[at] for at in lost], [unit for unit in order if outcome in unit.steps]
        told = frozenset.intersection(*map(_words, some)) - frozenset().union(*map(_words, good))
        if not told and _away(good, outcome) and len({unit.event for unit in order}) == 1 and untaken(some, good, outcome):
            yield "turn", str(turns), good, some


def _words(unit: Unit) -> frozenset[str]:
    """What the first line says, word by word and value by value."""
    return frozenset(_APART.split(unit.first.text[:300]))


def _share(some: Sequence[Unit], outcome: str) -> float:
    return sum(outcome in unit.steps for unit in some) / len(some)


def untaken(lost: Sequence[Unit], fine: Sequence[Unit], outcome: str) -> bool:
    """Whether nobody but who sends them says anything of the lost ones, while of the others somebody else does, or their own process does so afterwards."""
    away = _away(fine, outcome)
    return not any(apart(unit.first.instance, step.instance) if away else step is not unit.first for unit in lost for step in unit.steps.values())


def _away(fine: Sequence[Unit], outcome: str) -> bool:
    """Whether nearly all arrive in another process than the one that sends them."""
    return sum(apart(unit.first.instance, unit.steps[outcome].instance) for unit in fine) >= _NEARLY_ALL * len(fine)
