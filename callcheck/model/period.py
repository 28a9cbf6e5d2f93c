"""Of which time is something asked?"""

from __future__ import annotations

from callcheck.model.noun import dataclass


@dataclass(frozen=True, slots=True)
class Instant:
    """A moment as somebody wrote it."""

    text: str
    at: float
    """Seconds since the epoch."""

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Period:
    """From one moment to another, both in seconds since the epoch and both belonging to it; None where it has no end."""

    since: float | None = None
    until: float | None = None

    def __bool__(self) -> bool:
        return self.since is not None or self.until is not None

    def side(self, time: float, slack_s: float = 0.0) -> int:
        """-1 before it, 0 inside, 1 after it; `slack_s` makes it longer on both ends."""
        if self.since is not None and time < self.since - slack_s:
            return -1
        return int(self.until is not None and time > self.until + slack_s)


ALWAYS = Period()
