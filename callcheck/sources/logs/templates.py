"""Which lines are of one statement, by their words alone, and which of their words vary?

client c-17 subscribed to grill      client <*> subscribed to <*>
client c-18 subscribed to fry

The shape of a line (`wording.shape_of`) leaves out what has digits or stands behind a key; here what varies may be a word as any other, since lines are laid side by side.
After Drain (He et al. 2017), in the order in which the lines come.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from callcheck.model.noun import dataclass, field
from callcheck.model.pattern import pattern
from callcheck.sources.logs.wording import DIGITS

if TYPE_CHECKING:
    from callcheck.sources.logs.trails import Step

_APART = pattern(r"[\s,;\"'`()\[\]{}<>]+|(?<=\w)[.!?:](?=\s|$)|:(?=\s|$)|\.(?=\w{1,20}\()")
_ALIKE = 0.5
_MESSAGE = ("msg=", "message=")
_MOST_WORDS = 24
_SHORT = 3
"""So few digits are a number of something: together with the word before them only they are a name."""
_MOST_KINDS = 60


@dataclass(slots=True)
class Kind:
    """Lines of one statement."""

    words: list[str]
    """Of the first line."""
    varies: set[int] = field(default_factory=set)
    steps: list[Step] = field(default_factory=list)
    rows: list[tuple[str, ...]] = field(default_factory=list)
    """The words of each."""

    @property
    def stage(self) -> str:
        """How far a delivery has come by it."""
        return self.steps[0].stage

    def value(self, row: Sequence[str], at: int) -> str:
        """What a line says at a place."""
        key, parted, value = row[at].partition("=")
        if not parted:
            key, value = row[at - 1] if at and at - 1 not in self.varies else "", row[at]
        return f"{key.lower()}={value}" if value.isdigit() and len(value) <= _SHORT else value


def words_of(text: str) -> tuple[str, ...]:
    """The words of a line, a key with its value as one."""
    return tuple(word for word in _APART.split(text[:300]) if word)[:_MOST_WORDS]


def kinds_of(steps: Iterable[Step]) -> list[Kind]:
    """The statements that wrote them, the most frequent ones; steps in order of time."""
    groups: dict[tuple[object, ...], list[Kind]] = {}
    for step in steps:
        row = words_of(step.text)
        if not row:
            continue
        keys = tuple(word.partition("=")[0] for word in row if "=" in word)
        # Words of two stages are of two statements, but that one and the same may tell nobody.
        group = groups.setdefault(("handled" if step.stage == "unknown" else step.stage, len(row), keys), [])
        kind = max(group, key=lambda kind: _alike(kind, row), default=None)
        if kind is None or _alike(kind, row) < _ALIKE:
            if len(group) >= _MOST_KINDS:
                continue
            kind = Kind(list(row))
            group.append(kind)
        kind.varies.update(n for n, (one, other) in enumerate(zip(kind.words, row, strict=True)) if one != other)
        kind.steps.append(step)
        kind.rows.append(row)
    every = [kind for group in groups.values() for kind in group]
    return sorted(every, key=lambda kind: -len(kind.steps))[:_MOST_KINDS]


def _alike(kind: Kind, row: Sequence[str]) -> float:
    """The share of words that are the same, where at least one is a word as any other."""
    same = said = 0
    for n, (one, other) in enumerate(zip(kind.words, row, strict=True)):
        if one == other and n not in kind.varies:
            same += 1
            said += DIGITS.isdisjoint(one)
        elif one.startswith(_MESSAGE) and (DIGITS.isdisjoint(one) or DIGITS.isdisjoint(other)):
            return 0.0  # `msg=41206` is a message's number.
        elif "=" in one:
            same += 1  # One key, whatever stands behind it.
    return same / len(row) if said else 0.0
