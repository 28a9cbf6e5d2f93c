"""In what do two runs differ, the healthy and the sick?"""

from __future__ import annotations

from callcheck.model.evidence import Evidence
from callcheck.model.noun import dataclass


@dataclass(frozen=True, slots=True)
class Turn:
    """How sure a cause was before, and is after; 0 where it has no grounds."""

    cause: str
    title: str
    before: float
    after: float


@dataclass(frozen=True, slots=True)
class Move:
    """A count of one thing that is another after than before."""

    item: Evidence
    """As it is after."""
    about: str
    """What is counted of what, in a few words."""
    attribute: str
    unit: str
    before: float
    after: float


@dataclass(frozen=True, slots=True)
class Lone:
    """Facts of one meaning that are on one side alone."""

    item: Evidence
    after: bool
    """On which side."""
    count: int
    looked: bool
    """Whether the other side was looked at for it in full, so that its absence says something."""


@dataclass(frozen=True, slots=True)
class Difference:
    """All of it, the most telling first."""

    turns: tuple[Turn, ...] = ()
    moves: tuple[Move, ...] = ()
    lone: tuple[Lone, ...] = ()
