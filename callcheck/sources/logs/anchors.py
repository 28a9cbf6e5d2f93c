"""Which texts make a line of a long log worth reading?

Telling texts speak of failures: those that a signature names, levels, statuses, words like `refused`. Staging texts are the words of ordinary
lines by which deliveries are followed: `emitted`, `received`, `listener`. Where those stand on every other line, only stretches of the log
can be read for them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from callcheck.model.factors import factors
from callcheck.model.log import LogKnowledge, Signature
from callcheck.model.noun import dataclass
from callcheck.model.pattern import written

_LEAST = 4
"""Shorter words stand in too many lines."""
_LEVELS = ('"level":40', '"level":50', '"level":60', '"level": 40', '"level": 50', '"level": 60')
_WORDS = ("warn", "fatal", "critical", "panic", "traceback", "emergency")
_STATUS = (
    *(f'HTTP/{version}" {digit}' for version in ("1.0", "1.1", "2.0", "2", "3") for digit in "45"),
    *(f'"{key}":{digit}' for key in ("status", "statusCode", "status_code") for digit in "45"),
    *(f"{key}={digit}" for key in ("status", "statusCode", "status_code") for digit in "45"),
)


@dataclass(frozen=True, slots=True)
class Anchor:
    """One text to look for."""

    text: str
    exact: bool
    """Case counts."""
    telling: bool


def anchors(known: LogKnowledge) -> list[Anchor]:
    """All texts of the rules and of our own trackers, the telling ones first, none that holds another one of its sort."""
    from callcheck.sources.logs import boundaries, emits, growth, invocations, repeats, sessions, signals, view

    exact = {text for sign in known.signatures for text in sign.contains} | {*_LEVELS, *_STATUS}
    folded = {*_WORDS, *_words(view.FAILING, view._RETRY)}
    telling_exact, telling_folded = _fewest(exact, folded)
    edges = boundaries.Boundaries(known.boundaries)
    staging = _words(
        *edges.main.patterns,
        *edges.rest.patterns,
        *(mark.pattern for mark in edges.own),
        *(repeats._TAKEN, repeats._EVENT, growth._LISTENERS, growth._WAITING, signals._STALL, signals._LATE),
        *(sessions._SID, sessions._ISSUED, sessions._KEYED, sessions._UNKNOWN, sessions._WORKER, invocations._MARK),
        *(emits._NONE, emits.STREAM, emits._STREAMED, emits._PLAIN, view._OK),
    )
    _, staging = _fewest(set(), staging)
    return [
        *(Anchor(text, True, True) for text in sorted(telling_exact)),
        *(Anchor(text, False, True) for text in sorted(telling_folded)),
        *(Anchor(text, False, False) for text in sorted(staging - telling_folded)),
    ]


def cures_of(sign: Signature) -> list[str]:
    """The texts of which one stands in a line that takes the signal back; case counts."""
    known = factors(*written(sign.cured_by)) if sign.cured_by else None
    return sorted(known[0]) if known else []


def _words(*patterns: re.Pattern[str]) -> set[str]:
    """The texts of which a match has one, in lower case, the short ones left out."""
    found: set[str] = set()
    for one in patterns:
        known = factors(*written(one))
        found |= {text.casefold().strip() for text in known[0]} if known else set()
    return {text for text in found if len(text) >= _LEAST}


def _fewest(exact: Iterable[str], folded: Iterable[str]) -> tuple[set[str], set[str]]:
    """Without the texts in which a shorter one stands anyway."""
    words = set(folded)
    fewest = {w for w in words if not any(o != w and o in w for o in words)}
    held = {t for t in exact if not any(w in t.casefold() for w in fewest)}
    return {t for t in held if not any(o != t and o in t for o in held)}, fewest
