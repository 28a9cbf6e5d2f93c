"""What came of the same scenario with one copy of the app, and with several?"""

from __future__ import annotations

from callcheck.model.noun import dataclass
from callcheck.model.words import Word


class Spread(Word):
    """Who deals the requests out to the copies, and how."""

    OWN = "own"
    """The app itself: its own option says how many processes there are."""
    IN_TURN = "in-turn"
    """A balancer of ours, to one copy after the other."""
    RANDOM = "random"
    STICKY = "sticky"
    """All requests of one run go to one copy, as a balancer with sticky sessions does for a client."""


@dataclass(frozen=True, slots=True)
class Trial:
    """One number of copies, and one way to deal requests out."""

    copies: int
    spread: Spread
    runs: int
    delivered: int

    @property
    def share(self) -> float:
        """From 0 to 1."""
        return self.delivered / self.runs if self.runs else 0.0

    @property
    def works(self) -> bool:
        """Whether every run was delivered."""
        return self.runs > 0 and self.delivered >= self.runs
