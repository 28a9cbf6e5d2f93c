"""What is a statement that writes into a log?"""

from __future__ import annotations

from callcheck.model.noun import dataclass


@dataclass(frozen=True, slots=True)
class Statement:
    """`log.info("handled %s in %d ms", id, ms)`: the texts between its holes, in order, and what it is a sign of."""

    path: str
    line: int
    texts: tuple[str, ...]
    stage: str = ""
    """registered, emitted or handled, by where it stands; "" if that says nothing."""
    event: str = ""
    """The event that is registered, emitted or handled there, or ""."""
    level: str = ""
    """The name of the method: info, warn, print ..."""
    fails: bool = False
    """It stands where an error was caught."""
