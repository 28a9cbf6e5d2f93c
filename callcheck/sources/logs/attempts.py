"""Which failed calls are attempts of one unit of work, where no id says so?

    error: [tags][643] attempt 1 of 3 failed: TypeError: fetch failed
"""

from __future__ import annotations

import re

from callcheck.model.pattern import pattern
from callcheck.sources.logs.failed_call import Failure
from callcheck.sources.logs.view import NUMBERED

_COUNTED = pattern(r"\b(?:attempt|try) ?#?[=:]? ?\d{1,2}\b(?! ?(?:/|of|out of|second|sec|s\b|ms|min))", re.I)
"""Which attempt, of nobody says how many."""


def numbered(failure: Failure, less: int = 0) -> tuple[str, ...]:
    """What an attempt and the next of the same unit of work have alike where no id says so: all that stands before the number, and how many there will be."""
    found = NUMBERED.search(failure.text)
    if found is None:
        return ()
    return failure.kind, failure.peer, failure.instance, failure.place.whole, failure.text[: found.start()], found[2], str(int(found[1]) - less)


def attempt_before(attempts: dict[tuple[str, ...], Failure], failure: Failure) -> Failure | None:
    """The attempt with the number below, taken out of those that are known: it has one that follows."""
    key = numbered(failure, 1)
    return attempts.pop(key, None) if key else None


def same_end(one: Failure, other: Failure) -> bool:
    """Whether `Failed after 3 attempts` tells of the `attempt 3/3` before it, where no id does."""
    if not (one.final and other.final) or one.ids or other.ids or (one.kind, one.peer, one.instance) != (other.kind, other.peer, other.instance):
        return False
    return NUMBERED.search(one.text) is not None and NUMBERED.search(other.text) is None


def counted(failure: Failure) -> bool:
    """Whether a failure is told as one attempt of nobody says how many, `answered 503, attempt 2`: only what follows shows whether another one was made."""
    return not failure.retried and not failure.final and _COUNTED.search(failure.text) is not None
