"""Which closed sets of words does the model use?"""

from __future__ import annotations

from enum import Enum


class Word(str, Enum):
    """A string enumeration; `enum.StrEnum` is missing from Python 3.10."""

    def __str__(self) -> str:
        return str(self.value)


class Lifetime(Word):
    """How long an object lives."""

    REQUEST = "request"
    """Made anew for each request, job, render or call."""
    PROCESS = "process"
    """Made once per process: module level, start-up, singleton."""
    SHARED = "shared"
    """Backed by something outside the process, such as a broker."""
    UNKNOWN = "unknown"


class Basis(Word):
    """How a fact came to be known; the weight falls from top to bottom."""

    OBSERVED = "observed"
    """Seen in a run: a log line, a live process, a recording."""
    DECLARED = "declared"
    """Said by a configuration or a lock file."""
    INFERRED = "inferred"
    """Read out of source code."""


class Outcome(Word):
    """How a look ended."""

    DONE = "done"
    PART = "part"
    """Looked, but something could not be read."""
    NOTHING = "nothing"
    """There was nothing to look at."""
    BLOCKED = "blocked"
    """Somebody or something kept us out."""


class Answer(Word):
    """A three-valued answer. No means looked for and not there; unknown that nobody could look."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class Strength(Word):
    """How much a clause weighs; the bits behind the words stand in `engine/rank.py`."""

    WEAK = "weak"
    FAIR = "fair"
    STRONG = "strong"
    DECISIVE = "decisive"


NOT_APP = frozenset({"broker", "database", "proxy", "tool"})
"""Roles of deployment units that run none of the user's own code."""
